/* SPDX-License-Identifier: MIT */
/* High-resolution timers: a tree of them a hart, over its clock event device. Ref: Linux kernel/time/hrtimer.c. */
#ifndef TIME_HRTIMER_H
#define TIME_HRTIMER_H

#include <sys/tree.h>

#include "smp/percpu.h"
#include "time/clock.h"

struct hrtimer {
	RB_ENTRY(hrtimer) node;	/* base->lock */
	u64 expires;		/* ns, ktime_get_ns() scale; base->lock */
	/* Return: the next expiry in ns, or 0 to stop. Context: hard interrupt, no lock held. */
	u64 (*function)(struct hrtimer *timer);
	u32 cpu;		/* base that the timer is on; base->lock */
	u32 queued;		/* base->lock */
};

/** hrtimer_init - @fn is called when the timer expires. */
void hrtimer_init(struct hrtimer *t, u64 (*fn)(struct hrtimer *));
/** hrtimer_start - (Re)arm for @expires ns, on this hart. In the timer's own callback it overrides what that returns. Context: any. */
void hrtimer_start(struct hrtimer *t, u64 expires);
/**
 * hrtimer_cancel - Disarm; waits for a callback that is running elsewhere.
 * Return: whether it was armed. Context: any; no lock that the callback takes.
 */
bool hrtimer_cancel(struct hrtimer *t);
/** timer_interrupt - Run what has expired. Context: hard interrupt. */
void timer_interrupt(void);
/**
 * hrtimers_cpu_dying - Hart @to takes over the timers of this one, which leaves. Context: all stand still (stop_machine()); @to
 * calls hrtimers_reprogram() before it goes on, for the task that takes a hart away may wait for one of these timers.
 */
void hrtimers_cpu_dying(unsigned int to);
/** hrtimers_reprogram - Set this hart's event device to its first timer or tick. Context: interrupts off. */
void hrtimers_reprogram(void);

DECLARE_PER_CPU(unsigned long, timer_irqs);

#endif
