/* SPDX-License-Identifier: MIT */
/* Sessions and job control: what the terminal asks of processes. */
#include "proc/signal_priv.h"

#include "fs/upcall.h"
#include "proc/exit.h"
#include "task/cred.h"
#include "task/pid.h"

struct pid *proc_get_pgrp(void)
{
	return get_task_pid(current, PIDTYPE_PGID);
}

struct pid *proc_get_session(void)
{
	return get_task_pid(current, PIDTYPE_SID);
}

bool proc_in_session(const struct pid *session)
{
	bool in;

	read_lock(&tasklist_lock);
	in = task_session(current) == session;
	read_unlock(&tasklist_lock);
	return in;
}

bool proc_current_is_session_leader(void)
{
	return current->signal->leader;
}

struct pid *proc_find_pgrp(int nr)
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

int proc_pid_nr(struct pid *pid)
{
	return pid ? pid->nr : 0;
}

struct pid *proc_hold_pid(struct pid *pid)
{
	return get_pid(pid);
}

void proc_put_pid(struct pid *pid)
{
	put_pid(pid);
}

bool proc_has_ctty(void)
{
	return current->signal->has_ctty;
}

void proc_set_ctty(bool has)
{
	current->signal->has_ctty = has;
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

/* Who forks meanwhile waits for the lock, and copies what there is then. */
void proc_session_clear_tty(struct pid *session)
{
	struct task_struct *p;

	read_lock(&tasklist_lock);
	LIST_FOREACH(p, &session->tasks[PIDTYPE_SID], pid_links[PIDTYPE_SID])
		WRITE_ONCE(p->signal->has_ctty, false);
	read_unlock(&tasklist_lock);
}

bool proc_tty_admin(void)
{
	return capable(CAP_SYS_ADMIN);
}

int proc_job_control(struct pid *fg, int sig)
{
	struct k_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };
	struct pid *pgrp;
	int err = 0;

	if (!proc_has_ctty() || !fg)
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
