/* SPDX-License-Identifier: MIT */
/* Calls on scheduling. */
#include "sys/sys.h"

long sys_sched_yield(struct pt_regs *r)
{
	(void)r;
	sched_yield_task();
	return 0;
}

/* The task that @nr names, with a reference; 0 is the caller. */
static struct task_struct *task_of_nr(int nr)
{
	return nr ? find_get_task_by_vpid(nr) : get_task_struct(current);
}

static bool may_control(struct task_struct *p)
{
	const struct cred *c = get_task_cred(p);
	bool ok = current_euid() == c->euid || current_euid() == c->uid || capable(CAP_SYS_NICE);

	put_cred(c);
	return ok;
}

long sys_sched_setaffinity(struct pt_regs *r)
{
	struct cpumask mask = { 0 };
	struct task_struct *p;
	long err;

	if (copy_from_user(&mask, (void __user *)r->a2, min(r->a1, sizeof(mask))))
		return -EFAULT;
	p = task_of_nr(r->a0);
	if (!p)
		return -ESRCH;
	err = may_control(p) ? sched_setaffinity(p, &mask) : -EPERM;
	put_task_struct(p);
	return err;
}

long sys_sched_getaffinity(struct pt_regs *r)
{
	size_t n = min(r->a1, sizeof(struct cpumask));
	struct task_struct *p;
	struct cpumask mask;

	if (r->a1 * 8 < nr_cpu_ids || (r->a1 & 7))
		return -EINVAL;
	p = task_of_nr(r->a0);
	if (!p)
		return -ESRCH;
	cpumask_and(&mask, &p->cpus_mask, &cpu_online_mask);
	put_task_struct(p);
	return copy_to_user((void __user *)r->a2, &mask, n) ? -EFAULT : (long)n;
}

long sys_sched_getscheduler(struct pt_regs *r)
{
	struct task_struct *p = (int)r->a0 < 0 ? NULL : task_of_nr(r->a0);
	long policy;

	if (!p)
		return (int)r->a0 < 0 ? -EINVAL : -ESRCH;
	policy = p->policy;
	put_task_struct(p);
	return policy;
}

long sys_sched_getparam(struct pt_regs *r)
{
	struct task_struct *p;
	int prio;

	if ((int)r->a0 < 0 || !r->a1)
		return -EINVAL;
	p = task_of_nr(r->a0);
	if (!p)
		return -ESRCH;
	prio = p->rt_priority;
	put_task_struct(p);
	return put_user(prio, (int __user *)r->a1);
}

static long priority_limit(unsigned long policy, int rt)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return rt;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case 6:
		return 0;
	}
	return -EINVAL;
}

long sys_sched_get_priority_max(struct pt_regs *r)
{
	return priority_limit(r->a0, 99);
}

long sys_sched_get_priority_min(struct pt_regs *r)
{
	return priority_limit(r->a0, 1);
}

/* Call @fn for each process that (which, who) names. Return: how many. Context: tasklist_lock. */
static int for_each_named(int which, int who, long (*fn)(struct task_struct *p, long arg, long *out), long arg, long *out)
{
	struct task_struct *p;
	int n = 0;

	if (which == 0) {
		p = who ? find_task_by_vpid(who) : current;
		if (p) {
			*out = fn(p, arg, out);
			n++;
		}
		return n;
	}
	LIST_FOREACH(p, &all_tasks, tasks) {
		bool hit = which == 1 ? task_pgrp_nr(p) == (who ? who : task_pgrp_nr(current)) :
			   p->cred->uid == (who ? (u32)who : current_cred()->uid);

		if (hit) {
			*out = fn(p, arg, out);
			n++;
		}
	}
	return n;
}

static long set_one_prio(struct task_struct *p, long nice, long *out)
{
	const struct cred *c = current_cred();

	if (p->cred->uid != c->euid && p->cred->euid != c->euid && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (nice < PRIO_TO_NICE(p->static_prio) && !capable(CAP_SYS_NICE))
		return -EACCES;
	set_user_nice(p, nice);
	return *out == -ESRCH ? 0 : *out;
}

static long get_one_prio(struct task_struct *p, long unused, long *out)
{
	long v = 20 - PRIO_TO_NICE(p->static_prio);

	(void)unused;
	return max(*out, v);
}

long sys_setpriority(struct pt_regs *r)
{
	int nice = r->a2;
	long ret = -ESRCH;

	if (r->a0 > 2)
		return -EINVAL;
	nice = max(-20, min(nice, 19));
	read_lock(&tasklist_lock);
	for_each_named(r->a0, r->a1, set_one_prio, nice, &ret);
	read_unlock(&tasklist_lock);
	return ret;
}

long sys_getpriority(struct pt_regs *r)
{
	long ret = -ESRCH;

	if (r->a0 > 2)
		return -EINVAL;
	read_lock(&tasklist_lock);
	for_each_named(r->a0, r->a1, get_one_prio, 0, &ret);
	read_unlock(&tasklist_lock);
	return ret;
}

long sys_getcpu(struct pt_regs *r)
{
	u32 cpu = smp_processor_id(), node = 0;

	if (r->a0 && put_user(cpu, (u32 __user *)r->a0))
		return -EFAULT;
	return r->a1 && put_user(node, (u32 __user *)r->a1) ? -EFAULT : 0;
}
