/* SPDX-License-Identifier: MIT */
/*
 * For how long interrupts stay off, or a task cannot be preempted: the longest stretch since it
 * was last asked, where it began and ended, and who ran. Debug builds only: elsewhere nobody
 * tells (smp/irqflags.h, smp/preempt.h).
 *
 * Ref: Linux kernel/trace/trace_irqsoff.c.
 */
#ifndef TRACE_CRITICAL_H
#define TRACE_CRITICAL_H

#include "trace/trace.h"

#define CRITICAL_IRQS		1u	/* "irqsoff" */
#define CRITICAL_PREEMPT	2u	/* "preemptoff"; both: "preemptirqsoff", a stretch of either kind */

struct critical_record {
	u64 ns;				/* 0: none yet */
	unsigned int cpu;
	unsigned long from[2], to[2];	/* where it began and ended, and who called that */
	u64 begin_ns;
	char comm[TRACE_COMM_LEN];	/* who ran at its end */
	int pid, prio;
	u32 policy, rt_priority;
	s32 nice;
	u32 preempt_count;		/* at its end */
	bool irqs_off, need_resched;
};

/** critical_set - Watch stretches of @kinds (CRITICAL_*, 0: none) from now on; what was found stays. Context: task. */
void critical_set(u32 kinds);
/** critical_kinds - What is watched. */
u32 critical_kinds(void);
/** critical_max_get - The longest stretch since critical_max_set(). Context: task. */
void critical_max_get(struct critical_record *r);
/** critical_max_set - Forget it; stretches of at most @ns are not looked at. Context: task. */
void critical_max_set(u64 ns);

/** stop_critical_timings - Until start_critical_timings() the hart waits: not a stretch. Debug build. Context: interrupts off. */
void stop_critical_timings(void);
/** start_critical_timings - Undo stop_critical_timings(). Debug build. Context: interrupts off. */
void start_critical_timings(void);

#endif
