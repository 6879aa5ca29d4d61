/* SPDX-License-Identifier: MIT */
/* Policies, priorities, affinity: what the sched_* calls say, and who runs before whom. True of Linux too. */
#include "tap.h"

#include "abi/time.h"

enum { NORMAL = SCHED_NORMAL, FIFO = SCHED_FIFO, RR = SCHED_RR, BATCH = SCHED_BATCH, IDLE = SCHED_IDLE };
#define RESET_ON_FORK SCHED_RESET_ON_FORK

static long set(int policy, int prio)
{
	return SYSCALL(__NR_sched_setscheduler, 0, policy, &prio);
}

static long get(void)
{
	return SYSCALL(__NR_sched_getscheduler, 0);
}

static int prio_of(int pid)
{
	int prio = -1;

	SYSCALL(__NR_sched_getparam, pid, &prio);
	return prio;
}

static long pin(uint64_t mask)
{
	return SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), &mask);
}

static void test_calls(void)
{
	struct sched_attr a = { .size = sizeof(a) };
	struct timespec64 ts;
	int prio = 5;

	ok_is(get(), NORMAL, "a process begins as SCHED_OTHER");
	ok_is(set(FIFO, 0), -L_EINVAL, "FIFO needs a priority");
	ok_is(set(FIFO, 100), -L_EINVAL, "99 is the highest");
	ok_is(set(NORMAL, 1), -L_EINVAL, "SCHED_OTHER has none");
	ok_is(set(4, 0), -L_EINVAL, "no policy 4");
	ok_is(set(-1, 0), -L_EINVAL, "no policy -1");
	ok_is(SYSCALL(__NR_sched_setscheduler, 0, FIFO, 0), -L_EINVAL, "no parameter");
	ok_is(SYSCALL(__NR_sched_setscheduler, 0, FIFO, 8), -L_EFAULT, "bad parameter");
	ok_is(SYSCALL(__NR_sched_setscheduler, -1, FIFO, &prio), -L_EINVAL, "pid -1");
	ok_is(SYSCALL(__NR_sched_setscheduler, 99999999, FIFO, &prio), -L_ESRCH, "no such pid");
	ok(set(FIFO, 7) == 0 && get() == FIFO && prio_of(0) == 7, "FIFO 7");
	ok_is(SYSCALL(__NR_sched_setparam, 0, &prio), 0, "its priority alone");
	ok(get() == FIFO && prio_of(0) == 5, "FIFO 5 now");
	ok_is(SYSCALL(__NR_sched_rr_get_interval, 0, &ts), 0, "its time slice");
	ok(ts.tv_sec == 0 && ts.tv_nsec == 0, "FIFO has none");
	ok(set(RR, 1) == 0 && SYSCALL(__NR_sched_rr_get_interval, 0, &ts) == 0 && ts.tv_nsec == 100000000, "RR has 100 ms");
	ok(set(BATCH, 0) == 0 && get() == BATCH && set(IDLE, 0) == 0 && get() == IDLE, "BATCH and IDLE");
	ok(set(NORMAL | RESET_ON_FORK, 0) == 0 && get() == RESET_ON_FORK, "RESET_ON_FORK is told");
	set(NORMAL, 0);
	ok_is(SYSCALL(__NR_sched_getattr, 0, &a, sizeof(a), 0), 0, "sched_getattr");
	ok(a.size >= 48 && a.sched_policy == NORMAL && a.sched_nice == 0 && a.sched_priority == 0 && a.sched_flags == 0, "its answer");
	ok_is(SYSCALL(__NR_sched_getattr, 0, &a, 47, 0), -L_EINVAL, "too small");
	ok_is(SYSCALL(__NR_sched_getattr, 0, &a, sizeof(a), 1), -L_EINVAL, "unknown flag");
	a = (struct sched_attr){ .size = 48, .sched_nice = 5 };
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), 0, "sched_setattr, first version");
	ok_is(SYSCALL(__NR_getpriority, 0, 0), 15, "its nice value");
	a = (struct sched_attr){ .size = sizeof(a), .sched_policy = RR, .sched_priority = 3 };
	ok(SYSCALL(__NR_sched_setattr, 0, &a, 0) == 0 && get() == RR && prio_of(0) == 3, "RR by sched_setattr");
	a = (struct sched_attr){ .size = sizeof(a) };
	ok(SYSCALL(__NR_sched_setattr, 0, &a, 0) == 0 && SYSCALL(__NR_getpriority, 0, 0) == 20, "and back, nice 0");
	a.size = 20;
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), -L_E2BIG, "too small to be one");
	ok(a.size >= 48, "the right size is told");
	{
		struct {
			struct sched_attr a;
			char more[64];
		} big = { .a = { .size = sizeof(big) } };

		ok_is(SYSCALL(__NR_sched_setattr, 0, &big, 0), 0, "a longer one, zeros at its end");
		memset(big.more, 1, sizeof(big.more));
		big.a.size = sizeof(big);
		ok_is(SYSCALL(__NR_sched_setattr, 0, &big, 0), -L_E2BIG, "something unknown at its end");
	}
}

