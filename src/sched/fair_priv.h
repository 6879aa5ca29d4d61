/* SPDX-License-Identifier: MIT */
/*
 * Between the files of the fair class: fair.c has the class, fair_queue.c its queues, fair_place.c weights and places.
 *
 * The callers of the class hold the lock of the run queue that all this is of, unless said otherwise: activate_task(),
 * deactivate_task() and sched_change_begin() assert it.
 */
#ifndef SCHED_FAIR_PRIV_H
#define SCHED_FAIR_PRIV_H

#include "sched/fair.h"
#include "sched/tunables.h"

/* From a task's entity up through those of the groups that it is in. */
#define for_each_sched_entity(se) for (; (se); (se) = (se)->parent)

static inline u64 calc_delta_fair(u64 delta, const struct sched_entity *se)
{
	if (likely(se->load.weight == NICE_0_LOAD))
		return delta;
	return delta * NICE_0_LOAD / se->load.weight;
}

static __always_inline void update_min_vruntime(struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr, *left = cfs->leftmost;
	u64 v = cfs->min_vruntime;

	if (curr && curr->on_rq) {
		v = curr->vruntime;
		if (left && (s64)(left->vruntime - v) < 0)
			v = left->vruntime;
	} else if (left) {
		v = left->vruntime;
	}
	if ((s64)(v - cfs->min_vruntime) > 0)
		cfs->min_vruntime = v;
}

static inline void vruntime_at_least(struct sched_entity *se, u64 v)
{
	if ((s64)(v - se->vruntime) > 0)
		se->vruntime = v;
}

/* A sleeper resumes not far behind the others, lest it hold the hart for long; a heavy one would hold it longer. */
static inline void place_entity(struct sched_entity *se, u64 min_vruntime)
{
	u64 credit = READ_ONCE(sysctl_sched_latency) / 2;

	vruntime_at_least(se, min_vruntime - (se->load.weight > NICE_0_LOAD ? calc_delta_fair(credit, se) : credit));
}

/* How much sooner @se must be due before it interrupts what runs. */
static inline bool wakeup_preempt_entity(const struct sched_entity *curr, const struct sched_entity *se)
{
	s64 lead = (s64)(curr->vruntime - se->vruntime);

	return lead > (s64)calc_delta_fair(READ_ONCE(sysctl_sched_wakeup_granularity), se);
}

/* fair_place.c */

/** place_new_entity - Where what is new begins, on @cfs. */
void place_new_entity(struct cfs_rq *cfs, struct sched_entity *se);
/**
 * detach_task_fair - vruntimes of two queues do not compare: from now on, until attach_task_fair(), @p's is its distance from
 * the minimum of its queue. A task of another class is detached, too. Context: off all queues.
 */
void detach_task_fair(struct task_struct *p);
/** attach_task_fair - @p's vruntime is one of its queue's again; the queue may be another. Context: off all queues. */
void attach_task_fair(struct task_struct *p);
/** lead_of - What @se had beyond those of its queue that had least. Return: ns, not weighted. Context: any; without rq->lock, a hint. */
u64 lead_of(const struct sched_entity *se);
/**
 * set_weight - @se, in no tree, weighs @weight from now on; its distance from @min_vruntime is kept as time.
 * Context: rq->lock, or @se is new.
 */
void set_weight(struct sched_entity *se, unsigned long weight, u64 min_vruntime);
/** sched_slice - How long @se runs at a stretch beside others on @cfs. Return: ns. */
u64 sched_slice(const struct cfs_rq *cfs, const struct sched_entity *se);

/* fair_queue.c */

/** update_curr - What runs of @cfs has run until now. The run queue's clock is up to date. */
void update_curr(struct cfs_rq *cfs);
/** update_cfs_group - If @se is a group's: what it weighs now. The run queue's clock is up to date. */
void update_cfs_group(struct sched_entity *se);
/**
 * enqueue_hierarchy - Queue @se, and the groups it is in as far as they are not yet; @nr more tasks. @flags: ENQUEUE_*.
 * Return: up to the root? The run queue's clock is up to date.
 */
bool enqueue_hierarchy(struct sched_entity *se, int nr, int flags);
/** dequeue_hierarchy - Undo enqueue_hierarchy(): a group goes when the last it had here goes. @flags: DEQUEUE_*. */
bool dequeue_hierarchy(struct sched_entity *se, int nr, int flags);
/** set_next_task_fair - The class's set_next_task(). */
void set_next_task_fair(struct rq *rq, struct task_struct *p);
/** pick_next_task_fair - The class's pick_next_task(). */
struct task_struct *pick_next_task_fair(struct rq *rq);
/** put_prev_task_fair - The class's put_prev_task(). */
void put_prev_task_fair(struct rq *rq, struct task_struct *p);

#endif
