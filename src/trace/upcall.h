/* SPDX-License-Identifier: MIT */
/* Calls that tracing makes upwards; each is defined once above. */
#ifndef TRACE_UPCALL_H
#define TRACE_UPCALL_H

struct critical_record;
struct trace_entry;

/** trace_current - Fill in pid, tgid and name of the current task (src/sched). Context: any. */
void trace_current(struct trace_entry *e);
/** critical_current - Fill in name, pid, policy and priorities of the current task (src/sched). Context: interrupts off, any lock held. */
void critical_current(struct critical_record *r);
/** perf_on_trace - @e, which somebody counts, has happened (src/events). Context: interrupts off, any lock held. */
void perf_on_trace(const struct trace_entry *e);

#endif