/* A task with 20 ms of each 100 that becomes an ordinary one and back all the time. Return: per cent of the time that it ran. */
static long change_policies(void)
{
	struct sched_attr dl = { .size = sizeof(dl), .sched_policy = SCHED_DEADLINE, .sched_runtime = 20000000,
		.sched_deadline = 100000000, .sched_period = 100000000 }, other = { .size = sizeof(other) };
	uint64_t begin = monotonic_ns(), now, ts[2];

	do {
		if (SYSCALL(__NR_sched_setattr, 0, &dl, 0))
			_exit(0);
		run_for(5000000);
		SYSCALL(__NR_sched_setattr, 0, &other, 0);
		now = monotonic_ns();
	} while (now < begin + 1000000000);
	SYSCALL(__NR_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, ts);
	return (ts[0] * 1000000000 + ts[1]) * 100 / (now - begin);
}

static void test_deadline_changes(void)
{
	int status, pid = fork();

	if (!pid)
		_exit(change_policies());
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) > 5 && WEXITSTATUS(status) < 50, "a budget is not new for being asked for again: %d %%",
	   WEXITSTATUS(status));
}

static void test_deadline(void)
{
	struct sched_attr a = { .size = sizeof(a), .sched_policy = SCHED_DEADLINE,
		.sched_runtime = 2000000, .sched_deadline = 10000000, .sched_period = 10000000 }, b = { 0 };
	uint64_t end;
	int n = 0;

	a.sched_runtime = 11000000;
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), -L_EINVAL, "DEADLINE: a budget longer than the deadline");
	a.sched_runtime = 100;
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), -L_EINVAL, "too short a budget");
	a.sched_runtime = 2000000;
	a.sched_priority = 1;
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), -L_EINVAL, "a priority");
	a.sched_priority = 0;
	if (!ok(SYSCALL(__NR_sched_setattr, 0, &a, 0) == 0, "2 ms of each 10 ms"))
		return;
	ok(get() == 6 && SYSCALL(__NR_sched_getattr, 0, &b, sizeof(b), 0) == 0 && b.sched_policy == 6 && b.sched_runtime == 2000000 &&
	   b.sched_deadline == 10000000 && b.sched_period == 10000000, "are told back");
	ok_is(SYSCALL(__NR_clone, SIGCHLD, 0, 0, 0, 0), -L_EAGAIN, "it may not fork");
	for (end = monotonic_ns() + 200000000; monotonic_ns() < end; n++)
		sched_yield();
	ok(n >= 2 && n <= 25, "sched_yield waits for the next period (%d in 200 ms)", n);
	{
		struct timespec64 t0, t1;

		SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t0);
		for (end = monotonic_ns() + 1000000000; monotonic_ns() < end; )
			;
		SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t1);
		n = ((t1.tv_sec - t0.tv_sec) * 1000000000 + t1.tv_nsec - t0.tv_nsec) / 1000000;
		ok(n <= 400, "and an overrun is throttled: %d ms of 1000", n);
	}
	a = (struct sched_attr){ .size = sizeof(a) };
	ok(SYSCALL(__NR_sched_setattr, 0, &a, 0) == 0 && get() == NORMAL, "and back");
}

