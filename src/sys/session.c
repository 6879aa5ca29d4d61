/* SPDX-License-Identifier: MIT */
/* Calls on process ids, process groups and sessions. */
#include "sched/autogroup.h"
#include "sched/group.h"
#include "sys/sys.h"

#include "task/pid.h"
#include "task/signal_struct.h"

long sys_getpid(void)
{
	return current->tgid;
}

long sys_gettid(void)
{
	return current->pid;
}

/* The parent may change under us, but not vanish: its number is read once. */
long sys_getppid(void)
{
	long nr;

	read_lock(&tasklist_lock);
	nr = task_parent(current)->tgid;
	read_unlock(&tasklist_lock);
	return nr;
}

/* May the caller put @p into another group: itself, or a child that has not called execve? Context: tasklist_lock. */
static int may_move_to_group(struct task_struct *p)
{
	if (p->group_leader != p)
		return -EINVAL;
	if (p != current->group_leader) {
		if (task_parent(p)->signal != current->signal)
			return -ESRCH;
		if (task_session(p) != task_session(current))
			return -EPERM;
		if (p->did_exec)
			return -EACCES;
	}
	return p->signal->leader ? -EPERM : 0;
}

/* Is @pgrp, or NULL, a group of the caller's session? Context: tasklist_lock. */
static bool is_own_group(struct pid *pgrp)
{
	struct task_struct *p = pgrp ? LIST_FIRST(&pgrp->tasks[PIDTYPE_PGID]) : NULL;

	return p && task_session(p) == task_session(current);
}

long sys_setpgid(int pid, int pgid)
{
	struct pid *pgrp = NULL;
	struct task_struct *p;
	int err = -ESRCH;

	if (!pid)
		pid = current->tgid;
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	p = find_task_by_vpid(pid);
	if (p)
		err = may_move_to_group(p);
	if (!err) {
		pgrp = find_get_pid(pgid);
		if (pgid != p->pid && !is_own_group(pgrp))
			err = -EPERM;
		else if (task_pgrp(p) != pgrp)
			change_pid(p, PIDTYPE_PGID, pgrp);
	}
	write_unlock_irq(&tasklist_lock);
	put_pid(pgrp);
	return err;
}

static long get_group(int nr, enum pid_type type)
{
	struct task_struct *p;
	long ret = -ESRCH;

	read_lock(&tasklist_lock);
	p = nr ? find_task_by_vpid(nr) : current;
	if (p)
		ret = type == PIDTYPE_PGID ? task_pgrp_nr(p) : task_session_nr(p);
	read_unlock(&tasklist_lock);
	return ret;
}

long sys_getpgid(int pid)
{
	return get_group(pid, PIDTYPE_PGID);
}

long sys_getsid(int pid)
{
	return get_group(pid, PIDTYPE_SID);
}

long sys_setsid(void)
{
	struct task_struct *leader = current->group_leader, *t;
	struct task_group *tg = sched_autogroup_create();
	struct pid *pid;
	long err = -EPERM;

	write_lock_irq(&tasklist_lock);
	pid = task_tgid(current);
	if (!current->signal->leader && LIST_EMPTY(&pid->tasks[PIDTYPE_PGID])) {
		change_pid(leader, PIDTYPE_SID, pid);
		change_pid(leader, PIDTYPE_PGID, pid);
		current->signal->leader = true;
		current->signal->has_ctty = false;
		err = pid->nr;
		if (tg)
			TAILQ_FOREACH(t, &current->signal->threads, thread_node)
				if (sched_task_cgroup(t) == &root_task_group)
					(void)sched_move_task(t, tg);
	}
	if (tg && !sched_group_nr_tasks(tg))
		(void)sched_destroy_group(tg);
	write_unlock_irq(&tasklist_lock);
	return err;
}
