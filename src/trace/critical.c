/* SPDX-License-Identifier: MIT */
/*
 * Stretches with interrupts off, or without preemption: begun and ended by the hooks of
 * smp/irqflags.h and smp/preempt.h, on one hart each. A new longest one is written down
 * under a lock that tells nobody, for the hooks run wherever a lock is taken.
 */
#include "trace/critical.h"

#include "smp/percpu.h"
#include "smp/spinlock.h"
#include "time/clock.h"
#include "trace/upcall.h"

struct stretch {
	u64 begin;			/* ns; 0: none */
	unsigned long from[2];
	u32 round;			/* of critical_set() that it belongs to: an older one is nobody's */
};

static DEFINE_PER_CPU(struct stretch, stretch);	/* own hart, interrupts off */
static u32 kinds, round;			/* [a] */
static u64 longest;				/* [a] ns */
static struct critical_record record;		/* record_lock */
static spinlock_t record_lock;			/* by its raw parts, interrupts off */

/* The call that led to a frame's function: above its saved s0. Ref: RISC-V calling convention, frame pointers. */
static unsigned long caller_of(unsigned long fp)
{
	return fp ? ((unsigned long *)fp)[-1] : 0;
}

static void begin(unsigned long ip, unsigned long fp)
{
	struct stretch *s = this_cpu_ptr(&stretch);

	if (s->begin && s->round == READ_ONCE(round))
		return;
	s->round = READ_ONCE(round);
	s->from[0] = ip;
	s->from[1] = caller_of(fp);
	s->begin = ktime_get_ns();
}

static void note(const struct stretch *s, u64 ns, unsigned long ip, unsigned long fp)
{
	raw_spin_lock(&record_lock);
	if (ns > longest) {
		longest = ns;
		record = (struct critical_record){
			.ns = ns, .cpu = smp_processor_id(), .from = { s->from[0], s->from[1] }, .to = { ip, caller_of(fp) },
			.begin_ns = s->begin, .preempt_count = preempt_count(), .irqs_off = arch_irqs_disabled(),
			.need_resched = test_thread_flag(TIF_NEED_RESCHED),
		};
		critical_current(&record);
	}
	raw_spin_unlock(&record_lock);
}

static void end(unsigned long ip, unsigned long fp)
{
	struct stretch *s = this_cpu_ptr(&stretch);
	u64 ns;

	if (!s->begin)
		return;
	ns = ktime_get_ns() - s->begin;
	if (s->round == READ_ONCE(round) && ns > READ_ONCE(longest))
		note(s, ns, ip, fp);
	s->begin = 0;
}

/* Ours: where the hook was called, in the function that let them off or on. */
#define HERE	(unsigned long)__builtin_return_address(0), *((unsigned long *)__builtin_frame_address(0) - 2)

void trace_hardirqs_off(void)
{
	if (unlikely(READ_ONCE(kinds) & CRITICAL_IRQS))
		begin(HERE);
}

void trace_hardirqs_on(void)
{
	lockdep_hardirqs_on();
	if (unlikely(READ_ONCE(kinds) & CRITICAL_IRQS) && !((READ_ONCE(kinds) & CRITICAL_PREEMPT) && preempt_count()))
		end(HERE);
}

void trace_preempt_off(void)
{
	unsigned long flags;

	if (likely(!(READ_ONCE(kinds) & CRITICAL_PREEMPT)))
		return;
	flags = arch_local_irq_save();
	begin(HERE);
	arch_local_irq_restore(flags);
}

void trace_preempt_on(void)
{
	unsigned long flags;

	if (likely(!(READ_ONCE(kinds) & CRITICAL_PREEMPT)) || ((READ_ONCE(kinds) & CRITICAL_IRQS) && arch_irqs_disabled()))
		return;
	flags = arch_local_irq_save();
	end(HERE);
	arch_local_irq_restore(flags);
}

void stop_critical_timings(void)
{
	if (unlikely(READ_ONCE(kinds)))
		end(HERE);
}

void start_critical_timings(void)
{
	if (unlikely(READ_ONCE(kinds)))
		begin(HERE);
}

void critical_set(u32 new_kinds)
{
	__atomic_fetch_add(&round, 1, __ATOMIC_RELAXED);
	WRITE_ONCE(kinds, new_kinds);
}

u32 critical_kinds(void)
{
	return READ_ONCE(kinds);
}

void critical_max_get(struct critical_record *r)
{
	unsigned long flags = arch_local_irq_save();

	raw_spin_lock(&record_lock);
	*r = record;
	raw_spin_unlock(&record_lock);
	arch_local_irq_restore(flags);
}

void critical_max_set(u64 ns)
{
	unsigned long flags = arch_local_irq_save();

	raw_spin_lock(&record_lock);
	longest = ns;
	record.ns = 0;
	raw_spin_unlock(&record_lock);
	arch_local_irq_restore(flags);
}
