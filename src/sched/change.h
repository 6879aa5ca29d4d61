/* SPDX-License-Identifier: MIT */
/* The protocol by which a queued or running task changes its class, priority, weight or group. policy.c. */
#ifndef SCHED_CHANGE_H
#define SCHED_CHANGE_H

#include "sched/rq.h"

struct sched_change {
	bool queued, running;
	bool comes;			/* back from another class, or in another group */
};
/** sched_change_begin - Take @p, queued or running, out of its class's books. Return: for sched_change_end(). Context: rq->lock. */
struct sched_change sched_change_begin(struct rq *rq, struct task_struct *p);
/** sched_change_end - Put @p, whose priority was @oldprio, back as @c says it was. Context: rq->lock. */
void sched_change_end(struct rq *rq, struct task_struct *p, struct sched_change c, int oldprio);

#endif
