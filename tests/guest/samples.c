/* SPDX-License-Identifier: MIT */
/* Events that sample: perf_event_open(2) with a period, and the ring that mmap(2) gives. True of Linux too. */
#include "abi/perf_event.h"
#include "tap.h"

#define PG 4096UL
#define L_EOPNOTSUPP 95
#define MS 1000000UL
#define SAMPLE (PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_PERIOD)

struct sample {
	struct perf_event_header h;
	uint64_t ip;
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, res;
	uint64_t period;
};

static int harts;

static struct perf_event_attr clock_attr(uint64_t period, uint64_t flags)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(struct perf_event_attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = period, .sample_type = SAMPLE, .flags = flags,
	};
}

static int open_attr(const struct perf_event_attr *attr, int pid, int cpu)
{
	return SYSCALL(__NR_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static int open_clock(uint64_t period, uint64_t flags, int pid, int cpu)
{
	struct perf_event_attr attr = clock_attr(period, flags);

	return open_attr(&attr, pid, cpu);
}

static long map_raw(int fd, unsigned long pages, int prot, int flags)
{
	return SYSCALL(__NR_mmap, NULL, (pages + 1) * PG, prot, flags, fd, 0);
}

static struct perf_event_mmap_page *map(int fd, unsigned long pages)
{
	long r = map_raw(fd, pages, PROT_READ | PROT_WRITE, MAP_SHARED);

	if (r < 0)
		ok(false, "mmap: %ld", r);
	return r < 0 ? NULL : (void *)r;
}

static void unmap(struct perf_event_mmap_page *ring, unsigned long pages, int fd)
{
	munmap(ring, (pages + 1) * PG);
	close(fd);
}

/* The next record, copied to @room, or NULL. */
static struct perf_event_header *next(struct perf_event_mmap_page *ring, void *room)
{
	uint64_t head = __atomic_load_n(&ring->data_head, __ATOMIC_ACQUIRE), tail = ring->data_tail;
	char *data = (char *)ring + PG;
	struct perf_event_header h;

	if (tail >= head)
		return NULL;
	memcpy(&h, data + tail % ring->data_size, sizeof(h));
	for (unsigned int i = 0; i < h.size; i++)
		((char *)room)[i] = data[(tail + i) % ring->data_size];
	__atomic_store_n(&ring->data_tail, tail + h.size, __ATOMIC_RELEASE);
	return room;
}

extern char __executable_start[], etext[], _start[];

static void test_mmap(void)
{
	int fd = open_clock(MS, 0, 0, -1), kid = open_clock(MS, PERF_ATTR_INHERIT, 0, -1);
	struct perf_event_mmap_page *ring;

	ok_is(map_raw(fd, 3, PROT_READ | PROT_WRITE, MAP_SHARED), -L_EINVAL, "three pages of data: EINVAL");
	ok_is(map_raw(fd, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE), -L_EINVAL, "private: EINVAL");
	ok_is(SYSCALL(__NR_mmap, NULL, 2 * PG, PROT_READ, MAP_SHARED, fd, PG), -L_EINVAL, "not from its beginning: EINVAL");
	ok_is(map_raw(kid, 1, PROT_READ | PROT_WRITE, MAP_SHARED), -L_EINVAL, "inherited, and not of one hart: EINVAL");
	ring = map(fd, 2);
	ok(ring && ring->data_offset == PG && ring->data_size == 2 * PG, "the control page tells where the data is");
	ok_is(map_raw(fd, 4, PROT_READ | PROT_WRITE, MAP_SHARED), -L_EINVAL, "again, of another size: EINVAL");
	ok_is(SYSCALL(__NR_ftruncate, fd, 0), -L_EINVAL, "it cannot be cut: EINVAL");
	unmap(ring, 2, fd);
	close(kid);
	ok_is(open_clock(1UL << 63, 0, 0, -1), -L_EINVAL, "a period with the top bit: EINVAL");
	ok_is(open_clock(1UL << 62, PERF_ATTR_FREQ, 0, -1), -L_EINVAL, "a frequency beyond perf_event_max_sample_rate: EINVAL");
}

static void test_samples(void)
{
	int fd = open_clock(MS, PERF_ATTR_DISABLED | PERF_ATTR_COMM, 0, -1), n = 0, here = 0, mine = 0, in_order = 0;
	struct perf_event_mmap_page *ring = map(fd, 8);
	uint64_t room[64], last = 0, most;
	struct sample *s;

	run_for(10 * MS);
	SYSCALL(__NR_prctl, PR_SET_NAME, "renamed", 0, 0, 0);
	ok(!ring->data_head, "disabled, it takes no sample, and no name");
	most = monotonic_ns();
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	run_for(200 * MS);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	most = (monotonic_ns() - most) / MS + 10;
	while ((s = (void *)next(ring, room))) {
		if (s->h.type != PERF_RECORD_SAMPLE)
			continue;
		n++;
		here += s->h.misc == PERF_RECORD_MISC_USER && s->ip >= (uint64_t)__executable_start && s->ip < (uint64_t)etext;
		mine += s->pid == (uint32_t)getpid() && s->tid == s->pid && s->cpu < 1024 && s->period == MS;
		in_order += s->time > last;
		last = s->time;
	}
	ok(n >= 20 && (uint64_t)n <= most, "200 ms, a sample each: %d", n);
	ok(mine == n && in_order == n, "of this task, in order");
	ok(here > n / 5, "many of them in this program: %d", here);	/* a loaded host stops us where it likes */
	unmap(ring, 8, fd);
}

static void test_modes(void)
{
	int user = open_clock(MS, PERF_ATTR_EXCLUDE_KERNEL, 0, -1), kernel = open_clock(MS, PERF_ATTR_EXCLUDE_USER, 0, -1), n[2] = { 0 };
	struct perf_event_mmap_page *u = map(user, 8), *k = map(kernel, 8);
	uint64_t room[64];
	struct sample *s;

	for (uint64_t end = monotonic_ns() + 200 * MS; monotonic_ns() < end; )
		getppid();
	ioctl(user, PERF_EVENT_IOC_DISABLE, NULL);
	ioctl(kernel, PERF_EVENT_IOC_DISABLE, NULL);
	while ((s = (void *)next(u, room)))
		n[0] += s->h.type == PERF_RECORD_SAMPLE && (s->h.misc & 7) == PERF_RECORD_MISC_USER ? 1 : 1000000;
	while ((s = (void *)next(k, room)))
		n[1] += s->h.type == PERF_RECORD_SAMPLE && (s->h.misc & 7) == PERF_RECORD_MISC_KERNEL && (int64_t)s->ip < 0 ? 1 : 1000000;
	ok(n[0] > 0 && n[0] < 1000000 && n[1] > 0 && n[1] < 1000000, "calls: %d samples here, %d in the kernel", n[0], n[1]);
	unmap(u, 8, user);
	unmap(k, 8, kernel);
}

/* Calls that end in each other, with frame pointers; nothing is inlined, and each has something to do after its call. */
static volatile uint64_t until;

static __attribute__((noinline)) int chain_leaf(void)
{
	while (monotonic_ns() < until)
		for (volatile int i = 0; i < 10000; i++)
			;
	return 1;
}

static __attribute__((noinline)) int chain_middle(void)
{
	return chain_leaf() + (until != 0);
}

static __attribute__((noinline)) int chain_outer(void)
{
	return chain_middle() + (until != 0);
}

/* How many of the chains that @attr gives have @depth addresses, or more; *@kernel: how many tell of the kernel. */
static int sample_chains(const struct perf_event_attr *attr, unsigned int depth, int *kernel, int *calls)
{
	int fd = open_attr(attr, 0, -1), deep = 0;
	struct perf_event_mmap_page *ring = map(fd, 64);
	uint64_t room[512];
	struct perf_event_header *h;

	until = monotonic_ns() + 200 * MS;
	chain_outer();
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	*kernel = *calls = 0;
	while ((h = next(ring, room))) {
		uint64_t n = room[1], addresses = 0, at[4] = { 0 };

		if (h->type != PERF_RECORD_SAMPLE)
			continue;
		if (h->size != (2 + n) * 8 || n > 130)
			return -1;
		for (uint64_t i = 0; i < n; i++) {
			*kernel += room[2 + i] == PERF_CONTEXT_KERNEL;
			if (room[2 + i] < PERF_CONTEXT_MAX && addresses++ < 4)
				at[addresses - 1] = room[2 + i];
		}
		deep += addresses >= depth;
		/* The middle one's return address, then the outer one's. */
		for (int i = 0; i < 3; i++)
			if (at[i] >= (uint64_t)chain_middle && at[i] < (uint64_t)chain_middle + 64 &&
			    at[i + 1] >= (uint64_t)chain_outer && at[i + 1] < (uint64_t)chain_outer + 64)
				++*calls;
	}
	unmap(ring, 64, fd);
	return deep;
}

static void test_chains(void)
{
	struct perf_event_attr attr = clock_attr(MS, 0);
	int kernel, calls, deep;
	char text[16] = "";

	attr.sample_type = PERF_SAMPLE_CALLCHAIN;
	deep = sample_chains(&attr, 3, &kernel, &calls);
	ok(deep > 10 && calls > 10, "chains of three calls and more: %d; of the two that we made: %d", deep, calls);
	attr.flags = PERF_ATTR_EXCLUDE_CALLCHAIN_KERNEL;
	deep = sample_chains(&attr, 1, &kernel, &calls);
	ok(deep > 10 && !kernel, "exclude_callchain_kernel: %d, none of the kernel", deep);
	attr.flags = PERF_ATTR_EXCLUDE_CALLCHAIN_USER;
	deep = sample_chains(&attr, 0, &kernel, &calls);
	ok(deep > 10 && !calls, "exclude_callchain_user: %d, no program's calls", deep);
	attr.flags = 0;
	attr.sample_max_stack = 1;
	deep = sample_chains(&attr, 2, &kernel, &calls);
	ok(!deep && !calls && sample_chains(&attr, 1, &kernel, &calls) > 10, "sample_max_stack 1: none is deeper");
	attr.sample_max_stack = read_file("/proc/sys/kernel/perf_event_max_stack", text, sizeof(text)) > 0 ? atoi(text) + 1 : 0;
	ok_is(open_attr(&attr, 0, -1), -75 /* EOVERFLOW */, "more than perf_event_max_stack: EOVERFLOW");
}

/* What finds no room is counted; what the reader says is not believed. */
static void test_lost(void)
{
	int fd = open_clock(100000, 0, 0, -1), samples = 0;
	struct perf_event_mmap_page *ring = map(fd, 1);
	uint64_t room[64], lost = 0, head;
	struct perf_event_header *h;

	run_for(150 * MS);			/* 4096 bytes are 85 samples */
	head = ring->data_head;
	ok(head <= PG && head > PG / 2, "a ring that nobody reads fills up: %lu bytes", head);
	for (int i = 0; i < 2; i++) {	/* it may come in while we read */
		while ((h = next(ring, room))) {
			samples += h->type == PERF_RECORD_SAMPLE;
			lost += h->type == PERF_RECORD_LOST ? room[2] : 0;
		}
		run_for(20 * MS);
	}
	ok(samples > 40 && lost > 5, "then there is a record of what was lost: %lu", lost);
	for (uint64_t bad = 1; bad; bad <<= 7) {
		ring->data_tail = bad * 0x0102030405060708;
		ring->data_head = ~bad;
		run_for(2 * MS);
	}
	ring->data_tail = ~0UL;
	run_for(10 * MS);
	munmap(ring, 2 * PG);
	run_for(10 * MS);
	ok(true, "nonsense in the control page, and no page at all, hurt nobody");
	close(fd);

	fd = open_clock(100000, 0, 0, -1);
	ring = (void *)map_raw(fd, 1, PROT_READ, MAP_SHARED);
	run_for(100 * MS);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	ok(ring->data_head > 2 * PG, "who may only read gets the latest: %lu bytes", ring->data_head);
	unmap(ring, 1, fd);
}

static void test_wakeup(void)
{
	struct perf_event_attr attr = clock_attr(MS, PERF_ATTR_DISABLED);
	struct { int fd; short events, revents; } p = { 0, 1 /* POLLIN */, 0 };
	struct timespec64 soon = { 0, 10 * MS }, late = { 10, 0 };
	struct perf_event_mmap_page *ring;
	int status, pid, fd;

	pid = fork();
	if (!pid) {
		for (;;)
			run_for(MS);
	}
	attr.wakeup_events = 20;
	p.fd = fd = open_attr(&attr, pid, -1);
	ring = map(fd, 8);
	ok_is(SYSCALL(__NR_ppoll, &p, 1, &soon, NULL, 0), 0, "nothing to read yet");
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	ok_is(SYSCALL(__NR_ppoll, &p, 1, &late, NULL, 0), 1, "poll waits");
	ok(p.revents == 1 && ring->data_head >= 20 * sizeof(struct sample), "for 20 samples: %lu bytes", ring->data_head);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ok(SYSCALL(__NR_ppoll, &p, 1, &late, NULL, 0) == 1 && p.revents & 0x10, "then its task is gone: POLLHUP");
	unmap(ring, 8, fd);
}

/* Who is who, and what is where: a child that maps, forks, execs and ends. */
static void test_sideband(void)
{
	struct perf_event_attr attr = clock_attr(MS, PERF_ATTR_DISABLED | PERF_ATTR_INHERIT | PERF_ATTR_ENABLE_ON_EXEC | PERF_ATTR_COMM |
						 PERF_ATTR_COMM_EXEC | PERF_ATTR_MMAP | PERF_ATTR_TASK | PERF_ATTR_SAMPLE_ID_ALL);
	int go[2], pid, status, forks = 0, exits = 0, named = 0, renamed = 0, maps = 0, strange = 0, grandchild = 0;
	char self[128] = "", c, *argv[] = { self, "child", NULL };
	struct perf_event_mmap_page *rings[16];
	uint64_t room[1024];
	int fds[16];

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0 || pipe(go) < 0)
		ok(false, "own name, pipe");
	pid = fork();
	if (!pid) {
		if (read(go[0], &c, 1) == 1)
			execve(self, argv, environ);
		_exit(9);
	}
	for (int i = 0; i < harts; i++) {
		fds[i] = open_attr(&attr, pid, i);
		rings[i] = map(fds[i], 16);
	}
	ok(write(go[1], "", 1) == 1 && waitpid(pid, &status, 0) == pid && !status, "a child of many deeds");
	for (int i = 0; i < harts; i++) {
		struct perf_event_header *h;

		while ((h = next(rings[i], room))) {
			const struct { struct perf_event_header h; uint32_t pid, second, tid, ptid; } *t = (void *)room;
			uint64_t *end = (uint64_t *)((char *)h + h->size);

			forks += h->type == PERF_RECORD_FORK && t->second == (uint32_t)pid;
			exits += h->type == PERF_RECORD_EXIT;
			grandchild = h->type == PERF_RECORD_FORK ? (int)t->pid : grandchild;
			if (h->type == PERF_RECORD_COMM && h->misc & PERF_RECORD_MISC_COMM_EXEC)
				named += t->pid == (uint32_t)pid && !strncmp((char *)&room[2], "test-samples", 12);
			else if (h->type == PERF_RECORD_COMM)
				renamed += !strcmp((char *)&room[2], "another");
			maps += h->type == PERF_RECORD_MMAP && room[2] <= (uint64_t)_start && room[2] + room[3] > (uint64_t)_start &&
				!strcmp((char *)&room[5], self);
			/* All but samples end with who, when and where. */
			strange += h->type != PERF_RECORD_SAMPLE && (int)end[-1] != i;
		}
		unmap(rings[i], 16, fds[i]);
	}
	ok(forks == 1 && grandchild > pid, "a fork, %d", forks);
	ok(exits == 2, "two that end: %d", exits);
	ok(named == 1 && renamed == 1, "a new program, and a new name");
	ok(maps >= 1, "its code, and where: %d", maps);
	ok(!strange, "each record says which hart wrote it");
	close(go[0]);
	close(go[1]);
}

/* What the child of that does. */
static int child(void)
{
	int pid, status;

	SYSCALL(__NR_prctl, PR_SET_NAME, "another", 0, 0, 0);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, &status, 0);
	run_for(20 * MS);
	return status;
}

