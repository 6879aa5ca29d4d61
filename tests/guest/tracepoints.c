/* SPDX-License-Identifier: MIT */
/* Trace points as events of perf_event_open(2): counted, sampled, with what they tell. True of Linux too, where tracefs is mounted. */
#include "abi/perf_event.h"
#include "abi/resource.h"
#include "tap.h"

#define T "/sys/kernel/tracing/events/"
#define PG 4096UL
#define CALLS 100

static uint64_t sys_enter, sched_switch;	/* their numbers */

static uint64_t number_of(const char *path)
{
	char text[16];

	return read_file(path, text, sizeof(text)) > 0 ? strtoul(text, NULL, 10) : 0;
}

static struct perf_event_attr trace_attr(uint64_t id, uint64_t flags)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(struct perf_event_attr), .config = id, .flags = flags,
	};
}

static int open_attr(const struct perf_event_attr *attr, int pid, int cpu)
{
	return SYSCALL(__NR_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static int open_trace(uint64_t id, uint64_t flags, int pid, int cpu)
{
	struct perf_event_attr attr = trace_attr(id, flags);

	return open_attr(&attr, pid, cpu);
}

static void call(void)
{
	for (int i = 0; i < CALLS; i++)
		SYSCALL(__NR_getppid);
}

static uint64_t count_of(int fd)
{
	uint64_t count = -1UL;

	read(fd, &count, sizeof(count));
	close(fd);
	return count;
}

static void test_counts(void)
{
	int fd = open_trace(sys_enter, PERF_ATTR_DISABLED, 0, -1), kids, mine, user, ends;
	uint64_t n;

	call();
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	call();
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	call();
	n = count_of(fd);
	ok(n >= CALLS && n <= CALLS + 2, "%d calls, between two others: %lu", CALLS, n);
	kids = open_trace(sys_enter, PERF_ATTR_INHERIT, 0, -1);
	mine = open_trace(sys_enter, 0, 0, -1);
	user = open_trace(sys_enter, PERF_ATTR_EXCLUDE_KERNEL, 0, -1);
	ends = open_trace(number_of(T "sched/sched_process_exit/id"), PERF_ATTR_INHERIT, 0, -1);
	in_child(call);
	ok(count_of(mine) < CALLS && count_of(kids) >= CALLS, "a child's, if they are inherited");
	ok_is(count_of(ends), 1, "to its end");
	ok_is(count_of(user), 0, "and none at all without the kernel's");
	ok_is(open_trace(0, 0, 0, -1), -L_EINVAL, "no trace point has number 0: EINVAL");
	ok_is(open_trace(1 << 20, 0, 0, -1), -L_EINVAL, "nor such a one");
}

/* How often the caller was switched from. */
static uint64_t switches(void)
{
	struct k_rusage ru = { 0 };

	SYSCALL(__NR_getrusage, RUSAGE_THREAD, &ru);
	return ru.nvcsw + ru.nivcsw;
}

static void test_switches(void)
{
	uint64_t mask[16] = { 1 }, had[16] = { 0 }, n[2], slept;
	int hart, task;

	SYSCALL(__NR_sched_getaffinity, 0, sizeof(had), had);
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), mask);
	hart = open_trace(sched_switch, 0, -1, 0);
	task = open_trace(sched_switch, 0, 0, -1);
	slept = switches();
	for (int i = 0; i < 10; i++)
		nanosleep_ns(2000000);
	slept = switches() - slept;	/* on a busy host a sleep may be over before there is a switch */
	n[1] = count_of(task);
	n[0] = count_of(hart);
	ok(slept && n[1] >= slept && n[1] < 1000, "a task that sleeps ten times is switched from: %lu of %lu", n[1], slept);
	ok(n[0] >= 2 * n[1], "and its hart from another to it, each time: %lu", n[0]);
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(had), had);
}

/* Where a field is in a raw record, by the format file; or -1. */
static int offset_of(const char *format, const char *field)
{
	const char *at = strstr(format, field);

	at = at ? strstr(at, "offset:") : NULL;
	return at ? atoi(at + 7) : -1;
}

