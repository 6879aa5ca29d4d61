/* SPDX-License-Identifier: MIT */
/*
 * Pushing and pulling, by which the best tasks of all harts run, one a hart: a hart that has more of a class's tasks than
 * the one that it can run gives the next away, and a hart that is about to run something worse than it did takes one.
 */
#ifndef SCHED_PUSH_PULL_H
#define SCHED_PUSH_PULL_H

#include "sched/rq.h"

/* What a class says to it. Each is called with the locks of the run queues among its arguments held. */
struct push_pull {
	/* The task of @rq that is to be given away first; NULL: none is. */
	struct task_struct *(*to_push)(struct rq *rq);
	/* The best task of @rq that does not run, and may go to @dst (NULL: to another hart); NULL: there is none. */
	struct task_struct *(*pushable)(struct rq *rq, struct rq *dst);
	/* A hart for @p, as far as can be seen without its lock; -1: there is none. */
	int (*target)(struct task_struct *p);
	/* Is @p better than all of the class that @dst has? */
	bool (*better)(const struct task_struct *p, const struct rq *dst);
	enum migrate_reason why;
};

/** push_tasks - Give tasks of @rq to harts that run something worse. Context: rq->lock held, which is dropped and retaken. */
void push_tasks(struct rq *rq, const struct push_pull *class);
/**
 * pull_tasks - Take from each hart of @overloaded the task that is better than all that @rq has.
 * Context: rq->lock held, which is dropped and retaken.
 */
void pull_tasks(struct rq *rq, const struct push_pull *class, const struct cpumask *overloaded);
/** set_overloaded - Has @rq, by the count of what it has queued, tasks to give away? Notes that in @mask. Context: rq->lock held. */
static inline void set_overloaded(struct rq *rq, struct cpumask *mask, unsigned int nr_queued)
{
	lockdep_assert_held(&rq->lock);
	if (nr_queued > 1)
		cpumask_set_cpu(rq->cpu, mask);
	else if (cpumask_test_cpu(rq->cpu, mask))
		cpumask_clear_cpu(rq->cpu, mask);
}

#endif
