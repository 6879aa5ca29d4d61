/* SPDX-License-Identifier: MIT */
#include "time/tick.h"

#include "riscv/ptrace.h"
#include "smp/tracepoint.h"
#include "smp/turns.h"
#include "time/hrtimer.h"
#include "time/time_priv.h"
#include "time/upcall.h"

DEFINE_PER_CPU(struct tick_cpu, tick_cpus);

static bool nohz = true;

static void tick_handler(struct tick_cpu *t, u64 now)
{
	sched_on_tick(user_mode(t->regs), now);
	t->expires += TICK_NSEC;
	if (t->expires <= now)
		t->expires = now + TICK_NSEC;
}

static noinline void traced_tick(struct tick_cpu *t, u64 now)
{
	trace_event(TRACE_HRTIMER_EXPIRE_ENTRY, (u64)&t->expires, (u64)tick_handler, now);
	tick_handler(t, now);
	trace_event(TRACE_HRTIMER_EXPIRE_EXIT, (u64)&t->expires);
}

void tick_interrupt(u64 now)
{
	struct tick_cpu *t = this_cpu_ptr(&tick_cpus);

	if (t->expires > now)
		return;
	if (tracing())
		traced_tick(t, now);
	else
		tick_handler(t, now);
}

void tick_nohz_disable(void)
{
	nohz = false;
}

void tick_nohz_idle_enter(void)
{
	struct tick_cpu *t = this_cpu_ptr(&tick_cpus);

	t->idle = true;
	if (!nohz)
		return;
	t->expires = KTIME_MAX;
	hrtimers_reprogram();
}

void tick_nohz_idle_exit(void)
{
	struct tick_cpu *t = this_cpu_ptr(&tick_cpus);

	t->idle = false;
	if (nohz)
		t->expires = ktime_get_ns() + TICK_NSEC;
	if (nohz || harts_take_turns)
		hrtimers_reprogram();
}

void tick_note_regs(const struct pt_regs *regs)
{
	this_cpu(tick_cpus).regs = regs;
}

const struct pt_regs *get_irq_regs(void)
{
	return this_cpu(tick_cpus).regs;
}

void tick_dying_cpu(void)
{
	this_cpu(tick_cpus).expires = KTIME_MAX;
	csr_clear(sie, BIT(IRQ_S_TIMER));
	clockevent_program(KTIME_MAX);
}

void time_init_cpu(void)
{
	struct tick_cpu *t = this_cpu_ptr(&tick_cpus);

	hrtimers_init_cpu();
	t->expires = ktime_get_ns() + TICK_NSEC;
	clockevent_program(t->expires);
	csr_set(sie, BIT(IRQ_S_TIMER));
}
