/* SPDX-License-Identifier: MIT */
/*
 * The clock: monotonic and wall time, of the time CSR. The clock event device of each hart, which interrupts at a given time,
 * is its stimecmp (Sstc) or SBI TIME. Timers are in hrtimer.h, the scheduler's tick is in tick.h.
 */
#ifndef TIME_CLOCK_H
#define TIME_CLOCK_H

#include "lib/compiler.h"

#define NSEC_PER_SEC	1000000000UL
#define NSEC_PER_MSEC	1000000UL
#define NSEC_PER_USEC	1000UL
#define KTIME_MAX	(~0ULL >> 1)

/** time_init - Read the timebase from @fdt; choose the event device. Context: boot. */
void time_init(const void *fdt);
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
/** clock_take_turns - take_turns() with a quantum of @ns, if this machine can: with Sstc. Context: boot, after time_init(). */
void clock_take_turns(u64 ns, u64 seed);

#endif
