/* SPDX-License-Identifier: MIT */
/*
 * Who must wait for others gets a turn, however many they are: those who read the tree of
 * processes all the time do not keep out who changes it, nor the other way round. True of Linux too.
 */
#include "tap.h"

#define SLEEPERS 300			/* what there is to read */
#define RUN_NS 2500000000UL
#define LIMIT_NS 3000000000UL		/* a fork took over a minute on eight harts; what it takes there is under half a second */

static int workers[64], nr_workers;

static void sleep_for_ever(void)
{
	for (;;)
		nanosleep_ns(1000000000);
}

static void read_for_ever(void)
{
	for (;;)
		SYSCALL(__NR_getpriority, 2 /* PRIO_USER */, 0);
}

static void write_for_ever(void)
{
	for (;;)
		setpgid(0, 0);
}

static int start(void (*fn)(void))
{
	int pid = fork();

	if (!pid)
		fn();
	return pid;
}

static void start_workers(void (*fn)(void), int n)
{
	for (nr_workers = 0; nr_workers < n; nr_workers++)
		workers[nr_workers] = start(fn);
}

static void stop_workers(void)
{
	for (int i = 0; i < nr_workers; i++)
		kill(workers[i], SIGKILL);
	for (int i = 0; i < nr_workers; i++)
		waitpid(workers[i], NULL, 0);
}

static void fork_and_wait(void)
{
	int pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void read_once(void)
{
	SYSCALL(__NR_getpriority, 2, 0);
}

/* The longest time that @fn took, until RUN_NS are over. */
static uint64_t longest(void (*fn)(void))
{
	uint64_t begin = monotonic_ns(), worst = 0;

	for (;;) {
		uint64_t before = monotonic_ns(), took;

		if (before - begin > RUN_NS)
			return worst;
		fn();
		took = monotonic_ns() - before;
		worst = took > worst ? took : worst;
	}
}

static void test_turn(void (*others)(void), void (*ours)(void), const char *name)
{
	uint64_t worst;
	int n = tap_harts();

	start_workers(others, n > 1 ? n - 1 : 1);
	worst = longest(ours);
	stop_workers();
	if (!ok(worst < LIMIT_NS, "%s", name))
		printf("# the longest took %lu ms\n", worst / 1000000);
}

int main(void)
{
	static int sleepers[SLEEPERS];

	for (int i = 0; i < SLEEPERS; i++)
		sleepers[i] = start(sleep_for_ever);
	test_turn(read_for_ever, fork_and_wait, "readers of all processes do not keep out a fork");
	test_turn(write_for_ever, read_once, "who changes groups does not keep out a reader");
	test_turn(write_for_ever, fork_and_wait, "nor a fork");
	for (int i = 0; i < SLEEPERS; i++) {
		kill(sleepers[i], SIGKILL);
		waitpid(sleepers[i], NULL, 0);
	}
	return tap_done();
}
