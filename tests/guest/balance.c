/* SPDX-License-Identifier: MIT */
/*
 * Balancing over harts, as programs see it: tasks that could run do not wait while a
 * hart idles. Limits are wide, for harts share the host's cores; the simulator has
 * the narrow ones. True of Linux too.
 */
#include "tap.h"

#include "abi/time.h"

#define MAX_TASKS 16

static volatile struct {
	int cpu[MAX_TASKS];
	uint64_t ns[MAX_TASKS];
	int stop;
} *shared;

static int affinity(int pid, uint64_t mask)
{
	return SYSCALL(__NR_sched_setaffinity, pid, sizeof(mask), &mask);
}

static void spin(int who)
{
	uint32_t cpu;

	while (!shared->stop) {
		SYSCALL(__NR_getcpu, &cpu, 0, 0);
		shared->cpu[who] = cpu;
		for (volatile int i = 0; i < 2000; i++)
			;
	}
	{
		struct timespec64 t;

		SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
		shared->ns[who] = t.tv_sec * 1000000000UL + t.tv_nsec;
	}
	_exit(0);
}

static void start(int n, int *pid)
{
	shared->stop = 0;
	for (int i = 0; i < n; i++) {
		shared->cpu[i] = -1;
		pid[i] = fork();
		if (!pid[i])
			spin(i);
	}
}

static void stop(int n, const int *pid)
{
	shared->stop = 1;
	for (int i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
}

/* Until the @tasks are on @n harts. Return: ms, or -1 after 5 s. */
static int spread_after(int tasks, int n)
{
	uint64_t begin = monotonic_ns();

	while (monotonic_ns() - begin < 5000000000UL) {
		uint64_t seen = 0;

		nanosleep_ns(2000000);
		for (int i = 0; i < tasks; i++)
			seen |= shared->cpu[i] >= 0 ? 1UL << shared->cpu[i] : 0;
		if (__builtin_popcountl(seen) == n)
			return (monotonic_ns() - begin) / 1000000;
	}
	return -1;
}

int main(void)
{
	int n = tap_harts() > 8 ? 8 : tap_harts(), pid[MAX_TASKS], ms, alone = 1;
	uint64_t least = ~0UL, most = 0;

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	start(n, pid);
	ms = spread_after(n, n);
	stop(n, pid);
	ok(ms >= 0, "%d forked from one hart have a hart each (after %d ms)", n, ms);

	affinity(0, 1);
	start(n, pid);
	nanosleep_ns(100000000);
	for (int i = 0; i < n; i++)
		alone &= shared->cpu[i] <= 0;
	ok(alone, "%d held on hart 0 stay there", n);
	affinity(0, -1UL);
	for (int i = 0; i < n; i++)
		affinity(pid[i], -1UL);
	ms = spread_after(n, n);
	stop(n, pid);
	ok(ms >= 0, "freed, they have a hart each (after %d ms)", ms);

	/* One that may not leave hart 0, and two that may. */
	affinity(0, 1);
	start(3, pid);
	affinity(0, -1UL);
	affinity(pid[1], -1UL);
	affinity(pid[2], -1UL);
	ms = spread_after(3, n < 3 ? n : 3);
	stop(3, pid);
	ok(ms >= 0, "a pinned one does not hold two free ones back (after %d ms)", ms);

	/* One more than harts. */
	start(n + 1, pid);
	nanosleep_ns(1500000000);
	stop(n + 1, pid);
	for (int i = 0; i <= n; i++) {
		least = shared->ns[i] < least ? shared->ns[i] : least;
		most = shared->ns[i] > most ? shared->ns[i] : most;
	}
	ok(least * 4 > most, "%d tasks on %d harts: each gets its part (%lu to %lu ms)", n + 1, n,
	   (unsigned long)(least / 1000000), (unsigned long)(most / 1000000));
	return tap_done();
}
