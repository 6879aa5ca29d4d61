/* SPDX-License-Identifier: MIT */
/*
 * Performance events of programs that mean harm, or do not care: clocks without number, events, rings, tasks and harts that
 * go while others ask for them, and what somebody who is not root gets to see. True of Linux too.
 */
#include "abi/perf_event.h"
#include "tap.h"
#include "thread.h"

#define PG 4096UL
#define MS 1000000UL
#define SECOND 1000000000UL
#define SLOTS 32

static int harts;

static struct perf_event_attr sw_attr(uint64_t config, uint64_t period, uint64_t flags)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(struct perf_event_attr), .config = config, .sample_period = period,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_ADDR, .flags = flags | PERF_ATTR_EXCLUDE_KERNEL,
		.wakeup_events = 1,
	};
}

static long open_attr(const struct perf_event_attr *attr, int pid, int cpu, int group)
{
	return SYSCALL(__NR_perf_event_open, attr, pid, cpu, group, PERF_FLAG_FD_CLOEXEC);
}

static long open_clock(uint64_t period, int pid)
{
	struct perf_event_attr attr = sw_attr(PERF_COUNT_SW_CPU_CLOCK, period, 0);

	return open_attr(&attr, pid, -1, -1);
}

static void pin(int cpu)
{
	uint64_t mask[16] = { 0 };

	for (int i = 0; i < harts; i++)
		if (cpu == -1 || cpu == i)
			mask[i / 64] |= 1UL << i % 64;
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), mask);
}

static void become(int uid)
{
	if (uid)
		SYSCALL(__NR_setresuid, uid, uid, uid);
}

