/* SPDX-License-Identifier: MIT */
/*
 * Per-entity load tracking: for how much of the time an entity was lately runnable,
 * and running. Time is cut into periods of 2^20 ns; what was n periods ago counts
 * y^n, where y^32 = 1/2.
 *
 * An average is brought up to date only when what it averages changes (queued or
 * not, running or not, its weight): between two changes it follows from the last
 * one, and is computed by the reader. The tick costs nothing for it.
 *
 * Ref: Linux kernel/sched/pelt.c.
 */
#ifndef SCHED_PELT_H
#define SCHED_PELT_H

#include "abi/types.h"
#include "lib/compiler.h"

#define PELT_PERIOD_SHIFT	20
#define PELT_PERIOD		(1ULL << PELT_PERIOD_SHIFT)	/* ns */
#define PELT_MAX		48934947ULL	/* ns: the sum of what has always been so, at a period's end */

struct sched_avg {
	u64 last_update;	/* ns: the sums are complete to here; 0: never */
	u64 load_sum;		/* ns, decayed, runnable; a queue's: times the weight of each that is queued */
	u64 util_sum;		/* ns, decayed, running, times the capacity of the hart */
};

/** __pelt_update - pelt_update() over at least one end of a period. Context: as pelt_update(). */
void __pelt_update(struct sched_avg *a, u64 now, u64 load, u64 util);

/** pelt_update - From the last update to @now (ns) the load was @load, and @util the capacity used. */
static inline void pelt_update(struct sched_avg *a, u64 now, u64 load, u64 util)
{
	u64 delta = now - a->last_update;

	if ((s64)delta <= 0)
		return;
	if (unlikely((now ^ a->last_update) >> PELT_PERIOD_SHIFT)) {
		__pelt_update(a, now, load, util);
		return;
	}
	a->load_sum += delta * load;
	a->util_sum += delta * util;
	a->last_update = now;
}

/** pelt_divider - What a sum is at @now if it has always been so, ns. */
static inline u64 pelt_divider(u64 now)
{
	return PELT_MAX - PELT_PERIOD + (now & (PELT_PERIOD - 1));
}

/** pelt_read - @a as it will be at @now if @load and @util stay. Context: any; unlocked, a torn read is off by an update. */
static inline struct sched_avg pelt_read(const struct sched_avg *a, u64 now, u64 load, u64 util)
{
	struct sched_avg r = { READ_ONCE(a->last_update), READ_ONCE(a->load_sum), READ_ONCE(a->util_sum) };

	pelt_update(&r, now, load, util);
	return r;
}

#endif
