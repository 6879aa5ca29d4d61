/* SPDX-License-Identifier: MIT */
/* What is known of the load of queues and tasks: the averages of pelt.h, read. */
#ifndef SCHED_LOAD_H
#define SCHED_LOAD_H

#include "sched/rq.h"

/** cfs_rq_load_avg - Sum of the decayed loads of what is queued on @cfs, at @now, ns. Context: any. */
u64 cfs_rq_load_avg(const struct cfs_rq *cfs, u64 now);
/** cpu_util - Capacity of @rq lately used by fair tasks, at @now, ns. Context: any. */
unsigned long cpu_util(const struct rq *rq, u64 now);
/** task_util - Capacity that @p lately used, at @now, ns. Context: any. */
unsigned long task_util(const struct task_struct *p, u64 now);
/** task_h_load - What of the root queue's load is @p's. Context: rq->lock. */
unsigned long task_h_load(const struct task_struct *p);
/** rt_runs - From now on a real-time or deadline task runs, or (@runs false) none. Context: rq->lock, clock up to date. */
static inline void rt_runs(struct rq *rq, bool runs)
{
	pelt_update(&rq->avg_rt, rq->clock, 0, rq->rt_running ? rq->cpu_capacity : 0);
	WRITE_ONCE(rq->rt_running, runs);
}

#endif
