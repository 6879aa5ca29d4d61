/* SPDX-License-Identifier: MIT */
/*
 * Priority inheritance over futexes. Three threads on one hart: the lowest has the
 * lock, the highest wants it, the one between never sleeps. True of Linux too.
 */
#include "tap.h"
#include "thread.h"

#include "abi/time.h"

#define L_EDEADLK 35
#define L_ETIMEDOUT 110

static volatile uint32_t locks[4];
#define lock (locks[0])

static long pi(volatile uint32_t *word, int op, const void *timeout)
{
	return SYSCALL(__NR_futex, word, op | 128, 0, timeout, 0, 0);
}

/* As a C library does: the word alone when the lock is free, the kernel when it is not. */
static long take(volatile uint32_t *word)
{
	uint32_t free = 0;

	if (__atomic_compare_exchange_n(word, &free, (uint32_t)SYSCALL(__NR_gettid), 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return 0;
	return pi(word, FUTEX_LOCK_PI, NULL);
}

static long give(volatile uint32_t *word)
{
	uint32_t mine = SYSCALL(__NR_gettid);

	if (__atomic_compare_exchange_n(word, &mine, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return 0;
	return pi(word, FUTEX_UNLOCK_PI, NULL);
}

static void pin(int cpu)
{
	uint64_t mask = 1UL << cpu;

	SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), &mask);
}

/* 50 ms of each 100. */
static long deadline(void)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = { 48, SCHED_DEADLINE, 0, 0, 0, 50000000, 100000000, 100000000 };

	return SYSCALL(__NR_sched_setattr, 0, &attr, 0);
}

static long fifo(int prio)
{
	return SYSCALL(__NR_sched_setscheduler, 0, SCHED_FIFO, &prio);
}

static volatile int stage, order[8], nr_order, high_has;

static void note(int who)
{
	order[__atomic_fetch_add(&nr_order, 1, __ATOMIC_SEQ_CST)] = who;
}

static void wait_stage(int s)
{
	static const struct timespec64 ms = { 0, 1000000 };

	while (stage < s)
		SYSCALL(__NR_nanosleep, &ms, NULL);
}

static void burn(int ms)
{
	uint64_t ts[2], start, now;

	SYSCALL(__NR_clock_gettime, CLOCK_MONOTONIC, ts);
	start = ts[0] * 1000 + ts[1] / 1000000;
	do {
		SYSCALL(__NR_clock_gettime, CLOCK_MONOTONIC, ts);
		now = ts[0] * 1000 + ts[1] / 1000000;
	} while (now < start + ms);
}

/* ---- Inversion ---- */

static void low(void *arg)
{
	(void)arg;
	pin(0);
	fifo(10);
	take(&lock);
	stage = 1;
	wait_stage(2);
	burn(30);	/* on loan: the one between wants the hart all the time */
	note(1);
	give(&lock);
}

static void between(void *arg)
{
	(void)arg;
	pin(0);
	fifo(20);
	wait_stage(2);
	burn(300);
	note(2);
}

static void high(void *arg)
{
	if (arg) {
		deadline();	/* which may not be pinned */
	} else {
		pin(0);
		fifo(30);
	}
	wait_stage(1);
	stage = 2;
	if (take(&lock) == 0) {
		note(3);
		high_has = lock & 0x3fffffff;
		give(&lock);
	}
}

static void test_inversion(bool deadline)
{
	long tid;

	stage = nr_order = 0;
	start(&threads[0], low, NULL);
	start(&threads[1], between, NULL);
	tid = start(&threads[2], high, (void *)(long)deadline);
	for (int i = 0; i < 3; i++)
		join(&threads[i]);
	ok(nr_order == 3 && order[0] == 1 && order[1] == 3 && order[2] == 2,
	   "the owner runs with the waiter's %s: %d %d %d", deadline ? "deadline" : "priority", order[0], order[1], order[2]);
	ok(high_has == tid && lock == 0, "the lock was handed over, and is free");
}

/* Low has a; middle has b and waits for a; high waits for b: low runs for high. */
static void chain_low(void *arg)
{
	(void)arg;
	pin(0);
	fifo(10);
	take(&locks[1]);
	stage = 1;
	wait_stage(3);
	burn(30);
	note(1);
	give(&locks[1]);
}

static void chain_middle(void *arg)
{
	(void)arg;
	pin(0);
	fifo(15);
	wait_stage(1);
	take(&locks[2]);
	stage = 2;
	take(&locks[1]);
	note(2);
	give(&locks[1]);
	give(&locks[2]);
}

static void chain_high(void *arg)
{
	(void)arg;
	pin(0);
	fifo(30);
	wait_stage(2);
	stage = 3;
	take(&locks[2]);
	note(3);
	give(&locks[2]);
}

static void chain_between(void *arg)
{
	(void)arg;
	pin(0);
	fifo(20);
	wait_stage(3);
	burn(300);
	note(4);
}

static void test_chain(void)
{
	stage = nr_order = 0;
	start(&threads[0], chain_low, NULL);
	start(&threads[1], chain_middle, NULL);
	start(&threads[2], chain_between, NULL);
	start(&threads[3], chain_high, NULL);
	for (int i = 0; i < 4; i++)
		join(&threads[i]);
	ok(nr_order == 4 && order[0] == 1 && order[1] == 2 && order[2] == 3 && order[3] == 4,
	   "so does whom the owner waits for: %d %d %d %d", order[0], order[1], order[2], order[3]);
	ok(!locks[1] && !locks[2], "both locks are free");
}

/* ---- Order, errors, ends ---- */

static volatile int ready;

static void wait_with_prio(void *arg)
{
	fifo((long)arg);
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	take(&lock);
	note((long)arg);
	give(&lock);
}

static void test_order(void)
{
	static const long prios[] = { 12, 40, 25, 31 };

	nr_order = ready = 0;
	take(&lock);
	for (int i = 0; i < 4; i++) {
		start(&threads[i], wait_with_prio, (void *)prios[i]);
		while (ready <= i)
			nanosleep_ns(1000000);
		until_asleep(&threads[i]);
	}
	give(&lock);
	for (int i = 0; i < 4; i++)
		join(&threads[i]);
	ok(order[0] == 40 && order[1] == 31 && order[2] == 25 && order[3] == 12, "the highest priority first: %d %d %d %d", order[0],
	   order[1], order[2], order[3]);
}

static volatile long result;

static void try_other(void *arg)
{
	struct timespec64 past = { 1, 0 };

	(void)arg;
	result = pi(&lock, FUTEX_TRYLOCK_PI, NULL) == -L_EAGAIN && pi(&lock, FUTEX_UNLOCK_PI, NULL) == -L_EPERM &&
		 pi(&lock, FUTEX_LOCK_PI, &past) == -L_ETIMEDOUT && pi(&lock, FUTEX_LOCK_PI2, &past) == -L_ETIMEDOUT;
}

static void cross(void *arg)
{
	(void)arg;
	take(&locks[2]);
	stage = 1;
	take(&locks[1]);	/* main has it */
	give(&locks[1]);
	give(&locks[2]);
}

static void test_errors(void)
{
	take(&lock);
	ok_is(pi(&lock, FUTEX_LOCK_PI, NULL), -L_EDEADLK, "our own lock: EDEADLK");
	start(&threads[0], try_other, NULL);
	join(&threads[0]);
	ok(result, "another's: EAGAIN to try, EPERM to unlock, ETIMEDOUT to wait");
	ok_is(give(&lock), 0, "unlocked");
	ok_is(lock, 0, "the bit of a waiter that gave up goes");
	ok_is(pi(&lock, FUTEX_UNLOCK_PI, NULL), -L_EPERM, "nobody's: EPERM");
	ok_is(pi(&lock, FUTEX_TRYLOCK_PI, NULL), 0, "free: the kernel takes it for us");
	ok_is(give(&lock), 0, "and it is ours");
	lock = 0x3ffffff0;
	ok_is(pi(&lock, FUTEX_LOCK_PI, NULL), -L_ESRCH, "an owner that does not exist: ESRCH");
	lock = 0;
	ok_is(pi((volatile uint32_t *)((char *)locks + 1), FUTEX_LOCK_PI, NULL), -L_EINVAL, "not aligned: EINVAL");
	ok_is(pi((volatile uint32_t *)8, FUTEX_LOCK_PI, NULL), -L_EFAULT, "a bad address: EFAULT");
	stage = 0;
	take(&locks[1]);
	start(&threads[0], cross, NULL);
	while (stage < 1)
		nanosleep_ns(1000000);
	while (!(locks[1] & FUTEX_WAITERS))
		nanosleep_ns(1000000);
	ok_is(take(&locks[2]), -L_EDEADLK, "a circle of two: EDEADLK");
	give(&locks[1]);
	join(&threads[0]);
	ok(!locks[1] && !locks[2], "and it is undone");
}

static void die_with_lock(void *arg)
{
	(void)arg;
	robust_register(true);
	take(&robust_lock.word);
	stage = 1;
	while (!(robust_lock.word & FUTEX_WAITERS))
		;
}

static void test_death(void)
{
	stage = 0;
	start(&threads[0], die_with_lock, NULL);
	while (stage < 1)
		nanosleep_ns(1000000);
	ok_is(take(&robust_lock.word), 0, "an owner dies: the waiter has the lock");
	ok(robust_lock.word & FUTEX_OWNER_DIED, "and is told");
	join(&threads[0]);
	robust_lock.word &= ~FUTEX_OWNER_DIED;
	ok_is(give(&robust_lock.word), 0, "which it can unlock");
}

static volatile int together;

static void hammer(void *arg)
{
	for (int i = 0; i < 300; i++) {
		if (take(&lock))
			__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
		if (++together != 1)
			__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
		if (i % 8 == (long)arg)
			SYSCALL(__NR_sched_yield);
		together--;
		if (give(&lock))
			__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
	}
}

static void test_storm(void)
{
	result = 0;
	for (long i = 0; i < 8; i++)
		start(&threads[i], hammer, (void *)i);
	for (int i = 0; i < 8; i++)
		join(&threads[i]);
	ok(!result && !lock, "one at a time has it, in 2400 turns of eight threads");
}

/* ---- From a condition to its lock ---- */

static volatile uint32_t condition;

static long wait_requeue(uint32_t seen, volatile uint32_t *to, const void *timeout)
{
	return SYSCALL(__NR_futex, &condition, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG, seen, timeout, to, 0);
}

static long requeue(long wake, long more, volatile uint32_t *to, uint32_t seen)
{
	return SYSCALL(__NR_futex, &condition, FUTEX_CMP_REQUEUE_PI | FUTEX_PRIVATE_FLAG, wake, more, to, seen);
}

static volatile int returned[4];
static volatile long got[4];

static void wait_for_condition(void *arg)
{
	long i = (long)arg;

	fifo(10 + i * 10);
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	got[i] = wait_requeue(condition, &lock, NULL);
	if (!got[i] && (lock & FUTEX_TID_MASK) != (uint32_t)SYSCALL(__NR_gettid))
		got[i] = 1000;
	note(i);
	returned[i] = true;
	if (got[i] == 0)
		give(&lock);
}

/* @n threads wait, each with more priority than the one before. */
static void gather(int n)
{
	nr_order = ready = 0;
	for (long i = 0; i < n; i++) {
		returned[i] = false;
		start(&threads[i], wait_for_condition, (void *)i);
		while (ready <= i)
			nanosleep_ns(1000000);
		until_asleep(&threads[i]);
	}
}

static void ask_wrongly(void *arg)
{
	struct timespec64 past = { 1, 0 };

	(void)arg;
	got[0] = wait_requeue(0, &condition, NULL);
	got[1] = wait_requeue(1, &lock, NULL);
	got[2] = wait_requeue(0, &lock, &past);
	got[3] = SYSCALL(__NR_futex, &condition, FUTEX_WAIT_REQUEUE_PI | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 0, &past, &lock, 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void plain_wait(void *arg)
{
	(void)arg;
	ready = 1;
	SYSCALL(__NR_futex, &condition, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL);
}

static void wait_a_while(void *arg)
{
	uint64_t ts[2];

	(void)arg;
	SYSCALL(__NR_clock_gettime, CLOCK_MONOTONIC, ts);
	ts[1] += 150000000;
	ts[0] += ts[1] / 1000000000;
	ts[1] %= 1000000000;
	ready = 1;
	got[0] = wait_requeue(0, &lock, ts);
}

static void test_requeue(void)
{
	start(&threads[0], ask_wrongly, NULL);
	join(&threads[0]);
	ok_is(got[0], -L_EINVAL, "wait, to be moved to the same word: EINVAL");
	ok_is(got[1], -L_EAGAIN, "another value: EAGAIN");
	ok(got[2] == -L_ETIMEDOUT && got[3] == -L_ETIMEDOUT, "until 1970: ETIMEDOUT");
	ok_is(requeue(2, 1, &lock, 0), -L_EINVAL, "requeue and wake two: EINVAL");
	ok_is(requeue(1, 1, &condition, 0), -L_EINVAL, "to the same word: EINVAL");
	ok_is(requeue(1, -1, &lock, 0), -L_EINVAL, "a negative number: EINVAL");
	ok_is(requeue(1, 1, &lock, 1), -L_EAGAIN, "another value: EAGAIN");
	ok_is(requeue(1, 1, &lock, 0), 0, "nobody waits: 0");

	gather(1);
	ok_is(SYSCALL(__NR_futex, &condition, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), -L_EINVAL, "simply to wake such a waiter: EINVAL");
	ok_is(SYSCALL(__NR_futex, &condition, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 0, 1, &locks[1], 0), -L_EINVAL, "or move: EINVAL");
	ok_is(requeue(1, 1, &locks[1], 0), -L_EINVAL, "to another lock than it named: EINVAL");
	ok(!returned[0], "and it waits");
	ok_is(requeue(1, 10, &lock, 0), 1, "the lock is free: 1");
	join(&threads[0]);
	ok(returned[0] && got[0] == 0 && !lock, "the waiter has it");

	gather(4);
	ok_is(requeue(1, 2, &lock, 0), 3, "the lock is free, one and two more: 3");
	for (int i = 1; i < 4; i++)
		join(&threads[i]);
	ok(order[0] == 3 && order[1] == 2 && order[2] == 1 && !returned[0] && !lock,
	   "the highest priorities, one after the other: %d %d %d", order[0], order[1], order[2]);
	ok_is(requeue(1, 0, &lock, 0), 1, "the last one");
	join(&threads[0]);

	take(&lock);
	gather(3);
	ok_is(requeue(1, 10, &lock, 0), 3, "the lock is ours: 3");
	nanosleep_ns(20000000);
	ok(!returned[0] && !returned[1] && !returned[2] && lock == ((uint32_t)SYSCALL(__NR_gettid) | FUTEX_WAITERS), "they wait for it");
	ok_is(requeue(1, 10, &lock, 0), 0, "at the condition nobody does");
	give(&lock);
	for (int i = 0; i < 3; i++)
		join(&threads[i]);
	ok(order[0] == 2 && order[1] == 1 && order[2] == 0 && !got[0] && !got[1] && !got[2] && !lock, "by priority again: %d %d %d",
	   order[0], order[1], order[2]);

	ready = 0;
	start(&threads[0], plain_wait, NULL);
	while (!ready || requeue(1, 10, &lock, 0) != -L_EINVAL)
		nanosleep_ns(1000000);
	ok(!lock, "who waits simply is not moved: EINVAL");
	while (SYSCALL(__NR_futex, &condition, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1) != 1)
		;
	join(&threads[0]);

	signal_set(SIGUSR1, on_signal, 0);
	gather(1);
	SYSCALL(__NR_tgkill, getpid(), threads[0].tid, SIGUSR1);
	nanosleep_ns(50000000);
	ok(!returned[0], "a signal's handler does not end the wait for the condition");
	take(&lock);
	ok_is(requeue(1, 0, &lock, 0), 1, "so it can be moved");
	SYSCALL(__NR_tgkill, getpid(), threads[0].tid, SIGUSR1);
	join(&threads[0]);
	ok_is(got[0], -L_EAGAIN, "but that for the lock: EAGAIN");
	ok_is(give(&lock), 0, "the lock is still ours");

	take(&lock);
	ready = 0;
	start(&threads[0], wait_a_while, NULL);
	while (threads[0].tid && (!ready || requeue(1, 0, &lock, 0) == 0))
		;
	join(&threads[0]);
	ok_is(got[0], -L_ETIMEDOUT, "its time runs on when it is moved");
	ok(give(&lock) == 0 && !lock, "and the lock gets free");
}

static void requeued_high(void *arg)
{
	(void)arg;
	pin(0);
	fifo(30);
	stage = 2;
	if (wait_requeue(0, &lock, NULL) == 0) {
		note(3);
		give(&lock);
	}
}

static void requeue_to_low(void *arg)
{
	(void)arg;
	pin(0);
	fifo(40);
	wait_stage(2);
	while (requeue(1, 0, &lock, 0) != 1)
		nanosleep_ns(1000000);
	stage = 3;
}

static void owner_low(void *arg)
{
	(void)arg;
	pin(0);
	fifo(10);
	take(&lock);
	stage = 1;
	wait_stage(3);
	burn(30);
	note(1);
	give(&lock);
}

static void between_wait(void *arg)
{
	(void)arg;
	pin(0);
	fifo(20);
	wait_stage(3);
	burn(300);
	note(2);
}

static void test_requeue_lends(void)
{
	stage = nr_order = 0;
	start(&threads[0], owner_low, NULL);
	wait_stage(1);
	start(&threads[1], between_wait, NULL);
	start(&threads[2], requeued_high, NULL);
	start(&threads[3], requeue_to_low, NULL);
	for (int i = 0; i < 4; i++)
		join(&threads[i]);
	ok(nr_order == 3 && order[0] == 1 && order[1] == 3 && order[2] == 2 && !lock,
	   "who is moved lends the owner its priority: %d %d %d", order[0], order[1], order[2]);
}

/* As a condition variable of a C library. */
static long wait_for(volatile uint32_t *mutex)
{
	uint32_t seen = condition;
	long r;

	give(mutex);
	r = wait_requeue(seen, mutex, NULL);
	return r == -L_EAGAIN ? take(mutex) : r;
}

static volatile int round_nr, arrived;

static void meet(void *arg)
{
	(void)arg;
	for (int i = 0; i < 200; i++) {
		int mine;

		if (take(&lock))
			__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
		mine = round_nr;
		if (++arrived == 8) {
			arrived = 0;
			round_nr++;
			condition++;
			if (requeue(1, 100, &lock, condition) < 0)
				__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
		}
		while (round_nr == mine)
			if (wait_for(&lock) || (lock & FUTEX_TID_MASK) != (uint32_t)SYSCALL(__NR_gettid))
				__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
		if (give(&lock))
			__atomic_fetch_add(&result, 1, __ATOMIC_SEQ_CST);
	}
}

static void test_barrier(void)
{
	result = 0;
	for (long i = 0; i < 8; i++)
		start(&threads[i], meet, NULL);
	for (int i = 0; i < 8; i++)
		join(&threads[i]);
	ok(!result && !lock && round_nr == 200, "eight threads meet 200 times");
}

/* Ends with a thread at the condition, one that was moved, and an owner. */
static void end_amid(void)
{
	take(&lock);
	gather(2);
	requeue(1, 0, &lock, 0);
}

/* ---- A program that lies ---- */

static void waits_on(void *arg)
{
	(void)arg;
	for (;;)
		wait_requeue(0, &lock, NULL);
}

static void moves_on(void *arg)
{
	(void)arg;
	for (;;)
		requeue(1, 100, &lock, 0);
}

static void scribbles(void *arg)
{
	uint32_t tids[] = { threads[0].tid, 0, threads[4].tid, getpid() | FUTEX_WAITERS, SYSCALL(__NR_gettid), 0x12345 };

	(void)arg;
	for (unsigned int i = 0; ; i++)
		lock = tids[i % ARRAY_LEN(tids)];
}

static void lie(void)
{
	signal_set(SIGUSR1, on_signal, 0);
	for (int i = 0; i < 4; i++)
		start(&threads[i], waits_on, NULL);
	for (int i = 4; i < 6; i++)
		start(&threads[i], moves_on, NULL);
	start(&threads[6], scribbles, NULL);
	for (int i = 0; i < 600; i++) {
		SYSCALL(__NR_tgkill, getpid(), threads[i % 4].tid, SIGUSR1);
		nanosleep_ns(500000);
	}
	_exit(0);
}

int main(void)
{
	test_inversion(false);
	test_inversion(true);
	test_chain();
	test_order();
	test_errors();
	test_death();
	test_storm();
	test_requeue();
	test_requeue_lends();
	test_barrier();
	condition = 0;
	ok_is(in_child(end_amid), 0, "a process ends amid all this");
	ok_is(in_child(lie), 0, "one that writes nonsense into its locks hurts nobody");
	return tap_done();
}