static struct sched_attr attr_now(void)
{
	struct sched_attr a = { 0 };

	SYSCALL(__NR_sched_getattr, 0, &a, sizeof(a), 0);
	return a;
}

static volatile int overruns;

static void on_overrun(int sig)
{
	(void)sig;
	overruns++;
}

/* What flags of sched_setattr() leave as it is, and which there are. */
static void test_flags(void)
{
	struct sched_attr a = { .size = sizeof(a), .sched_policy = IDLE, .sched_nice = 7 }, b;

	SYSCALL(__NR_setpriority, 0, 0, 3);
	ok(!SYSCALL(__NR_sched_setattr, 0, &a, 0) && get() == IDLE && SYSCALL(__NR_getpriority, 0, 0) == 17,
	   "SCHED_IDLE keeps the nice value that was");
	a = (struct sched_attr){ .size = sizeof(a), .sched_nice = 4 };
	ok(!SYSCALL(__NR_sched_setattr, 0, &a, 0) && attr_now().sched_nice == 4, "SCHED_OTHER sets one");
	a = (struct sched_attr){ .size = sizeof(a), .sched_flags = 0x80 };
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), -L_EINVAL, "a flag that is none");
	set(FIFO, 9);
	a = (struct sched_attr){ .size = sizeof(a), .sched_flags = 0x08, .sched_priority = 11 };
	ok(!SYSCALL(__NR_sched_setattr, 0, &a, 0) && get() == FIFO && prio_of(0) == 11, "KEEP_POLICY: the priority alone changes");
	a.sched_flags = 0x10 | 0x08 | 0x01;
	a.sched_priority = 12;
	ok(!SYSCALL(__NR_sched_setattr, 0, &a, 0) && get() == FIFO && prio_of(0) == 11, "KEEP_PARAMS too: nothing changes");
	a = (struct sched_attr){ .size = sizeof(a), .sched_policy = NORMAL, .sched_flags = 0x10 };
	ok_is(SYSCALL(__NR_sched_setattr, 0, &a, 0), -L_EINVAL, "KEEP_PARAMS alone: the priority and the policy asked for disagree");
	set(NORMAL, 0);
	a = (struct sched_attr){ .size = sizeof(a), .sched_policy = SCHED_DEADLINE, .sched_flags = 0x02 | 0x04,
		.sched_runtime = 2000000, .sched_deadline = 100000000, .sched_period = 100000000 };
	signal_set(SIGXCPU, on_overrun, 0);
	if (ok(!SYSCALL(__NR_sched_setattr, 0, &a, 0), "RECLAIM and DL_OVERRUN")) {
		b = attr_now();
		ok(b.sched_flags == (0x02 | 0x04) && b.sched_nice == 0, "are told back");
	}
	a.sched_flags = 0x04;
	a.sched_runtime = 20000000;
	SYSCALL(__NR_sched_setattr, 0, &a, 0);
	for (uint64_t end = monotonic_ns() + 3000000000; !overruns && monotonic_ns() < end; )
		;
	ok(overruns > 0, "SIGXCPU tells of an overrun");
	a = (struct sched_attr){ .size = sizeof(a) };
	SYSCALL(__NR_sched_setattr, 0, &a, 0);
}

static void read_cycles(void)
{
	unsigned long n;

	__asm__ volatile("rdtime %0" : "=r"(n));
	__asm__ volatile("rdcycle %0" : "=r"(n));
}

static void read_instructions(void)
{
	unsigned long n;

	__asm__ volatile("rdinstret %0" : "=r"(n));
}

static void child_policy(void)
{
	_exit(get() == FIFO && prio_of(0) == 9 ? 1 : get() == NORMAL && SYSCALL(__NR_getpriority, 0, 0) == 20 ? 2 : 3);
}

