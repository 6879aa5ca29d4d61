/* SPDX-License-Identifier: MIT */
/* Calls on scheduling. */
#include "sched/affinity.h"
#include "sched/policy.h"
#include "sys/sys.h"

#include "sys/timespec.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/rlimit.h"
#include "vm/uaccess.h"

long sys_sched_yield(void)
{
	sched_yield_task();
	return 0;
}

/* The task that @nr names, with a reference; 0 is the caller. */
static struct task_struct *task_of_nr(int nr)
{
	return nr ? find_get_task_by_vpid(nr) : get_task_struct(current);
}

/* As one of its ids, and with all its capabilities. Ref: Linux check_same_owner(), cap_safe_nice(). */
static bool may_control(struct task_struct *p)
{
	const struct cred *c = get_task_cred(p);
	bool ok = (current_euid() == c->euid || current_euid() == c->uid) && !(c->cap_permitted & ~current_cred()->cap_permitted);

	put_cred(c);
	return ok || capable(CAP_SYS_NICE);
}

long sys_sched_setaffinity(int pid, unsigned int len, const unsigned long __user *user_mask_ptr)
{
	struct cpumask mask = { 0 };
	struct task_struct *p;
	long err;

	if (copy_from_user(&mask, user_mask_ptr, min((size_t)len, sizeof(mask))))
		return -EFAULT;
	p = task_of_nr(pid);
	if (!p)
		return -ESRCH;
	err = may_control(p) ? sched_setaffinity(p, &mask) : -EPERM;
	put_task_struct(p);
	return err;
}

long sys_sched_getaffinity(int pid, unsigned int len, unsigned long __user *user_mask_ptr)
{
	size_t n = min((size_t)len, sizeof(struct cpumask));
	struct task_struct *p;
	struct cpumask mask;

	if ((size_t)len * 8 < nr_cpu_ids || (len & 7))
		return -EINVAL;
	p = task_of_nr(pid);
	if (!p)
		return -ESRCH;
	cpumask_and(&mask, &p->cpus_mask, &cpu_online_mask);
	put_task_struct(p);
	return copy_to_user(user_mask_ptr, &mask, n) ? -EFAULT : (long)n;
}

