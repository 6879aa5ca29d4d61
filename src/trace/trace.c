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
#define EVENT(type, system, name, member) [TRACE_##type] = { system, name },
#include "smp/trace_events.def"
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