static void unprivileged(void)
{
	int bad = 0;

	SYSCALL(__NR_setresuid, 1000, 1000, 1000);
	bad |= (set(FIFO, 1) != -L_EPERM) << 0;
	bad |= (SYSCALL(__NR_setpriority, 0, 0, -1) != -L_EACCES) << 1;
	bad |= (set(BATCH, 0) != 0) << 2;
	bad |= (SYSCALL(__NR_setpriority, 0, 0, 3) != 0) << 3;
	bad |= (SYSCALL(__NR_sched_setscheduler, 1, BATCH, &(int){ 0 }) != -L_EPERM) << 4;
	_exit(bad);
}

static void with_rtprio(void)
{
	uint64_t limit[2] = { 10, 10 };
	int bad = 0;

	SYSCALL(__NR_prlimit64, 0, RLIMIT_RTPRIO, limit, 0);
	SYSCALL(__NR_setresuid, 1000, 1000, 1000);
	bad |= (set(FIFO, 10) != 0) << 0;
	bad |= (set(FIFO, 11) != -L_EPERM) << 1;
	_exit(bad);
}

static void test_inherit(void)
{
	int status;

	set(FIFO, 9);
	ok_is(in_child(child_policy), 1 << 8, "a child inherits");
	set(FIFO | RESET_ON_FORK, 9);
	ok_is(in_child(child_policy), 2 << 8, "but not with RESET_ON_FORK");
	set(NORMAL, 0);
	status = in_child(unprivileged);
	ok(status == 0, "without privilege (%x)", status >> 8);
	status = in_child(with_rtprio);
	ok(status == 0, "RLIMIT_RTPRIO (%x)", status >> 8);
}

/* Shared memory of the tasks below. */
static volatile struct {
	int order[16], n, go, stop;
	uint64_t count[4];
} *shared;

static void note(int who)
{
	shared->order[__atomic_fetch_add(&shared->n, 1, __ATOMIC_SEQ_CST)] = who;
}

/* All on hart 0. The parent, FIFO 50, makes children of lower priorities; they run in order once it waits. */
static void test_order(void)
{
	static const int prio[] = { 3, 9, 5, 9, 1 };
	static const int want[] = { 3, 1, 2, 0, 4 };	/* who is lowered to 9 goes before those there */
	int pid[5], same = 1;

	pin(1);
	set(FIFO, 50);
	shared->n = 0;
	for (int i = 0; i < 5; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			note(i);
			_exit(0);
		}
		SYSCALL(__NR_sched_setscheduler, pid[i], FIFO, &prio[i]);
	}
	ok_is(shared->n, 0, "none of lower priority runs before we wait");
	for (int i = 0; i < 5; i++)
		waitpid(pid[i], NULL, 0);
	for (int i = 0; i < 5; i++)
		same &= shared->order[i] == want[i];
	ok(same, "then in order of priority, among equals the last lowered first (%d %d %d %d %d)", shared->order[0],
	   shared->order[1], shared->order[2], shared->order[3], shared->order[4]);

	/* A fair task gets nothing while a FIFO task runs; with a higher one woken, that runs at once. */
	shared->n = shared->stop = 0;
	pid[0] = fork();
	if (!pid[0]) {
		set(NORMAL, 0);
		while (!shared->stop)
			shared->count[0]++;
		_exit(0);
	}
	pid[1] = fork();
	if (!pid[1]) {
		set(FIFO, 60);
		nanosleep_ns(30000000);
		note(60);
		_exit(0);
	}
	nanosleep_ns(10000000);	/* both have begun */
	{
		uint64_t before = shared->count[0], end = monotonic_ns() + 60000000;

		while (monotonic_ns() < end)
			;
		ok(shared->count[0] == before, "a fair task does not run beside a FIFO one on its hart");
		/* A host with little time for us brings the timer late. */
		for (end = monotonic_ns() + 2000000000; !shared->n && monotonic_ns() < end; )
			;
		ok(shared->n == 1 && shared->order[0] == 60, "a higher one, woken, runs at once");
	}
	shared->stop = 1;
	waitpid(pid[0], NULL, 0);
	waitpid(pid[1], NULL, 0);

	/* yield goes behind equals. */
	shared->n = 0;
	pid[0] = fork();
	if (!pid[0]) {
		note(1);
		_exit(0);
	}
	note(0);
	sched_yield();
	note(2);
	waitpid(pid[0], NULL, 0);
	ok(shared->order[0] == 0 && shared->order[1] == 1 && shared->order[2] == 2, "sched_yield lets an equal go first");
	set(NORMAL, 0);
	pin(-1UL);
}

