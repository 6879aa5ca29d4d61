/* SPDX-License-Identifier: MIT */
/*
 * What may be tuned while the system runs: the numbers of /proc/sys/kernel, groups of
 * sessions, and harts of unequal capacity. True of Linux too (6.1).
 */
#include "tap.h"

#define KERNEL "/proc/sys/kernel/"
#define DEBUG "/sys/kernel/debug/sched/"

static long number_in(const char *path)
{
	char text[64];

	return read_file(path, text, sizeof(text)) < 0 ? -1000 : strtol(text, NULL, 10);
}

static void test_numbers(void)
{
	struct timespec64 slice;
	int prio = 1;

	ok_is(number_in(KERNEL "sched_rt_period_us"), 1000000, "real-time period, us");
	ok_is(number_in(KERNEL "sched_rt_runtime_us"), 950000, "real-time part of it, us");
	ok(!write_text(KERNEL "sched_rt_runtime_us", "-1\n") && number_in(KERNEL "sched_rt_runtime_us") == -1, "-1: no limit");
	ok(!write_text(KERNEL "sched_rt_runtime_us", "950000\n") && number_in(KERNEL "sched_rt_runtime_us") == 950000, "and back");
	ok_is(write_text(KERNEL "sched_rt_runtime_us", "1000001"), -L_EINVAL, "more than the period: EINVAL");
	ok_is(write_text(KERNEL "sched_rt_period_us", "949999"), -L_EINVAL, "a period shorter than the runtime: EINVAL");
	ok(number_in(KERNEL "sched_rt_runtime_us") == 950000 && number_in(KERNEL "sched_rt_period_us") == 1000000, "nothing changed");
	ok_is(write_text(KERNEL "sched_rt_runtime_us", "many"), -L_EINVAL, "no number: EINVAL");
	ok(!write_text(KERNEL "sched_rr_timeslice_ms", "40\n") && number_in(KERNEL "sched_rr_timeslice_ms") == 40, "a slice of 40 ms");
	SYSCALL(__NR_sched_setscheduler, 0, 2, &prio);
	ok(!SYSCALL(__NR_sched_rr_get_interval, 0, &slice) && slice.tv_sec == 0 && slice.tv_nsec == 40000000, "is what a task has");
	prio = 0;
	SYSCALL(__NR_sched_setscheduler, 0, 0, &prio);
	ok(!write_text(KERNEL "sched_rr_timeslice_ms", "100\n"), "back to 100");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, KERNEL "nothing", O_RDONLY, 0), -L_ENOENT, "no such number: ENOENT");
	if (number_in(DEBUG "latency_ns") < 0) {
		printf("# no debugfs here\n");
		return;
	}
	{
		static char all[60000];
		char was[32];
		ssize_t n = read_file(DEBUG "latency_ns", was, sizeof(was));

		ok(n > 0 && !write_text(DEBUG "latency_ns", "20000000\n") && number_in(DEBUG "latency_ns") == 20000000, "latency is set");
		ok_is(write_text(DEBUG "latency_ns", "5"), -L_EINVAL, "below 100 us: EINVAL");
		ok_is(write_text(DEBUG "latency_ns", "1000000001"), -L_EINVAL, "above 1 s: EINVAL");
		ok(!write_text(DEBUG "latency_ns", was), "and set back");
		ok(read_file(DEBUG "features", all, sizeof(all)) > 0 && !strcmp(all, "HRTICK HRTICK_DL WAKEUP_PREEMPTION\n"),
		   "features, all on");
		ok(!write_text(DEBUG "features", "NO_HRTICK\n") && read_file(DEBUG "features", all, sizeof(all)) > 0 &&
		   !strcmp(all, "NO_HRTICK HRTICK_DL WAKEUP_PREEMPTION\n"), "one is switched off");
		ok(!write_text(DEBUG "features", "HRTICK") && read_file(DEBUG "features", all, sizeof(all)) > 0 &&
		   !strcmp(all, "HRTICK HRTICK_DL WAKEUP_PREEMPTION\n"), "and on");
		ok_is(write_text(DEBUG "features", "HRTICKS"), -L_EINVAL, "no such feature: EINVAL");
		ok_is(write_text(DEBUG "features", "NO_"), -L_EINVAL, "nor without a name");
		ok(read_file(DEBUG "debug", all, sizeof(all)) > 0 && strstr(all, "\ncpu#0\n") && strstr(all, "\ncfs_rq[0]:/\n") &&
		   strstr(all, "test-tunables"), "sched/debug has harts, queues and tasks");
	}
}

