/* SPDX-License-Identifier: MIT */
/*
 * What becomes of the locks of who dies: robust lists, whatever they look like, and locks with priority inheritance
 * whose owner is in another address space, or whose memory is gone. True of Linux too.
 */
#include "tap.h"
#include "thread.h"

#define DIED 0x40000000u
#define WAITERS 0x80000000u
#define TID 0x3fffffffu
#define PAGE 4096
#define MS 1000000UL
#define L_ETIMEDOUT 110

struct entry {
	struct entry *next;
	volatile uint32_t word, unused;
};

struct list {
	struct entry *next;
	long offset;
	struct entry *pending;
};

static struct entry *locks;		/* a page that children share */

static long futex(volatile uint32_t *word, int op, long val, const void *timeout)
{
	return SYSCALL(__NR_futex, word, op, val, timeout, 0, 0);
}

static uint32_t me(void)
{
	return SYSCALL(__NR_gettid);
}

static uint32_t *map(int flags)
{
	return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

static void set_uid(int uid)
{
	SYSCALL(__NR_setresuid, uid, uid, uid);
}

/* ---- Lists ---- */

/* A child whose list is what @make made of an empty one dies. Return: its pid. */
static uint32_t die_with(void (*make)(struct list *))
{
	static struct list list;
	int status, pid;

	memset(locks, 0, PAGE);
	pid = fork();
	if (!pid) {
		list = (struct list){ (struct entry *)&list, offsetof(struct entry, word), NULL };
		make(&list);
		SYSCALL(__NR_set_robust_list, &list, sizeof(list));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return pid;
}

static void chain(struct list *l, int n)
{
	struct entry *end = l->next;

	l->next = &locks[0];
	for (int i = 0; i < n; i++) {
		locks[i].word = me();
		locks[i].next = i + 1 < n ? &locks[i + 1] : end;
	}
}

static void three(struct list *l)
{
	chain(l, 3);
	locks[0].word |= WAITERS;
	locks[1].word = 12345;
}

static void circle(struct list *l)
{
	chain(l, 2);
	locks[1].next = &locks[0];
	locks[2].word = me();
	l->pending = &locks[2];
}

static void breaks(struct list *l)
{
	chain(l, 2);
	locks[0].next = (void *)8;
	locks[2].word = me();
	l->pending = &locks[2];
}

static void begins_nowhere(struct list *l)
{
	l->next = (void *)0x3ffffff000;
	locks[2].word = me();
	l->pending = &locks[2];
}

static void word_nowhere(struct list *l)
{
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct entry *last = (void *)(two + PAGE - 8);	/* its word lies beyond */

	munmap(two + PAGE, PAGE);
	last->next = &locks[0];
	locks[0] = (struct entry){ l->next, me(), 0 };
	l->next = last;
}

static void unaligned(struct list *l)
{
	chain(l, 1);
	l->offset += 2;
}

static void only_pending(struct list *l)
{
	locks[0].word = me();
	l->pending = &locks[0];
}

static void pending_twice(struct list *l)
{
	chain(l, 2);
	l->pending = &locks[1];
}

static void read_only(struct list *l)
{
	chain(l, 2);
	mprotect(locks, PAGE, PROT_READ);
}

static struct entry *many(struct list *l, int n)
{
	struct entry *m = mmap(NULL, n * sizeof(*m), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	locks[0] = (struct entry){ l->next, me(), 0 };
	for (int i = 0; i < n; i++)
		m[i].next = i + 1 < n ? &m[i + 1] : &locks[0];
	return l->next = m;
}

static void not_too_long(struct list *l)
{
	many(l, 2047);
}

static void too_long(struct list *l)
{
	many(l, 2048);
}

static void execs(struct list *l)
{
	static char *const args[] = { "true", NULL }, *const none[] = { NULL };

	chain(l, 1);
	SYSCALL(__NR_set_robust_list, l, sizeof(*l));
	execve("/bin/true", args, none);
}

static void test_lists(void)
{
	uint32_t pid;

	die_with(three);
	ok(locks[0].word == (DIED | WAITERS) && locks[1].word == 12345 && locks[2].word == DIED,
	   "the dead one's locks are marked, another's is not");
	die_with(circle);
	ok(locks[0].word == DIED && locks[1].word == DIED && locks[2].word == DIED, "a list without an end has one");
	pid = die_with(breaks);
	ok(locks[0].word == DIED && locks[1].word == pid && locks[2].word == pid, "at a bad pointer it ends for good");
	pid = die_with(begins_nowhere);
	ok(locks[2].word == pid, "one that begins with it too");
	pid = die_with(word_nowhere);
	ok(locks[0].word == pid, "and so it does at a word that is not there");
	pid = die_with(unaligned);
	ok(locks[0].word == pid, "a word that is not aligned is none");
	die_with(only_pending);
	ok(locks[0].word == DIED, "a pending entry that is its own");
	die_with(pending_twice);
	ok(locks[0].word == DIED && locks[1].word == DIED, "one that is in the list as well");
	pid = die_with(read_only);
	ok(locks[0].word == pid && locks[1].word == pid, "locks that it may not write");
	die_with(not_too_long);
	ok(locks[0].word == DIED, "the 2048th entry counts");
	pid = die_with(too_long);
	ok(locks[0].word == pid, "the 2049th does not");
	die_with(execs);
	ok(locks[0].word == DIED, "exec is a death, too");
}

/* ---- A pending entry that is free already ---- */

static uint32_t pending_word;
static bool pending_pi;

static void pending_free(struct list *l)
{
	locks[0].word = pending_word;
	l->pending = (void *)((uintptr_t)&locks[0] | pending_pi);
}

/* A child waits at a word of 7 that then becomes @word, and is pending with one who dies. Return: whether it is woken. */
static bool wakes_one(uint32_t word, bool pi)
{
	static const struct timespec64 timeout = { 0, 400 * MS }, ms = { 0, MS };
	char path[48], text[300], *at;
	int status, pid;

	memset(locks, 0, PAGE);
	locks[0].word = 7;
	pid = fork();
	if (!pid) {
		long r = futex(&locks[0].word, FUTEX_WAIT, 7, &timeout);

		_exit(r == -L_ETIMEDOUT ? 1 : r ? 2 : 0);
	}
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (read_file(path, text, sizeof(text)) <= 0 || !(at = strrchr(text, ')')) || at[2] != 'S')
		SYSCALL(__NR_nanosleep, &ms, NULL);
	pending_word = word;
	pending_pi = pi;
	if (!fork()) {
		struct list list = { (struct entry *)&list, offsetof(struct entry, word), NULL };

		pending_free(&list);
		SYSCALL(__NR_set_robust_list, &list, sizeof(list));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	waitpid(-1, NULL, 0);
	return status == 0;
}

static void test_pending(void)
{
	ok(wakes_one(0, false), "a pending lock that is free wakes one");
	ok(wakes_one(WAITERS, false), "and one that tells of waiters");
	ok(!wakes_one(0, true) && !wakes_one(12345, true), "one with priority inheritance does not");
	ok(wakes_one(12345, false), "one that somebody has taken since does");	/* as later ones of Linux 6.12's */
}

/* ---- Who may know where a list is ---- */

static int other;

static void asks_as_user(void)
{
	uint64_t head = 0, size = 0;
	long of_root, of_own;
	int pid;

	set_uid(1000);
	SYSCALL(__NR_set_robust_list, &head, 24);
	of_root = SYSCALL(__NR_get_robust_list, other, &head, &size);
	pid = fork();
	if (!pid)
		for (;;)
			nanosleep_ns(1000 * MS);
	of_own = SYSCALL(__NR_get_robust_list, pid, &head, &size);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* Linux keeps what changed its user, and did not exec since, to itself. */
	_exit(of_root != -L_EPERM ? 1 : of_own == -L_EPERM ? 0 : of_own || head || size != 24 ? 2 : 0);
}

static void test_get(void)
{
	struct list list = { (struct entry *)&list, 0, NULL };
	uint64_t head = 1, size = 0;

	ok(SYSCALL(__NR_get_robust_list, 0, &head, &size) == 0 && !head && size == 24, "a thread has no list at first");
	SYSCALL(__NR_set_robust_list, &list, sizeof(list));
	ok(SYSCALL(__NR_get_robust_list, 0, &head, &size) == 0 && head == (uintptr_t)&list, "then the one that it set");
	ok(SYSCALL(__NR_get_robust_list, getpid(), &head, &size) == 0 && head == (uintptr_t)&list, "by its number, too");
	ok_is(SYSCALL(__NR_set_robust_list, &list, 23), -L_EINVAL, "of another size: EINVAL");
	ok_is(SYSCALL(__NR_get_robust_list, 99999999, &head, &size), -L_ESRCH, "nobody's: ESRCH");
	ok(SYSCALL(__NR_get_robust_list, 0, 8, &size) == -L_EFAULT && SYSCALL(__NR_get_robust_list, 0, &head, 8) == -L_EFAULT,
	   "nowhere to tell: EFAULT");
	other = getpid();
	ok_is(in_child(asks_as_user), 0, "a user does not learn of root's: EPERM");
	SYSCALL(__NR_set_robust_list, NULL, 24);
}

/* ---- Priority inheritance over address spaces ---- */

/* At one address in everybody's memory, private. */
#define AT ((volatile uint32_t *)0x20000000)

static volatile uint32_t *victim_tid;

static void sleep_and_end(void *arg)
{
	*victim_tid = SYSCALL(__NR_gettid);
	while (!victim_tid[1])
		nanosleep_ns(MS);
	nanosleep_ns(50 * MS);		/* until who waits does so */
	(void)arg;
}

static void test_foreign_owner(void)
{
	int victim, attacker, status;

	victim_tid = map(MAP_SHARED);
	fflush(stdout);
	victim = fork();
	if (!victim) {
		mmap((void *)AT, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		*AT = 0x12345678;
		start(&threads[0], sleep_and_end, NULL);
		join(&threads[0]);
		while (victim_tid[2] != 2)
			nanosleep_ns(MS);
		_exit(*AT != 0x12345678);
	}
	attacker = fork();
	if (!attacker) {
		long r;

		set_uid(1000);
		while (!*victim_tid)
			nanosleep_ns(MS);
		mmap((void *)AT, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		*AT = *victim_tid;
		victim_tid[1] = 1;
		r = futex(AT, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL);
		victim_tid[2] = 2;
		/* -ESRCH: so late that the other one is gone. */
		_exit(r == 0 ? *AT != (me() | DIED) && *AT != (me() | DIED | WAITERS) : r != -L_ESRCH);
	}
	waitpid(victim, &status, 0);
	ok_is(status, 0, "a lock that names another's thread: when it ends, nothing of its process changes");
	waitpid(attacker, &status, 0);
	ok_is(status, 0, "and the one who waited has the lock");
	munmap((void *)victim_tid, PAGE);
}

static void lock_word(void *word)
{
	futex(word, FUTEX_LOCK_PI, 0, NULL);
}

static void wait_word(void *word)
{
	futex(word, FUTEX_WAIT, 0, NULL);
}

/* Threads wait at memory that is taken away: what comes after it is not theirs. */
static void test_gone(void)
{
	static const struct timespec64 soon = { 0, MS };
	int owner, strangers = 0;

	for (int i = 0; i < 30; i++) {
		volatile uint32_t *w = map(MAP_SHARED), *next[8];

		start(&threads[0], wait_word, (void *)w);
		until_asleep(&threads[0]);
		munmap((void *)w, PAGE);
		for (int k = 0; k < 8; k++) {
			next[k] = map(MAP_SHARED);
			strangers += futex(next[k], FUTEX_WAKE, 1, NULL);
		}
		SYSCALL(__NR_tgkill, getpid(), threads[0].tid, SIGUSR1);
		SYSCALL(__NR_nanosleep, &soon, NULL);
		while (threads[0].tid) {
			SYSCALL(__NR_tgkill, getpid(), threads[0].tid, SIGUSR1);
			SYSCALL(__NR_sched_yield);
		}
		for (int k = 0; k < 8; k++)
			munmap((void *)next[k], PAGE);
	}
	ok_is(strangers, 0, "who waits at memory that is gone is met by nobody");
	for (int i = 0; i < 10; i++) {
		volatile uint32_t *w = map(MAP_SHARED), *next[8];

		*w = 0;
		owner = fork();
		if (!owner) {
			*w = getpid();
			munmap((void *)w, PAGE);
			for (;;)
				nanosleep_ns(1000 * MS);
		}
		while (!*w)
			nanosleep_ns(MS);
		start(&threads[0], lock_word, (void *)w);
		until_asleep(&threads[0]);
		munmap((void *)w, PAGE);
		for (int k = 0; k < 8; k++)
			next[k] = map(MAP_SHARED);
		kill(owner, SIGKILL);
		waitpid(owner, NULL, 0);
		join(&threads[0]);
		for (int k = 0; k < 8; k++)
			munmap((void *)next[k], PAGE);
	}
	ok(true, "nor does a lock in it outlive its owner");
}

static void test_read_only(void)
{
	volatile uint32_t *w = map(MAP_SHARED);
	int pid = fork();

	if (!pid)
		for (;;)
			nanosleep_ns(1000 * MS);
	*w = pid | WAITERS;
	mprotect((void *)w, PAGE, PROT_READ);
	ok_is(futex(w, FUTEX_LOCK_PI, 0, &(struct timespec64){ 1, 0 }), -L_EFAULT, "a lock that we may not write: EFAULT");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok_is(*w, pid | WAITERS, "and it stays as it is");
	munmap((void *)w, PAGE);
}

/* ---- A storm ---- */

#define STORM_LOCKS 4

static volatile uint32_t *storm;	/* the locks, then who is killed, then the end */

/* Take locks and give them back, or die with them; each thread may, or the whole. */
static void play(void *arg)
{
	uint64_t seed = (long)arg * 2654435761u + me();

	while (!storm[100]) {
		volatile uint32_t *w;
		uint32_t free = 0, mine = me();
		struct timespec64 soon = { 0, 0 };

		seed = seed * 6364136223846793005 + 1442695040888963407;
		w = &storm[seed >> 40 & (STORM_LOCKS - 1)];
		if (seed >> 50 & 1 && !__atomic_compare_exchange_n(w, &free, mine, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) &&
		    futex(w, FUTEX_LOCK_PI, 0, seed >> 51 & 1 ? &soon : NULL) == -L_ESRCH)
			__atomic_compare_exchange_n(w, &free, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
		if (seed >> 55 & 1)
			SYSCALL(__NR_sched_yield);
		if ((seed >> 56 & 31) == 0)
			return;
		if ((seed >> 56 & 31) == 1)
			SYSCALL(__NR_exit_group, 0);
		for (int i = 0; i < STORM_LOCKS; i++)
			if ((storm[i] & TID) == mine)
				futex(&storm[i], FUTEX_UNLOCK_PI, 0, NULL);
	}
}

static void test_storm(void)
{
	uint64_t end = monotonic_ns() + 1500 * MS;
	int n = 0, status;

	storm = map(MAP_SHARED);
	while (monotonic_ns() < end) {
		int pid[3];

		for (int i = 0; i < 3; i++) {
			pid[i] = fork();
			if (!pid[i]) {
				if (i)
					set_uid(1000 + i);
				for (long t = 0; t < 3; t++)
					start(&threads[t], play, (void *)(n * 10L + t));
				play((void *)(n * 10L + 9));
				SYSCALL(__NR_exit, 0);
			}
		}
		nanosleep_ns(5 * MS);
		for (int i = 0; i < 3; i++) {
			kill(pid[i], SIGKILL);
			waitpid(pid[i], &status, 0);
		}
		n++;
	}
	storm[100] = 1;
	ok(n > 0, "processes die with locks that others wait for, %d times three", n);
	munmap((void *)storm, PAGE);
}

static void nothing(int sig)
{
	(void)sig;
}

int main(void)
{
	locks = (void *)map(MAP_SHARED);
	signal_set(SIGUSR1, nothing, 0);
	test_lists();
	test_pending();
	test_get();
	test_foreign_owner();
	test_gone();
	test_read_only();
	test_storm();
	return tap_done();
}
