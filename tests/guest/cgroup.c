/* SPDX-License-Identifier: MIT */
/*
 * Control groups: the tree, weights that are kept, quotas, tasks that move and end.
 * True of Linux too, whose files are the same. What is measured is run time on one
 * hart against run time on that hart, so a loaded host does not matter.
 */
#include "tap.h"
#include "thread.h"

#define ROOT "/sys/fs/cgroup/"

static int write_group(const char *path, const char *text)
{
	char full[96];

	snprintf(full, sizeof(full), ROOT "%s", path);
	return write_text(full, text);
}

static bool text_is(const char *path, const char *want)
{
	char full[96], text[256];
	ssize_t n;

	snprintf(full, sizeof(full), ROOT "%s", path);
	n = read_file(full, text, sizeof(text));
	if (n < 0 || strcmp(text, want)) {
		printf("# %s: %s", path, n < 0 ? "cannot be read\n" : text);
		return false;
	}
	return true;
}

/* The number after @key in @path, or -1. */
static long field(const char *path, const char *key)
{
	char full[96], text[1024], *at;

	snprintf(full, sizeof(full), ROOT "%s", path);
	if (read_file(full, text, sizeof(text)) < 0 || !(at = strstr(text, key)))
		return -1;
	return strtol(at + strlen(key), NULL, 10);
}

static int make(const char *name)
{
	char full[96];

	snprintf(full, sizeof(full), ROOT "%s", name);
	return SYSCALL(__NR_mkdirat, AT_FDCWD, full, 0755);
}

static int take_away(const char *name)
{
	char full[96];

	snprintf(full, sizeof(full), ROOT "%s", name);
	return SYSCALL(__NR_unlinkat, AT_FDCWD, full, 0x200);
}

static void pin(int cpu)
{
	uint64_t mask = 1UL << cpu;

	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), &mask);
}

/* A task in @group that burns hart 0 for ever. Return: its pid. */
static int burner(const char *group)
{
	int pid = fork();

	if (!pid) {
		char path[64];

		snprintf(path, sizeof(path), "%s/cgroup.procs", group);
		pin(0);
		if (write_group(path, "0"))
			_exit(1);
		for (;;)
			__asm__ volatile("");
	}
	return pid;
}