static volatile int *ready;

static void pin(int cpu)
{
	uint64_t mask = 1UL << cpu;

	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), &mask);
}

/* A session of its own with @n tasks that burn hart 0. Return: its leader's pid. */
static int session(int n)
{
	int pid = fork();

	if (pid)
		return pid;
	if (setsid() < 0)
		_exit(1);
	pin(0);
	while (--n)
		if (!fork())
			break;
	__atomic_fetch_add(ready, 1, __ATOMIC_SEQ_CST);
	for (;;)
		__asm__ volatile("");
}

static void end(int leader)
{
	kill(-leader, SIGKILL);
	waitpid(leader, NULL, 0);
}

/* CPU time of session @sid's tasks, ns: they are this one's children and theirs, with pids near by. */
static uint64_t used(int sid)
{
	uint64_t sum = 0;

	for (int pid = sid; pid < sid + 40; pid++) {
		char path[40], text[80];

		if (SYSCALL(__NR_getsid, pid) != sid)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
		if (read_file(path, text, sizeof(text)) > 0)
			sum += strtoull(text, NULL, 10);
	}
	return sum;
}

/* Does @a's part, per cent, of what the two sessions use come to lie in [@low, @high]? */
static bool part_is(int a, int b, long low, long high)
{
	uint64_t a0 = used(a), b0 = used(b), da, db;
	long part = 0;

	for (uint64_t ns = 600000000; ns <= 8000000000; ns += 400000000) {
		do {
			nanosleep_ns(20000000);
			da = used(a) - a0;
			db = used(b) - b0;
		} while (da + db < ns);
		part = da * 100 / (da + db);
		if (part >= low && part <= high)
			return true;
	}
	printf("# its part: %ld %%\n", part);
	return false;
}

static void test_autogroup(void)
{
	char path[40], text[64], was = number_in(KERNEL "sched_autogroup_enabled") == 1 ? '1' : '0';
	int one, three, pid, status;

	ok_is(write_text(KERNEL "sched_autogroup_enabled", "2"), -L_EINVAL, "autogroup is 0 or 1");
	ok(!write_text(KERNEL "sched_autogroup_enabled", "1"), "sessions have groups from now on");
	*ready = 0;
	one = session(1);
	three = session(3);
	while (*ready < 4)
		nanosleep_ns(1000000);
	ok(part_is(one, three, 45, 55), "one task has as much as another session's three");
	snprintf(path, sizeof(path), "/proc/%d/autogroup", three);
	ok(read_file(path, text, sizeof(text)) > 0 && !strncmp(text, "/autogroup-", 11) && strstr(text, " nice 0\n"),
	   "/proc/PID/autogroup");
	ok(!write_text(path, "5\n") && read_file(path, text, sizeof(text)) > 0 && strstr(text, " nice 5\n"),
	   "a session's nice value is set");
	ok(part_is(one, three, 70, 80), "and weighs: 1024 to 335");
	ok_is(write_text(path, "20"), -L_EINVAL, "20: EINVAL");
	end(one);
	end(three);
	/* A session of many threads and processes ends while others begin. */
	for (int i = 0; i < 20; i++) {
		pid = fork();
		if (!pid) {
			setsid();
			for (int k = 0; k < 3; k++)
				if (!fork()) {
					if (k)
						setsid();
					_exit(0);
				}
			_exit(7);
		}
		if (waitpid(pid, &status, 0) != pid || status != 7 << 8)
			break;
	}
	ok(pid > 0 && status == 7 << 8, "sessions come and go");
	text[0] = was;
	text[1] = '\0';
	ok(!write_text(KERNEL "sched_autogroup_enabled", text), "as it was");
}

