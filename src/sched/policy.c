/* SPDX-License-Identifier: MIT */
/*
 * What a task asks of the scheduler: to yield, its policy, its nice
 * value. Ref: Linux kernel/sched/syscalls.c.
 */
#include "sched/policy.h"

#include "lib/err.h"
#include "sched/change.h"
#include "sched/class.h"
#include "sched/deadline.h"
#include "sched/dl_bw.h"
#include "sched/fair.h"
#include "sched/rq.h"
#include "sched/sched.h"
#include "sched/upcall.h"

void sched_yield_task(void) __no_lock_analysis
{
	struct rq *rq;
	bool alone;

	local_irq_disable();
	rq = this_rq();
	spin_lock(&rq->lock);
	rq->stats.yld_count++;
	current->sched_class->yield_task(rq);
	alone = rq->nr_running == 1 && !test_thread_flag(TIF_NEED_RESCHED);
	preempt_disable();
	spin_unlock_irq(&rq->lock);
	preempt_enable_no_resched();
	if (!alone)
		schedule();
}

static bool fair_policy(unsigned int policy)
{
	return policy == SCHED_NORMAL || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

/* Its own priority, and class; what is lent counts if it is higher. */
void __setscheduler_prio(struct task_struct *p)
{
	bool rt = p->policy == SCHED_FIFO || p->policy == SCHED_RR;

	BUG_ON(p->sched_class == &stop_sched_class);	/* for good */
	p->normal_prio = p->policy == SCHED_DEADLINE ? -1 : rt ? MAX_RT_PRIO - 1 - (int)p->rt_priority : p->static_prio;
	p->prio = min(p->normal_prio, p->pi_prio);
	p->sched_class = p->prio < 0 ? &dl_sched_class : p->prio < MAX_RT_PRIO ? &rt_sched_class : &fair_sched_class;
}

void rt_mutex_setprio(struct task_struct *p, const struct task_struct *donor)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	int prio = donor ? donor->prio : MAX_PRIO;

	if (prio != p->pi_prio || prio < 0) {
		struct sched_change c = sched_change_begin(rq, p);

		p->pi_prio = prio;
		dl_lend(p, donor);
		sched_change_class(rq, p, &c);
		sched_change_end(rq, p, &c);
	}
	task_rq_unlock(rq, p, flags);
}

/* Stoppers and idle tasks: nothing that is asked of them changes their class. */
static bool class_is_fixed(const struct task_struct *p)
{
	return p->sched_class == &stop_sched_class || p->sched_class == &idle_sched_class;
}

/* A task that is given what it has already keeps its place among its equals. */
static bool nothing_changes(const struct task_struct *p, const struct sched_param_kernel *attr)
{
	return attr->policy == p->policy && attr->rt_priority == p->rt_priority && NICE_TO_PRIO(attr->nice) == p->static_prio &&
	       attr->runtime == p->dl.dl_runtime && attr->deadline == p->dl.dl_deadline && attr->period == p->dl.dl_period &&
	       attr->dl_flags == p->dl.flags;
}

/* Is the bandwidth that @attr asks for there, and may @p use all harts? It is reserved then; what @p had is given back. */
static int admit(struct task_struct *p, const struct sched_param_kernel *attr)
{
	struct cpumask allowed;

	if (attr->policy != SCHED_DEADLINE)
		return p->policy == SCHED_DEADLINE ? dl_admit(p, NULL) : 0;
	cpumask_and(&allowed, &p->cpus_mask, &cpu_online_mask);
	return cpumask_weight(&allowed) == cpumask_weight(&cpu_online_mask) ? dl_admit(p, attr) : -EPERM;
}

static void set_attr(struct rq *rq, struct task_struct *p, const struct sched_param_kernel *attr)
{
	struct sched_change c = sched_change_begin(rq, p);

	p->policy = attr->policy;
	p->rt_priority = attr->rt_priority;
	p->static_prio = NICE_TO_PRIO(attr->nice);
	p->dl.dl_runtime = attr->runtime;
	p->dl.dl_deadline = attr->deadline;
	p->dl.dl_period = attr->period;
	p->dl.flags = attr->dl_flags;
	dl_policy_changed(p);
	sched_change_class(rq, p, &c);
	set_load_weight(p);
	sched_change_end(rq, p, &c);
}

int sched_setattr(struct task_struct *p, const struct sched_param_kernel *attr)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	bool change = !attr->keep_params && !nothing_changes(p, attr);
	int err = class_is_fixed(p) ? -EINVAL : change ? admit(p, attr) : 0;

	if (!err) {
		p->sched_reset_on_fork = attr->reset_on_fork;
		if (change)
			set_attr(rq, p, attr);
	}
	task_rq_unlock(rq, p, flags);
	if (!err && change && unlikely(READ_ONCE(p->pi_blocked_on)))
		rt_mutex_adjust_pi(p);
	return err;
}

void sched_getattr(struct task_struct *p, struct sched_param_kernel *attr)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	*attr = (struct sched_param_kernel){ .policy = p->policy, .rt_priority = p->rt_priority,
		.nice = PRIO_TO_NICE(p->static_prio), .reset_on_fork = p->sched_reset_on_fork,
		.dl_flags = p->dl.flags, .runtime = p->dl.dl_runtime, .deadline = p->dl.dl_deadline, .period = p->dl.dl_period };
	task_rq_unlock(rq, p, flags);
}

void set_user_nice(struct task_struct *p, int nice)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	if (p->static_prio == NICE_TO_PRIO(nice) || !fair_policy(p->policy) || class_is_fixed(p)) {
		p->static_prio = NICE_TO_PRIO(nice);	/* kept for later */
	} else {
		struct sched_change c = sched_change_begin(rq, p);

		p->static_prio = NICE_TO_PRIO(nice);
		sched_change_class(rq, p, &c);
		set_load_weight(p);
		sched_change_end(rq, p, &c);
	}
	task_rq_unlock(rq, p, flags);
}

u64 sched_rr_get_interval(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	u64 ns = p->sched_class->get_rr_interval ? p->sched_class->get_rr_interval(rq, p) : 0;

	task_rq_unlock(rq, p, flags);
	return ns;
}
