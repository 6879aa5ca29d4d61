/* SPDX-License-Identifier: MIT */
/*
 * Pushing and pulling. What a class says of a hart without its lock may be wrong a moment later: with both locks held, it
 * is asked again.
 *
 * Ref: Linux kernel/sched/rt.c, deadline.c, which have it once each.
 */
#include "sched/push_pull.h"

/* Move one task. Return: whether one was moved. Drops and retakes rq->lock. */
static bool push_task(struct rq *rq, const struct push_pull *class) __no_lock_analysis
{
	struct task_struct *p = class->to_push(rq);
	int cpu = p ? class->target(p) : -1;
	bool moved = false;
	struct rq *dst;

	if (cpu < 0 || (unsigned int)cpu == rq->cpu)
		return false;
	dst = cpu_rq(cpu);
	double_lock_balance(rq, dst);
	p = class->pushable(rq, dst);
	if (p && cpu_online(cpu) && class->better(p, dst)) {
		move_queued_task(rq, dst, p, class->why);
		moved = true;
	}
	spin_unlock(&dst->lock);
	return moved;
}

void push_tasks(struct rq *rq, const struct push_pull *class)
{
	lockdep_assert_held(&rq->lock);
	while (push_task(rq, class))
		;
}

void pull_tasks(struct rq *rq, const struct push_pull *class, const struct cpumask *overloaded) __no_lock_analysis
{
	unsigned int cpu;

	lockdep_assert_held(&rq->lock);
	for_each_cpu(cpu, overloaded) {
		struct rq *src = cpu_rq(cpu);
		struct task_struct *p;

		if (src == rq)
			continue;
		double_lock_balance(rq, src);
		p = class->pushable(src, rq);
		if (p && class->better(p, rq))
			move_queued_task(src, rq, p, class->why);
		spin_unlock(&src->lock);
	}
}
