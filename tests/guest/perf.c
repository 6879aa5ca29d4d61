/* SPDX-License-Identifier: MIT */
/* perf_event_open(2): known loops give known counts. True of Linux too; events that a machine lacks are passed by. */
#include "abi/perf_event.h"
#include "tap.h"

#define PG 4096UL
#define L_EOPNOTSUPP 95
#define TIMES (PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING)
#define DTLB_STORE_MISSES (3 | 1 << 8 | 1 << 16)
#define FIRMWARE(code) (2UL << 62 | (code))
#define FW_IPI_SENT 6

struct values {
	uint64_t count, enabled, running;
};

static long open_event(uint32_t type, uint64_t config, uint64_t flags, int pid, int cpu, int group)
{
	struct perf_event_attr attr = { .type = type, .size = sizeof(attr), .config = config, .flags = flags, .read_format = TIMES };

	return SYSCALL(__NR_perf_event_open, &attr, pid, cpu, group, 0);
}

static long open_sw(uint64_t config, uint64_t flags)
{
	return open_event(PERF_TYPE_SOFTWARE, config, flags, 0, -1, -1);
}

static struct values values_of(int fd)
{
	struct values v = { 0 };

	if (read(fd, &v, sizeof(v)) != sizeof(v))
		ok(false, "three values are read");
	return v;
}

static uint64_t count_of(int fd)
{
	return values_of(fd).count;
}

static void touch(long pages)
{
	char *p = mmap(NULL, pages * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	SYSCALL(__NR_madvise, p, pages * PG, 15);	/* MADV_NOHUGEPAGE: a fault a page on Linux, too */
	for (long i = 0; i < pages; i++)
		((volatile char *)p)[i * PG] = 1;
	munmap(p, pages * PG);
}

static int harts;

/* To hart @cpu; -1: to all. */
static void pin(int cpu)
{
	uint64_t mask[16] = { 0 };

	for (int i = 0; i < harts; i++)
		if (cpu == -1 || cpu == i)
			mask[i / 64] |= 1UL << i % 64;
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), mask);
}

static void test_errors(void)
{
	struct { struct perf_event_attr attr; char more[64]; } big = { .attr = { .type = PERF_TYPE_SOFTWARE, .size = 200 } };
	struct perf_event_attr small = { .type = PERF_TYPE_SOFTWARE, .size = 32 };

	ok_is(SYSCALL(__NR_perf_event_open, 1, 0, -1, -1, 0), -L_EFAULT, "no attributes: EFAULT");
	ok_is(SYSCALL(__NR_perf_event_open, &small, 0, -1, -1, 0), -L_E2BIG, "a structure too small: E2BIG");
	ok(small.size >= 112, "and the size that is known comes back");
	big.more[60] = 1;
	ok_is(SYSCALL(__NR_perf_event_open, &big, 0, -1, -1, 0), -L_E2BIG, "what is not known must be zero: E2BIG");
	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 0, -1, -1, -1), -L_EINVAL, "neither task nor hart: EINVAL");
	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 0, 99999999, -1, -1), -L_ESRCH, "no such task: ESRCH");
	ok_is(open_event(PERF_TYPE_SOFTWARE, 99, 0, 0, -1, -1), -L_ENOENT, "no such software event: ENOENT");
	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 1UL << 60, 0, -1, -1), -L_EINVAL, "a reserved flag: EINVAL");
	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 0, 0, -1, 1), -L_EBADF, "a group of a file that is none: EBADF");
	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 0, 0, -1, 99), -L_EBADF, "a group of no file: EBADF");
}

