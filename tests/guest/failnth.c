/* SPDX-License-Identifier: MIT */
/*
 * The n-th allocation fails, for each n until eight in a row are none of the call's (one may be
 * done without: a magazine that is filled no further): fork, exec, mmap, mlock, open, pipe, locks and events to count give
 * ENOMEM or another honest error, and nothing is lost (init's leak check).
 * Hartwood's debug build only: elsewhere it skips.
 */
#include "abi/futex.h"
#include "abi/perf_event.h"
#include "abi/time.h"
#include "tap.h"

static bool arm(int n)
{
	char path[64], text[16];
	int fd, len;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", getpid());
	fd = open(path, O_WRONLY);
	len = snprintf(text, sizeof(text), "%d", n);
	if (fd < 0)
		return false;
	/* The descriptor is closed by the kernel's own hands later: nothing may allocate in between. */
	bool armed = write(fd, text, len) == len;

	close(fd);
	return armed;
}

static long do_fork(void)
{
	long pid = SYSCALL(__NR_clone, SIGCHLD);

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid;
}

static long do_vfork(void)
{
	long pid = SYSCALL(__NR_clone, SIGCHLD | CLONE_VFORK);

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid;
}

static long do_exec(void)
{
	char *argv[] = { "true", NULL };

	return SYSCALL(__NR_execve, "/bin/true", argv, environ);
}

static long do_mmap(void)
{
	long p = SYSCALL(__NR_mmap, 0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p > 0)
		SYSCALL(__NR_munmap, p, 1 << 20);
	return p;
}

/* Cut in three, the middle brought in. */
static long do_mlock(void)
{
	long p = SYSCALL(__NR_mmap, 0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), r;

	if (p < 0)
		return p;
	r = SYSCALL(__NR_mlock, p + 4096, 8 * 4096);
	SYSCALL(__NR_munmap, p, 1 << 20);
	return r;
}

static long do_pipe(void)
{
	int fd[2];
	long r = SYSCALL(__NR_pipe2, fd, 0);

	if (!r) {
		close(fd[0]);
		close(fd[1]);
	}
	return r;
}

static long do_fifo(void)
{
	return SYSCALL(__NR_mknodat, AT_FDCWD, "/tmp/failnth", S_IFIFO | 0600, 0);
}

static long do_create(void)
{
	long fd = SYSCALL(__NR_openat, AT_FDCWD, "/tmp/failnth", O_CREAT | O_RDWR, 0600);

	if (fd >= 0) {
		write(fd, "x", 1);
		close(fd);
	}
	return fd;
}

/* @cpu: -1, or only there: then switches concern it, and it is in a context of its own. */
static long open_event(uint64_t flags, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_PAGE_FAULTS, .flags = flags,
	};

	return SYSCALL(__NR_perf_event_open, &attr, 0, cpu, -1, 0);
}

static long do_perf(void)
{
	long fd = open_event(0, 0);

	if (fd >= 0)
		close(fd);
	return fd;
}

/* An event that samples, and its ring. */
static long do_ring(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .sample_period = 1000000 };
	long fd = SYSCALL(__NR_perf_event_open, &attr, 0, -1, -1, 0), ring;

	if (fd < 0)
		return fd;
	ring = SYSCALL(__NR_mmap, NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring > 0)
		munmap((void *)ring, 5 * 4096);
	close(fd);
	return ring < 0 ? ring : fd;
}

/* A fork whose child inherits two events: all of it or nothing. */
static long do_inherit(void)
{
	return do_fork();
}

static long do_timer(void)
{
	int id;
	long r = SYSCALL(__NR_timer_create, CLOCK_MONOTONIC, NULL, &id);

	if (!r)
		SYSCALL(__NR_timer_delete, id);
	return r;
}

/* A PI lock, which the kernel takes for us; nobody waits who could be moved to it. */
static long do_lock_pi(void)
{
	static volatile uint32_t condition, lock;
	long r = SYSCALL(__NR_futex, &lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL);

	if (r)
		return r;
	r = SYSCALL(__NR_futex, &condition, FUTEX_CMP_REQUEUE_PI | FUTEX_PRIVATE_FLAG, 1, 1, &lock, 0);
	SYSCALL(__NR_futex, &lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG);
	return r;
}

static const struct {
	const char *name;
	long (*fn)(void);
	bool in_child;
} ops[] = {
	{ "fork", do_fork, false }, { "vfork", do_vfork, false }, { "exec", do_exec, true },
	{ "mmap", do_mmap, false }, { "mlock", do_mlock, false }, { "pipe", do_pipe, false }, { "fifo", do_fifo, false },
	{ "create", do_create, false },
	{ "perf event", do_perf, false }, { "perf ring", do_ring, false },
	{ "fork with events", do_inherit, false }, { "PI futex", do_lock_pi, false },
	{ "timer", do_timer, false },
};

int main(void)
{
	if (!arm(0)) {
		printf("1..0 # SKIP no failure injection in this kernel\n");
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		int failures = 0, good = 0, n, events[2] = { -1, -1 };
		bool honest = true;

		for (int k = 0; ops[i].fn == do_inherit && k < 2; k++)
			events[k] = open_event(PERF_ATTR_INHERIT, k - 1);

		for (n = 1; n < 400 && good < 8; n++) {
			bool worked;

			long r;
			int status;

			if (ops[i].in_child) {
				int pid = fork();

				if (!pid) {
					arm(n);
					r = ops[i].fn();
					_exit(r == -L_ENOMEM || r == -L_E2BIG || r == -L_EAGAIN ? 100 : 101);
				}
				waitpid(pid, &status, 0);
				/* Past the point of no return it dies, as Linux has it. */
				honest &= status == 0 || status == 100 << 8 || WIFSIGNALED(status);
				worked = status == 0;
			} else {
				arm(n);
				r = ops[i].fn();
				arm(0);
				unlink("/tmp/failnth");
				honest &= r >= 0 || r == -L_ENOMEM || r == -L_EAGAIN || r == -28;
				worked = r >= 0;
			}
			good = worked ? good + 1 : 0;
			failures += !worked;
		}
		for (int k = 0; k < 2; k++)
			if (events[k] >= 0)
				close(events[k]);
		ok(honest && failures > 0 && n < 400, "%s: %d allocations fail in turn, each undone", ops[i].name, failures);
	}
	return tap_done();
}
