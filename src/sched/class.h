/* SPDX-License-Identifier: MIT */
/* What a scheduling class is, and the classes there are, highest first: stop, deadline, rt, fair, idle. */
#ifndef SCHED_CLASS_H
#define SCHED_CLASS_H

#include "abi/types.h"

struct rq;
struct task_struct;

#define ENQUEUE_WAKEUP	1
#define ENQUEUE_MIGRATED 2
#define ENQUEUE_INITIAL	4
#define ENQUEUE_HEAD	8	/* before its equals */
#define ENQUEUE_COMES	16	/* from another group or class */
#define DEQUEUE_SLEEP	1

#define WF_FORK	1
#define WF_TTWU	2
#define WF_EXEC	4

/*
 * A scheduling class: all that is asked of one. It is called with rq->lock held (and @p's queue is @rq) unless said otherwise.
 * Which policy belongs to which class is the matter of __setscheduler_prio().
 */
struct sched_class {
	const struct sched_class *next;	/* the next lower class */
	void (*enqueue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*yield_task)(struct rq *rq);
	void (*check_preempt_curr)(struct rq *rq, struct task_struct *p, int flags);
	struct task_struct *(*pick_next_task)(struct rq *rq);
	void (*put_prev_task)(struct rq *rq, struct task_struct *p);
	void (*set_next_task)(struct rq *rq, struct task_struct *p);	/* @p runs: what pick_next_task() does to its choice */
	/* p->pi_lock held, not rq->lock. */
	unsigned int (*select_task_rq)(struct task_struct *p, unsigned int cpu, int flags);
	void (*task_tick)(struct rq *rq, struct task_struct *p);
	void (*hrtick)(struct rq *rq, struct task_struct *p);		/* hrtick_timer expired while @p runs; NULL: it means nothing */
	void (*update_curr)(struct rq *rq);

	/* Optional. */
	void (*init_rq)(struct rq *rq);	/* boot, no lock: what @rq has of this class is empty */
	/*
	 * @p, of this class and on no queue, leaves its hart or its group, and then belongs to another: what is of use on one queue
	 * only is made independent of it, and made one of the new queue again. pi_lock or both of task_rq_lock()'s, or nobody else
	 * knows @p. Between two harts enqueue_task() with ENQUEUE_MIGRATED (_INITIAL) does what attach_task() would.
	 */
	void (*detach_task)(struct task_struct *p);
	void (*attach_task)(struct task_struct *p);
	void (*task_fork)(struct task_struct *p);	/* @p is a copy of the current task; no lock, interrupts on */
	void (*task_dead)(struct task_struct *p);	/* @p, which perhaps was of this class once, has run for the last time; no lock */
	/* A task that is @rq's but that pick_next_task() withholds for now, or NULL: the hart leaves. */
	struct task_struct *(*first_throttled)(struct rq *rq);
	void (*task_woken)(struct rq *rq, struct task_struct *p);	/* may drop and retake rq->lock */
	/*
	 * Of a class whose best tasks of all harts shall run, one a hart (push_pull.h); such a class counts what it has queued in
	 * rq->nr_urgent. Both may drop and retake rq->lock.
	 */
	void (*push)(struct rq *rq);	/* a switch is done: other harts may run what is left waiting here */
	void (*pull)(struct rq *rq, struct task_struct *prev); /* @prev, of this class or a higher one that pulls, is put back soon */
	void (*switched_from)(struct rq *rq, struct task_struct *p); /* @p, off its queue, was of this class until now */
	void (*switching_to)(struct rq *rq, struct task_struct *p); /* @p is of this class now, and not yet queued */
	void (*switched_to)(struct rq *rq, struct task_struct *p);	/* @p, queued here, came from another class */
	void (*prio_changed)(struct rq *rq, struct task_struct *p, int oldprio);
	u64 (*get_rr_interval)(struct rq *rq, struct task_struct *p);	/* ns */
};

extern const struct sched_class stop_sched_class, dl_sched_class, rt_sched_class, fair_sched_class, idle_sched_class;
#define sched_class_highest (&stop_sched_class)

#endif