static void test_counts(void)
{
	int faults = open_sw(PERF_COUNT_SW_PAGE_FAULTS, PERF_ATTR_DISABLED), clock, switches;
	struct values v;
	uint64_t n;

	touch(10);
	ok(!count_of(faults), "disabled, it counts nothing");
	ioctl(faults, PERF_EVENT_IOC_ENABLE, NULL);
	touch(100);
	ioctl(faults, PERF_EVENT_IOC_DISABLE, NULL);
	n = count_of(faults);
	ok(n >= 100 && n <= 110, "100 pages: %lu faults", n);
	touch(10);
	ok(count_of(faults) == n, "disabled again, it stands");
	ioctl(faults, PERF_EVENT_IOC_RESET, NULL);
	v = values_of(faults);
	ok(!v.count && v.enabled, "set back: the count, not the times");
	close(faults);

	n = monotonic_ns();
	clock = open_sw(PERF_COUNT_SW_TASK_CLOCK, 0);
	switches = open_sw(PERF_COUNT_SW_CONTEXT_SWITCHES, 0);
	run_for(50000000);
	for (int i = 0; i < 20; i++)
		nanosleep_ns(1000000);
	v = values_of(clock);
	n = monotonic_ns() - n;
	ok(v.count >= 10000000 && v.count + 20000000 <= n, "50 ms of work and 20 ms of sleep: %lu us of %lu", v.count / 1000, n / 1000);
	ok(v.enabled == v.running && v.enabled + 5000000 > v.count && v.enabled < v.count + 5000000, "enabled, and running, while it runs");
	n = count_of(switches);
	ok(n >= 15 && n < 200, "20 sleeps: %lu switches", n);	/* one that is over at once, on a loaded host, is none */
	close(clock);
	close(switches);
}

static void test_migrations(void)
{
	int fd = open_sw(PERF_COUNT_SW_CPU_MIGRATIONS, 0);
	uint64_t n;

	if (harts > 1) {
		pin(0);
		n = count_of(fd);
		for (int i = 0; i < 10; i++)
			pin(1 - i % 2);
		run_for(1000);
		n = count_of(fd) - n;
		ok(n == 10, "10 migrations: %lu", n);
		pin(-1);
	}
	close(fd);
}

static void test_inherit(void)
{
	int with = open_sw(PERF_COUNT_SW_PAGE_FAULTS, PERF_ATTR_INHERIT | PERF_ATTR_DISABLED);
	int without = open_sw(PERF_COUNT_SW_PAGE_FAULTS, PERF_ATTR_DISABLED), status;
	uint64_t a, b;

	ioctl(with, PERF_EVENT_IOC_ENABLE, NULL);
	ioctl(without, PERF_EVENT_IOC_ENABLE, NULL);
	for (int i = 0; i < 4; i++)
		if (!fork()) {
			if (!fork()) {
				touch(200);
				_exit(0);
			}
			waitpid(-1, &status, 0);
			_exit(0);
		}
	for (int i = 0; i < 4; i++)
		waitpid(-1, &status, 0);
	a = count_of(with);
	b = count_of(without);
	ok(a >= 800 && a >= b + 800, "what 4 grandchildren do is inherited: %lu, not %lu", a, b);
	ioctl(with, PERF_EVENT_IOC_RESET, NULL);
	ok(count_of(with) >= 800, "what came from tasks that ended is not set back");
	close(with);
	close(without);
}

/* Answer @rounds bytes from @in with one to @out, after @ns of work each; @first: begin. */
static void play(int in, int out, int rounds, uint64_t ns, bool first)
{
	char c;

	pin(0);
	for (int i = 0; i < rounds; i++) {
		if ((!first || i) && read(in, &c, 1) != 1)
			_exit(1);
		run_for(ns);
		if (write(out, "", 1) != 1)
			_exit(1);
	}
	_exit(0);
}

/* Tasks of a family may hand their counters to each other at a switch; but not the one that somebody counts alone. */
static void test_relatives(void)
{
	int all = open_event(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, PERF_ATTR_INHERIT, 0, 0, -1);
	int go[2], there[2], back[2], one, status;
	int busy, idle;
	uint64_t a, b;
	char c;

	ok(!pipe(go) && !pipe(there) && !pipe(back), "pipes");
	busy = fork();
	if (!busy)
		play(back[0], there[1], 50, 2000000, true);
	idle = fork();
	if (!idle)
		play(there[0], back[1], 50, 0, read(go[0], &c, 1) != 1);
	one = open_event(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, 0, idle, 0, -1);
	ok(one >= 0 && write(go[1], "", 1) == 1, "two tasks of a family talk, one is counted alone");
	waitpid(busy, &status, 0);
	waitpid(idle, &status, 0);
	a = count_of(all);
	b = count_of(one);
	ok(a >= 40000000, "the family's time: %lu us", a / 1000);
	ok(b <= a / 2, "of which the lazy one's: %lu us", b / 1000);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(there[i]);
		close(back[i]);
	}
	close(all);
	close(one);
}

