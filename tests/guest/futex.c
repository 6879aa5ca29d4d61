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
	ok_is(futex(&word, FUTEX_WAIT_BITSET | 256 /* CLOCK_REALTIME */, 0, &ms, NULL, -1), -110,
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

int main(void)
{
	test_futex();
	test_ping_pong();
	test_robust();
	return tap_done();
}
