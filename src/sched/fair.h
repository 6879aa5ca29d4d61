/* SPDX-License-Identifier: MIT */
/* The fair class: its queue, and what others ask of it. */
#ifndef SCHED_FAIR_H
#define SCHED_FAIR_H

#include "sched/group.h"
#include "sched/task.h"

struct rq;

RB_HEAD(cfs_timeline, sched_entity);

#define NICE_0_LOAD 1024

struct cfs_rq {
	struct load_weight load;
	struct sched_avg avg;		/* of all that is queued; see cfs_rq_load_avg() */
	unsigned int nr_running;	/* entities */
	unsigned int h_nr_running;	/* tasks, those of groups below too, but not of throttled ones; read without lock */
	u64 min_vruntime;		/* never goes back */
	struct cfs_timeline tasks_timeline;
	struct sched_entity *leftmost;	/* cached RB_MIN */
	struct sched_entity *curr;	/* running; not in the tree */
	struct sched_entity *next, *last, *skip; /* buddies: run this one, then that one, not that one */
	struct rq *rq;			/* [I] */
	struct task_group *tg;		/* [I] */
	unsigned long tg_load;		/* what of tg->load is ours */
	/* Of a group with a quota. */
	bool has_quota;			/* as its group */
	bool throttled;			/* used up: off its parent's queue */
	s64 runtime_remaining;		/* ns, taken from the group's pool */
	u64 throttled_clock;		/* ns, since when */
	TAILQ_ENTRY(cfs_rq) throttled_list; /* tg->bandwidth.lock */
};

static inline struct task_struct *task_of(struct sched_entity *se)
{
	return container_of(se, struct task_struct, se);
}

/** init_cfs_rq - @cfs is @tg's empty queue on @rq's hart. Context: nobody else knows it. */
void init_cfs_rq(struct cfs_rq *cfs, struct rq *rq, struct task_group *tg);
/** set_task_rq - @p's entity belongs to its group's queue on @cpu. Context: off all queues. */
void set_task_rq(struct task_struct *p, unsigned int cpu);
/** set_load_weight - @p weighs what its policy and nice value say. Context: rq->lock, or new; off all queues. */
void set_load_weight(struct task_struct *p);
/** sched_nice_to_weight - Weight of nice value @nice, -20..19. Return: it; 0 has 1024. Context: any. */
unsigned long sched_nice_to_weight(int nice);
/** throttled_hierarchy - Is @cfs, or a group that it is in, throttled? Context: any; without rq->lock, a hint. */
bool throttled_hierarchy(const struct cfs_rq *cfs);
/** throttle_cfs_rq - Take @cfs, a group's, off its parent's queue. Context: rq->lock held. */
void throttle_cfs_rq(struct cfs_rq *cfs);
/** unthrottle_cfs_rq - Put @cfs, throttled by throttle_cfs_rq(), on its parent's queue again. Context: rq->lock held. */
void unthrottle_cfs_rq(struct cfs_rq *cfs);

#endif
