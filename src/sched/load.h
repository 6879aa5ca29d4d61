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
/** task_h_load - What of the root queue's load is @p's. Context: rq->lock held. */
unsigned long task_h_load(const struct task_struct *p);
/* The fair tasks of a hart, as balancing sees them. */

/** fair_nr_running - Tasks of @rq, running or waiting, but not of throttled groups. Context: any; without rq->lock, a hint. */
static inline unsigned int fair_nr_running(const struct rq *rq)
{
	return READ_ONCE(rq->cfs.h_nr_running);
}
/** fair_weight - What all of them weigh. Context: as fair_nr_running(). */
static inline unsigned long fair_weight(const struct rq *rq)
{
	return READ_ONCE(rq->cfs.load.weight);
}
/** first_movable - The fair task of @rq that ran least lately, or NULL. Context: rq->lock held. */
static inline struct task_struct *first_movable(struct rq *rq)
{
	struct sched_entity *se = TAILQ_LAST(&rq->cfs_tasks, cfs_tasks);

	lockdep_assert_held(&rq->lock);
	return se ? task_of(se) : NULL;
}
/** next_movable - The one that ran after @p did, or NULL. Context: rq->lock held. */
static inline struct task_struct *next_movable(struct task_struct *p)
{
	struct sched_entity *se = TAILQ_PREV(&p->se, cfs_tasks, group_node);

	lockdep_assert_held(&task_rq(p)->lock);
	return se ? task_of(se) : NULL;
}
/* The fair tasks @p of @rq, the longest to wait first. The loop may move @p away; @next is the macro's own. */
#define for_each_movable(p, next, rq) \
	for (p = first_movable(rq); p && (next = next_movable(p), true); p = next)
/**
 * fair_may_run - Has the group of the fair task @p time left, where @p is queued and on @cpu?
 * Context: any; without both rq->locks, a hint.
 */
bool fair_may_run(const struct task_struct *p, unsigned int cpu);
/** rt_runs - A real-time or deadline task runs from now on, or (@runs false) none. Context: rq->lock held, clock up to date. */
static inline void rt_runs(struct rq *rq, bool runs)
{
	lockdep_assert_held(&rq->lock);
	pelt_update(&rq->avg_rt, rq->clock, 0, rq->rt_running ? rq->cpu_capacity : 0);
	WRITE_ONCE(rq->rt_running, runs);
}

#endif
