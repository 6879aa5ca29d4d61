/* SPDX-License-Identifier: MIT */
#include "trace/trace.h"

#include <string.h>

#include "smp/spinlock.h"
#include "time/clock.h"
#include "trace/upcall.h"

struct trace_rings trace_rings = { .magic = { 'H', 'W', 'T', 'R', 'A', 'C', 'E', '1' }, .record_size = sizeof(struct trace_entry) };
unsigned long trace_events __section(".sdata");

static DEFINE_SPINLOCK(wanted_lock, LOCK_TRACE);	/* to change the following, and trace_events, which is both */
static unsigned long recorded, counted;			/* by the rings; by perf */
static unsigned int nr_counting[NR_TRACE_TYPES];
static DEFINE_PER_CPU(struct trace_entry, beside);	/* own hart, interrupts off */

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
	[TRACE_IRQ_HANDLER_ENTRY] = { "irq", "irq_handler_entry" },
	[TRACE_IRQ_HANDLER_EXIT] = { "irq", "irq_handler_exit" },
	[TRACE_SOFTIRQ_RAISE] = { "irq", "softirq_raise" },
	[TRACE_SOFTIRQ_ENTRY] = { "irq", "softirq_entry" },
	[TRACE_SOFTIRQ_EXIT] = { "irq", "softirq_exit" },
	[TRACE_HRTIMER_EXPIRE_ENTRY] = { "timer", "hrtimer_expire_entry" },
	[TRACE_HRTIMER_EXPIRE_EXIT] = { "timer", "hrtimer_expire_exit" },
	[TRACE_IPI_RAISE] = { "ipi", "ipi_raise" },
	[TRACE_IPI_ENTRY] = { "ipi", "ipi_entry" },
	[TRACE_IPI_EXIT] = { "ipi", "ipi_exit" },
	[TRACE_SYS_ENTER] = { "raw_syscalls", "sys_enter" },
	[TRACE_SYS_EXIT] = { "raw_syscalls", "sys_exit" },
	[TRACE_SIGNAL_GENERATE] = { "signal", "signal_generate" },
	[TRACE_SIGNAL_DELIVER] = { "signal", "signal_deliver" },
	[TRACE_MM_PAGE_ALLOC] = { "kmem", "mm_page_alloc" },
	[TRACE_MM_PAGE_FREE] = { "kmem", "mm_page_free" },
	[TRACE_LOAD_BALANCE] = { "balance", "load_balance" },
	[TRACE_GETNAME] = { "fs", "getname" },
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
	u64 now = ktime_get_ns();
	struct trace_ring *r = &trace_rings.ring[smp_processor_id()];
	struct trace_entry *e = this_cpu_ptr(&beside);
	u32 preempt = preempt_count();

	if (READ_ONCE(recorded) >> t & 1 && r->buf)
		e = &r->buf[r->head % r->nr];
	else if (!(READ_ONCE(counted) >> t & 1))
		return NULL;
	if (READ_ONCE(counted) >> t & 1)
		memset(e, 0, sizeof(*e));	/* of what was there nothing is told */
	e->ts = now;
	e->type = t;
	e->flags = TRACE_IRQS_OFF | (test_thread_flag(TIF_NEED_RESCHED) ? TRACE_NEED_RESCHED : 0) |
		   (preempt & HARDIRQ_MASK ? TRACE_HARDIRQ : 0) | (preempt & SOFTIRQ_OFFSET ? TRACE_SOFTIRQ : 0);
	e->preempt_depth = min(preempt & 0xffff, 15u);
	trace_current(e);
	return e;
}

void trace_end(struct trace_entry *e)
{
	struct trace_ring *r = &trace_rings.ring[smp_processor_id()];

	if (e != this_cpu_ptr(&beside)) {
		smp_wmb();
		WRITE_ONCE(r->head, r->head + 1);
	}
	if (unlikely(READ_ONCE(counted) >> e->type & 1))
		perf_on_trace(e);
}

void trace_record(unsigned long mask)
{
	spin_lock_irq(&wanted_lock);
	WRITE_ONCE(recorded, mask);
	WRITE_ONCE(trace_events, mask | counted);
	spin_unlock_irq(&wanted_lock);
}

void trace_count(enum trace_type t, int n)
{
	spin_lock_irq(&wanted_lock);
	nr_counting[t] += n;
	WRITE_ONCE(counted, nr_counting[t] ? counted | BIT(t) : counted & ~BIT(t));
	WRITE_ONCE(trace_events, recorded | counted);
	spin_unlock_irq(&wanted_lock);
}

void trace_text(enum trace_type t, const char *text)
{
	unsigned long flags = local_irq_save();
	struct trace_entry *e = trace_begin(t);

	if (e) {
		if (flags)
			e->flags &= ~TRACE_IRQS_OFF;
		strncpy(e->text, text, sizeof(e->text) - 1);
		e->text[sizeof(e->text) - 1] = '\0';
		trace_end(e);
	}
	local_irq_restore(flags);
}

void trace_words(enum trace_type t, const u64 *words, unsigned int n)
{
	unsigned long flags = local_irq_save();
	struct trace_entry *e = trace_begin(t);
	u64 *to = e ? e->words : NULL;

	if (e) {
		if (flags)
			e->flags &= ~TRACE_IRQS_OFF;
		do
			*to++ = *words++;
		while (--n);
		trace_end(e);
	}
	local_irq_restore(flags);
}

void trace_set_ring(unsigned int cpu, struct trace_entry *buf, u64 phys, u64 nr)
{
	trace_rings.nr_cpus = nr_cpu_ids;
	trace_rings.ring[cpu] = (struct trace_ring){ .phys = phys, .nr = nr, .buf = buf };
}
