/* SPDX-License-Identifier: MIT */
/*
 * The protocol by which a task, queued or running, changes its class, priority, weight or group:
 *
 *	struct sched_change c = sched_change_begin(rq, p);
 *
 *	... what is to change ...
 *	sched_change_class(rq, p, &c);		if its policy, nice value or what is lent to it did
 *	... what its new class is to find changed ...
 *	sched_change_end(rq, p, &c);
 */
#ifndef SCHED_CHANGE_H
#define SCHED_CHANGE_H

#include "sched/rq.h"

struct sched_change {
	bool queued, running;
	bool elsewhere;			/* it comes back in another group */
	int oldprio;
	const struct sched_class *oldclass;
};
/** sched_change_begin - Take @p, queued or running, out of its class's books. Return: for the other two. Context: rq->lock held. */
struct sched_change sched_change_begin(struct rq *rq, struct task_struct *p);
/** sched_change_class - Priority and class of @p follow from its policy, and both classes are told. Context: rq->lock held. */
void sched_change_class(struct rq *rq, struct task_struct *p, const struct sched_change *c);
/** sched_change_end - Put @p back as @c says it was; its hart looks whether another task is to run now. Context: rq->lock held. */
void sched_change_end(struct rq *rq, struct task_struct *p, const struct sched_change *c);

#endif
