/* SPDX-License-Identifier: MIT */
/* How threads and processes wait for each other: futexes that lend nobody's priority. True of Linux too. */
#include "tap.h"
#include "thread.h"

#define SPIN_UNTIL(c) do { } while (!(c))

static long futex(volatile int *word, int op, long val, const void *timeout, volatile int *word2, long val3)
{
	return SYSCALL(__NR_futex, word, op, val, timeout, word2, val3);
}

static volatile int word, other_word, woken;

static void waiter(void *arg)
{
	if (futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, arg ? (long)arg : -1) == 0)
		__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
}

/* Move all @n waiters from word to other_word: so they are known to wait. */
static void gather(int n)
{
	while (n > 0)
		n -= futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)100, &other_word, 0);
}

static void test_futex(void)
{
	struct timespec64 ms = { 0, 1000000 };
	long r;

	ok_is(futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0), -L_EAGAIN, "futex: another value: EAGAIN");
	ok_is(futex(&word, FUTEX_WAIT, 0, &ms, NULL, 0), -110, "futex: nobody wakes: ETIMEDOUT");
	ok_is(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &ms, NULL, -1), -110,
	      "futex: until 1970: ETIMEDOUT");
	ok_is(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0, "futex: nobody waits: 0");
	for (int i = 0; i < 3; i++)
		start(&threads[i], waiter, NULL);
	gather(3);
	ok_is(futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)1, &other_word, 9), -L_EAGAIN, "requeue: another value: EAGAIN");
	ok_is(futex(&word, FUTEX_WAKE, 9, NULL, NULL, 0), 0, "requeued: nobody waits at the first word");
	ok_is(futex(&other_word, FUTEX_WAKE, 1, NULL, NULL, 0), 1, "wake one of three: 1");
	SPIN_UNTIL(woken);
	nanosleep_ns(10000000);
	ok(woken == 1, "just one has woken");
	ok_is(futex(&other_word, FUTEX_WAKE, 9, NULL, NULL, 0), 2, "wake the rest: 2");
	for (int i = 0; i < 3; i++)
		join(&threads[i]);
	ok(woken == 3, "all have woken");
	start(&threads[0], waiter, (void *)2);
	gather(1);
	ok_is(futex(&other_word, FUTEX_CMP_REQUEUE, 0, (void *)0x7fffffff, &other_word, 0), 1, "requeue to where it is: 1, and soon");
	ok_is(futex(&other_word, FUTEX_WAKE_BITSET, 9, NULL, NULL, 4), 0, "wake with another bit: 0");
	ok_is(futex(&other_word, FUTEX_WAKE_BITSET, 9, NULL, NULL, 6), 1, "wake with its bit: 1");
	join(&threads[0]);
	r = futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0);
	ok_is(r, -L_EINVAL, "no bits: EINVAL");
}

static volatile int turn;

static void pong(void *arg)
{
	(void)arg;
	for (int i = 1; i < 4000; i += 2) {
		while (turn != i)
			futex(&turn, FUTEX_WAIT, i - 1, NULL, NULL, 0);
		turn = i + 1;
		futex(&turn, FUTEX_WAKE, 1, NULL, NULL, 0);
	}
}

static void test_ping_pong(void)
{
	start(&threads[0], pong, NULL);
	for (int i = 0; i < 4000; i += 2) {
		while (turn != i)
			futex(&turn, FUTEX_WAIT, i - 1, NULL, NULL, 0);
		turn = i + 1;
		futex(&turn, FUTEX_WAKE, 1, NULL, NULL, 0);
	}
	join(&threads[0]);
	ok(turn == 4000, "no wake-up is lost in 4000 turns");
}

static void die_with_lock(void *arg)
{
	(void)arg;
	robust_register(false);
	robust_lock.word = SYSCALL(__NR_gettid);
}

static void test_robust(void)
{
	long tid = start(&threads[0], die_with_lock, NULL);

	join(&threads[0]);
	ok((robust_lock.word & 0x40000000) && (robust_lock.word & 0x3fffffff) == 0 && tid > 0,
	   "a robust futex whose owner has died says so");
}

/* ---- Who is woken ---- */

static volatile int order[3], nr_order, ready;

static void wait_with_prio(void *arg)
{
	int prio = (long)arg;

	SYSCALL(__NR_sched_setscheduler, 0, SCHED_FIFO, &prio);
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
	order[__atomic_fetch_add(&nr_order, 1, __ATOMIC_SEQ_CST)] = prio;
}

static void test_order(void)
{
	static const long prios[] = { 12, 40, 25 };

	for (int i = 0; i < 3; i++) {
		start(&threads[i], wait_with_prio, (void *)prios[i]);
		SPIN_UNTIL(ready > i);
		until_asleep(&threads[i]);
	}
	for (int i = 0; i < 3; i++) {
		long n = futex(&word, FUTEX_WAKE, i == 1 ? 0 : 1, NULL, NULL, 0);

		ok_is(n, 1, i == 1 ? "wake none: wakes one" : "wake one");
		if (n != 1)
			futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0);
		SPIN_UNTIL(nr_order > i);
	}
	for (int i = 0; i < 3; i++)
		join(&threads[i]);
	ok(order[0] == 40 && order[1] == 25 && order[2] == 12, "real-time threads by priority: %d %d %d", order[0], order[1], order[2]);
}

/* ---- Change one word, wake at two ---- */

static void wait_at(void *arg)
{
	volatile int *w = arg;

	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	futex(w, FUTEX_WAIT, *w, NULL, NULL, 0);
}

