/* SPDX-License-Identifier: MIT */
/* The deadline class: its queue, and what others ask of it. */
#ifndef SCHED_DEADLINE_H
#define SCHED_DEADLINE_H

#include "sched/task.h"

struct rq;

RB_HEAD(dl_timeline, sched_dl_entity);

#define DL_NONE	(~0ULL >> 1)

struct dl_rq {
	struct dl_timeline tree;	/* by deadline; the running task too */
	unsigned int nr_queued;
	u64 earliest;			/* deadline, DL_NONE: none; read without lock */
	LIST_HEAD(, sched_dl_entity) throttled;
};

/**
 * dl_lend - @p has @donor's deadline and budget, if @donor (NULL: nobody), which waits for it, has a deadline before @p's own.
 * Context: @p's rq->lock held, @p in no queue.
 */
void dl_lend(struct task_struct *p, const struct task_struct *donor);
/** dl_policy_changed - If @p has no deadline of its own any more it goes by what is lent. Context: rq->lock held, @p in no queue. */
void dl_policy_changed(struct task_struct *p);

#endif
