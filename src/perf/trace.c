/* SPDX-License-Identifier: MIT */
#include "perf/trace.h"

#include <string.h>

#include "perf/upcall.h"
#include "trap/clock.h"

struct trace_rings trace_rings = { .magic = { 'H', 'W', 'T', 'R', 'A', 'C', 'E', '1' }, .record_size = sizeof(struct trace_entry) };
unsigned long trace_events __section(".sdata");

static const struct {
	const char *system, *name;
} events[NR_TRACE_TYPES] = {
	[TRACE_SCHED_SWITCH] = { "sched", "sched_switch" },
	[TRACE_SCHED_WAKING] = { "sched", "sched_waking" },
	[TRACE_SCHED_WAKEUP] = { "sched", "sched_wakeup" },
	[TRACE_SCHED_WAKEUP_NEW] = { "sched", "sched_wakeup_new" },
	[TRACE_SCHED_MIGRATE_TASK] = { "sched", "sched_migrate_task" },
	[TRACE_SCHED_PROCESS_FORK] = { "sched", "sched_process_fork" },
	[TRACE_SCHED_PROCESS_EXEC] = { "sched", "sched_process_exec" },
	[TRACE_SCHED_PROCESS_EXIT] = { "sched", "sched_process_exit" },
	[TRACE_SCHED_STAT_RUNTIME] = { "sched", "sched_stat_runtime" },
	[TRACE_PAGE_FAULT_USER] = { "exceptions", "page_fault_user" },
	[TRACE_MARK_WRITE] = { "ftrace", "tracing_mark_write" },
};

const char *trace_event_name(enum trace_type t)
{
	return events[t].name;
}

const char *trace_event_system(enum trace_type t)
{
	return events[t].system;
}

struct trace_entry *trace_begin(enum trace_type t)
{
	struct trace_ring *r = &trace_rings.ring[smp_processor_id()];
	struct trace_entry *e;
	u32 preempt = preempt_count();

	if (!r->buf)
		return NULL;
	e = &r->buf[r->head % r->nr];
	e->ts = ktime_get_ns();
	e->type = t;
	e->flags = TRACE_IRQS_OFF | (test_thread_flag(TIF_NEED_RESCHED) ? TRACE_NEED_RESCHED : 0) |
		   (in_hardirq() ? TRACE_HARDIRQ : 0) | (in_softirq() ? TRACE_SOFTIRQ : 0);
	e->preempt_depth = min(preempt & 0xffff, 15u);
	trace_current(e);
	return e;
}

void trace_end(void)
{
	struct trace_ring *r = &trace_rings.ring[smp_processor_id()];

	smp_store_release(&r->head, r->head + 1);
}

void trace_mark(const char *text)
{
	unsigned long flags = local_irq_save();
	struct trace_entry *e = trace_begin(TRACE_MARK_WRITE);

	if (e) {
		if (flags)
			e->flags &= ~TRACE_IRQS_OFF;
		strncpy(e->text, text, sizeof(e->text) - 1);
		e->text[sizeof(e->text) - 1] = '\0';
		trace_end();
	}
	local_irq_restore(flags);
}

void trace_page_fault(u64 address, u64 ip, u64 error)
{
	unsigned long flags = local_irq_save();
	struct trace_entry *e = trace_begin(TRACE_PAGE_FAULT_USER);

	if (e) {
		e->fault.address = address;
		e->fault.ip = ip;
		e->fault.error = error;
		trace_end();
	}
	local_irq_restore(flags);
}

void trace_set_ring(unsigned int cpu, struct trace_entry *buf, u64 phys, u64 nr)
{
	trace_rings.nr_cpus = nr_cpu_ids;
	trace_rings.ring[cpu] = (struct trace_ring){ .phys = phys, .nr = nr, .buf = buf };
}