static void test_wake_op(void)
{
	static volatile int a, b;
	static const struct {
		unsigned int what;
		int old, new;
		bool holds;
	} cases[] = {
		{ FUTEX_OP(FUTEX_OP_SET, 7, FUTEX_OP_CMP_EQ, 5), 5, 7, true },
		{ FUTEX_OP(FUTEX_OP_SET, -1, FUTEX_OP_CMP_EQ, 5), 6, -1, false },
		{ FUTEX_OP(FUTEX_OP_ADD, 10, FUTEX_OP_CMP_NE, 5), 6, 16, true },
		{ FUTEX_OP(FUTEX_OP_ADD, -2, FUTEX_OP_CMP_LT, -3), -4, -6, true },
		{ FUTEX_OP(FUTEX_OP_OR, 6, FUTEX_OP_CMP_LT, 0), 1, 7, false },
		{ FUTEX_OP(FUTEX_OP_ANDN, 6, FUTEX_OP_CMP_LE, 7), 7, 1, true },
		{ FUTEX_OP(FUTEX_OP_XOR, 5, FUTEX_OP_CMP_GT, 6), 6, 3, false },
		{ FUTEX_OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 31, FUTEX_OP_CMP_GE, -2048), -2048, (int)(0x80000000u | -2048u), true },
		{ FUTEX_OP(FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT, 4, FUTEX_OP_CMP_GE, 2047), 2046, 16, false },
	};

	for (unsigned int i = 0; i < ARRAY_LEN(cases); i++) {
		int n = 0, want = cases[i].holds ? 2 : 1;

		a = ready = 0;
		b = cases[i].old;
		start(&threads[0], wait_at, (void *)&a);
		start(&threads[1], wait_at, (void *)&b);
		SPIN_UNTIL(ready == 2);
		until_asleep(&threads[0]);
		until_asleep(&threads[1]);
		n = futex(&a, FUTEX_WAKE_OP, 5, (void *)5, &b, cases[i].what);
		ok(n == want && b == cases[i].new, "wake-op %08x: %d woken, %d is %d", cases[i].what, n, cases[i].old, b);
		futex(&a, FUTEX_WAKE, 5, NULL, NULL, 0);
		futex(&b, FUTEX_WAKE, 5, NULL, NULL, 0);
		join(&threads[0]);
		join(&threads[1]);
	}
	b = 1;
	ok_is(futex(&a, FUTEX_WAKE_OP, 1, (void *)1, (volatile int *)((char *)&b + 1), cases[0].what), -L_EINVAL, "not aligned: EINVAL");
	ok_is(futex((volatile int *)((char *)&a + 2), FUTEX_WAKE_OP, 1, (void *)1, &b, cases[0].what), -L_EINVAL, "nor the first");
	ok_is(futex(&a, FUTEX_WAKE_OP, 1, (void *)1, (volatile int *)8, cases[0].what), -L_EFAULT, "a bad second word: EFAULT");
	ok_is(futex(&a, FUTEX_WAKE_OP, 1, (void *)1, &b, FUTEX_OP(7, 0, 0, 0)), -L_ENOSYS, "no such operation: ENOSYS");
	ok_is(futex(&a, FUTEX_WAKE_OP, 1, (void *)1, &b, FUTEX_OP(FUTEX_OP_SET, 1, 9, 0)), -L_ENOSYS, "no such comparison: ENOSYS");
	ok(b == 1, "and nothing has changed");
	ok_is(futex(&a, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), -L_ENOSYS, "a clock for what does not wait: ENOSYS");
	ok_is(futex(&a, 99, 1, NULL, NULL, 0), -L_ENOSYS, "no such call: ENOSYS");
}

/* ---- Signals ---- */

static volatile int handled;

static void handler(int sig)
{
	handled = sig;
}

static volatile int *waiting;	/* shared */

/* A child waits with @timeout, and a handler with @flags. Return: its result, negated, after some signals; 1000: it waits on. */
static int after_signals(const struct timespec64 *timeout, int flags, int signals)
{
	int pid, status, ended = 0;

	*waiting = 0;
	pid = fork();

	if (!pid) {
		signal_set(SIGUSR1, handler, flags);
		*waiting = 1;
		_exit(-futex(&word, FUTEX_WAIT, 0, timeout, NULL, 0));
	}
	SPIN_UNTIL(*waiting);
	while (signals-- && !ended) {	/* the first may come before it waits */
		nanosleep_ns(30000000);
		kill(pid, SIGUSR1);
		nanosleep_ns(30000000);
		ended = waitpid(pid, &status, WNOHANG);
	}
	if (!ended) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static void test_signals(void)
{
	static const struct timespec64 minute = { 60, 0 }, short_time = { 0, 200000000 };
	int pid, status, n;

	waiting = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ok_is(after_signals(NULL, 0, 200), L_EINTR, "a handler: EINTR");
	ok_is(after_signals(NULL, SA_RESTART, 3), 1000, "SA_RESTART: it waits on");
	ok_is(after_signals(&minute, SA_RESTART, 200), L_EINTR, "but not with a time: EINTR");
	pid = fork();
	if (!pid)
		_exit(-futex(&word, FUTEX_WAIT, 0, &short_time, NULL, 0));
	for (n = 0; n < 400 && waitpid(pid, &status, WNOHANG) == 0; n++) {
		kill(pid, SIGSTOP);
		kill(pid, SIGCONT);
		nanosleep_ns(20000000);
	}
	if (n == 400) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	ok(n < 400 && WIFEXITED(status) && WEXITSTATUS(status) == 110, "its time runs on while it is stopped and continued: %d times", n);
}

int main(void)
{
	test_futex();
	test_ping_pong();
	test_robust();
	test_order();
	test_wake_op();
	test_signals();
	return tap_done();
}