/* A hart: whatever runs there; and tasks that come, go, and are asked about at any time. */
static void test_storm(void)
{
	int fd = open_clock(MS, PERF_ATTR_COMM | PERF_ATTR_TASK | PERF_ATTR_EXCLUDE_IDLE, -1, 0), status, samples = 0, made = 0;
	struct perf_event_mmap_page *ring = map(fd, 64);
	uint64_t room[64], end = monotonic_ns() + 1000 * MS;
	struct perf_event_header *h;

	for (int i = 0; i < 3; i++)
		if (!fork()) {
			while (monotonic_ns() < end) {
				if (!fork()) {
					int e = open_clock(200000, PERF_ATTR_INHERIT, 0, i % harts);
					void *r = map(e, 1);

					if (!fork()) {
						run_for(MS);
						_exit(0);
					}
					run_for(MS);
					munmap(r, PG);
					close(e);
					waitpid(-1, &status, 0);
					_exit(0);
				}
				waitpid(-1, &status, 0);
			}
			_exit(0);
		}
	while (monotonic_ns() < end) {
		while ((h = next(ring, room))) {
			samples += h->type == PERF_RECORD_SAMPLE;
			made += h->type == PERF_RECORD_FORK;
		}
		nanosleep_ns(MS);
	}
	for (int i = 0; i < 3; i++)
		waitpid(-1, &status, 0);
	ok(samples > 10 && made > 3, "a hart's: %d samples, %d tasks made", samples, made);
	unmap(ring, 64, fd);
}

