/* SPDX-License-Identifier: MIT */
/*
 * Threads: what they share, how they end together, and
 * that a change to the memory of one is seen by all. True of Linux too. A thread here
 * has no C library of its own: it makes raw calls only.
 */
#include "tap.h"
#include "thread.h"

#define PG 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define SPIN_UNTIL(c) do { } while (!(c))

/* ---- Who one is ---- */

static volatile int seen_pid, seen_tid;

static void who(void *arg)
{
	(void)arg;
	seen_pid = SYSCALL(__NR_getpid);
	seen_tid = SYSCALL(__NR_gettid);
}

static void test_identity(void)
{
	long tid = start(&threads[0], who, NULL);

	join(&threads[0]);
	ok(tid > 0 && seen_tid == tid && seen_pid == getpid() && tid != getpid(), "a thread has the group's pid and its own tid");
	ok(threads[0].tid == 0, "CLONE_CHILD_CLEARTID: its word is cleared and a waiter told");
}

/* ---- Ends ---- */

static void spin(void *arg)
{
	(void)arg;
	for (;;)
		__asm__ volatile("");
}

static void sleep_long(void *arg)
{
	static struct timespec64 ts = { 1000, 0 };

	(void)arg;
	SYSCALL(__NR_nanosleep, &ts, NULL);
}

static void exit_group_7(void *arg)
{
	(void)arg;
	SYSCALL(__NR_exit_group, 7);
}

static void end_by_thread(void)
{
	start(&threads[0], spin, NULL);
	start(&threads[1], sleep_long, NULL);
	start(&threads[2], exit_group_7, NULL);
	spin(NULL);
}

static void end_by_signal(void)
{
	start(&threads[0], spin, NULL);
	start(&threads[1], sleep_long, NULL);
	kill(getpid(), SIGTERM);
	spin(NULL);
}

static void end_by_tgkill(void)
{
	long tid = start(&threads[0], sleep_long, NULL);

	start(&threads[1], spin, NULL);
	SYSCALL(__NR_tgkill, getpid(), tid, SIGKILL);
	spin(NULL);
}

static int fd[2];

static void outlive_leader(void *arg)
{
	char c = 'a';

	(void)arg;
	SYSCALL(__NR_read, fd[0], &c, 1);	/* the parent saw that the leader's end alone is no end */
	SYSCALL(__NR_exit, 9);
}

static void end_leader_first(void)
{
	start(&threads[0], outlive_leader, NULL);
	SYSCALL(__NR_exit, 3);
}

static void exec_true(void *arg)
{
	static char *argv[] = { "true", NULL }, *envp[] = { NULL };

	(void)arg;
	SYSCALL(__NR_execve, "/bin/true", argv, envp);
}

static void exec_by_thread(void)
{
	start(&threads[0], spin, NULL);
	start(&threads[1], sleep_long, NULL);
	start(&threads[2], exec_true, NULL);
	sleep_long(NULL);
	_exit(1);
}

static void test_ends(void)
{
	int pid, status;

	ok_is(in_child(end_by_thread), 7 << 8, "exit_group of one thread ends all");
	ok_is(in_child(end_by_signal), SIGTERM, "a fatal signal ends all");
	ok_is(in_child(end_by_tgkill), SIGKILL, "SIGKILL to one thread ends all");
	status = 0;
	for (int i = 0; i < 20; i++)
		status |= in_child(exec_by_thread);
	ok_is(status, 0, "execve of one thread ends the others and keeps the pid");
	pipe(fd);
	fflush(stdout);
	pid = fork();
	if (!pid)
		end_leader_first();
	nanosleep_ns(20000000);
	ok_is(SYSCALL(__NR_wait4, pid, &status, WNOHANG, 0), 0, "a group whose leader alone has ended is not waitable");
	write(fd[1], "x", 1);
	ok(waitpid(pid, &status, 0) == pid && status == 9 << 8, "its status is that of the last to end");
	close(fd[0]);
	close(fd[1]);
}

/* ---- Signals ---- */

static volatile int handled_by;

static void note_thread(int sig)
{
	(void)sig;
	handled_by = SYSCALL(__NR_gettid);
}

static void wait_for_signal(void *arg)
{
	sigmask_t none = 0;

	(void)arg;
	SYSCALL(__NR_rt_sigsuspend, &none, 8);
}