long sys_sched_getscheduler(int pid)
{
	struct task_struct *p = pid < 0 ? NULL : task_of_nr(pid);
	long policy;

	if (!p)
		return pid < 0 ? -EINVAL : -ESRCH;
	policy = p->policy | (p->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
	put_task_struct(p);
	return policy;
}

static bool is_rt(unsigned int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* Those with a nice value: SCHED_IDLE keeps one for later. */
static bool is_fair(unsigned int policy)
{
	return policy == SCHED_NORMAL || policy == SCHED_BATCH;
}

/* May the caller give @p what @attr asks? Ref: Linux user_check_sched_setscheduler(). */
static bool may_setattr(struct task_struct *p, const struct sched_param_kernel *old, const struct sched_param_kernel *attr)
{
	bool rt = is_rt(attr->policy);

	if (capable(CAP_SYS_NICE))
		return true;
	if (!may_control(p) || attr->policy == SCHED_DEADLINE)
		return false;
	if (is_fair(attr->policy) && attr->nice < old->nice && 20 - attr->nice > (s64)task_rlimit(p, RLIMIT_NICE))
		return false;
	if (rt && attr->policy != old->policy && !task_rlimit(p, RLIMIT_RTPRIO))
		return false;
	if (rt && attr->rt_priority > old->rt_priority && attr->rt_priority > task_rlimit(p, RLIMIT_RTPRIO))
		return false;
	if (old->policy == SCHED_IDLE && attr->policy != SCHED_IDLE && 20 - old->nice > (s64)task_rlimit(p, RLIMIT_NICE))
		return false;
	return !old->reset_on_fork || attr->reset_on_fork;	/* once set it stays */
}

/* A budget that fits into its deadline, that into the period; 100 us to 4 s. */
static bool valid_deadline(struct sched_param_kernel *a)
{
	if (!a->period)
		a->period = a->deadline;
	return a->deadline && a->runtime >= 1024 && a->runtime <= a->deadline && a->deadline <= a->period &&
	       a->period >= 100000 && a->period <= 4194304000UL && !a->rt_priority;
}

/* @keep_policy, @keep_nice: these stay as they are; @flags: SCHED_FLAG_*. Ref: Linux __sched_setscheduler(). */
static long do_sched_setattr(int nr, struct sched_param_kernel *attr, bool keep_policy, bool keep_nice, u64 flags)
{
	struct sched_param_kernel old;
	struct task_struct *p;
	long err = -EINVAL;
	bool rt;

	if (nr < 0)
		return -EINVAL;
	p = task_of_nr(nr);
	if (!p)
		return -ESRCH;
	sched_getattr(p, &old);
	if (keep_policy) {
		attr->policy = old.policy;
		attr->reset_on_fork = old.reset_on_fork;
	}
	attr->keep_params = flags & SCHED_FLAG_KEEP_PARAMS;
	if (attr->keep_params) {
		bool reset = attr->reset_on_fork;
		unsigned int policy = attr->policy;

		if (!old.rt_priority)
			old.rt_priority = attr->rt_priority;
		*attr = old;
		attr->policy = policy;
		attr->reset_on_fork = reset;
		attr->keep_params = true;
	}
	if (keep_nice || !is_fair(attr->policy))
		attr->nice = old.nice;
	if (attr->policy != SCHED_DEADLINE)
		attr->runtime = attr->deadline = attr->period = attr->dl_flags = 0;
	rt = is_rt(attr->policy);
	if (flags & ~SCHED_FLAG_ALL)
		;
	else if (attr->policy == SCHED_DEADLINE ? valid_deadline(attr) :
		 (rt || is_fair(attr->policy) || attr->policy == SCHED_IDLE) && attr->rt_priority < MAX_RT_PRIO &&
		 rt == (attr->rt_priority != 0))
		err = !may_setattr(p, &old, attr) ? -EPERM : flags & SCHED_FLAG_UTIL_CLAMP ? -EOPNOTSUPP : sched_setattr(p, attr);
	put_task_struct(p);
	return err;
}

static long setscheduler(int nr, unsigned int policy, bool keep_policy, const int __user *param)
{
	struct sched_param_kernel attr = { .policy = policy & ~SCHED_RESET_ON_FORK,
					   .reset_on_fork = policy & SCHED_RESET_ON_FORK };
	int prio;

	if (!param)
		return -EINVAL;
	if (get_user(prio, param))
		return -EFAULT;
	if (prio < 0)
		return -EINVAL;
	attr.rt_priority = prio;
	return do_sched_setattr(nr, &attr, keep_policy, true, 0);
}

long sys_sched_setscheduler(int pid, int policy, const int __user *param)
{
	return policy < 0 ? -EINVAL : setscheduler(pid, policy, false, param);
}

long sys_sched_setparam(int pid, const int __user *param)
{
	return setscheduler(pid, 0, true, param);
}

long sys_sched_setattr(int pid, struct sched_attr __user *uattr, unsigned int flags)
{
	struct sched_param_kernel attr;
	struct sched_attr a = { 0 };
	u32 size;

	if (!uattr || pid < 0 || flags)
		return -EINVAL;
	if (get_user(size, &uattr->size))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		return put_user((u32)sizeof(a), &uattr->size) ? -EFAULT : -E2BIG;
	for (size_t i = sizeof(a); i < size; i++) {
		u8 tail;	/* of a newer structure: only zeros are understood */

		if (get_user(tail, (u8 __user *)uattr + i))
			return -EFAULT;
		if (tail)
			return put_user((u32)sizeof(a), &uattr->size) ? -EFAULT : -E2BIG;
	}
	if (copy_from_user(&a, uattr, min((size_t)size, sizeof(a))))
		return -EFAULT;
	if ((int)a.sched_policy < 0 || (a.sched_flags & SCHED_FLAG_UTIL_CLAMP && size < SCHED_ATTR_SIZE_VER1))
		return -EINVAL;
	attr = (struct sched_param_kernel){ .policy = a.sched_policy, .rt_priority = a.sched_priority,
		.nice = max(MIN_NICE, min(a.sched_nice, MAX_NICE)),
		.reset_on_fork = a.sched_flags & SCHED_FLAG_RESET_ON_FORK,
		.dl_flags = a.sched_flags & (SCHED_FLAG_RECLAIM | SCHED_FLAG_DL_OVERRUN),
		.runtime = a.sched_runtime, .deadline = a.sched_deadline, .period = a.sched_period };
	return do_sched_setattr(pid, &attr, a.sched_flags & SCHED_FLAG_KEEP_POLICY, false, a.sched_flags);
}

long sys_sched_getattr(int pid, struct sched_attr __user *uattr, unsigned int size, unsigned int flags)
{
	struct sched_param_kernel attr;
	struct sched_attr a = { .size = sizeof(a) };
	struct task_struct *p;

	if (!uattr || pid < 0 || size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE || flags)
		return -EINVAL;
	p = task_of_nr(pid);
	if (!p)
		return -ESRCH;
	sched_getattr(p, &attr);
	put_task_struct(p);
	a.sched_policy = attr.policy;
	a.sched_priority = attr.rt_priority;
	a.sched_runtime = attr.runtime;
	a.sched_deadline = attr.deadline;
	a.sched_period = attr.period;
	a.sched_nice = is_fair(attr.policy) || attr.policy == SCHED_IDLE ? attr.nice : 0;
	a.sched_flags = (attr.reset_on_fork ? SCHED_FLAG_RESET_ON_FORK : 0) | attr.dl_flags;
	a.size = min(size, (u32)sizeof(a));
	return copy_to_user(uattr, &a, a.size) ? -EFAULT : 0;
}

long sys_sched_rr_get_interval(int pid, struct k_timespec __user *interval)
{
	struct task_struct *p = pid < 0 ? NULL : task_of_nr(pid);
	u64 ns;

	if (!p)
		return pid < 0 ? -EINVAL : -ESRCH;
	ns = sched_rr_get_interval(p);
	put_task_struct(p);
	return put_timespec(interval, ns);
}

long sys_sched_getparam(int pid, int __user *param)
{
	struct task_struct *p;
	int prio;

	if (pid < 0 || !param)
		return -EINVAL;
	p = task_of_nr(pid);
	if (!p)
		return -ESRCH;
	prio = p->rt_priority;
	put_task_struct(p);
	return put_user(prio, param);
}

static long priority_limit(int policy, int rt)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return rt;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
		return 0;
	}
	return -EINVAL;
}