/* Each tenth fault, and the address of each. */
static void test_faults(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_PAGE_FAULTS,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_ADDR, .sample_period = 10, .flags = PERF_ATTR_DISABLED,
	};
	struct { struct perf_event_header h; uint64_t ip, addr; } *s;
	int fd = open_attr(&attr, 0, -1), n = 0, inside = 0, here = 0;
	struct perf_event_mmap_page *ring = map(fd, 8);
	uint64_t room[64], count = 0;
	char *p = mmap(NULL, 200 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	SYSCALL(__NR_madvise, p, 200 * PG, 15);	/* MADV_NOHUGEPAGE: a fault a page on Linux, too */
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	for (int i = 0; i < 200; i++)
		((volatile char *)p)[i * PG] = 1;
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	read(fd, &count, sizeof(count));
	while ((s = (void *)next(ring, room))) {
		n++;
		inside += s->addr >= (uint64_t)p && s->addr < (uint64_t)p + 200 * PG;
		here += s->ip >= (uint64_t)__executable_start && s->ip < (uint64_t)etext;
	}
	ok(count >= 200 && count < 220 && n == (int)count / 10, "%lu faults: %d samples, each tenth", count, n);
	ok(inside >= n - 1 && here >= n - 1, "where they were, and of which page: %d, %d", here, inside);
	unmap(ring, 8, fd);
	munmap(p, 200 * PG);
}