/* The number after @key in /proc/@pid/sched, or -1. */
static long sched_field(int pid, const char *key)
{
	char path[32], text[4096], *at;

	snprintf(path, sizeof(path), "/proc/%d/sched", pid);
	if (read_file(path, text, sizeof(text)) < 0 || !(at = strstr(text, key)) || !(at = strchr(at, ':')))
		return -1;
	return strtol(at + 1, NULL, 10);
}

/* What a task lately used is remembered for some time, and forgotten. */
static void test_load_tracking(void)
{
	long burnt = 0, load = 0, later = 1024;
	int pid;

	if (sched_field(getpid(), "se.avg.util_avg") < 0) {
		printf("# no /proc/PID/sched here\n");
		return;
	}
	*ready = 0;
	pid = fork();
	if (!pid) {
		while (!*ready)
			;
		for (;;)
			nanosleep_ns(20000000);		/* Linux tells what it was when the task last woke or slept */
	}
	for (int i = 0; i < 100 && (i < 7 || burnt <= 250 || load <= 900); i++) {
		nanosleep_ns(50000000);		/* the host may not let it run at first */
		burnt = sched_field(pid, "se.avg.util_avg");
		load = sched_field(pid, "se.avg.load_avg");
	}
	ok(burnt > 250 && burnt <= 1024, "a task that runs uses its hart: %ld of 1024", burnt);
	ok(load > 900 && load <= 1024, "and its load is its weight: %ld", load);
	*ready = 1;
	for (int i = 0; i < 100 && later >= 200; i++) {
		nanosleep_ns(50000000);
		later = sched_field(pid, "se.avg.util_avg");
	}
	ok(later >= 0 && later < 200, "after some time of little work it used little: %ld", later);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Where harts are unequal, tasks that never sleep end up on the fast ones. */
static void test_capacity(void)
{
	long capacity[8], fast = 0, fastest = 0;
	int pid[8], harts = 0;
	bool there = false;

	for (; harts < 8; harts++) {
		char path[64];

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpu_capacity", harts);
		capacity[harts] = number_in(path);
		if (capacity[harts] < 0)
			break;
		fastest = capacity[harts] > fastest ? capacity[harts] : fastest;
	}
	for (int i = 0; i < harts; i++)
		fast += capacity[i] == fastest;
	if (!harts || fast == harts) {
		printf("# harts are equal here\n");
		return;
	}
	ok_is(fastest, 1024, "the fastest hart has a capacity of 1024");
	for (int i = 0; i < fast; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			uint64_t all = ~0UL;

			for (int c = 0; c < harts; c++)
				if (capacity[c] < fastest)
					pin(c);		/* to the last slow one */
			SYSCALL(__NR_sched_setaffinity, 0, sizeof(all), &all);
			for (;;) {
				uint32_t cpu;

				SYSCALL(__NR_getcpu, &cpu, 0, 0);
				ready[i + 1] = cpu;
			}
		}
	}
	for (int ms = 0; ms < 5000 && !there; ms += 10) {
		nanosleep_ns(10000000);
		there = true;
		for (int i = 0; i < fast; i++) {
			there &= capacity[ready[i + 1]] == fastest;
			for (int k = 0; k < i; k++)
				there &= ready[i + 1] != ready[k + 1];
		}
	}
	ok(there, "tasks that began on a slow hart run on the fast ones, one on each");
	for (int i = 0; i < fast; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
}

int main(void)
{
	ready = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_numbers();
	test_autogroup();
	test_load_tracking();
	test_capacity();
	return tap_done();
}