static void test_signals(void)
{
	sigmask_t old;
	long tid;

	signal_set(SIGUSR1, note_thread, 0);
	sigprocmask_set(SIG_BLOCK, SIGMASK(SIGUSR1), &old);
	tid = start(&threads[0], wait_for_signal, NULL);
	kill(getpid(), SIGUSR1);
	join(&threads[0]);
	ok(handled_by == tid, "a signal to the process goes to the thread that does not block it");
	handled_by = 0;
	tid = start(&threads[0], wait_for_signal, NULL);
	start(&threads[1], sleep_long, NULL);
	SYSCALL(__NR_tgkill, getpid(), tid, SIGUSR1);
	join(&threads[0]);
	ok(handled_by == tid, "a signal to a thread is that thread's");
	ok_is(SYSCALL(__NR_tgkill, getpid() + 100000, tid, SIGUSR1), -L_ESRCH, "no such group: ESRCH");
	while (!SYSCALL(__NR_tkill, tid, 0))
		nanosleep_ns(1000000);	/* it has cleared its word, and is on its last steps */
	ok_is(SYSCALL(__NR_tkill, tid, 0), -L_ESRCH, "a thread that has ended: ESRCH");
	sigprocmask_set(SIG_SETMASK, old, NULL);
}

/* ---- One address space on many harts ---- */

static volatile int *counter, *mirror;
static volatile int faulted;

static void leave(int sig)
{
	(void)sig;
	faulted++;
	SYSCALL(__NR_exit, 0);
}

static void count_on(void *arg)
{
	(void)arg;
	for (;;)
		(*counter)++;
}

/* Another hart has the entry in its TLB and uses it all the time. */
static void test_taken_away(void)
{
	int shm = open("/tmp/threads", O_RDWR | O_CREAT, 0600), still = 0;

	SYSCALL(__NR_ftruncate, shm, PG);
	signal_set(SIGSEGV, leave, SA_NODEFER);
	mirror = mmap(NULL, PG, RW, MAP_SHARED, shm, 0);
	for (int round = 0; round < 40; round++) {
		int now, was = *mirror;

		counter = mmap(NULL, PG, RW, MAP_SHARED, shm, 0);
		start(&threads[0], count_on, NULL);
		SPIN_UNTIL(*mirror != was);
		if (round % 2)
			munmap((void *)counter, PG);
		else
			mprotect((void *)counter, PG, PROT_READ);
		now = *mirror;
		for (int i = 0; i < 20000; i++)
			still += *mirror != now;
		join(&threads[0]);
		if (!(round % 2))
			munmap((void *)counter, PG);
	}
	ok(faulted == 40, "each thread faults whose page was taken away or made read-only");
	ok(!still, "no write comes through once munmap and mprotect have returned");
	munmap((void *)mirror, PG);
	close(shm);
	unlink("/tmp/threads");
	signal_set(SIGSEGV, (handler_t)0, 0);
}

static volatile int *shared_page, sequence, wrong, stop;

static void read_on(void *arg)
{
	(void)arg;
	while (!stop) {
		int s = __atomic_load_n(&sequence, __ATOMIC_ACQUIRE);

		if (*shared_page < s)
			wrong++;
	}
}

/* The writer's copy-on-write gives it another frame: readers must not go on with the old one. */
static void test_cow_seen(void)
{
	shared_page = mmap(NULL, PG, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*shared_page = 0;
	start(&threads[0], read_on, NULL);
	for (int i = 1; i <= 60; i++) {
		int pid, ends[2];
		char c;

		pipe(ends);
		pid = fork();
		if (!pid) {
			close(ends[1]);
			read(ends[0], &c, 1);	/* it keeps the page shared */
			_exit(*shared_page == i - 1 ? 0 : 1);
		}
		*shared_page = i;
		__atomic_store_n(&sequence, i, __ATOMIC_RELEASE);
		for (int k = 0; k < 2000; k++)
			__asm__ volatile("");
		close(ends[0]);
		close(ends[1]);
		{
			int status;

			waitpid(pid, &status, 0);
			wrong += status != 0;
		}
	}
	stop = 1;
	join(&threads[0]);
	ok(!wrong, "a copy made for one thread is seen by the others, and not by the child");
	munmap((void *)shared_page, PG);
}

int main(void)
{
	test_identity();
	test_ends();
	test_signals();
	test_taken_away();
	test_cow_seen();
	return tap_done();
}
