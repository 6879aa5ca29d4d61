/* SPDX-License-Identifier: MIT */
/* The scheduler's trace points, in Linux's names and terms. Ref: Linux include/trace/events/sched.h. */
#ifndef SCHED_TRACE_H
#define SCHED_TRACE_H

#include "sched/migrate.h"
#include "sched/task.h"
#include "trace/trace.h"

/** __trace_sched_switch - Write the event of trace_sched_switch(). Context: rq->lock. */
void __trace_sched_switch(bool preempt, const struct task_struct *prev, u32 prev_state, const struct task_struct *next);
/** __trace_sched_task - Write the event @t of trace_sched_task(). Context: interrupts off. */
void __trace_sched_task(enum trace_type t, const struct task_struct *p, unsigned int cpu, unsigned int orig_cpu);
/** __trace_sched_stat_runtime - Write the event of trace_sched_stat_runtime(). Context: rq->lock. */
void __trace_sched_stat_runtime(const struct task_struct *p);
/** __trace_migrate_reason - Write the event of trace_migrate(). Context: interrupts off. */
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

/** trace_process_exit - Trace point: the current task ends. Context: task. */
void trace_process_exit(void);
/** trace_process_exec - Trace point: the current task runs @filename from now on. Context: task. */
void trace_process_exec(const char *filename);

#endif
