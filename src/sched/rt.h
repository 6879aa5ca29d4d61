/* SPDX-License-Identifier: MIT */
/* The real-time class: its queue, and what others ask of it. */
#ifndef SCHED_RT_H
#define SCHED_RT_H

#include "sched/task.h"

struct rq;

struct rt_rq {
	TAILQ_HEAD(rt_queue_head, sched_rt_entity) queue[MAX_RT_PRIO];
	unsigned long bitmap[2];	/* priorities with a task */
	unsigned int nr_running;
	int highest_prio;		/* of all queued, MAX_RT_PRIO: none; read without lock */
	u64 time, period_start;		/* ns used in this period, by deadline tasks too; see rt_throttled() */
};

/**
 * rt_unthrottle - Real-time tasks of @rq wait while a fair one runs: preempt it when their period begins.
 * Context: rq->lock held, clock up to date.
 */
void rt_unthrottle(struct rq *rq);
/** rt_update_cpupri - @rq's deadline or real-time tasks have changed. Context: rq->lock held. */
void rt_update_cpupri(struct rq *rq);

#endif
