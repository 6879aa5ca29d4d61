/* SPDX-License-Identifier: MIT */
/*
 * The tree of processes while it changes: parents and groups that go, threads that
 * exec, exit and are killed meanwhile. What a race may do is tried for a third of a second; that all
 * go on after it is the fact. True of Linux too.
 */
#include "tap.h"
#include "thread.h"

#include "abi/time.h"

#define MS 1000000UL
#define STORM (300 * MS)

static char self[256];			/* this program's file */
static volatile int going;
static volatile int *shared;		/* words that children see too */

static int raw_fork(void)
{
	return SYSCALL(__NR_clone, SIGCHLD);
}

static int reap(int pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static void sleep_for_ever(void *arg)
{
	static struct timespec64 ts = { 1000, 0 };

	(void)arg;
	for (;;)
		SYSCALL(__NR_nanosleep, &ts, NULL);
}

/* Wait until *@word is @v; a test that hangs shall end: exit 99 after ten seconds. */
static void until(volatile int *word, int v)
{
	static struct timespec64 ms = { 0, MS };

	for (int i = 0; *word != v; i++) {
		SYSCALL(__NR_nanosleep, &ms, NULL);
		if (i > 10000)
			SYSCALL(__NR_exit_group, 99);
	}
}

/* Each storm runs in a process of its own, as root and as a user. */
static void storm(void (*fn)(void), const char *name)
{
	for (int user = 0; user < 2; user++) {
		int pid, status;

		fflush(stdout);
		pid = fork();
		if (!pid) {
			if (user)
				SYSCALL(__NR_setuid, 1000);
			going = 1;
			fn();
			_exit(0);
		}
		status = reap(pid);
		ok_is(status, 0, name);
	}
}

/* ---- Groups ---- */

/* The tick looks at the tree, for there is a timer of CPU time: it must not come into the middle of a change. */
static void set_group_again(void)
{
	long far[4] = { 1000, 0, 1000, 0 };

	SYSCALL(__NR_setitimer, ITIMER_PROF, far, NULL);
	for (uint64_t end = monotonic_ns() + STORM; monotonic_ns() < end; )
		for (int i = 0; i < 500; i++)
			SYSCALL(__NR_setpgid, 0, 0);
}

static volatile int unborn;

static void set_unborn(void *arg)
{
	(void)arg;
	while (going) {
		int nr = unborn;

		SYSCALL(__NR_setpgid, nr, nr);
	}
}

static void read_tree(void *arg)
{
	(void)arg;
	while (going)
		SYSCALL(__NR_getpriority, PRIO_USER, 0);
}

/* A group may be named before its process is there, and be there when the lock is. */
static void name_unborn_groups(void)
{
	unborn = getpid() + 1;
	for (int i = 0; i < 3; i++)
		start(&threads[i], set_unborn, NULL);
	for (int i = 3; i < 5; i++)
		start(&threads[i], read_tree, NULL);
	for (uint64_t end = monotonic_ns() + 2 * STORM; monotonic_ns() < end; ) {
		int pid = fork();

		if (!pid)
			_exit(0);
		unborn = pid + 1;
		reap(pid);
	}
	going = 0;
	for (int i = 0; i < 5; i++)
		join(&threads[i]);
}

static void wait_for_own_group(void *arg)
{
	(void)arg;
	while (going) {
		SYSCALL(__NR_wait4, 0, NULL, WNOHANG, NULL);
		SYSCALL(__NR_waitid, P_PGID, 0, NULL, WEXITED | WNOHANG, NULL);
		SYSCALL(__NR_kill, 0, 0);
	}
}

/* Our group is that of a child which dies: we are the last to hold it, and leave it while others ask for it. */
static void change_group_while_waiting(void)
{
	for (int i = 0; i < 3; i++)
		start(&threads[i], wait_for_own_group, NULL);
	for (uint64_t end = monotonic_ns() + 2 * STORM; monotonic_ns() < end; ) {
		int pid = fork();

		if (!pid)
			sleep_for_ever(NULL);
		setpgid(pid, pid);
		setpgid(0, pid);
		SYSCALL(__NR_kill, pid, SIGKILL);
		reap(pid);	/* or a thread did */
		setpgid(0, 0);
	}
	going = 0;
	for (int i = 0; i < 3; i++)
		join(&threads[i]);
}

static void test_groups(void)
{
	int pid, status;

	storm(set_group_again, "setpgid, and a tick that reads the tree");
	storm(name_unborn_groups, "groups named before they are there");
	storm(change_group_while_waiting, "a group waited for, and left");
	start(&threads[0], sleep_for_ever, NULL);
	ok_is(SYSCALL(__NR_setpgid, threads[0].tid, 0), -L_EINVAL, "setpgid of a thread that does not lead: EINVAL");
	pid = fork();
	if (!pid)
		sleep_for_ever(NULL);
	ok_is(SYSCALL(__NR_setpgid, pid, 0), 0, "of a child");
	ok_is(SYSCALL(__NR_setpgid, 1, 0), -L_ESRCH, "of nobody's child: ESRCH");
	kill(pid, SIGKILL);
	ok_is(waitpid(pid, &status, 0), pid, "which ends");
}

/* ---- Parents ---- */

enum { ASK, EXEC, SIBLING };

static int what_to_do;

/* In a thread, when its process has another parent: shared[2] is to be that one's number. */
static void act_as_orphan(void *arg)
{
	static char *envp[] = { NULL };
	char expected[16];
	char *argv[] = { self, "--parent", expected, NULL };

	(void)arg;
	until(&shared[1], 1);
	if (what_to_do == ASK && SYSCALL(__NR_getppid) != shared[2])
		SYSCALL(__NR_exit_group, 1);
	if (what_to_do == EXEC) {
		int at = sizeof(expected) - 1;

		for (expected[at] = '\0'; at && shared[2]; shared[2] /= 10)
			expected[--at] = '0' + shared[2] % 10;
		argv[2] = expected + at;
		SYSCALL(__NR_execve, self, argv, envp);
		SYSCALL(__NR_exit_group, 2);
	}
	if (what_to_do == SIBLING) {
		int pid = SYSCALL(__NR_clone, CLONE_PARENT | SIGCHLD);

		if (!pid) {
			pid = SYSCALL(__NR_getppid);
			SYSCALL(__NR_exit, pid == shared[2] ? 0 : 3);
		}
	}
}

/* The leader sees that the parent has died, and lets its thread act. */
static void be_orphaned(int father)
{
	start(&threads[0], act_as_orphan, NULL);
	shared[0] = 1;
	while (getppid() == father)
		nanosleep_ns(MS);
	shared[1] = 1;
	join(&threads[0]);
	_exit(0);
}

/* us > father, who dies > a process with a thread. */
static void orphan_a_thread(void)
{
	int father, status;

	SYSCALL(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	shared[0] = shared[1] = 0;
	shared[2] = getpid();
	father = fork();
	if (!father) {
		int me = getpid(), pid = fork();

		if (!pid)
			be_orphaned(me);
		until(&shared[0], 1);
		_exit(0);
	}
	if (reap(father))
		_exit(97);
	/* What was the father's is another's: a number that is given out again is not asked. */
	for (int i = 0; i < 20; i++) {
		int pid = fork();

		if (!pid)
			_exit(0);
		reap(pid);
	}
	for (int n = what_to_do == SIBLING ? 2 : 1; n; n--)
		if (waitpid(-1, &status, 0) < 0 || status)
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
	_exit(SYSCALL(__NR_wait4, -1, NULL, 0, NULL) == -L_ECHILD ? 0 : 96);
}

static void have_child(void *arg)
{
	int pid = raw_fork();

	(void)arg;
	if (!pid) {
		start(&threads[1], act_as_orphan, NULL);
		until(&shared[1], 1);
		join(&threads[1]);
		pid = SYSCALL(__NR_getppid);
		SYSCALL(__NR_exit_group, pid == shared[2] ? 0 : 4);
	}
	shared[3] = pid;
}

/* A thread's child, when the thread has gone, is another thread's; its number is the same. */
static void inherit_from_thread(void)
{
	shared[1] = shared[3] = 0;
	shared[2] = getpid();
	start(&threads[0], have_child, NULL);
	join(&threads[0]);
	shared[1] = 1;
	_exit(reap(shared[3]) ? 1 : 0);
}

/* Who asks for orphans gets those of the children that it had before. */
static void ask_late(void)
{
	int status = -1, child, father = getpid();

	shared[0] = 0;
	child = fork();
	if (!child) {
		int me = getpid();

		if (fork())
			sleep_for_ever(NULL);
		shared[0] = 1;
		while (getppid() == me)
			nanosleep_ns(MS);
		_exit(getppid() == father ? 0 : 1);
	}
	until(&shared[0], 1);
	SYSCALL(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	kill(child, SIGKILL);
	reap(child);
	_exit(waitpid(-1, &status, 0) > 0 ? status : 2);
}

#define GO 9	/* the child ends when nobody can write there any more */

/* Which of two blocked signals comes, that is the exit status. */
static void heard(void)
{
	sigmask_t set = SIGMASK(SIGUSR1) | SIGMASK(SIGCHLD);
	struct timespec64 long_enough = { 10, 0 };

	close(GO);
	_exit(SYSCALL(__NR_rt_sigtimedwait, &set, NULL, &long_enough, sizeof(set)));
}

/* After its exec the parent hears SIGCHLD of a child that was to end with another signal: it may be somebody else now. */
static void exec_as_parent(void)
{
	static char *envp[] = { NULL };
	char *argv[] = { self, "--heard", NULL };
	int pid, fd[2];
	char c;

	pipe(fd);
	dup2(fd[1], GO);
	close(fd[1]);
	sigprocmask_set(SIG_BLOCK, SIGMASK(SIGUSR1) | SIGMASK(SIGCHLD), NULL);
	pid = SYSCALL(__NR_clone, SIGUSR1);
	if (!pid) {
		close(GO);
		_exit(read(fd[0], &c, 1));
	}
	if (what_to_do == EXEC)
		execve(self, argv, envp);
	heard();
}

static void exec_as_child(void)
{
	static char *envp[] = { NULL };
	char *argv[] = { "true", NULL };
	int pid;

	sigprocmask_set(SIG_BLOCK, SIGMASK(SIGUSR1) | SIGMASK(SIGCHLD), NULL);
	pid = SYSCALL(__NR_clone, SIGUSR1);
	if (!pid) {
		execve("/bin/true", argv, envp);
		_exit(1);
	}
	heard();
}

static volatile int awaited, turn, told;

static void wait_for_awaited(void *arg)
{
	for (int seen = 0; ; ) {
		long got;

		while (turn == seen)
			if (!going)
				return;
		seen = turn;
		got = SYSCALL(__NR_wait4, awaited, NULL, 0, NULL);
		if (got != -L_ECHILD && got != awaited)
			_exit(1);
		__atomic_fetch_add(&told, got == -L_ECHILD ? 1 : 100, __ATOMIC_RELAXED);
	}
	(void)arg;
}

/* Many wait for one child: one is given it, and no other sleeps on. */
static void wait_together(void)
{
	for (int i = 0; i < 3; i++)
		start(&threads[i], wait_for_awaited, NULL);
	for (uint64_t end = monotonic_ns() + STORM; monotonic_ns() < end; ) {
		int pid = fork();

		if (!pid)
			_exit(0);
		told = 0;
		awaited = pid;
		turn++;
		for (uint64_t late = monotonic_ns() + 10000 * MS; told != 102; SYSCALL(__NR_sched_yield))
			if (monotonic_ns() > late)
				_exit(99);
	}
	going = 0;
	for (int i = 0; i < 3; i++)
		join(&threads[i]);
}

static void test_parents(void)
{
	what_to_do = ASK;
	ok_is(in_child(orphan_a_thread), 0, "a thread has its leader's new parent");
	what_to_do = EXEC;
	ok_is(in_child(orphan_a_thread), 0, "and keeps it when it execs");
	what_to_do = SIBLING;
	ok_is(in_child(orphan_a_thread), 0, "and gives it to a sibling that it makes");
	ok_is(in_child(inherit_from_thread), 0, "a thread's child is another's when it ends");
	ok_is(in_child(ask_late), 0, "a subreaper has the orphans of those who were there before it asked");
	what_to_do = ASK;
	ok_is(in_child(exec_as_parent), SIGUSR1 << 8, "a child ends with the signal that it was made with");
	what_to_do = EXEC;
	ok_is(in_child(exec_as_parent), SIGCHLD << 8, "with SIGCHLD, if its parent did exec");
	ok_is(in_child(exec_as_child), SIGCHLD << 8, "or if it did");
	storm(wait_together, "many wait for one child");
}

/* ---- Exec ---- */

static void exec_true(void *arg)
{
	static char *argv[] = { "true", NULL }, *envp[] = { NULL };

	(void)arg;
	SYSCALL(__NR_execve, "/bin/true", argv, envp);
	SYSCALL(__NR_exit, 1);
}

/* Wait for @pid, ten seconds at most. Return: its status. */
static int reap_in_time(int pid)
{
	int status = -1;

	for (int i = 0; i < 10000; i++) {
		if (SYSCALL(__NR_wait4, pid, &status, WNOHANG, NULL) == pid)
			return status;
		nanosleep_ns(MS);
	}
	kill(pid, SIGKILL);
	return -1;
}

static void exec_twice(void)
{
	for (uint64_t end = monotonic_ns() + STORM; monotonic_ns() < end; ) {
		int pid = fork(), status;

		if (!pid) {
			start(&threads[0], exec_true, NULL);
			start(&threads[1], exec_true, NULL);
			sleep_for_ever(NULL);
		}
		status = reap_in_time(pid);
		if (status)
			_exit(status < 0 ? 99 : 1);
	}
}

static void fork_on_and_on(void *arg)
{
	(void)arg;
	for (;;) {
		int pid = raw_fork();

		if (!pid)
			SYSCALL(__NR_exit, 0);
		SYSCALL(__NR_wait4, pid, NULL, 0, NULL);
	}
}

static void stop_group(void *arg)
{
	int pid = SYSCALL(__NR_getpid);

	(void)arg;
	SYSCALL(__NR_kill, pid, SIGSTOP);
	SYSCALL(__NR_exit, 0);
}

static void clone_sharing_signals(void *arg)
{
	int pid = SYSCALL(__NR_clone, CLONE_VM | CLONE_SIGHAND | CLONE_VFORK | SIGCHLD);	/* VFORK for the stack */

	if (!pid)
		exec_true(arg);
	SYSCALL(__NR_exit, 0);
}

/* A thread execs; the leader and others exit, fork, stop the group, are killed, change groups, at any moment of that. */
static void exec_in_a_storm(void)
{
	static void (*const others[])(void *) = { fork_on_and_on, stop_group, exec_true, clone_sharing_signals, sleep_for_ever };
	uint32_t seed = 1;

	for (uint64_t end = monotonic_ns() + 3 * STORM; monotonic_ns() < end; ) {
		int pid, status;

		seed = seed * 1103515245 + 12345;
		pid = fork();
		if (!pid) {
			start(&threads[0], others[seed >> 16 & 3], NULL);
			start(&threads[1], exec_true, NULL);
			start(&threads[2], others[(seed >> 20 & 15) % 5], NULL);
			if (seed >> 24 & 1)
				SYSCALL(__NR_exit, 0);
			exec_true(NULL);
			SYSCALL(__NR_exit, 0);
		}
		for (int i = seed >> 8 & 7; i--; ) {
			SYSCALL(__NR_setpgid, pid, i & 1 ? pid : 0);
			SYSCALL(__NR_kill, pid, SIGCONT);
			SYSCALL(__NR_wait4, pid, &status, WUNTRACED | WNOHANG, NULL);
		}
		kill(pid, seed >> 28 & 1 ? SIGKILL : SIGCONT);
		for (int i = 0; SYSCALL(__NR_wait4, pid, &status, WNOHANG, NULL) == 0; i++) {
			if (i == 10000)
				_exit(99);
			kill(pid, SIGCONT);
			nanosleep_ns(MS);
		}
	}
	while (SYSCALL(__NR_wait4, -1, NULL, WNOHANG, NULL) > 0)
		;
}

static void wait_with_rusage(void *arg)
{
	long ru[18];

	(void)arg;
	while (going)
		SYSCALL(__NR_wait4, -1, NULL, WUNTRACED | WCONTINUED | WNOHANG, ru);
}

/* A stopped child is asked what it used, and may be dead, or another program, before it is told. */
static void ask_the_stopped(void)
{
	start(&threads[0], wait_with_rusage, NULL);
	start(&threads[1], wait_with_rusage, NULL);
	for (uint64_t end = monotonic_ns() + STORM; monotonic_ns() < end; ) {
		int pid = fork();

		if (!pid) {
			SYSCALL(__NR_kill, getpid(), SIGSTOP);
			exec_true(NULL);
		}
		for (int i = 0; i < 20; i++)
			SYSCALL(__NR_sched_yield);
		SYSCALL(__NR_kill, pid, pid & 1 ? SIGCONT : SIGKILL);
		SYSCALL(__NR_kill, pid, SIGSTOP);
		SYSCALL(__NR_kill, pid, SIGKILL);
	}
	going = 0;
	for (int i = 0; i < 2; i++)
		join(&threads[i]);
	while (SYSCALL(__NR_wait4, -1, NULL, 0, NULL) > 0)
		;
}

/* Many empty strings are few bytes, but many pointers. */
static int exec_with_empty(size_t n)
{
	char **argv = mmap(NULL, (n + 1) * sizeof(*argv), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *envp[] = { NULL };
	int pid;

	for (size_t i = 0; i < n; i++)
		argv[i] = "";
	pid = fork();
	if (!pid)
		_exit(SYSCALL(__NR_execve, "/bin/true", argv, envp) == -L_E2BIG ? 7 : 1);
	munmap(argv, (n + 1) * sizeof(*argv));
	return reap(pid);
}

static int exec_with_string(size_t n)
{
	char *s = mmap(NULL, n + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *argv[] = { "true", s, NULL }, *envp[] = { NULL };
	int pid;

	memset(s, 'x', n);
	pid = fork();
	if (!pid)
		_exit(SYSCALL(__NR_execve, "/bin/true", argv, envp) == -L_E2BIG ? 7 : 1);
	munmap(s, n + 1);
	return reap(pid);
}

static void test_exec(void)
{
	storm(exec_twice, "two threads exec at once");
	storm(exec_in_a_storm, "a thread execs in a storm");
	storm(ask_the_stopped, "the stopped are asked, and killed");
	/* Of a stack of 8 MB a quarter: 2 MB for strings, and for pointers to them. */
	ok_is(exec_with_empty(100000), 0, "100,000 empty arguments");
	ok_is(exec_with_empty(300000), 7 << 8, "300,000: E2BIG");
	ok_is(exec_with_empty(2000000), 7 << 8, "2,000,000: E2BIG");
	ok_is(exec_with_string(131071), 0, "one of 128 KB");
	ok_is(exec_with_string(131072), 7 << 8, "a byte more: E2BIG");
}

/* ---- Figures ---- */

static void use_time(void)
{
	if (!fork()) {
		run_for(60 * MS);
		_exit(0);
	}
	reap(-1);
	_exit(0);
}

/* Field @nr of /proc/self/stat, 1 is the pid. */
static long stat_field(int nr)
{
	char text[512], *at;

	if (read_file("/proc/self/stat", text, sizeof(text)) < 0 || !(at = strrchr(text, ')')))
		return -1;
	for (int i = 2; i < nr && at; i++)
		at = strchr(at + 1, ' ');
	return at ? strtol(at, NULL, 10) : -1;
}

static void test_figures(void)
{
	long ru[18] = { 0 }, us, before = stat_field(11);
	int pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		use_time();
	SYSCALL(__NR_wait4, pid, NULL, 0, ru);
	us = (ru[0] + ru[2]) * 1000000 + ru[1] + ru[3];
	ok(us >= 50000, "wait4 tells what the child's children used too: %ld us", us);
	ok(before >= 0 && stat_field(11) > before, "cminflt of /proc/PID/stat has what the dead child had: %ld", stat_field(11));
}

/* One of these as argument: that one only. */
static const struct {
	const char *name;
	void (*fn)(void);
} parts[] = { { "groups", test_groups }, { "parents", test_parents }, { "exec", test_exec }, { "figures", test_figures } };

int main(int argc, char **argv)
{
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	if (argc > 2 && !strcmp(argv[1], "--parent"))
		_exit(getppid() == strtol(argv[2], NULL, 10) ? 0 : 5);
	if (argc > 1 && !strcmp(argv[1], "--heard"))
		heard();
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (argc < 2 || !strcmp(argv[1], parts[i].name))
			parts[i].fn();
	return tap_done();
}
