/* SPDX-License-Identifier: MIT */
/*
 * Bad pointers, in two ways. Every call with every argument a bad pointer: whatever it
 * answers, the kernel goes on. And every pointer that a call must read or write, bad in a
 * call that is sound otherwise: EFAULT. True of Linux too.
 */
#include "abi/futex.h"
#include "abi/time.h"
#include "tap.h"

static char *page;	/* zeroes; what follows is not mapped */
static int pipes[2], file, dir;
static char name[] = "/tmp/efault", link_name[] = "/tmp/efault.link";

/* Unmapped, at the end of user space, beyond it, the kernel's own, and the last of all. */
static const long bad[] = { 8, 0x3ffffffff8, 0x7ffffffffffffff8, (long)0xffffffd880000000, (long)0xffffffff80200000, -8 };

static void nothing(int sig)
{
	(void)sig;
}

/* A call that waits is woken: a signal comes every 10 ms. */
static void arm(void)
{
	static const long every[4] = { 0, 10000, 0, 10000 };	/* struct itimerval */
	sigmask_t none = 0;

	signal_set(SIGALRM, nothing, 0);
	SYSCALL(__NR_rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
	SYSCALL(__NR_setitimer, ITIMER_REAL, every, 0);
}

/* All of a call's arguments, one by one. In a child: it may end it, stop it, or take its memory away. */
static void sweep_call(int nr)
{
	int me = getpid();

	setsid();	/* kill(0, ...) is for itself */
	for (size_t b = 0; b <= ARRAY_LEN(bad); b++)
		for (int arg = 0; arg < 6; arg++) {
			/* The last one straddles the end of a mapping. */
			long a[6] = { 0, (long)page, 64, 0, 0, 0 }, value = b < ARRAY_LEN(bad) ? bad[b] : (long)page + 4090;

			a[arg] = value;
			arm();
			SYSCALL(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
			if (getpid() != me)
				_exit(0);	/* it was a fork */
		}
	_exit(0);
}

/* A call that is sound, and which of its arguments (bit n: argument n) are pointers that must be good. */
struct probe {
	int nr, pointers;
	long a[6];
};

#define P(n) (1 << (n))
#define PROBE(name, pointers, ...) { __NR_##name, pointers, { __VA_ARGS__ } }

static void run_probe(const struct probe *p)
{
	for (size_t b = 0; b < ARRAY_LEN(bad); b++)
		for (int arg = 0; arg < 6; arg++) {
			long a[6], r;

			if (!(p->pointers & P(arg)))
				continue;
			memcpy(a, p->a, sizeof(a));
			a[arg] = bad[b];
			r = SYSCALL(p->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
			if (r != -L_EFAULT) {
				printf("# call %d, argument %d = %lx: %ld\n", p->nr, arg, bad[b], r);
				fflush(stdout);
				_exit(1);
			}
		}
	_exit(0);
}

/* Pointers that a call only keeps, or uses when it has waited, or when there is a child or a timer (which a fork does not have). */
static const struct probe not_at_once[] = {
	PROBE(set_tid_address, P(0)), PROBE(set_robust_list, P(0)), PROBE(clone, P(2) | P(4)), PROBE(getcpu, P(2)),
	PROBE(nanosleep, P(1)), PROBE(clock_nanosleep, P(3)), PROBE(rt_sigtimedwait, P(1)), PROBE(wait4, P(1) | P(3)),
	PROBE(waitid, P(2) | P(4)), PROBE(timer_gettime, P(1)), PROBE(timer_settime, P(2) | P(3)),
};

static int probed(const struct probe *p, size_t n, int nr)
{
	int pointers = 0;

	for (size_t i = 0; i < n; i++)
		pointers |= p[i].nr == nr ? p[i].pointers : 0;
	return pointers;
}

/* Whoever adds a call adds a probe of it. */
static void test_complete(const struct probe *probes, size_t n)
{
#define __user
	static const struct {
		const char *name;
		int nr;
		char kinds[6];
	} calls[] = {
#define CALL(nr, name, ...) { #name, nr, { SYSCALL_ARGS(SYSCALL_KIND, SYSCALL_COMMA, 0, ##__VA_ARGS__) } },
#include "abi/syscalls.def"
	};
	int left_out = 0;

	for (size_t c = 0; c < ARRAY_LEN(calls); c++) {
		int done = probed(probes, n, calls[c].nr) | probed(not_at_once, ARRAY_LEN(not_at_once), calls[c].nr);

		for (int arg = 0; arg < 6; arg++)
			if (calls[c].kinds[arg] == 'p' && !(done & P(arg))) {
				printf("# %s: argument %d\n", calls[c].name, arg);
				left_out++;
			}
	}
	ok(!left_out, "no pointer of any call is left out");
}

static bool child_is_fine(int pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && !status;
}

static void test_probes(void)
{
	long B = (long)page, iov[2] = { 8, 8 }, argv[2] = { (long)"true", 0 }, one = 1;
	struct { uint64_t flags, rest[10]; } clone_args = { 0 };
	const struct probe probes[] = {
		PROBE(getcwd, P(0), B, 64), PROBE(chroot, P(0), B), PROBE(umount2, P(0), B),
		PROBE(mount, P(0) | P(1) | P(2) | P(4), (long)"none", (long)"/tmp", (long)"tmpfs", 0, 0),
		PROBE(mkdirat, P(1), AT_FDCWD, B), PROBE(unlinkat, P(1), AT_FDCWD, B),
		PROBE(mknodat, P(1), AT_FDCWD, B), PROBE(symlinkat, P(0) | P(2), (long)name, AT_FDCWD, (long)"/tmp/efault.x"),
		PROBE(linkat, P(1) | P(3), AT_FDCWD, (long)name, AT_FDCWD, (long)"/tmp/efault.x"),
		PROBE(renameat2, P(1) | P(3), AT_FDCWD, (long)name, AT_FDCWD, (long)"/tmp/efault.x"),
		PROBE(statfs, P(0) | P(1), (long)"/", B), PROBE(fstatfs, P(1), file, B), PROBE(truncate, P(0), B),
		PROBE(faccessat, P(1), AT_FDCWD, B), PROBE(faccessat2, P(1), AT_FDCWD, B), PROBE(chdir, P(0), B),
		PROBE(fchmodat, P(1), AT_FDCWD, B), PROBE(fchownat, P(1), AT_FDCWD, B), PROBE(openat, P(1), AT_FDCWD, B),
		PROBE(pipe2, P(0), B), PROBE(getdents64, P(1), dir, B, 1024), PROBE(read, P(1), file, B, 8),
		PROBE(write, P(1), pipes[1], B, 8), PROBE(readv, P(1), file, (long)iov, 1),
		PROBE(writev, P(1), pipes[1], (long)iov, 1), PROBE(pread64, P(1), file, B, 8),
		PROBE(pwrite64, P(1), file, B, 8), PROBE(ppoll, P(0) | P(2) | P(3), B, 1, B, B, 8),
		PROBE(pselect6, P(1) | P(2) | P(3) | P(4) | P(5), 1, B, B, B, B, B),
		PROBE(statx, P(1) | P(4), AT_FDCWD, (long)name, 0, 0, B),
		PROBE(readlinkat, P(1) | P(2), AT_FDCWD, (long)link_name, B, 64),
		PROBE(newfstatat, P(1) | P(2), AT_FDCWD, (long)name, B), PROBE(fstat, P(1), file, B),
		PROBE(utimensat, P(1) | P(2), AT_FDCWD, (long)name, B),
		PROBE(futex, P(0) | P(3), B, FUTEX_WAIT, 0, B), PROBE(futex, P(0) | P(4), B, FUTEX_WAKE_OP, 1, 1, B, 0),
		PROBE(futex, P(0) | P(3), B, FUTEX_WAIT_REQUEUE_PI, 0, B, B + 8),
		PROBE(futex, P(0), B, FUTEX_CMP_REQUEUE_PI, 1, 1, B + 8),
		PROBE(futex, P(0), B, FUTEX_LOCK_PI),
		PROBE(futex, P(0), B, FUTEX_CMP_REQUEUE, 1, 1, B + 8), PROBE(nanosleep, P(0), B), PROBE(clock_nanosleep, P(2), 1, 0, B),
		PROBE(timer_create, P(1), 1, B, B), PROBE(timer_create, P(2), 1, 0, B),
		PROBE(getitimer, P(1), 0, B), PROBE(setitimer, P(1) | P(2), 0, B, B), PROBE(clock_gettime, P(1), 1, B),
		PROBE(clock_getres, P(1), 1, B), PROBE(syslog, P(1), 3, B, 4096), PROBE(sched_setparam, P(1), 0, B),
		PROBE(sched_setscheduler, P(2), 0, 0, B), PROBE(sched_getparam, P(1), 0, B),
		PROBE(sched_setaffinity, P(2), 0, 8, B), PROBE(sched_getaffinity, P(2), 0, 128, B),
		PROBE(sched_rr_get_interval, P(1), 0, B), PROBE(sched_setattr, P(1), 0, B), PROBE(sched_getattr, P(1), 0, B, 48),
		PROBE(sigaltstack, P(0) | P(1), 0, 0), PROBE(rt_sigsuspend, P(0), B, 8),
		PROBE(rt_sigaction, P(1) | P(2), SIGUSR1, 0, 0, 8), PROBE(rt_sigprocmask, P(1) | P(2), SIG_BLOCK, 0, 0, 8),
		PROBE(get_robust_list, P(1) | P(2), 0, B, B), PROBE(getgroups, P(1), 1, B), PROBE(mincore, P(2), B, 4096, B),
		PROBE(rt_sigpending, P(0), B, 8), PROBE(rt_sigtimedwait, P(0) | P(2), B, 0, B, 8),
		PROBE(getresuid, P(0) | P(1) | P(2), B, B, B), PROBE(getresgid, P(0) | P(1) | P(2), B, B, B), PROBE(times, P(0), B),
		PROBE(setgroups, P(1), 1, (long)&one), PROBE(uname, P(0), B), PROBE(getrlimit, P(1), 7, B),
		PROBE(perf_event_open, P(0), B, 0, -1, -1, 0),
		PROBE(setrlimit, P(1), 7, B), PROBE(getrusage, P(1), 0, B), PROBE(prctl, P(1), PR_SET_NAME, B),
		PROBE(prctl, P(1), PR_GET_NAME, B), PROBE(getcpu, P(0) | P(1), B, B),
		PROBE(gettimeofday, P(0) | P(1), B, B), PROBE(sysinfo, P(0), B),
		PROBE(rt_sigqueueinfo, P(2), getpid(), SIGCHLD, B),
		PROBE(rt_tgsigqueueinfo, P(3), getpid(), getpid(), SIGCHLD, B),
		PROBE(execve, P(0) | P(1) | P(2), (long)"/bin/true", (long)argv, (long)environ),
		PROBE(prlimit64, P(2) | P(3), 0, 7, 0, 0), PROBE(getrandom, P(0), B, 8), PROBE(clone3, P(0), (long)&clone_args, 64),
	};
	int failed = 0, n = 0;

	SYSCALL(__NR_setgroups, 1, &one);
	for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
		int pid = fork();

		if (!pid)
			run_probe(&probes[i]);
		failed += !child_is_fine(pid);
		n += __builtin_popcount(probes[i].pointers);
	}
	test_complete(probes, ARRAY_LEN(probes));
	ok(!failed && n > 90, "%d pointers of sound calls: each, bad, is answered by EFAULT", n);
}

static void test_wait(void)
{
	bool good = true;

	for (size_t b = 0; b < ARRAY_LEN(bad); b++) {
		for (int which = 0; which < 3; which++) {
			int pid = fork();

			if (!pid)
				_exit(0);
			good &= (which == 0 ? SYSCALL(__NR_wait4, pid, bad[b], 0, 0) : which == 1 ?
				 SYSCALL(__NR_wait4, pid, 0, 0, bad[b]) :
				 SYSCALL(__NR_waitid, P_PID, pid, bad[b], WEXITED, 0)) == -L_EFAULT;
			good &= SYSCALL(__NR_wait4, pid, 0, 0, 0) == -L_ECHILD;
		}
	}
	ok(good, "the status of a dead child to a bad pointer: EFAULT, and it is reaped");
}

int main(void)
{
	static const int calls[] = {
#define CALL(nr, name, ...) nr,
#include "abi/syscalls.def"
	};
	long r;

	page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + 4096, 4096);
	/* Descriptor 0 is what most calls of the sweep are given. */
	close(0);
	open("/dev/null", O_RDWR);
	pipe(pipes);
	file = open(name, O_RDWR | O_CREAT, 0600);
	write(file, page, 64);
	lseek(file, 0, SEEK_SET);
	SYSCALL(__NR_symlinkat, name, AT_FDCWD, link_name);
	dir = open("/", O_RDONLY | O_DIRECTORY);
	fflush(stdout);
	for (size_t c = 0; c < ARRAY_LEN(calls); c++) {
		int pid = fork(), status;

		if (!pid)
			sweep_call(calls[c]);
		if (waitpid(pid, &status, 0) != pid)
				ok(false, "the child of call %d", calls[c]);
	}
	ok(true, "%d calls, every argument a bad pointer: the kernel goes on", (int)ARRAY_LEN(calls));
	test_probes();
	test_wait();
	r = SYSCALL(__NR_write, pipes[1], page + 4090, 20);
	ok(r == -L_EFAULT || r == 6, "a write across the end: EFAULT or what there was");
	unlink(name);
	unlink(link_name);
	return tap_done();
}