static void end(int pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* As many clocks of @busy as a process can open, until it is killed; then there is a byte for @ready. */
static int flood(int busy, int ready)
{
	int pid = fork();

	if (pid)
		return pid;
	become(1000);
	for (int k = 0; k < 1000; k++)
		if (open_clock(10000, busy) < 0)
			break;
	if (write(ready, "", 1) == 1)
		for (;;)
			nanosleep_ns(SECOND);
	_exit(1);
}

/* One task, and as many clocks of it as four processes can open: who else runs on its hart has his turns. */
static void test_clocks(void)
{
	int pids[4], busy, ready[2], slept = 0;
	uint64_t until;
	char c;

	pin(0);
	ok(!pipe(ready), "pipe");
	busy = fork();
	if (!busy) {
		become(1000);
		for (bool told = write(ready[1], "", 1) == 1; told; )
			run_for(MS);
		_exit(1);
	}
	for (int i = 0; i < 5; i++) {
		if (read(ready[0], &c, 1) != 1)
			ok(false, "the task runs, and the clocks are open");
		if (i < 4)
			pids[i] = flood(busy, ready[1]);
	}
	for (until = monotonic_ns() + 10 * SECOND; slept < 10 && monotonic_ns() < until; slept++)
		nanosleep_ns(MS);
	ok(slept == 10, "beside a task with all the clocks there are: %d of 10 sleeps of a millisecond", slept);
	end(busy);
	for (int i = 0; i < 4; i++)
		end(pids[i]);
	close(ready[0]);
	close(ready[1]);
	pin(-1);
}

/* Who waits for the samples of a task that ends is told. */
static void test_poll_exit(void)
{
	struct perf_event_attr attr = sw_attr(PERF_COUNT_SW_CPU_CLOCK, 100 * SECOND, 0);
	struct { int fd; short events, revents; } p = { 0, 1 /* POLLIN */, 0 };
	struct timespec64 late = { 20, 0 };
	int pid = fork(), status;
	uint64_t t;
	long ring;

	if (!pid) {
		nanosleep_ns(200 * MS);
		_exit(0);
	}
	p.fd = open_attr(&attr, pid, -1, -1);
	ring = SYSCALL(__NR_mmap, NULL, 2 * PG, PROT_READ | PROT_WRITE, MAP_SHARED, p.fd, 0);
	t = monotonic_ns();
	ok(ring > 0 && SYSCALL(__NR_ppoll, &p, 1, &late, NULL, 0) == 1 && p.revents & 0x10, "its task ends: poll returns, POLLHUP");
	ok(monotonic_ns() - t < 15 * SECOND, "at once");
	waitpid(pid, &status, 0);
	ok_is(ioctl(p.fd, PERF_EVENT_IOC_RESET, (void *)1), 0, "a group whose task is gone is set back");
	munmap((void *)ring, 2 * PG);
	close(p.fd);
}

/* A group as one: what is asked of it is asked of all, copies too. */
static void test_group(void)
{
	struct perf_event_attr attr = sw_attr(PERF_COUNT_SW_PAGE_FAULTS, 0, PERF_ATTR_INHERIT | PERF_ATTR_DISABLED);
	int fds[20], pid, status, go[2], ready[2], wrong = 0;
	volatile char *pages = mmap(NULL, 64 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t v;
	char c;

	ok(!pipe(go) && !pipe(ready), "pipes");
	SYSCALL(__NR_madvise, pages, 64 * PG, 15);	/* MADV_NOHUGEPAGE */
	for (int i = 0; i < 20; i++)
		fds[i] = open_attr(&attr, 0, -1, i ? fds[0] : -1);
	pid = fork();
	if (!pid) {
		for (int round = 0; round < 2; round++) {
			if (write(ready[1], "", 1) != 1 || read(go[0], &c, 1) != 1)
				_exit(1);
			for (int i = 0; i < 32; i++)
				pages[(round * 32 + i) * PG] = 1;
		}
		_exit(write(ready[1], "", 1) != 1);
	}
	for (int round = 0; round < 2; round++) {
		ok(read(ready[0], &c, 1) == 1, "the child waits");
		ioctl(fds[round ? 7 : 0], round ? PERF_EVENT_IOC_DISABLE : PERF_EVENT_IOC_ENABLE, (void *)1);
		ok(write(go[1], "", 1) == 1, "and goes on");
	}
	waitpid(pid, &status, 0);
	for (int i = 0; i < 20; i++)
		wrong += read(fds[i], &v, sizeof(v)) != sizeof(v) || v < 32 || v >= 64;
	ok(!wrong, "20 events of a group, on and off with one call, of a child too: 32 faults each");
	for (int i = 0; i < 20; i++)
		close(fds[i]);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(ready[i]);
	}
	munmap((void *)pages, 64 * PG);
}

/* What may be seen by whom. */
static void look(void)
{
	struct perf_event_attr attr = sw_attr(PERF_COUNT_SW_CPU_CLOCK, 100000, 0), all = attr;
	int fd = open_attr(&attr, 0, -1, -1), faults, addrs = 0;
	struct perf_event_mmap_page *ring[2];
	const uint64_t *data;
	uint64_t stop;

	all.flags = 0;
	attr = sw_attr(PERF_COUNT_SW_PAGE_FAULTS, 1, 0);
	faults = open_attr(&attr, 0, -1, -1);
	if (fd < 0)
		_exit(fd == -L_EACCES ? 0 : 1);		/* Debian's own paranoia: nobody at all */
	if (open_attr(&all, 0, -1, -1) != -L_EACCES || open_attr(&attr, -1, 0, -1) != -L_EACCES || open_attr(&attr, 1, -1, -1) != -L_EACCES)
		_exit(2);
	for (int i = 0; i < 2; i++)
		ring[i] = mmap(NULL, 9 * PG, PROT_READ, MAP_SHARED, i ? faults : fd, 0);
	for (stop = monotonic_ns() + 200 * MS; monotonic_ns() < stop || (!(ring[0]->data_head && ring[1]->data_head) &&
	     monotonic_ns() < stop + 10 * SECOND); ) {	/* a loaded host takes its time */
		char *p = mmap(NULL, 16 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (int i = 0; i < 16; i += 2) {
			p[i * PG] = 1;
			SYSCALL(__NR_getcwd, p + (i + 1) * PG, 100);	/* a fault in the kernel */
		}
		munmap(p, 16 * PG);
	}
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	ioctl(faults, PERF_EVENT_IOC_DISABLE, NULL);
	for (int i = 0; i < 2; i++) {
		data = (const uint64_t *)((char *)ring[i] + PG);
		for (unsigned long k = 0; k < 8 * PG / 8; k++)
			addrs += (int64_t)data[k] < -1L;
	}
	_exit(ring[0]->data_head && ring[1]->data_head ? addrs ? 4 : 0 : 3);
}

static void look_as_other(void)
{
	become(1000);
	look();
}

/* ---- A storm: everything at once, on a few threads, and the others' tasks. ---- */

static struct shared {
	volatile int pids[8];		/* whom one may count */
	volatile uint64_t end;
} *shared;
static volatile int slots[SLOTS];
static volatile int storm_uid;

static uint64_t rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static void put(int slot, long fd)
{
	int old = __atomic_exchange_n(&slots[slot], fd < 0 ? 0 : (int)fd, __ATOMIC_SEQ_CST);

	if (old > 2)
		SYSCALL(__NR_close, old);
}

static long open_any(uint64_t *s)
{
	static const uint64_t flags[] = {
		0, PERF_ATTR_DISABLED, PERF_ATTR_INHERIT, PERF_ATTR_COMM | PERF_ATTR_TASK, PERF_ATTR_MMAP | PERF_ATTR_MMAP2, PERF_ATTR_FREQ,
		PERF_ATTR_ENABLE_ON_EXEC | PERF_ATTR_DISABLED, PERF_ATTR_INHERIT | PERF_ATTR_TASK | PERF_ATTR_SAMPLE_ID_ALL,
	};
	struct perf_event_attr attr = sw_attr(rnd(s) % 10, rnd(s) % 2 ? 0 : rnd(s) % 4 ? 20000 : 1, flags[rnd(s) % 8] | flags[rnd(s) % 8]);
	int cpu = rnd(s) % 3 ? -1 : (int)(rnd(s) % harts), group = rnd(s) % 3 ? -1 : slots[rnd(s) % SLOTS];
	int pid = rnd(s) % 2 ? 0 : shared->pids[rnd(s) % 8];

	attr.read_format = rnd(s) % 32;
	if (!storm_uid && rnd(s) % 3 == 0) {
		attr.type = PERF_TYPE_HARDWARE;
		attr.config = rnd(s) % 10;
		attr.sample_period = rnd(s) % 2 ? 0 : 100000;
		attr.flags &= ~(PERF_ATTR_EXCLUDE_KERNEL | PERF_ATTR_FREQ);
	}
	if (!storm_uid && cpu >= 0 && rnd(s) % 2)
		pid = -1;
	return open_attr(&attr, pid, cpu, group > 2 ? group : -1);
}

static void work(void *unused)
{
	(void)unused;
	run_for(MS / 4);
}

/* A task for others to count: it works, makes tasks, and ends. */
static void short_life(uint64_t *s)
{
	int i = rnd(s) % 8;
	long pid = SYSCALL(__NR_clone, SIGCHLD, 0, 0, 0, 0), n = rnd(s) % 30;
	static struct thread t;

	if (pid) {
		if (pid > 0)
			shared->pids[i] = pid;
		SYSCALL(__NR_wait4, -1, 0, WNOHANG, 0);
		return;
	}
	for (; n && monotonic_ns() < shared->end; n--) {
		if (rnd(s) % 4 == 0 && !SYSCALL(__NR_clone, SIGCHLD, 0, 0, 0, 0))
			SYSCALL(__NR_exit_group, 0);
		if (rnd(s) % 4 == 0)
			put(rnd(s) % SLOTS, open_any(s));
		if (rnd(s) % 8 == 0)
			SYSCALL(__NR_prctl, PR_SET_NAME, "stormy", 0, 0, 0);
		if (rnd(s) % 8 == 0 && !t.tid)
			start(&t, work, NULL);
		if (rnd(s) % 2)
			SYSCALL(__NR_sched_yield);
	}
	SYSCALL(__NR_exit_group, 0);
}

static void poll_all(uint64_t *s)
{
	struct { int fd; short events, revents; } p[SLOTS];
	struct timespec64 t = { 0, rnd(s) % (2 * MS) };

	for (int i = 0; i < SLOTS; i++) {
		p[i].fd = slots[i] > 2 ? slots[i] : -1;
		p[i].events = 5;
	}
	SYSCALL(__NR_ppoll, p, SLOTS, &t, NULL, 0);
}

static void worker(void *arg)
{
	uint64_t s = (uint64_t)arg, v[64], mask;
	long map = 0;

	while (monotonic_ns() < shared->end) {
		int i = rnd(&s) % SLOTS, fd = slots[i] > 2 ? slots[i] : -1;

		switch (rnd(&s) % 10) {
		case 0:
		case 1:
			put(i, open_any(&s));
			break;
		case 2:
			put(i, -1);
			break;
		case 3:
			SYSCALL(__NR_read, fd, v, rnd(&s) % sizeof(v));
			break;
		case 4:
		case 5:
			SYSCALL(__NR_ioctl, fd, 0x2400 + rnd(&s) % 12, rnd(&s) % 2);
			break;
		case 6:
			if (map > 0)
				SYSCALL(__NR_munmap, map, 5 * PG);
			map = SYSCALL(__NR_mmap, NULL, 5 * PG, PROT_READ | (rnd(&s) % 2 ? PROT_WRITE : 0), MAP_SHARED, fd, 0);
			break;
		case 7:
			poll_all(&s);
			break;
		case 8:
			short_life(&s);
			break;
		case 9:
			mask = 1UL << rnd(&s) % harts;
			SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), &mask);
		}
	}
	if (map > 0)
		SYSCALL(__NR_munmap, map, 5 * PG);
}

