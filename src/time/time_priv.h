/* SPDX-License-Identifier: MIT */
/* For clock.c, hrtimer.c and tick.c among themselves. */
#ifndef TIME_TIME_PRIV_H
#define TIME_TIME_PRIV_H

#include "smp/percpu.h"

struct pt_regs;

/* The tick of a hart. It is no timer of the hart's tree, for it changes most. */
struct tick_cpu {
	u64 expires;			/* [o] ns, KTIME_MAX: stopped */
	const struct pt_regs *regs;	/* [o] what the timer interrupted */
	bool idle;			/* [o] no task needs this hart's turns */
};
DECLARE_PER_CPU(struct tick_cpu, tick_cpus);

/** clockevent_program - The next timer interrupt of this hart comes at @expires ns; KTIME_MAX: none does. Context: interrupts off. */
void clockevent_program(u64 expires);
/** hrtimers_init_cpu - This hart may have timers. Context: bring-up, interrupts off. */
void hrtimers_init_cpu(void);
/** tick_interrupt - The tick of this hart, if it is due at @now ns. Context: the timer interrupt. */
void tick_interrupt(u64 now);

#endif