static void end(int pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

static void test_tree(void)
{
	char text[64];
	int pid;

	ok(!make("a") && !make("a/b"), "groups are made");
	ok_is(make("a"), -L_EEXIST, "one that is there: EEXIST");
	ok_is(take_away("a"), -16, "one with a group below: EBUSY");
	ok_is(take_away("nothing"), -L_ENOENT, "none: ENOENT");
	ok(text_is("a/cpu.weight", "100\n") && text_is("a/cpu.max", "max 100000\n"), "weight and limit at first");
	ok(!write_group("a/cpu.weight", "250\n") && text_is("a/cpu.weight", "250\n"), "a weight is kept");
	ok_is(write_group("a/cpu.weight", "0"), -34, "weight 0: ERANGE");
	ok_is(write_group("a/cpu.weight", "10001"), -34, "weight 10001: ERANGE");
	ok_is(write_group("a/cpu.weight", "heavy"), -L_EINVAL, "no number: EINVAL");
	ok(!write_group("a/cpu.max", "20000 50000\n") && text_is("a/cpu.max", "20000 50000\n"), "a quota and a period are kept");
	ok(!write_group("a/cpu.max", "30000") && text_is("a/cpu.max", "30000 50000\n"), "a quota alone leaves the period");
	ok_is(write_group("a/cpu.max", "10 50000"), -L_EINVAL, "a quota below 1 ms: EINVAL");
	ok_is(write_group("a/cpu.max", "20000 10"), -L_EINVAL, "a period below 1 ms: EINVAL");
	ok(!write_group("a/cpu.max", "max") && text_is("a/cpu.max", "max 50000\n"), "no limit again");
	ok(!write_group("a/cpu.max", "max max") && text_is("a/cpu.max", "max 50000\n"), "a period that is no number: kept");
	ok(!write_group("a/cpu.max", "max 50000 50000\n") && text_is("a/cpu.max", "max 50000\n"), "what follows is not looked at");
	ok_is(write_group("a/cpu.max", "maximum"), -L_EINVAL, "no number: EINVAL");
	ok_is(write_group("a/cpu.max", "-1"), -L_EINVAL, "a negative one: EINVAL");
	ok_is(write_group("a/cpu.max", "max 1000001"), -L_EINVAL, "a period above 1 s: EINVAL");
	ok_is(write_group("a/cpu.max", "99999999999999999 50000"), -L_EINVAL, "a quota beyond all bounds: EINVAL");
	ok_is(write_group("a/cpu.weight", "10001"), -L_ERANGE, "a weight above 10000: ERANGE");
	ok_is(write_group("a/cpu.weight", "0"), -L_ERANGE, "none: ERANGE");
	pid = burner("a/b");
	snprintf(text, sizeof(text), "%d\n", pid);
	while (field("a/b/cgroup.procs", "") != pid)
		nanosleep_ns(1000000);
	ok(text_is("a/b/cgroup.procs", text) && text_is("a/cgroup.procs", ""), "a task is listed in its group alone");
	ok(text_is("a/cgroup.events", "populated 1\nfrozen 0\n") || text_is("a/cgroup.events", "populated 1\n"),
	   "a group above is populated too");
	{
		char path[64], where[64];

		snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
		ok(read_file(path, where, sizeof(where)) > 0 && !strcmp(where, "0::/a/b\n"), "/proc/PID/cgroup");
	}
	ok_is(take_away("a/b"), -16, "one with a task: EBUSY");
	ok_is(write_group("a/cgroup.procs", "999999"), -L_ESRCH, "no such process: ESRCH");
	end(pid);
	while (take_away("a/b") == -16)
		nanosleep_ns(1000000);	/* its last steps */
	ok(make("a/b") == 0 && take_away("a/b") == 0, "when it has ended the group can go");
	ok_is(take_away("a"), 0, "and the one above");
}

/*
 * Does @a's part of the two groups' run time on hart 0, in tenths of a per cent, come to lie in [@low, @high]?
 * A host that stops the hart charges that to whoever runs: it evens out, so a longer look is taken.
 */
static bool part_is(const char *a, const char *b, long low, long high, long *part)
{
	char pa[64], pb[64];
	long a0, b0, da, db;

	nanosleep_ns(100000000);
	snprintf(pa, sizeof(pa), "%s/cpu.stat", a);
	snprintf(pb, sizeof(pb), "%s/cpu.stat", b);
	a0 = field(pa, "usage_usec ");
	b0 = field(pb, "usage_usec ");
	for (long us = 600000; us <= 8000000; us += 400000) {
		do {
			nanosleep_ns(20000000);
			da = field(pa, "usage_usec ") - a0;
			db = field(pb, "usage_usec ") - b0;
		} while (da + db < us);
		*part = da * 1000 / (da + db);
		if (*part >= low && *part <= high)
			return true;
	}
	return false;
}

static void test_weights(void)
{
	int pid[4];
	long part;

	make("x");
	make("y");
	write_group("x/cpu.weight", "300");
	pid[0] = burner("x");
	pid[1] = burner("y");
	pid[2] = burner("y");
	pid[3] = burner("y");
	ok(part_is("x", "y", 720, 780, &part), "300 to 100, one task against three");
	write_group("x/cpu.weight", "100");
	ok(part_is("x", "y", 470, 530, &part), "then 100 to 100");
	for (int i = 0; i < 4; i++)
		end(pid[i]);
	/* Nested: what is below shares what its parent gets. */
	write_group("x/cgroup.subtree_control", "+cpu");
	make("x/1");
	make("x/2");
	pid[0] = burner("x/1");
	pid[1] = burner("x/2");
	pid[2] = burner("y");
	ok(part_is("x/1", "y", 310, 357, &part), "a half of a half beside a half");
	for (int i = 0; i < 3; i++)
		end(pid[i]);
	while (take_away("x/1") || take_away("x/2") || take_away("x") || take_away("y"))
		nanosleep_ns(1000000);
}

static void test_quota(void)
{
	int pid[2];
	long used;
	uint64_t t0;

	make("q");
	write_group("q/cpu.max", "20000 100000");
	pid[0] = burner("q");
	pid[1] = burner("q");
	nanosleep_ns(300000000);
	t0 = monotonic_ns();
	used = field("q/cpu.stat", "usage_usec ");
	nanosleep_ns(1000000000);
	used = field("q/cpu.stat", "usage_usec ") - used;
	used = used * 1000 / (long)((monotonic_ns() - t0) / 1000);
	/* A loaded host may give a hart less, never more; one period more or less is within a second. */
	ok(used > 20 && used < 250, "a fifth of a hart is allowed, %ld of 1000 are used", used);
	ok(field("q/cpu.stat", "nr_throttled ") > 3 && field("q/cpu.stat", "throttled_usec ") > 100000, "it was throttled");
	write_group("q/cpu.max", "max");
	used = field("q/cpu.stat", "usage_usec ");
	t0 = monotonic_ns();
	while (field("q/cpu.stat", "usage_usec ") - used < 300000 && monotonic_ns() - t0 < 20000000000)
		nanosleep_ns(10000000);
	ok(field("q/cpu.stat", "usage_usec ") - used >= 300000, "without the limit it runs");
	/* One that is throttled still takes a signal, in its time. */
	write_group("q/cpu.max", "2000 20000");
	nanosleep_ns(100000000);
	end(pid[0]);
	end(pid[1]);
	while (take_away("q") == -16)
		nanosleep_ns(1000000);
	ok(true, "throttled tasks end when they are killed");
}

/* Tasks that fork and end while another moves them about. */
static void test_storm(void)
{
	int workers[4], status, bad = 0;

	make("s");
	make("t");
	for (int i = 0; i < 4; i++) {
		workers[i] = fork();
		if (!workers[i])
			for (;;) {
				int pid = fork();

				if (!pid)
					_exit(0);
				if (pid > 0)
					waitpid(pid, &status, 0);
			}
	}
	for (int i = 0; i < 200; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", workers[i % 4]);
		bad += write_group(i / 4 % 2 ? "s/cgroup.procs" : "t/cgroup.procs", text) != 0;
		if (i % 10 == 0) {
			write_group("s/cpu.max", i % 20 ? "max" : "5000 10000");
			nanosleep_ns(2000000);
		}
	}
	for (int i = 0; i < 4; i++)
		end(workers[i]);
	ok(!bad, "tasks that fork are moved about");
	while (take_away("s") == -16 || take_away("t") == -16)
		nanosleep_ns(1000000);
	ok(make("s") == 0 && take_away("s") == 0, "and leave nothing behind");
}

static bool is_listed(const char *group, int pid)
{
	char full[96], text[1024], line[16];
	ssize_t n;

	snprintf(full, sizeof(full), ROOT "%s/cgroup.procs", group);
	n = read_file(full, text + 1, sizeof(text) - 1);
	*text = '\n';
	snprintf(line, sizeof(line), "\n%d\n", pid);
	return n > 0 && strstr(text, line);
}

static void outlive(void *arg)
{
	static struct timespec64 ts = { 1000, 0 };

	(void)arg;
	for (;;)
		SYSCALL(__NR_nanosleep, &ts, NULL);
}

/* A process is where its threads are, though its first, whose number it has, has ended. */
static void test_dead_leader(void)
{
	int pid, status, fd[2];
	char number[16], path[48], text[64], c;

	make("d");
	make("e");
	pipe(fd);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		write_group("d/cgroup.procs", "0");
		start(&threads[0], outlive, NULL);
		SYSCALL(__NR_write, fd[1], "x", 1);
		SYSCALL(__NR_exit, 0);
	}
	read(fd[0], &c, 1);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	do
		nanosleep_ns(1000000);
	while (read_file(path, text, sizeof(text)) > 0 && !strstr(text, ") Z "));
	ok(is_listed("d", pid), "a leader that has ended is listed while another thread lives");
	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	ok(read_file(path, text, sizeof(text)) > 0 && !strcmp(text, "0::/d\n"), "its /proc/PID/cgroup says so");
	ok_is(take_away("d"), -16, "the group is in use: EBUSY");
	snprintf(number, sizeof(number), "%d", pid);
	ok_is(write_group("e/cgroup.procs", number), 0, "by its number the process is moved");
	ok(is_listed("d", pid) && !is_listed("e", pid), "what has ended stays where it ended");
	ok_is(take_away("d"), 0, "which does not keep the group");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		write_group("e/cgroup.procs", "0");
		_exit(0);
	}
	SYSCALL(__NR_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT, NULL);
	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	ok(read_file(path, text, sizeof(text)) > 0 && !strcmp(text, "0::/e\n"), "a zombie's /proc/PID/cgroup too");
	ok(!is_listed("e", pid), "but it is not listed");
	waitpid(pid, &status, 0);
	while (take_away("e") == -16)
		nanosleep_ns(1000000);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	ok_is(write_group("cgroup.subtree_control", "+cpu"), 0, "the cpu controller");
	test_tree();
	test_weights();
	test_quota();
	test_storm();
	test_dead_leader();
	return tap_done();
}