static void hotplug(uint64_t end_ns)
{
	char path[64];

	for (int i = 1; monotonic_ns() < end_ns; i = i + 1 < harts ? i + 1 : 1) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", i);
		write_text(path, "0");
		nanosleep_ns(20 * MS);
		write_text(path, "1");
	}
}

/* Return: a wait status. */
static int storm(int uid, uint64_t ns)
{
	int pids[3], status, bad = 0, plug = 0;

	storm_uid = uid;
	memset(shared, 0, sizeof(*shared));
	shared->end = monotonic_ns() + ns;
	if (!uid && harts > 1) {
		plug = fork();
		if (!plug) {
			hotplug(shared->end);
			_exit(0);
		}
	}
	for (int i = 0; i < 3; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			become(uid);
			for (int k = 0; k < 3; k++)
				start(&threads[k], worker, (void *)(uint64_t)(monotonic_ns() * 8 + i * 3 + k + 1));
			for (int k = 0; k < 3; k++)
				join(&threads[k]);
			while (SYSCALL(__NR_wait4, -1, 0, 0, 0) > 0)
				;
			_exit(0);
		}
	}
	for (int i = 0; i < 3; i++) {
		waitpid(pids[i], &status, 0);
		bad |= status;
	}
	if (plug)
		waitpid(plug, &status, 0);
	return bad;
}

int main(void)
{
	harts = tap_harts();
	shared = mmap(NULL, PG, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_poll_exit();
	test_group();
	ok_is(in_child(look_as_other), 0, "who is not root: no hart, no other's task, no address of the kernel");
	ok_is(storm(1000, 3 * SECOND), 0, "a storm of a user's");
	ok_is(storm(0, 3 * SECOND), 0, "a storm of root's, harts come and go");
	test_clocks();
	return tap_done();
}
