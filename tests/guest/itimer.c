/* SPDX-License-Identifier: MIT */
/* Interval timers, of real and of CPU time, and the limit of CPU time. True of Linux too. */
#include "tap.h"

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2
#define RLIMIT_CPU 0
#define MS 1000000UL

struct itimer {
	int64_t every_s, every_us, in_s, in_us;
};

static volatile int count[65];

static void note(int sig)
{
	count[sig]++;
}

static long set(int which, long every_us, long in_us, struct itimer *old)
{
	struct itimer t = { every_us / 1000000, every_us % 1000000, in_us / 1000000, in_us % 1000000 };

	return SYSCALL(__NR_setitimer, which, &t, old);
}

static struct itimer get(int which)
{
	struct itimer t = { -1, -1, -1, -1 };

	SYSCALL(__NR_getitimer, which, &t);
	return t;
}

static uint64_t cpu_time(void)
{
	uint64_t ts[2];

	SYSCALL(__NR_clock_gettime, 2 /* CLOCK_PROCESS_CPUTIME_ID */, ts);
	return ts[0] * 1000000000 + ts[1];
}

/* Use @ns of CPU time, in the kernel if @calls. */
static void burn(uint64_t ns, bool calls)
{
	for (uint64_t end = cpu_time() + ns; cpu_time() < end; )
		for (int i = 0; i < 100; i++)
			if (calls)
				SYSCALL(__NR_getdents64, -1, NULL, 0);
			else
				for (volatile int k = 0; k < 2000; k++)
					;
}

static void test_errors(void)
{
	struct itimer t = { 0, 0, 0, 1000000 };

	ok_is(SYSCALL(__NR_setitimer, 3, &t, NULL), -L_EINVAL, "no fourth timer: EINVAL");
	ok_is(SYSCALL(__NR_getitimer, 3, &t), -L_EINVAL, "nor to read: EINVAL");
	ok_is(SYSCALL(__NR_setitimer, ITIMER_PROF, &t, NULL), -L_EINVAL, "a million us: EINVAL");
	t = (struct itimer){ -1, 0, 0, 0 };
	ok_is(SYSCALL(__NR_setitimer, ITIMER_VIRTUAL, &t, NULL), -L_EINVAL, "a negative time: EINVAL");
}

static void test_real(void)
{
	struct itimer t;
	uint64_t end;
	int n;

	ok_is(set(ITIMER_REAL, 7000000, 5000000, NULL), 0, "in 5 s, then each 7");
	t = get(ITIMER_REAL);
	ok(t.every_s == 7 && t.every_us == 0 && t.in_s == 4 && t.in_us < 1000000, "it tells so");
	ok(set(ITIMER_REAL, 0, 0, &t) == 0 && t.every_s == 7 && t.in_s == 4, "when it is taken away, too");
	t = get(ITIMER_REAL);
	ok(!t.every_s && !t.every_us && !t.in_s && !t.in_us, "and is gone");
	set(ITIMER_REAL, 1, 1, NULL);
	for (end = monotonic_ns() + 300 * MS; monotonic_ns() < end; )
		;
	set(ITIMER_REAL, 0, 0, NULL);
	n = count[SIGALRM];
	ok(n > 10, "each us: the program goes on, with %d signals in 300 ms", n);
	nanosleep_ns(20 * MS);
	ok(count[SIGALRM] - n <= 1, "then no more");
	count[SIGALRM] = 0;
	set(ITIMER_REAL, 20000, 20000, NULL);
	for (int i = 0; i < 500 && count[SIGALRM] < 5; i++)
		nanosleep_ns(100 * MS);		/* until the next */
	ok(count[SIGALRM] >= 5, "each 20 ms: it comes again and again");
	set(ITIMER_REAL, 0, 0, NULL);
}

static void test_cpu(int which, int sig, bool calls, const char *name)
{
	struct itimer t;
	int n;

	count[sig] = 0;
	ok_is(set(which, 50000, 100000, NULL), 0, name);
	nanosleep_ns(250 * MS);
	ok_is(count[sig], 0, "does not run while we sleep");
	t = get(which);
	ok(t.every_us == 50000 && !t.in_s && t.in_us > 30000 && t.in_us <= 110000, "is still to come: %ld us", (long)t.in_us);
	burn(400 * MS, calls);
	n = count[sig];
	ok(n >= 2 && n <= 9, "400 ms of CPU time: %d times", n);
	t = get(which);
	ok(t.every_us == 50000 && t.in_us > 0 && t.in_us <= 60000, "and the next in %ld us", (long)t.in_us);
	ok(set(which, 0, 0, &t) == 0 && t.every_us == 50000, "is taken away");
	n = count[sig];
	burn(150 * MS, calls);
	ok_is(count[sig], n, "then no more");
	set(which, 0, 10000, NULL);
	burn(150 * MS, calls);
	ok_is(count[sig], n + 1, "without an interval: once");
}

static void child_has_none(void)
{
	struct itimer r = get(ITIMER_REAL), p = get(ITIMER_PROF);

	_exit(r.in_s || r.in_us || p.in_s || p.in_us || p.every_us);
}

static long limit(uint64_t soft, uint64_t hard)
{
	uint64_t l[2] = { soft, hard };

	return SYSCALL(__NR_prlimit64, 0, RLIMIT_CPU, l, NULL);
}

static int spender(uint64_t soft, uint64_t hard, bool handle)
{
	int pid = fork();

	if (pid)
		return pid;
	if (handle)
		signal_set(SIGXCPU, note, 0);
	if (limit(soft, hard))
		_exit(1);
	for (int i = 0; i < 100; i++) {
		burn(50 * MS, false);
		if (handle && count[SIGXCPU] == 1 && cpu_time() > 4000 * MS)
			_exit(2);
	}
	_exit(count[SIGXCPU]);
}

static void test_limit(void)
{
	int dies = spender(1, 5, false), handles = spender(1, 3, true), zero = spender(0, 5, false), status;
	uint64_t l[2];

	waitpid(dies, &status, 0);
	ok_is(status & 0x7f, SIGXCPU, "after a second of CPU time, the soft limit: SIGXCPU");
	waitpid(zero, &status, 0);
	ok_is(status & 0x7f, SIGXCPU, "a limit of 0 is one of a second");
	waitpid(handles, &status, 0);
	ok_is(status & 0x7f, SIGKILL, "with a handler it lives until the hard limit: SIGKILL");
	SYSCALL(__NR_prlimit64, 0, RLIMIT_CPU, NULL, l);
	ok(l[0] == ~0UL && l[1] == ~0UL, "we have no limit");
}

int main(void)
{
	signal_set(SIGALRM, note, 0);
	signal_set(SIGVTALRM, note, 0);
	signal_set(SIGPROF, note, 0);
	test_errors();
	test_real();
	test_cpu(ITIMER_VIRTUAL, SIGVTALRM, false, "ITIMER_VIRTUAL: in 100 ms, then each 50");
	test_cpu(ITIMER_PROF, SIGPROF, true, "ITIMER_PROF: in 100 ms, then each 50");
	set(ITIMER_REAL, 0, 5000000, NULL);
	set(ITIMER_PROF, 1000, 5000000, NULL);
	ok_is(in_child(child_has_none), 0, "a child has none");
	ok(get(ITIMER_REAL).in_s >= 3 && get(ITIMER_PROF).in_s >= 4, "we have them still");
	set(ITIMER_REAL, 0, 0, NULL);
	set(ITIMER_PROF, 0, 0, NULL);
	test_limit();
	return tap_done();
}
