/* SPDX-License-Identifier: MIT */
/* The way of a task from one run queue to another. */
#ifndef SCHED_MIGRATE_H
#define SCHED_MIGRATE_H

#include "sched/class.h"
#include "sched/task.h"

/* Why a task changed harts; counted on the hart that it came to. */
enum migrate_reason {
	MIGRATE_FORK, MIGRATE_EXEC, MIGRATE_WAKE, MIGRATE_NEWIDLE, MIGRATE_PERIODIC, MIGRATE_ACTIVE, MIGRATE_AFFINITY, MIGRATE_RT,
	MIGRATE_DL, MIGRATE_HOTPLUG,
	NR_MIGRATE_REASONS
};

/** detach_task - @p, in no queue, leaves its hart's or group's for another. Context: see sched_class. */
static inline void detach_task(struct task_struct *p)
{
	if (p->sched_class->detach_task)
		p->sched_class->detach_task(p);
}
/** attach_task - @p, which detach_task() detached, belongs to another hart or group now. Context: see sched_class. */
static inline void attach_task(struct task_struct *p)
{
	if (p->sched_class->attach_task)
		p->sched_class->attach_task(p);
}
/** set_task_cpu - @p belongs to @cpu from now on. Context: pi_lock and off all queues, or both rq locks. */
void set_task_cpu(struct task_struct *p, unsigned int cpu);
/** double_lock_balance - Lock @other too, lower hart number first. Context: rq->lock held, which may be dropped and retaken. */
void double_lock_balance(struct rq *rq, struct rq *other);
/** move_queued_task - @p, queued on @src and not running, goes to @dst. Context: src->lock and dst->lock held. */
void move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p, enum migrate_reason why);
/**
 * __migrate_task - @p, on @rq's queue and not running, goes to @cpu.
 * Return: its queue, locked; @rq is not any more. Context: p->pi_lock held, rq->lock held.
 */
struct rq *__migrate_task(struct rq *rq, struct task_struct *p, unsigned int cpu, enum migrate_reason why);

#endif