static void test_group(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_PAGE_FAULTS, .flags = PERF_ATTR_DISABLED,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID | TIMES,
	};
	int leader = SYSCALL(__NR_perf_event_open, &attr, 0, -1, -1, 0), second;
	uint64_t v[7] = { 0 }, id = 0, n;

	attr.flags = 0;
	attr.config = PERF_COUNT_SW_PAGE_FAULTS_MIN;
	second = SYSCALL(__NR_perf_event_open, &attr, 0, -1, leader, 0);
	ok(leader >= 0 && second >= 0, "a group of two");
	touch(10);
	ok_is(SYSCALL(__NR_read, leader, v, 40), -28, "too little room: ENOSPC");
	ok(SYSCALL(__NR_read, leader, v, sizeof(v)) == 56 && v[0] == 2 && !v[3] && !v[5], "its first is off: so is the other");
	ioctl(leader, PERF_EVENT_IOC_ENABLE, (void *)1);
	touch(50);
	ioctl(leader, PERF_EVENT_IOC_DISABLE, (void *)1);
	n = SYSCALL(__NR_read, leader, v, sizeof(v));
	ok(n == 56 && v[3] >= 50 && v[3] < 60 && v[5] == v[3], "both count the same: %lu, %lu", v[3], v[5]);
	ioctl(second, PERF_EVENT_IOC_ID, &id);
	ok(id == v[6] && v[4] != v[6], "each has its number");
	close(leader);
	ok(SYSCALL(__NR_read, second, v, sizeof(v)) == 40 && v[0] == 1, "without its first it is a group of its own");
	close(second);
}

