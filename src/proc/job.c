/* SPDX-License-Identifier: MIT */
/* Sessions and job control: what the terminal asks of processes. */
#include "proc/signal_priv.h"

#include "fs/upcall.h"

struct pid *proc_current_pgrp(void)
{
	return current->group_leader->pids[PIDTYPE_PGID];
}

struct pid *proc_current_session(void)
{
	return current->group_leader->pids[PIDTYPE_SID];
}

bool proc_current_is_session_leader(void)
{
	return current->signal->leader;
}

struct pid *proc_find_pgrp(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *p;
	bool ok = false;

	if (!pid)
		return NULL;
	read_lock(&tasklist_lock);
	p = LIST_FIRST(&pid->tasks[PIDTYPE_PGID]);
	ok = p && p->pids[PIDTYPE_SID] == proc_current_session();
	read_unlock(&tasklist_lock);
	if (!ok) {
		put_pid(pid);
		return NULL;
	}
	return pid;
}

int proc_pid_nr(struct pid *pid)
{
	return pid ? pid->nr : 0;
}

struct pid *proc_get_pid(struct pid *pid)
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

int proc_job_control(struct pid *fg, int sig)
{
	struct k_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };
	struct pid *pgrp = proc_current_pgrp();
	bool ignored, orphan;

	if (!proc_has_ctty() || !fg || fg == pgrp)
		return 0;
	spin_lock_irq(&current->sighand->siglock);
	ignored = (current->blocked & sigmask(sig)) || current->sighand->action[sig - 1].handler == SIG_IGN;
	spin_unlock_irq(&current->sighand->siglock);
	if (ignored)
		return sig == SIGTTIN ? -EIO : 0;
	read_lock(&tasklist_lock);
	orphan = is_orphaned_pgrp(pgrp, NULL);
	if (!orphan)
		kill_pgrp_info(sig, &info, pgrp);
	read_unlock(&tasklist_lock);
	return orphan ? -EIO : -ERESTARTSYS;
}