static void spin_rr(int who)
{
	while (!shared->stop)
		shared->count[who]++;
	_exit(0);
}

/* Two RR tasks of one priority share a hart; FIFO ones do not. */
static void test_rr(void)
{
	int pid[2];

	for (int policy = FIFO; policy <= RR; policy++) {
		uint64_t end;

		pin(1);
		set(FIFO, 50);
		shared->stop = shared->count[0] = shared->count[1] = 0;
		for (int i = 0; i < 2; i++) {
			int prio = 10;

			pid[i] = fork();
			if (!pid[i])
				spin_rr(i);
			SYSCALL(__NR_sched_setscheduler, pid[i], policy, &prio);
		}
		end = monotonic_ns() + 350000000;
		while (monotonic_ns() < end)
			nanosleep_ns(50000000);
		if (policy == RR)
			ok(shared->count[0] > 0 && shared->count[1] > 0, "RR tasks take turns");
		else
			ok((shared->count[0] > 0) != (shared->count[1] > 0), "FIFO tasks do not");
		shared->stop = 1;
		waitpid(pid[0], NULL, 0);
		waitpid(pid[1], NULL, 0);
		set(NORMAL, 0);
		pin(-1UL);
	}
}

/* As many FIFO spinners as harts less one, all woken from one hart: each gets a hart, and the fair ones the rest. */
static void test_push(void)
{
	int n = tap_harts(), pid[16], ran = 0;

	if (n < 2) {
		ok(true, "spreading # SKIP one hart");
		return;
	}
	n = n > 9 ? 8 : n - 1;
	set(FIFO, 20);
	shared->stop = 0;
	for (int i = 0; i < n; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			set(FIFO, 10);
			__atomic_fetch_or(&shared->go, 1 << i, __ATOMIC_SEQ_CST);
			while (!shared->stop)
				;
			_exit(0);
		}
	}
	for (int tries = 0; tries < 500 && ran != (1 << n) - 1; tries++) {
		nanosleep_ns(10000000);
		ran = shared->go;
	}
	ok(ran == (1 << n) - 1, "%d FIFO spinners from one hart all run at once", n);
	shared->stop = 1;
	for (int i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
	set(NORMAL, 0);
}

static void test_affinity(void)
{
	uint64_t mask = 0;
	uint32_t cpu = 99;
	int n = tap_harts(), bad = 0;

	ok_is(pin(0), -L_EINVAL, "no hart at all");
	ok_is(SYSCALL(__NR_sched_setaffinity, 99999999, 8, &mask), -L_ESRCH, "affinity of nobody");
	for (int i = 0; i < n && i < 64; i++) {
		bad |= pin(1UL << i) != 0;
		SYSCALL(__NR_getcpu, &cpu, 0, 0);
		bad |= cpu != (uint32_t)i;
		bad |= SYSCALL(__NR_sched_getaffinity, 0, sizeof(mask), &mask) < 0 || mask != 1UL << i;
	}
	ok(!bad, "on each hart in turn, at once");
	pin(-1UL);
}

int main(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_calls();
	test_deadline();
	test_deadline_changes();
	test_flags();
	ok(in_child(read_cycles) == SIGILL && in_child(read_instructions) == SIGILL, "of the counters the time alone may be read");
	test_inherit();
	test_affinity();
	test_order();
	test_rr();
	test_push();
	return tap_done();
}