struct sample {
	struct perf_event_header h;
	uint32_t pid, tid;
	uint32_t size;
	uint8_t raw[];
};

static void test_raw(void)
{
	struct perf_event_attr attr = trace_attr(sys_enter, PERF_ATTR_DISABLED);
	static char format[4096];
	int fd, at_id, at_pid, calls = 0, n = 0, bad = 0;
	struct perf_event_mmap_page *ring;

	read_file(T "raw_syscalls/sys_enter/format", format, sizeof(format));
	at_id = offset_of(format, "field:long id;");
	at_pid = offset_of(format, "field:int common_pid;");
	ok(at_id > 0 && at_pid > 0 && strstr(format, "\nprint fmt: \"NR %ld "), "the format file tells where its fields are");
	attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_RAW;
	attr.sample_period = 1;
	fd = open_attr(&attr, 0, -1);
	ring = mmap(NULL, 9 * PG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
	call();
	ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
	for (uint64_t at = 0; at < ring->data_head; ) {
		const struct sample *s = (const void *)((char *)ring + PG + at);
		uint16_t type;
		int32_t pid;
		int64_t nr;

		memcpy(&type, s->raw, 2);
		memcpy(&pid, s->raw + at_pid, 4);
		memcpy(&nr, s->raw + at_id, 8);
		n++;
		calls += nr == __NR_getppid;
		bad += s->h.type != PERF_RECORD_SAMPLE || type != sys_enter || pid != getpid() || (s->size + 4) % 8 ||
		       s->h.size != offsetof(struct sample, raw) + s->size;
		at += s->h.size;
	}
	ok(calls == CALLS && n <= CALLS + 2 && !bad, "a sample of each call, with its number: %d of %d, bad %d", calls, n, bad);
	munmap(ring, 9 * PG);
	close(fd);
}

static void test_wait(void)
{
	struct perf_event_attr attr = trace_attr(sys_enter, 0);
	struct { int fd; short events, revents; } p = { -1, 1 /* POLLIN */, 0 };
	struct timespec64 late = { 20, 0 };
	int go[2], pid, status;
	char c;

	pipe(go);
	pid = fork();
	if (!pid) {
		close(go[1]);
		read(go[0], &c, 1);
		nanosleep_ns(50000000);
		call();
		nanosleep_ns(60000000000);
		_exit(0);
	}
	attr.sample_type = PERF_SAMPLE_TID;
	attr.sample_period = CALLS / 2;
	attr.wakeup_events = 1;
	p.fd = open_attr(&attr, pid, -1);
	mmap(NULL, 2 * PG, PROT_READ | PROT_WRITE, MAP_SHARED, p.fd, 0);
	write(go[1], "", 1);
	ok(SYSCALL(__NR_ppoll, &p, 1, &late, NULL, 0) == 1 && p.revents == 1, "who waits for a sample is woken: %x", p.revents);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(p.fd);
}

/* What is told of others is for root; what is told of one's own calls is not. */
static void as_user(void)
{
	struct perf_event_attr attr = trace_attr(sched_switch, PERF_ATTR_EXCLUDE_KERNEL);
	int none;

	SYSCALL(__NR_setresuid, 1000, 1000, 1000);
	none = open_attr(&attr, 0, -1);
	attr.sample_type = PERF_SAMPLE_RAW;
	attr.sample_period = 1;
	if (none == -L_EACCES)
		_exit(0);			/* Debian's own paranoia: nobody at all */
	if (none < 0 || open_attr(&attr, 0, -1) != -L_EPERM)
		_exit(1);
	attr.config = sys_enter;
	_exit(open_attr(&attr, 0, -1) >= 0 ? 0 : 2);
}

int main(void)
{
	sys_enter = number_of(T "raw_syscalls/sys_enter/id");
	sched_switch = number_of(T "sched/sched_switch/id");
	if (!sys_enter || !sched_switch) {
		printf("# no tracefs here\n");
		ok(true, "nothing to test");
		return tap_done();
	}
	test_counts();
	test_switches();
	test_raw();
	test_wait();
	ok_is(in_child(as_user), 0, "a user may count, and have what its own calls tell, but not what others do: EPERM");
	return tap_done();
}
