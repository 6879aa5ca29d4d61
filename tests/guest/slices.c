/* SPDX-License-Identifier: MIT */
/*
 * How long a task runs at a stretch beside another, on one hart: a slice ends by the hart's timer, not only at the next
 * tick. Under -icount, so that the host takes no time away. Hartwood's own figures: Linux has HRTICK off at first.
 */
#include "tap.h"

#include "abi/time.h"

#define FEATURES "/sys/kernel/debug/sched/features"
#define BURN_NS 240000000UL

static uint64_t cpu_time(void)
{
	uint64_t ts[2];

	SYSCALL(__NR_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, ts);
	return ts[0] * 1000000000 + ts[1];
}

/* @n tasks run for BURN_NS each. Return: for how long at a stretch, us. */
static long stretch(int n)
{
	int64_t usage[18];
	long switches = 0;

	for (int i = 0; i < n; i++)
		if (!fork()) {
			while (cpu_time() < BURN_NS)
				;
			_exit(0);
		}
	for (int i = 0; i < n; i++) {
		SYSCALL(__NR_wait4, -1, NULL, 0, usage);
		switches += usage[17];	/* ru_nivcsw */
	}
	return n * BURN_NS / 1000 / (switches + 1);
}

int main(void)
{
	long us;

	if (write_text(FEATURES, "HRTICK")) {
		printf("1..0 # SKIP no such feature\n");
		return 0;
	}
	us = stretch(2);
	ok(us > 2700 && us < 3500, "two tasks take turns of 3 ms: %ld us", us);
	us = stretch(4);
	ok(us > 2700 && us < 3500, "four too: %ld us", us);
	write_text(FEATURES, "NO_HRTICK");
	us = stretch(2);
	ok(us > 9000 && us < 11500, "without HRTICK two take turns of a tick: %ld us", us);
	write_text(FEATURES, "HRTICK");
	return tap_done();
}
