/* SPDX-License-Identifier: MIT */
/* Interval timers, of real and of CPU time, the limit of CPU time, and POSIX timers. True of Linux too. */
#include "tap.h"
#include "thread.h"

#include "abi/time.h"

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

	SYSCALL(__NR_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, ts);
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

/* A real-time task that may not run for more than 200 ms, or a second, without sleeping. */
static int rt_spender(bool sleeps)
{
	uint64_t l[2] = { 200000, 1000000 };
	int pid = fork(), prio = 1;

	if (pid)
		return pid;
	signal_set(SIGXCPU, note, 0);
	if (SYSCALL(__NR_prlimit64, 0, RLIMIT_RTTIME, l, NULL) || SYSCALL(__NR_sched_setscheduler, 0, SCHED_FIFO, &prio))
		_exit(100);
	for (uint64_t end = cpu_time() + 400 * MS; !sleeps || cpu_time() < end; ) {
		if (count[SIGXCPU] && cpu_time() > 5000 * MS)
			_exit(101);
		burn(20 * MS, false);
		if (sleeps)
			nanosleep_ns(MS);
	}
	_exit(count[SIGXCPU]);
}

static void test_rt_limit(void)
{
	int status;

	waitpid(rt_spender(true), &status, 0);
	ok_is(status, 0, "a real-time task that sleeps from time to time keeps its limit");
	waitpid(rt_spender(false), &status, 0);
	ok_is(status & 0x7f, SIGKILL, "one that does not sleep is killed");
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

/* ---- POSIX timers ---- */

#define L_EOPNOTSUPP 95
#define RT 40

struct timer_spec {
	int64_t every_s, every_ns, in_s, in_ns;
};

static long make(int clock, int notify, int signo, int tid, int *id)
{
	struct k_sigevent e = { .value = 0x123456789abcUL, .signo = signo, .notify = notify, .tid = tid };

	return SYSCALL(__NR_timer_create, clock, &e, id);
}

static long arm(int id, uint64_t every_ns, uint64_t in_ns, bool absolute)
{
	struct timer_spec t = { every_ns / 1000000000, every_ns % 1000000000, in_ns / 1000000000, in_ns % 1000000000 };

	return SYSCALL(__NR_timer_settime, id, absolute, &t, NULL);
}

static struct timer_spec left(int id)
{
	struct timer_spec t = { -1, -1, -1, -1 };

	SYSCALL(__NR_timer_gettime, id, &t);
	return t;
}

/* Wait for @sig, 10 s at most. */
static long take(int sig, struct k_siginfo *info)
{
	static const struct timespec64 long_time = { 10, 0 };
	sigmask_t set = SIGMASK(sig);

	return SYSCALL(__NR_rt_sigtimedwait, &set, info, &long_time, 8);
}

static bool comes(int sig)
{
	static const struct timespec64 short_time = { 0, 50000000 };
	sigmask_t set = SIGMASK(sig);

	return SYSCALL(__NR_rt_sigtimedwait, &set, NULL, &short_time, 8) == sig;
}

static void test_posix_errors(void)
{
	struct timer_spec bad = { 0, 0, 0, 1000000000 };
	int id = -1;

	ok_is(make(99, 0, RT, 0, &id), -L_EINVAL, "no such clock: EINVAL");
	ok_is(make(CLOCK_MONOTONIC_RAW, 0, RT, 0, &id), -L_EOPNOTSUPP, "a clock without timers: EOPNOTSUPP");
	ok_is(make(CLOCK_MONOTONIC, 9, RT, 0, &id), -L_EINVAL, "no such way to tell: EINVAL");
	ok_is(make(CLOCK_MONOTONIC, 0, 65, 0, &id), -L_EINVAL, "no such signal: EINVAL");
	ok_is(make(CLOCK_MONOTONIC, SIGEV_THREAD_ID, RT, 1, &id), -L_EINVAL, "another's thread: EINVAL");
	ok_is(SYSCALL(__NR_timer_create, CLOCK_MONOTONIC, NULL, 8), -L_EFAULT, "nowhere to tell the id: EFAULT");
	ok(make(CLOCK_MONOTONIC, 0, RT, 0, &id) == 0 && id >= 0, "a timer");
	ok_is(SYSCALL(__NR_timer_settime, id, 0, NULL, NULL), -L_EINVAL, "set to nothing: EINVAL");
	ok_is(SYSCALL(__NR_timer_settime, id, 0, &bad, NULL), -L_EINVAL, "a billion ns: EINVAL");
	ok_is(SYSCALL(__NR_timer_settime, id, 0, 8, NULL), -L_EFAULT, "a bad pointer: EFAULT");
	ok_is(SYSCALL(__NR_timer_gettime, id, 8), -L_EFAULT, "nowhere to tell the time: EFAULT");
	ok_is(arm(id + 1, 0, 1, false), -L_EINVAL, "no such timer: EINVAL");
	ok_is(SYSCALL(__NR_timer_delete, id), 0, "taken away");
	ok(SYSCALL(__NR_timer_delete, id) == -L_EINVAL && SYSCALL(__NR_timer_getoverrun, id) == -L_EINVAL &&
	   SYSCALL(__NR_timer_gettime, id, &bad) == -L_EINVAL, "and is not there any more: EINVAL");
}

static int kept;

static void has_no_timer(void)
{
	struct timer_spec t;

	_exit(SYSCALL(__NR_timer_gettime, kept, &t) != -L_EINVAL);
}

static void few_timers(void)
{
	uint64_t l[2] = { 5, 5 };
	int id, n = 0;

	SYSCALL(__NR_prlimit64, 0, RLIMIT_SIGPENDING, l, NULL);
	while (n < 100 && !make(CLOCK_MONOTONIC, 0, RT, 0, &id))	/* Linux counts those of a user */
		n++;
	_exit(n < 4 || n > 5 || make(CLOCK_MONOTONIC, 0, RT, 0, &id) != -L_EAGAIN);
}

static void test_posix(void)
{
	struct k_siginfo info = { 0 };
	struct timer_spec t, old;
	uint64_t now, end, ts[2];
	int id, none, n;

	sigprocmask_set(SIG_BLOCK, SIGMASK(RT) | SIGMASK(SIGALRM), NULL);
	ok_is(SYSCALL(__NR_timer_create, CLOCK_REALTIME, NULL, &id), 0, "without an event");
	ok(arm(id, 0, 1000000, false) == 0 && take(SIGALRM, &info) == SIGALRM && info.si_code == -2 && info.timer.tid == id &&
	   (int)info.timer.value == id && info.timer.overrun == 0, "SIGALRM, with the timer's id");
	t = left(id);
	ok(!t.in_s && !t.in_ns && !t.every_s && !t.every_ns && !comes(SIGALRM), "once");
	SYSCALL(__NR_timer_delete, id);

	ok_is(make(CLOCK_MONOTONIC, 0, RT, 0, &id), 0, "a timer with a signal of its own");
	arm(id, 7000000000, 5000000000, false);
	t = left(id);
	ok(t.every_s == 7 && t.in_s == 4 && t.in_ns > 0, "in 5 s, then each 7");
	t = (struct timer_spec){ 0, 1000000, 0, 1000000 };
	ok(SYSCALL(__NR_timer_settime, id, 0, &t, &old) == 0 && old.every_s == 7 && old.in_s == 4, "when it is set anew that is told");
	nanosleep_ns(100 * MS);
	ok(take(RT, &info) == RT && info.si_code == -2 && info.timer.tid == id && info.timer.value == 0x123456789abcUL &&
	   info.timer.seq == 0, "each ms: its signal, and what was to be told");
	n = info.timer.overrun;
	ok(n >= 90, "after 100 ms it tells of the others: %d", n);
	ok_is(SYSCALL(__NR_timer_getoverrun, id), n, "as timer_getoverrun() does");
	t = left(id);
	ok(t.every_ns == 1000000 && t.in_ns > 0 && t.in_ns <= 1000000 && take(RT, &info) == RT, "and goes on");
	ok(arm(id, 0, 0, false) == 0 && (comes(RT) || true) && !comes(RT), "until it is stopped");
	now = monotonic_ns();
	ok(arm(id, 0, now + 30000000, true) == 0 && take(RT, &info) == RT && monotonic_ns() >= now + 30000000, "at a time");
	ok(arm(id, 0, 1, true) == 0 && take(RT, &info) == RT, "a time that is over: at once");
	arm(id, 0, 1, false);
	nanosleep_ns(10 * MS);
	arm(id, 0, 60000000000, false);
	ok(comes(RT) && left(id).in_s >= 58, "a signal of before does not disturb what is set since");
	SYSCALL(__NR_timer_delete, id);

	make(CLOCK_REALTIME, SIGEV_THREAD_ID, RT, SYSCALL(__NR_gettid), &id);
	SYSCALL(__NR_clock_gettime, CLOCK_REALTIME, ts);
	now = ts[0] * 1000000000 + ts[1];
	ok(arm(id, 0, now + 20000000, true) == 0 && take(RT, &info) == RT, "for a thread, by the wall clock");
	SYSCALL(__NR_timer_delete, id);

	make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0, &none);
	arm(none, 20000000, 50000000, false);
	t = left(none);
	ok(t.in_ns > 20000000 && t.in_ns <= 50000000, "one that tells nobody");
	nanosleep_ns(60 * MS);
	t = left(none);
	ok(t.in_ns > 0 && t.in_ns <= 20000000 && !comes(SIGALRM), "can be read");
	SYSCALL(__NR_timer_delete, none);

	signal_set(RT, note, 0);
	sigprocmask_set(SIG_UNBLOCK, SIGMASK(RT) | SIGMASK(SIGALRM), NULL);
	count[RT] = 0;
	make(CLOCK_MONOTONIC, 0, RT, 0, &kept);
	arm(kept, 1, 1, false);
	for (end = monotonic_ns() + 200 * MS; monotonic_ns() < end; )
		;
	ok(count[RT] > 10, "each ns: the program goes on");
	signal_set(RT, (handler_t)SIG_IGN, 0);
	for (end = monotonic_ns() + 100 * MS; monotonic_ns() < end; )
		;
	ok(true, "ignored, too");
	arm(kept, 0, 0, false);
	ok_is(in_child(has_no_timer), 0, "a child has none");
	ok_is(in_child(few_timers), 0, "RLIMIT_SIGPENDING timers, no more: EAGAIN");
}

