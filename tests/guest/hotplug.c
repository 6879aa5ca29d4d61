/* SPDX-License-Identifier: MIT */
/*
 * Harts that leave and come back under load: nothing that runs, waits or sleeps is
 * lost. True of Linux too.
 */
#include "tap.h"

#define L_EBUSY 16
#define RW (PROT_READ | PROT_WRITE)

static struct shared {
	volatile int count[16], cpu[16], stop;
} *shared;

static int harts;

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	long r;

	if (fd < 0)
		return -L_ENOENT;
	r = SYSCALL(__NR_write, fd, text, strlen(text));
	close(fd);
	return r < 0 ? r : 0;
}

/* Write 0 or 1 to a hart's file. Linux refuses for a while now and then: EBUSY, EAGAIN. */
static int set_online(int cpu, bool on)
{
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	for (int i = 0; i < 50; i++) {
		err = write_file(path, on ? "1\n" : "0\n");
		if (err != -L_EBUSY && err != -L_EAGAIN)
			break;
		nanosleep_ns(10000000);
	}
	return err;
}

static bool is_online(int cpu)
{
	char path[64], text[8];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	return read_file(path, text, sizeof(text)) > 0 && text[0] == '1';
}

static int pin(int pid, int cpu)
{
	uint64_t mask[2] = { 0 };

	mask[cpu / 64] = 1UL << cpu % 64;
	return SYSCALL(__NR_sched_setaffinity, pid, sizeof(mask), mask);
}

static int start_worker(int i, int cpu)
{
	int pid = fork();

	if (pid)
		return pid;
	if (cpu >= 0)
		pin(0, cpu);
	while (!shared->stop) {
		unsigned int now;

		SYSCALL(__NR_getcpu, &now, 0, 0);
		shared->cpu[i] = now;
		shared->count[i]++;
	}
	_exit(0);
}

/* Does worker @i run? */
static bool runs(int i)
{
	int before = shared->count[i];

	for (int t = 0; t < 500 && shared->count[i] < before + 2; t++)
		nanosleep_ns(10000000);
	return shared->count[i] >= before + 2;
}

static void reap(int n)
{
	int status, bad = 0;

	for (int i = 0; i < n; i++)
		bad += waitpid(-1, &status, 0) < 0 || status;
	ok(!bad, "all ended well");
}

static void test_files(void)
{
	char text[64];

	ok(read_file("/sys/devices/system/cpu/online", text, sizeof(text)) > 0 && text[0] == '0', "a list of harts");
	ok_is(write_file("/sys/devices/system/cpu/cpu1/online", "2"), -L_EINVAL, "neither 0 nor 1: EINVAL");
	ok_is(write_file("/sys/devices/system/cpu/cpu1/online", "1"), 0, "on while it is on: nothing to do");
}

/* A hart leaves with a task pinned to it and others that use it; they go on elsewhere. */
static void test_leave(void)
{
	int last = harts - 1;
	bool all = true;
	uint64_t mask[2] = { 0 };
	int pid;

	shared->stop = 0;
	pid = start_worker(0, last);
	for (int i = 1; i < 2 * harts && i < 16; i++)
		start_worker(i, -1);
	while (!runs(0) || shared->cpu[0] != last)
		;
	ok_is(set_online(last, false), 0, "the last hart leaves");
	ok(!is_online(last), "and is off");
	ok(runs(0) && shared->cpu[0] != last, "the task pinned to it goes on elsewhere");
	for (int i = 1; i < 2 * harts && i < 16; i++)
		all &= runs(i) && shared->cpu[i] != last;
	ok(all, "the others too");
	SYSCALL(__NR_sched_getaffinity, pid, sizeof(mask), mask);
	ok(!(mask[last / 64] & 1UL << last % 64) && (mask[0] | mask[1]), "its affinity names harts that are there");
	ok_is(pin(0, last), -L_EINVAL, "nobody may be pinned to it: EINVAL");
	ok_is(set_online(last, true), 0, "it comes back");
	ok_is(pin(pid, last), 0, "and may be pinned to");
	while (runs(0) && shared->cpu[0] != last)
		;
	ok(shared->cpu[0] == last, "and runs there");
	shared->stop = 1;
	reap(2 * harts < 16 ? 2 * harts : 16);
}

/* Timers armed on a hart that leaves fire elsewhere. */
static void test_sleepers(void)
{
	int last = harts - 1;

	for (int i = 0; i < 10; i++)
		if (!fork()) {
			while (pin(0, last))
				nanosleep_ns(1000000);	/* it is off just now */
			for (int k = 0; k < 10; k++)
				nanosleep_ns(3000000 + i * 100000);
			_exit(0);
		}
	for (int k = 0; k < 3; k++) {
		nanosleep_ns(5000000);
		set_online(last, false);
		nanosleep_ns(5000000);
		set_online(last, true);
	}
	reap(10);
}

