/* SPDX-License-Identifier: MIT */
/* Calls on process ids, process groups and sessions. */
#include "sys/sys.h"

long sys_getpid(struct pt_regs *r)
{
	(void)r;
	return current->tgid;
}

long sys_gettid(struct pt_regs *r)
{
	(void)r;
	return current->pid;
}

/* The parent may change under us, but not vanish: its number is read once. */
long sys_getppid(struct pt_regs *r)
{
	long nr;

	(void)r;
	read_lock(&tasklist_lock);
	nr = task_parent(current)->tgid;
	read_unlock(&tasklist_lock);
	return nr;
}

long sys_setpgid(struct pt_regs *r)
{
	int nr = r->a0, pgid = r->a1;
	struct pid *pgrp = NULL;
	struct task_struct *p;
	long err;

	if (!nr)
		nr = current->tgid;
	if (!pgid)
		pgid = nr;
	if (pgid < 0)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	p = find_task_by_vpid(nr);
	err = -ESRCH;
	if (!p)
		goto out;
	err = -EINVAL;
	if (p->group_leader != p)
		goto out;
	if (p != current->group_leader) {
		err = -ESRCH;
		if (task_parent(p)->signal != current->signal)
			goto out;
		err = -EPERM;
		if (task_session(p) != task_session(current))
			goto out;
		err = -EACCES;
		if (p->did_exec)
			goto out;
	}
	err = -EPERM;
	if (p->signal->leader)
		goto out;
	pgrp = find_get_pid(pgid);
	if (pgid != p->pid) {
		struct task_struct *g = pgrp ? LIST_FIRST(&pgrp->tasks[PIDTYPE_PGID]) : NULL;

		if (!g || task_session(g) != task_session(current))
			goto out;
	}
	if (task_pgrp(p) != pgrp)
		change_pid(p, PIDTYPE_PGID, pgrp);
	err = 0;
out:
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

long sys_getpgid(struct pt_regs *r)
{
	return get_group(r->a0, PIDTYPE_PGID);
}

long sys_getsid(struct pt_regs *r)
{
	return get_group(r->a0, PIDTYPE_SID);
}

long sys_setsid(struct pt_regs *r)
{
	struct task_struct *leader = current->group_leader, *t;
	struct task_group *tg = sched_autogroup_create();
	struct pid *pid;
	long err = -EPERM;

	(void)r;
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
