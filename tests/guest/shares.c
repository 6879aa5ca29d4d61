/* SPDX-License-Identifier: MIT */
/*
 * What a task has of a hart whatever it tries: nobody takes more than his part by system calls, without rights, and a
 * real-time task that never sleeps leaves something to the others, but is not starved by them either. True of Linux too.
 */
#include "tap.h"

#include "abi/time.h"

#define HOGS 4

static struct {
	volatile uint64_t used[HOGS + 1];	/* ns of CPU time */
} *shared;

static int hart;				/* where it is tried */

static long policy(int pid, int policy, int prio)
{
	return SYSCALL(__NR_sched_setscheduler, pid, policy, &prio);
}

static void pin_to(int cpu)
{
	uint64_t mask[2] = { 0 };

	mask[cpu / 64] = 1UL << cpu % 64;
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), mask);
}

static uint64_t cpu_ns(void)
{
	int64_t ts[2];

	SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, ts);
	return ts[0] * 1000000000UL + ts[1];
}

/* Runs for ever, and now and then does @trick. */
static int start(int i, void (*trick)(void))
{
	int pid = fork();

	if (pid)
		return pid;
	pin_to(hart);
	policy(0, SCHED_NORMAL, 0);
	if (trick)
		SYSCALL(__NR_setresuid, 1000, 1000, 1000);
	for (;;) {
		uint64_t now = cpu_ns(), until = now + 300000;

		while ((now = cpu_ns()) < until)
			shared->used[i] = now;
		if (trick)
			trick();
	}
}

static void give_same(void)
{
	policy(0, SCHED_NORMAL, 0);
}

static void toggle_batch(void)
{
	policy(0, SCHED_BATCH, 0);
	policy(0, SCHED_NORMAL, 0);
}

static void renice_same(void)
{
	SYSCALL(__NR_setpriority, 0, 0, 0);
}

static void yield(void)
{
	sched_yield();
}

static void nap(void)
{
	nanosleep_ns(1000);
}

/* Per cent of the time of all that the first has, in @ns; meanwhile we, real-time, do @outside to it each 2 ms. */
static int part_of_first(void (*trick)(void), void (*outside)(int pid), uint64_t ns)
{
	uint64_t before[HOGS + 1], all = 0, end;
	int pids[HOGS + 1], status;

	memset((void *)shared->used, 0, sizeof(shared->used));
	for (int i = 0; i <= HOGS; i++)
		pids[i] = start(i, i ? NULL : trick);
	nanosleep_ns(200000000);
	memcpy(before, (void *)shared->used, sizeof(before));
	for (end = monotonic_ns() + ns; monotonic_ns() < end; ) {
		nanosleep_ns(2000000);
		if (outside)
			outside(pids[0]);
	}
	for (int i = 0; i <= HOGS; i++)
		all += before[i] = shared->used[i] - before[i];
	for (int i = 0; i <= HOGS; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], &status, 0);
	}
	return before[0] * 100 / (all + 1);
}

static void trip_fifo(int pid)
{
	policy(pid, SCHED_FIFO, 1);
	policy(pid, SCHED_NORMAL, 0);
}

static void trip_nice(int pid)
{
	SYSCALL(__NR_setpriority, 0, pid, -20);
	SYSCALL(__NR_setpriority, 0, pid, 0);
}

static void test_tricks(void)
{
	static const struct {
		const char *name;
		void (*trick)(void), (*outside)(int);
	} tricks[] = {
		{ "its own policy, again and again", give_same }, { "SCHED_BATCH and back", toggle_batch },
		{ "its own nice value", renice_same }, { "yielding", yield }, { "sleeping for a moment", nap },
		{ "to SCHED_FIFO and back", NULL, trip_fifo }, { "to nice -20 and back", NULL, trip_nice },
	};

	policy(0, SCHED_FIFO, 50);	/* we run when we want to */
	for (size_t i = 0; i < sizeof(tricks) / sizeof(*tricks); i++) {
		int part, tries = 0;

		/* While the host lets us wait between there and back, it has what it was given: a trick is one that works each time. */
		do
			part = part_of_first(tricks[i].trick, tricks[i].outside, 1000000000);
		while (part > 33 && tricks[i].outside && ++tries < 3);
		ok(part <= 33, "%s: %d %%, due are %d", tricks[i].name, part, 100 / (HOGS + 1));
	}
	policy(0, SCHED_NORMAL, 0);
}

/* A FIFO task and a fair one, neither sleeps: seconds 2 to 4. */
static void test_throttled(void)
{
	uint64_t rt, fair;
	int pids[2], status;

	policy(0, SCHED_FIFO, 50);
	memset((void *)shared->used, 0, sizeof(shared->used));
	pids[0] = start(0, NULL);
	policy(pids[0], SCHED_FIFO, 40);
	nanosleep_ns(1000000);
	policy(pids[0], SCHED_FIFO, 40);	/* it chose otherwise itself, meanwhile */
	pids[1] = start(1, NULL);
	nanosleep_ns(1200000000);
	policy(pids[0], SCHED_FIFO, 40);
	rt = shared->used[0];
	fair = shared->used[1];
	nanosleep_ns(3000000000);
	rt = shared->used[0] - rt;
	fair = shared->used[1] - fair;
	for (int i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], &status, 0);
	}
	policy(0, SCHED_NORMAL, 0);
	ok(rt > 9 * fair, "a FIFO task that was throttled comes back: %lu ms, %lu ms of the fair one beside it", rt / 1000000,
	   fair / 1000000);
	ok(fair > rt / 100, "which is not starved");
}

int main(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	hart = tap_harts() - 1;
	test_throttled();
	test_tricks();
	return tap_done();
}
