/* SPDX-License-Identifier: MIT */
/*
 * preempt_count: 0 means the task may be preempted and may sleep.
 * Bits 0-15 count preempt_disable(), 16-19 hardirq nesting, 20 says that a softirq runs.
 */
#ifndef SMP_PREEMPT_H
#define SMP_PREEMPT_H

#include "smp/irqflags.h"
#include "smp/thread_info.h"

#define PREEMPT_OFFSET	1U
#define HARDIRQ_OFFSET	(1U << 16)
#define HARDIRQ_MASK	(0xfU << 16)
#define SOFTIRQ_OFFSET	(1U << 20)

/** trace_preempt_off - The count is no longer 0. trace_preempt_on - it is about to be. Debug build (src/trace/critical.c). */
void trace_preempt_off(void);
void trace_preempt_on(void);

static inline u32 preempt_count(void)
{
	return READ_ONCE(current_thread_info()->preempt_count);
}

static inline void preempt_count_add(u32 v)
{
	struct thread_info *ti = current_thread_info();

	WRITE_ONCE(ti->preempt_count, READ_ONCE(ti->preempt_count) + v);
	barrier();
	if (CONFIG_DEBUG && READ_ONCE(ti->preempt_count) == v)
		trace_preempt_off();
}

static inline void preempt_count_sub(u32 v)
{
	struct thread_info *ti = current_thread_info();

	if (CONFIG_DEBUG && READ_ONCE(ti->preempt_count) == v)
		trace_preempt_on();
	barrier();
	WRITE_ONCE(ti->preempt_count, READ_ONCE(ti->preempt_count) - v);
}

static inline bool in_hardirq(void)
{
	return preempt_count() & HARDIRQ_MASK;
}

static inline bool in_softirq(void)
{
	return preempt_count() & SOFTIRQ_OFFSET;
}

/* Sleeping is a bug here. */
static inline bool in_atomic(void)
{
	return preempt_count() || irqs_disabled();
}

/** preempt_schedule - Reschedule from kernel code that was just made preemptible. */
void preempt_schedule(void);	/* src/sched */

static inline void preempt_disable(void)
{
	preempt_count_add(PREEMPT_OFFSET);
}

static inline void preempt_enable_no_resched(void)
{
	preempt_count_sub(PREEMPT_OFFSET);
}

static inline void preempt_enable(void)
{
	preempt_count_sub(PREEMPT_OFFSET);
	if (unlikely(test_thread_flag(TIF_NEED_RESCHED)) && !preempt_count() && !irqs_disabled())
		preempt_schedule();
}

#endif