/* All but one leave; the last may not. */
static void test_last(void)
{
	int left = 0;

	shared->stop = 0;
	start_worker(0, -1);
	for (int cpu = harts - 1; cpu > 0; cpu--)
		left += !set_online(cpu, false);
	ok(left == harts - 1, "all but one hart leave");
	ok(runs(0), "one is enough");
	ok(set_online(0, false) < 0, "the last one may not leave");
	for (int cpu = 1; cpu < harts; cpu++)
		left -= !set_online(cpu, true);
	ok(!left, "all come back");
	ok(!set_online(0, false) && runs(0) && shared->cpu[0] != 0, "the hart that booted may leave like any other");
	ok_is(set_online(0, true), 0, "and come back");
	shared->stop = 1;
	reap(1);
}

/* Forks, execs, pipes and page faults while harts leave and come. */
/* Stoppers stay what they are, whatever root asks for, and harts leave after that. */
static void test_stoppers(void)
{
	uint64_t all[2] = { ~0UL, ~0UL };
	int bad = 0, n = 0, prio = 0;

	for (int pid = 2; pid < 64; pid++) {
		struct sched_attr a = { .size = sizeof(a), .sched_flags = 0x01 };
		char path[32], text[128];

		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		if (read_file(path, text, sizeof(text)) <= 0 || strncmp(text, "migration/", 10))
			continue;
		n++;
		bad |= (SYSCALL(__NR_sched_setscheduler, pid, 0, &prio) != -L_EINVAL) << 0;
		bad |= (SYSCALL(__NR_sched_setattr, pid, &a, 0) != -L_EINVAL) << 1;
		bad |= (SYSCALL(__NR_sched_setaffinity, pid, sizeof(all), all) != -L_EINVAL) << 2;
		bad |= (SYSCALL(__NR_setpriority, 0, pid, 5) != 0) << 3;
		bad |= (SYSCALL(__NR_setpriority, 0, pid, 0) != 0) << 4;
	}
	ok(n && !bad, "%d stoppers keep class and hart (%x)", n, bad);
	SYSCALL(__NR_setpriority, 2, 0, 1);	/* all of root's */
	for (int i = 0; i < 3 && harts > 1; i++) {
		set_online(harts - 1, false);
		set_online(harts - 1, true);
	}
	SYSCALL(__NR_setpriority, 2, 0, 0);
	ok(harts == 1 || is_online(harts - 1), "and a hart can leave and come back");
}

static void test_storm(void)
{
	static char *argv[] = { "true", NULL };
	uint64_t end = monotonic_ns() + 1500000000;
	int workers = harts < 4 ? 4 : 8, flips = 0;

	for (int i = 0; i < workers; i++)
		if (!fork()) {
			while (monotonic_ns() < end) {
				int pid, status, fd[2];
				char c = 'x';

				if (pipe(fd))
					_exit(2);
				pid = fork();
				if (!pid) {
					write(fd[1], &c, 1);
					execve("/bin/true", argv, environ);
					_exit(3);
				}
				if (read(fd[0], &c, 1) != 1 || waitpid(pid, &status, 0) != pid || status)
					_exit(4);
				close(fd[0]);
				close(fd[1]);
			}
			_exit(0);
		}
	while (monotonic_ns() < end) {
		int cpu = 1 + flips % (harts - 1);

		set_online(cpu, false);
		set_online(cpu, true);
		flips++;
	}
	ok(flips > 2, "%d times a hart leaves and comes back in a storm", flips);
	reap(workers);
	ok(tap_harts() == harts, "all harts are back");
}

#define QUOTA "/sys/fs/cgroup/quota"

/* In a group that has a tenth of a hart, beside one that takes all of it. */
static void take_turns(void)
{
	int hog;

	write_file(QUOTA "/cgroup.procs", "0");
	hog = fork();
	if (!hog)
		for (;;)
			;
	while (!shared->stop) {
		set_online(harts - 1, false);
		set_online(harts - 1, true);
		shared->count[0]++;
	}
	kill(hog, SIGKILL);
	waitpid(hog, NULL, 0);
	_exit(0);
}

/* Who takes a hart away is throttled meanwhile, and the timer that lets him go on is on that hart. */
static void test_quota(void)
{
	uint64_t end;
	int pid, ended;

	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
	mkdir(QUOTA, 0755);
	if (write_file(QUOTA "/cpu.max", "2000 20000")) {
		ok(true, "who is throttled takes a hart away # SKIP no quotas");
		return;
	}
	shared->count[0] = shared->stop = 0;
	pid = fork();
	if (!pid)
		take_turns();
	nanosleep_ns(2000000000);
	shared->stop = 1;
	for (end = monotonic_ns() + 20000000000; !(ended = waitpid(pid, NULL, WNOHANG)) && monotonic_ns() < end; )
		nanosleep_ns(10000000);
	ok(ended == pid && shared->count[0], "who is throttled takes a hart away, and brings it back (%d times)", shared->count[0]);
	for (int i = 0; rmdir(QUOTA) && i < 100; i++)
		nanosleep_ns(10000000);
}

int main(void)
{
	harts = tap_harts();
	if (harts < 2) {
		printf("1..0 # SKIP one hart\n");
		return 0;
	}
	shared = mmap(NULL, 4096, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_files();
	test_leave();
	test_sleepers();
	test_last();
	test_stoppers();
	test_storm();
	test_quota();
	return tap_done();
}