long sys_sched_get_priority_max(int policy)
{
	return priority_limit(policy, 99);
}

long sys_sched_get_priority_min(int policy)
{
	return priority_limit(policy, 1);
}

/* Call @fn for each thread that (which, who) names. Return: how many. Context: tasklist_lock. */
static int for_each_named(int which, int who, long (*fn)(struct task_struct *p, long arg, long *out), long arg, long *out)
{
	struct task_struct *leader, *p;
	int n = 0;

	if (which == 0) {
		p = who ? find_task_by_vpid(who) : current;
		if (p) {
			*out = fn(p, arg, out);
			n++;
		}
		return n;
	}
	LIST_FOREACH(leader, &all_tasks, tasks) {
		if (which == 1 && task_pgrp_nr(leader) != (who ? who : task_pgrp_nr(current)))
			continue;
		TAILQ_FOREACH(p, &leader->signal->threads, thread_node) {
			if (which == 2 && task_uid(p) != (who ? (u32)who : current_cred()->uid))
				continue;
			*out = fn(p, arg, out);
			n++;
		}
	}
	return n;
}

static long set_one_prio(struct task_struct *p, long nice, long *out)
{
	if (!may_control(p))
		return -EPERM;
	if (nice < PRIO_TO_NICE(p->static_prio) && 20 - nice > (s64)task_rlimit(p, RLIMIT_NICE) && !capable(CAP_SYS_NICE))
		return -EACCES;
	set_user_nice(p, (int)nice);
	return *out == -ESRCH ? 0 : *out;
}

static long get_one_prio(struct task_struct *p, long unused, long *out)
{
	long v = 20 - PRIO_TO_NICE(p->static_prio);

	(void)unused;
	return max(*out, v);
}

long sys_setpriority(int which, int who, int niceval)
{
	long ret = -ESRCH;

	if (which < 0 || which > 2)
		return -EINVAL;
	niceval = max(MIN_NICE, min(niceval, MAX_NICE));
	read_lock(&tasklist_lock);
	for_each_named(which, who, set_one_prio, niceval, &ret);
	read_unlock(&tasklist_lock);
	return ret;
}

long sys_getpriority(int which, int who)
{
	long ret = -ESRCH;

	if (which < 0 || which > 2)
		return -EINVAL;
	read_lock(&tasklist_lock);
	for_each_named(which, who, get_one_prio, 0, &ret);
	read_unlock(&tasklist_lock);
	return ret;
}

long sys_getcpu(u32 __user *cpup, u32 __user *nodep, void __user *unused)
{
	u32 cpu = smp_processor_id(), node = 0;

	if (cpup && put_user(cpu, cpup))
		return -EFAULT;
	return nodep && put_user(node, nodep) ? -EFAULT : 0;
}