static volatile int going;

/* Make timers, set them, read them, and take away one's own and others'. */
static void play(void *arg)
{
	uint64_t seed = (long)arg * 2654435761u + 1;

	while (going) {
		int id = 0, tid = SYSCALL(__NR_gettid);

		seed = seed * 6364136223846793005 + 1442695040888963407;
		make(CLOCK_MONOTONIC, seed >> 40 & 1 ? SIGEV_THREAD_ID : 0, RT, tid, &id);
		arm(id, seed >> 45 & 65535, 1 + (seed >> 50 & 4095), false);
		left(id);
		SYSCALL(__NR_timer_getoverrun, id);
		if (seed >> 60 & 1)
			SYSCALL(__NR_sched_yield);
		arm(id - 3, 1000, 1, false);
		SYSCALL(__NR_timer_delete, seed >> 61 & 1 ? id : id - 5);
	}
}

static void test_storm(void)
{
	int id, n = 0;

	signal_set(RT, note, 0);
	count[RT] = 0;
	going = 1;
	for (long i = 0; i < 6; i++)
		start(&threads[i], play, (void *)i);
	for (uint64_t end = monotonic_ns() + 400 * MS; monotonic_ns() < end; )
		nanosleep_ns(MS);
	going = 0;
	for (int i = 0; i < 6; i++)
		join(&threads[i]);
	make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0, &id);
	for (int i = 0; i <= id; i++)
		n += SYSCALL(__NR_timer_delete, i) == 0;
	ok(count[RT] > 0 && id > 5 && n > 0, "six threads and %d timers, %d of them left", id, n);
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
	test_rt_limit();
	test_posix_errors();
	test_posix();
	test_storm();
	return tap_done();
}