/* A counter that interrupts, where there is one. */
static void test_overflow(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof(attr), .config = PERF_COUNT_HW_CPU_CYCLES, .sample_type = SAMPLE,
		.sample_period = 1000000, .flags = PERF_ATTR_DISABLED,
	};
	int fd = open_attr(&attr, 0, -1), n = 0;
	struct perf_event_mmap_page *ring;
	uint64_t room[64], count = 0;
	struct perf_event_header *h;

	if (fd < 0) {
		ok(fd == -L_EOPNOTSUPP || fd == -L_ENOENT, "counters that cannot interrupt cannot be sampled: EOPNOTSUPP");
		return;
	}
	ring = map(fd, 64);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	run_for(100 * MS);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	read(fd, &count, sizeof(count));
	while ((h = next(ring, room)))
		n += h->type == PERF_RECORD_SAMPLE;
	ok(n > 5 && (uint64_t)n <= count / attr.sample_period + 1, "%lu cycles, a sample each million: %d", count, n);
	unmap(ring, 64, fd);

	attr.sample_period = 1;		/* a storm: the kernel does something else, too */
	fd = open_attr(&attr, 0, -1);
	ring = map(fd, 64);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	run_for(100 * MS);
	unmap(ring, 64, fd);
	ok(true, "a sample each cycle does not stop the machine");
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return child();
	harts = tap_harts();
	test_mmap();
	test_samples();
	test_modes();
	test_chains();
	test_lost();
	test_wakeup();
	test_sideband();
	test_storm();
	test_faults();
	test_overflow();
	return tap_done();
}