static void test_other_task(void)
{
	int go[2], pid, fd, status;
	char c, text[16] = "";
	uint64_t n;

	ok(!pipe(go), "pipe");
	pid = fork();
	if (!pid) {
		if (read(go[0], &c, 1) == 1)
			touch(300);
		_exit(0);
	}
	fd = open_event(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, 0, pid, -1, -1);
	ok(fd >= 0 && write(go[1], "", 1) == 1, "another task");
	waitpid(pid, &status, 0);
	n = count_of(fd);
	ok(n >= 300 && n < 330, "300 pages of its: %lu, read when it is gone", n);
	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 0, pid, -1, -1), -L_ESRCH, "now it is gone: ESRCH");
	close(fd);
	read_file("/proc/sys/kernel/perf_event_paranoid", text, sizeof(text));	/* Debian's own 3: nobody at all */
	pid = fork();
	if (!pid) {
		SYSCALL(__NR_setresuid, 1000, 1000, 1000);
		_exit(open_event(PERF_TYPE_SOFTWARE, 0, 0, -1, 0, -1) == -L_EACCES &&
		      open_event(PERF_TYPE_SOFTWARE, 0, PERF_ATTR_EXCLUDE_KERNEL, getppid(), -1, -1) == -L_EACCES &&
		      (text[0] > '2' || open_event(PERF_TYPE_SOFTWARE, 0, PERF_ATTR_EXCLUDE_KERNEL, 0, -1, -1) >= 0) ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	ok(!status, "not root: neither a hart nor another's task: EACCES");
	close(go[0]);
	close(go[1]);
}

static void test_hart(void)
{
	int hart = open_event(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, 0, -1, 0, -1);
	int task = open_sw(PERF_COUNT_SW_PAGE_FAULTS, 0), here = open_event(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, 0, 0, 0, -1);
	uint64_t a, b;

	ok_is(open_event(PERF_TYPE_SOFTWARE, 0, 0, -1, 5000, -1), -L_EINVAL, "no such hart: EINVAL");
	pin(0);
	a = count_of(hart);
	b = count_of(task);
	touch(100);
	b = count_of(task) - b;
	a = count_of(hart) - a;
	ok(b >= 100 && a >= b, "of a hart: %lu faults, %lu of them ours", a, b);
	run_for(20000000);
	a = count_of(here);
	ok(a >= 5000000, "what the task does on this hart: %lu us", a / 1000);
	if (harts > 1) {
		pin(1);
		a = count_of(here);
		run_for(20000000);
		ok(count_of(here) == a, "not what it does on another");
		pin(0);
	}
	pin(-1);
	close(hart);
	close(task);
	close(here);
}

/* Counters of the hardware, and of the firmware, where there are any. */
/* Linux 6.1 starts counters of cache events for tasks in a way that OpenSBI 1.1 does not take. */
static bool on_linux(void)
{
	char release[64] = "";

	return read_file("/proc/sys/kernel/osrelease", release, sizeof(release)) > 0 && !strstr(release, "hartwood");
}

/* What the tasks of a family count and what harts count meanwhile is the same, but for the little that others do. */
static void test_sums(void)
{
	uint64_t types[] = { PERF_TYPE_SOFTWARE, PERF_TYPE_HW_CACHE }, configs[] = { PERF_COUNT_SW_PAGE_FAULTS, DTLB_STORE_MISSES };
	const char *names[] = { "faults", "TLB misses of stores" };
	int family[2], hart[2][16], status;
	uint64_t of_harts[2] = { 0 }, of_tasks[2] = { 0 };

	for (int k = 0; k < 2; k++) {
		for (int h = 0; h < harts; h++) {
			hart[k][h] = open_event(types[k], configs[k], 0, -1, h, -1);
			of_harts[k] -= hart[k][h] >= 0 ? count_of(hart[k][h]) : 0;
		}
		family[k] = open_event(types[k], configs[k], PERF_ATTR_INHERIT, 0, -1, -1);
	}
	for (int i = 0; i < 2 * harts; i++)
		if (!fork()) {
			pin(i % harts);
			touch(1000);
			_exit(0);
		}
	for (int i = 0; i < 2 * harts; i++)
		waitpid(-1, &status, 0);
	for (int k = 0; k < 2; k++) {
		of_tasks[k] = family[k] >= 0 ? count_of(family[k]) : 0;
		for (int h = 0; h < harts; h++) {
			of_harts[k] += hart[k][h] >= 0 ? count_of(hart[k][h]) : 0;
			close(hart[k][h]);
		}
		if (family[k] >= 0 && (of_tasks[k] || !on_linux()))
			ok(of_tasks[k] >= 2000UL * harts && of_harts[k] >= of_tasks[k] - of_tasks[k] / 50 &&
			   of_harts[k] <= of_tasks[k] + of_tasks[k] / 5 + 1000,
			   "%s: %lu of tasks, %lu of harts", names[k], of_tasks[k], of_harts[k]);
		close(family[k]);
	}
}

static void test_hardware(void)
{
	int misses = open_event(PERF_TYPE_HW_CACHE, DTLB_STORE_MISSES, 0, 0, -1, -1), hart, twin, fw;
	uint64_t a, b, c;
	char *p;

	if (misses < 0) {
		printf("# no dTLB events here\n");
		return;
	}
	pin(0);
	hart = open_event(PERF_TYPE_HW_CACHE, DTLB_STORE_MISSES, 0, -1, 0, -1);
	twin = open_event(PERF_TYPE_HW_CACHE, DTLB_STORE_MISSES, 0, 0, -1, -1);
	p = mmap(NULL, 512 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	a = count_of(misses);
	b = count_of(hart);
	c = count_of(twin);
	for (int i = 0; i < 512; i++)
		((volatile char *)p)[i * PG] = 1;
	c = count_of(twin) - c;
	a = count_of(misses) - a;
	b = count_of(hart) - b;
	pin(-1);
	if (!a && on_linux()) {
		printf("# dTLB misses count nothing here\n");
		return;
	}
	ok(a >= 512 && a < 20000, "512 new pages are stored to: %lu misses", a);
	ok(b + 500 >= a, "the hart has them, too: %lu", b);
	ok(c + 500 >= a && c <= a + 500, "an event that counts the same: %lu", c);
	munmap(p, 512 * PG);
	close(misses);
	close(hart);
	close(twin);
	fw = open_event(PERF_TYPE_RAW, FIRMWARE(FW_IPI_SENT), 0, -1, 0, -1);
	if (fw >= 0 && harts > 1) {
		a = count_of(fw);
		for (int i = 0; i < 20; i++) {
			pin(0);
			pin(1);		/* its hart must be told */
		}
		a = count_of(fw) - a;
		pin(-1);
		ok(a >= 5 && a < 100000, "interrupts that hart 0 sent, as the firmware counts them: %lu", a);
	}
	if (fw >= 0)
		close(fw);
}

/* More events than counters: each gets its turn, and its count is told apart by its time. */
static void test_multiplex(void)
{
	int fds[22], n = 0, waited = 0, ran = 0;

	for (int i = 0; i < 22; i++) {
		fds[n] = open_event(PERF_TYPE_RAW, FIRMWARE(i), 0, 0, -1, -1);
		n += fds[n] >= 0;
	}
	if (n < 20) {
		printf("# %d events of the firmware: not enough\n", n);
	} else {
		run_for(300000000);
		for (int i = 0; i < n; i++) {
			struct values v = values_of(fds[i]);

			ran += v.running > 0;
			waited += v.running < v.enabled;
		}
		ok(ran == n, "%d events: all had a counter for a time (%d)", n, ran);
		ok(waited > 0, "and %d waited", waited);
	}
	while (n--)
		close(fds[n]);
}

/* Tasks come and go, move and are read, all at once. */
static void test_storm(void)
{
	static const uint64_t configs[] = { PERF_COUNT_SW_PAGE_FAULTS, PERF_COUNT_SW_TASK_CLOCK, PERF_COUNT_SW_CPU_MIGRATIONS };
	int status, fd[4], fw;
	uint64_t end = monotonic_ns() + 1500000000, last = 0, now;
	bool grows = true;

	for (int i = 0; i < 3; i++)
		fd[i] = open_sw(configs[i], PERF_ATTR_INHERIT);
	fd[3] = open_event(PERF_TYPE_HW_CACHE, DTLB_STORE_MISSES, PERF_ATTR_INHERIT, 0, -1, -1);
	fw = open_event(PERF_TYPE_RAW, FIRMWARE(6), 0, -1, harts - 1, -1);
	for (int i = 0; i < 6; i++)
		if (!fork()) {
			while (monotonic_ns() < end) {
				if (!fork()) {
					pin(getpid() % harts);
					touch(5);
					_exit(0);
				}
				waitpid(-1, &status, 0);
				pin((getpid() + 1) % harts);
				ioctl(fd[i % 4], i & 1 ? PERF_EVENT_IOC_DISABLE : PERF_EVENT_IOC_ENABLE, NULL);
			}
			_exit(0);
		}
	while (monotonic_ns() < end) {
		now = count_of(fd[0]);
		grows &= now >= last;
		last = now;
		for (int i = 1; i < 4; i++)
			if (fd[i] >= 0)
				count_of(fd[i]);
		if (fw >= 0)
			count_of(fw);
	}
	for (int i = 0; i < 6; i++)
		waitpid(-1, &status, 0);
	ok(grows && last > 0, "a storm of tasks: %lu faults, and no count goes back", last);
	for (int i = 0; i < 4; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	if (fw >= 0)
		close(fw);
}

int main(void)
{
	harts = tap_harts();
	test_errors();
	test_counts();
	test_migrations();
	test_inherit();
	test_relatives();
	test_group();
	test_other_task();
	test_hart();
	test_sums();
	test_hardware();
	test_multiplex();
	test_storm();
	return tap_done();
}
