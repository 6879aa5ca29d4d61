/* SPDX-License-Identifier: MIT */
/* Sessions and job control: the terminal's questions to processes. */
#include "tty/job.h"

#include "lib/err.h"
#include "proc/kill.h"
#include "proc/orphaned_pgrp.h"
#include "proc/signal.h"

bool in_session(const struct pid *session)
{
	bool in;

	read_lock(&tasklist_lock);
	in = task_session(current) == session;
	read_unlock(&tasklist_lock);
	return in;
}

struct pid *find_pgrp_in_session(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *p;
	bool ok;

	if (!pid)
		return ERR_PTR(-ESRCH);
	read_lock(&tasklist_lock);
	p = LIST_FIRST(&pid->tasks[PIDTYPE_PGID]);
	ok = p && task_session(p) == task_session(current);
	read_unlock(&tasklist_lock);
	if (!ok) {
		put_pid(pid);
		return ERR_PTR(-EPERM);
	}
	return pid;
}

/* Does the current task not want to hear @sig? */
static bool unheard(int sig)
{
	bool yes;

	spin_lock_irq(&current->sighand->siglock);
	yes = (current->blocked & sigmask(sig)) || current->sighand->action[sig - 1].handler == SIG_IGN;
	spin_unlock_irq(&current->sighand->siglock);
	return yes;
}

/* A task that forks meanwhile waits for the lock, and copies the terminal that is set then. */
void session_clear_tty(struct pid *session)
{
	struct task_struct *p;

	read_lock(&tasklist_lock);
	LIST_FOREACH(p, &session->tasks[PIDTYPE_SID], pid_links[PIDTYPE_SID])
		WRITE_ONCE(p->signal->has_ctty, false);
	read_unlock(&tasklist_lock);
}

int job_control(struct pid *fg, int sig)
{
	struct k_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };
	struct pid *pgrp;
	int err = 0;

	if (!current->signal->has_ctty || !fg)
		return 0;
	read_lock(&tasklist_lock);
	pgrp = task_pgrp(current);
	if (pgrp != fg && unheard(sig)) {
		err = sig == SIGTTIN ? -EIO : 0;
	} else if (pgrp != fg && is_orphaned_pgrp(pgrp, NULL)) {
		err = -EIO;
	} else if (pgrp != fg) {
		kill_pgrp_info(sig, &info, pgrp);
		err = -ERESTARTSYS;
	}
	read_unlock(&tasklist_lock);
	return err;
}
