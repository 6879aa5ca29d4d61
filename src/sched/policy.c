/* SPDX-License-Identifier: MIT */
/*
 * What a task asks of the scheduler: to yield, its harts, its policy, its nice
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

struct sched_change sched_change_begin(struct rq *rq, struct task_struct *p)
{
	struct sched_change c = { .queued = p->on_rq, .running = rq->curr == p && !rq->picking };

	update_rq_clock(rq);
	rq->curr->sched_class->update_curr(rq);	/* a place beside it is of now, too */
	if (c.queued)
		p->sched_class->dequeue_task(rq, p, 0);
	if (c.running)
		p->sched_class->put_prev_task(rq, p);
	return c;
}

void sched_change_end(struct rq *rq, struct task_struct *p, struct sched_change c, int oldprio)
{
	if (c.queued)
		p->sched_class->enqueue_task(rq, p, (oldprio < p->prio ? ENQUEUE_HEAD : 0) | (c.comes ? ENQUEUE_COMES : 0));
	if (c.running)
		p->sched_class->set_next_task(rq, p);
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

/* After a change of class or priority. */
static void check_class_changed(struct rq *rq, struct task_struct *p, const struct sched_class *oldclass, int oldprio,
				struct sched_change c)
{
	if (!c.queued)
		;
	else if (oldclass != p->sched_class)
		p->sched_class->switched_to(rq, p);
	else if ((oldprio != p->prio || p->prio < 0) && p->sched_class->prio_changed)
		p->sched_class->prio_changed(rq, p, oldprio);
	/* A hart that now runs less than it did: is there better elsewhere? */
	if (c.running && (oldclass == &rt_sched_class || oldclass == &dl_sched_class))
		resched_curr(rq);
}

void rt_mutex_setprio(struct task_struct *p, const struct task_struct *donor)
{
	const struct sched_class *oldclass;
	struct sched_change c;
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	int prio = donor ? donor->prio : MAX_PRIO, oldprio = p->prio;
	bool was_boosted = p->dl.boosted;

	if (prio == p->pi_prio && prio >= 0) {
		task_rq_unlock(rq, p, flags);
		return;
	}
	c = sched_change_begin(rq, p);
	oldclass = p->sched_class;
	p->pi_prio = prio;
	__setscheduler_prio(p);
	dl_lend(p, donor);
	/* Its own budget again, or another class. */
	if (oldclass != p->sched_class && oldclass->switched_from)
		oldclass->switched_from(rq, p);
	if (!p->dl.boosted && (was_boosted || oldclass != p->sched_class) && p->sched_class->switching_to)
		p->sched_class->switching_to(rq, p);
	c.comes = oldclass != p->sched_class;
	sched_change_end(rq, p, c, oldprio);
	check_class_changed(rq, p, oldclass, oldprio, c);
	task_rq_unlock(rq, p, flags);
}

/* The stoppers, and who idles: nothing that is asked of them changes their class. */
static bool class_is_fixed(const struct task_struct *p)
{
	return p->sched_class == &stop_sched_class || p->sched_class == &idle_sched_class;
}

/* Who is given what it has keeps its place among its equals. */
static bool nothing_changes(const struct task_struct *p, const struct sched_param_kernel *attr)
{
	return attr->policy == p->policy && attr->rt_priority == p->rt_priority && NICE_TO_PRIO(attr->nice) == p->static_prio &&
	       attr->runtime == p->dl.dl_runtime && attr->deadline == p->dl.dl_deadline && attr->period == p->dl.dl_period &&
	       attr->dl_flags == p->dl.flags;
}

int sched_setattr(struct task_struct *p, const struct sched_param_kernel *attr)
{
	const struct sched_class *oldclass;
	struct sched_change c;
	unsigned long flags;
	struct rq *rq;
	int oldprio;

	rq = task_rq_lock(p, &flags);
	if (class_is_fixed(p)) {
		task_rq_unlock(rq, p, flags);
		return -EINVAL;
	}
	if (attr->keep_params || nothing_changes(p, attr)) {
		p->sched_reset_on_fork = attr->reset_on_fork;
		task_rq_unlock(rq, p, flags);
		return 0;
	}
	if (attr->policy == SCHED_DEADLINE || p->policy == SCHED_DEADLINE) {
		struct cpumask allowed;
		int err;

		cpumask_and(&allowed, &p->cpus_mask, &cpu_online_mask);
		err = attr->policy == SCHED_DEADLINE && cpumask_weight(&allowed) != cpumask_weight(&cpu_online_mask) ? -EPERM :
		      dl_admit(p, attr->policy == SCHED_DEADLINE ? attr : NULL);
		if (err) {
			task_rq_unlock(rq, p, flags);
			return err;
		}
	}
	c = sched_change_begin(rq, p);
	oldprio = p->prio;
	oldclass = p->sched_class;
	p->policy = attr->policy;
	p->rt_priority = attr->rt_priority;
	p->static_prio = NICE_TO_PRIO(attr->nice);
	p->sched_reset_on_fork = attr->reset_on_fork;
	p->dl.dl_runtime = attr->runtime;
	p->dl.dl_deadline = attr->deadline;
	p->dl.dl_period = attr->period;
	p->dl.flags = attr->dl_flags;
	__setscheduler_prio(p);
	dl_policy_changed(p);
	if (oldclass != p->sched_class && oldclass->switched_from)
		oldclass->switched_from(rq, p);
	if (oldclass != p->sched_class && p->sched_class->switching_to)
		p->sched_class->switching_to(rq, p);
	set_load_weight(p);
	c.comes = oldclass != p->sched_class;
	sched_change_end(rq, p, c, oldprio);
	check_class_changed(rq, p, oldclass, oldprio, c);
	task_rq_unlock(rq, p, flags);
	if (unlikely(READ_ONCE(p->pi_blocked_on)))
		rt_mutex_adjust_pi(p);
	return 0;
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
	struct sched_change c;
	int oldprio = p->prio;

	if (p->static_prio == NICE_TO_PRIO(nice) || !fair_policy(p->policy) || class_is_fixed(p)) {
		p->static_prio = NICE_TO_PRIO(nice);	/* kept for later */
		task_rq_unlock(rq, p, flags);
		return;
	}
	c = sched_change_begin(rq, p);
	p->static_prio = NICE_TO_PRIO(nice);
	__setscheduler_prio(p);
	set_load_weight(p);
	sched_change_end(rq, p, c, oldprio);
	if (c.queued && oldprio != p->prio && p->sched_class->prio_changed)
		p->sched_class->prio_changed(rq, p, oldprio);
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
