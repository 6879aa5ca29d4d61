/* SPDX-License-Identifier: MIT */
/*
 * Time: the clock source is the time CSR, the clock event device of each hart
 * its stimecmp (Sstc) or SBI TIME. High-resolution timers sit on top; the
 * scheduler's tick is one of them and stops while its hart idles.
 */
#ifndef TIME_CLOCK_H
#define TIME_CLOCK_H

#include <sys/tree.h>

#include "smp/smp.h"

#define HZ		100
#define TICK_NSEC	(1000000000UL / HZ)
#define NSEC_PER_SEC	1000000000UL
#define NSEC_PER_MSEC	1000000UL
#define NSEC_PER_USEC	1000UL
#define KTIME_MAX	(~0ULL >> 1)

/** time_init - Read the timebase from @fdt; choose the event device. Context: boot. */
void time_init(const void *fdt);
/** tick_dying_cpu - No tick and no timer interrupt on this hart any more. Context: interrupts off. */
void tick_dying_cpu(void);
/**
 * hrtimers_cpu_dying - Hart @to takes over the timers of this one, which leaves. Context: all stand still (stop_machine()); @to
 * calls hrtimers_reprogram() before it goes on. Not later: who takes a hart away may be waiting for one of them.
 */
void hrtimers_cpu_dying(unsigned int to);
/** hrtimers_reprogram - The clock of this hart shall tell its first timer. Context: interrupts off. */
void hrtimers_reprogram(void);
/** time_init_cpu - Start this hart's timer and tick. Context: bring-up, interrupts off. */
void time_init_cpu(void);
/** ktime_get_ns - Monotonic nanoseconds since boot. Context: any. */
u64 ktime_get_ns(void);
/** ktime_get_real_ns - Wall clock, nanoseconds since 1970. Context: any. */
u64 ktime_get_real_ns(void);
/** timekeeping_set_real - The wall clock is @ns now. */
void timekeeping_set_real(u64 ns);

/* What it takes to tell the time from the time CSR. */
struct timekeeping_data {
	u64 boot_ticks;
	u64 ns_mult;		/* ns a tick, 32.32 fixed point */
	u64 real_offset;	/* wall clock minus monotonic, ns */
};
/** timekeeping_publish - Keep @to right from now on. Context: boot, once. */
void timekeeping_publish(struct timekeeping_data *to);

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
/** hrtimer_start - (Re)arm for @expires ns, on this hart. What its own callback sets goes before what that returns. Context: any. */
void hrtimer_start(struct hrtimer *t, u64 expires);
/**
 * hrtimer_cancel - Disarm; waits for a callback that is running elsewhere.
 * Return: whether it was armed. Context: any; no lock that the callback takes.
 */
bool hrtimer_cancel(struct hrtimer *t);
/** timer_interrupt - Run what has expired. Context: hard interrupt. */
void timer_interrupt(void);
struct pt_regs;
/** tick_note_regs - What the timer interrupted, for the callbacks that follow. Context: hard interrupt. */
void tick_note_regs(const struct pt_regs *regs);
/** get_irq_regs - The same. Context: a timer's callback. */
const struct pt_regs *get_irq_regs(void);
/** tick_nohz_disable - Idle harts keep their tick (nohz=off): QEMU's -icount with several harts wants it. Context: boot. */
void tick_nohz_disable(void);
/** clock_take_turns - take_turns() with a quantum of @ns, if this machine can: with Sstc. Context: boot, after time_init(). */
void clock_take_turns(u64 ns, u64 seed);
/** tick_nohz_idle_enter, tick_nohz_idle_exit - Stop and restart this hart's tick. Context: idle task, interrupts off. */
void tick_nohz_idle_enter(void);
void tick_nohz_idle_exit(void);

DECLARE_PER_CPU(unsigned long, timer_irqs);

#endif
