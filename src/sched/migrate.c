/* SPDX-License-Identifier: MIT */
/*
 * How a task gets from one run queue to another. The lock order of two run queues is
 * by hart number; what is on its way has on_rq == TASK_ON_RQ_MIGRATING.
 *
 * Ref: Linux kernel/sched/core.c, move_queued_task().
 */
#include "sched/migrate.h"

#include "sched/class.h"
#include "sched/fair.h"
#include "sched/rq.h"
#include "sched/trace.h"

void set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	DEBUG_BUG_ON(!lock_is_held(&p->pi_lock, true) && !lock_is_held(&task_rq(p)->lock, true));
	if (task_cpu(p) != cpu) {
		trace_sched_task(TRACE_SCHED_MIGRATE_TASK, p, cpu, task_cpu(p));
		detach_task(p);
		p->se.nr_migrations++;
		set_task_rq(p, cpu);
		WRITE_ONCE(p->thread_info.cpu, cpu);
	}
}

void double_lock_balance(struct rq *rq, struct rq *other) __no_lock_analysis
{
	lockdep_assert_held(&rq->lock);
	if (other->cpu < rq->cpu) {
		spin_unlock(&rq->lock);
		spin_lock(&other->lock);
		spin_lock_nested(&rq->lock, true);
	} else {
		spin_lock_nested(&other->lock, true);
	}
}

void move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p, enum migrate_reason why)
{
	lockdep_assert_held(&src->lock);
	lockdep_assert_held(&dst->lock);
	update_rq_clock(src);
	update_rq_clock(dst);
	deactivate_task(src, p, 0);
	set_task_cpu(p, dst->cpu);
	activate_task(dst, p, ENQUEUE_MIGRATED);
	p->last_moved = dst->clock;
	check_preempt_curr(dst, p, 0);
	dst->migrations[why]++;
	trace_migrate(p, src->cpu, dst->cpu, why);
}

struct rq *__migrate_task(struct rq *rq, struct task_struct *p, unsigned int cpu, enum migrate_reason why) __no_lock_analysis
{
	struct rq *dest = cpu_rq(cpu);

	lockdep_assert_held(&p->pi_lock);
	lockdep_assert_held(&rq->lock);
	update_rq_clock(rq);
	deactivate_task(rq, p, 0);
	spin_unlock(&rq->lock);
	set_task_cpu(p, cpu);	/* off all queues, pi_lock held */
	spin_lock(&dest->lock);
	update_rq_clock(dest);
	activate_task(dest, p, ENQUEUE_MIGRATED);
	check_preempt_curr(dest, p, 0);
	dest->migrations[why]++;
	trace_migrate(p, rq->cpu, cpu, why);
	return dest;
}
