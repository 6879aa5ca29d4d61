/* SPDX-License-Identifier: MIT */
/*
 * Load averages: every 5 s the number of runnable and uninterruptible tasks
 * decays into three averages. Ref: Linux kernel/sched/loadavg.c.
 */
#include "sched/loadavg.h"

#include "sched/stats.h"
#include "time/tick.h"

#define FSHIFT	11
#define FIXED_1	(1UL << FSHIFT)
#define LOAD_FREQ (5 * HZ)

/* FIXED_1 / e^(5 s / 1, 5, 15 min) */
static const unsigned long load_exp[3] = { 1884, 2014, 2037 };
static unsigned long avenrun[3];	/* written by the tick of tick_do_timer_cpu */
static u64 next_sample;

static void sample(void)
{
	unsigned long active = nr_running() * FIXED_1;

	for (int i = 0; i < 3; i++) {
		unsigned long n = avenrun[i] * load_exp[i] + active * (FIXED_1 - load_exp[i]);

		if (active >= avenrun[i])
			n += FIXED_1 - 1;
		WRITE_ONCE(avenrun[i], n / FIXED_1);
	}
}

void calc_global_load_tick(u64 now)
{
	if (likely(now < next_sample))
		return;
	/* Its hart's tick stops while that idles: catch up on the samples missed. */
	for (int n = 0; next_sample <= now && n < 200; n++) {
		if (next_sample)
			sample();
		next_sample = (next_sample ? next_sample : now) + LOAD_FREQ * TICK_NSEC;
	}
	if (next_sample <= now)
		next_sample = now + LOAD_FREQ * TICK_NSEC;
}

void get_avenrun(unsigned long loads[3])
{
	for (int i = 0; i < 3; i++)
		loads[i] = READ_ONCE(avenrun[i]);
}
