/* SPDX-License-Identifier: MIT */
/* The scheduler's trace points, in Linux's names and terms. Ref: Linux include/trace/events/sched.h. */
#ifndef SCHED_TRACE_H
#define SCHED_TRACE_H

#include "sched/sched_priv.h"
#include "trace/trace.h"

void __trace_sched_switch(bool preempt, const struct task_struct *prev, u32 prev_state, const struct task_struct *next);
void __trace_sched_task(enum trace_type t, const struct task_struct *p, unsigned int cpu, unsigned int orig_cpu);
void __trace_sched_stat_runtime(const struct task_struct *p);
void __trace_migrate_reason(const struct task_struct *p, unsigned int from, unsigned int to, enum migrate_reason why);

/** trace_sched_switch - From @prev, whose state was @prev_state, to @next; @preempt: against its will. Context: rq->lock. */
static inline void trace_sched_switch(bool preempt, const struct task_struct *prev, u32 prev_state,
				      const struct task_struct *next)
{
	if (trace_on(TRACE_SCHED_SWITCH))
		__trace_sched_switch(preempt, prev, prev_state, next);
}

/** trace_sched_task - Wakings, wake-ups, forks and migrations of @p, to @cpu. Context: interrupts off. */
static inline void trace_sched_task(enum trace_type t, const struct task_struct *p, unsigned int cpu, unsigned int orig_cpu)
{
	if (trace_on(t))
		__trace_sched_task(t, p, cpu, orig_cpu);
}

/** trace_migrate - @p goes @from a hart @to another, and why. Context: interrupts off. */
static inline void trace_migrate(const struct task_struct *p, unsigned int from, unsigned int to, enum migrate_reason why)
{
	if (trace_on(TRACE_SCHED_MIGRATE_TASK))
		__trace_migrate_reason(p, from, to, why);
}

/** trace_sched_stat_runtime - What @p, switched away from, ran since it was picked. Context: rq->lock. */
static inline void trace_sched_stat_runtime(const struct task_struct *p)
{
	if (trace_on(TRACE_SCHED_STAT_RUNTIME))
		__trace_sched_stat_runtime(p);
}

#endif
