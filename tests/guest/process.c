/* SPDX-License-Identifier: MIT */
/* fork, exec, exit, wait, orphans, groups and sessions. True of Linux too. */
#include "tap.h"

static int status_of(int pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static void test_wait(void)
{
	int a, b, status, pid, hold[2];

	ok_is(SYSCALL(__NR_wait4, -1, 0, 0, 0), -L_ECHILD, "no child: ECHILD");
	pid = fork();
	if (!pid)
		_exit(42);
	ok_is(status_of(pid), 42 << 8, "exit status");
	pid = fork();
	if (!pid) {
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	ok_is(status_of(pid), SIGKILL, "killed by a signal");
	pipe(hold);
	a = fork();
	if (!a) {
		char c;

		read(hold[0], &c, 1);	/* lives until it is let go */
		_exit(1);
	}
	b = fork();
	if (!b)
		_exit(2);
	ok_is(SYSCALL(__NR_wait4, a, &status, WNOHANG, 0), 0, "WNOHANG: still running");
	write(hold[1], "", 1);
	close(hold[0]);
	close(hold[1]);
	ok(status_of(b) == 2 << 8 && status_of(a) == 1 << 8, "by pid, in either order");
	ok_is(SYSCALL(__NR_wait4, a, 0, 0, 0), -L_ECHILD, "waited for once only");
	ok_is(SYSCALL(__NR_wait4, -1, 0, 0x1234, 0), -L_EINVAL, "bad options: EINVAL");
	pid = fork();
	if (!pid)
		_exit(7);
	{
		struct k_siginfo info;

		ok_is(SYSCALL(__NR_waitid, P_PID, pid, &info, WEXITED | WNOWAIT, 0), 0, "waitid with WNOWAIT");
		ok(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED && info.chld.pid == pid && info.chld.status == 7,
		   "its siginfo");
		ok_is(SYSCALL(__NR_waitid, P_PID, pid, &info, WSTOPPED, 0), -L_ECHILD, "who is dead never stops: ECHILD, and no sleep");
		ok_is(status_of(pid), 7 << 8, "the zombie is still there after WNOWAIT");
	}
}

static void test_stop(void)
{
	int pid = fork(), status;

	if (!pid)
		for (;;)
			nanosleep_ns(1000000000);
	kill(pid, SIGSTOP);
	ok(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP, "stopped");
	ok_is(SYSCALL(__NR_wait4, pid, &status, WNOHANG | WUNTRACED, 0), 0, "reported once");
	kill(pid, SIGCONT);
	ok(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status), "continued");
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGKILL);
	ok_is(status_of(pid), SIGKILL, "SIGKILL ends a stopped process");
}

static void test_orphan(void)
{
	int fd[2], pid, parent;

	pipe(fd);
	pid = fork();
	if (!pid) {
		if (!fork()) {
			while (getppid() == (int)SYSCALL(__NR_getpgid, 0) || getppid() != 1)
				nanosleep_ns(1000000);
			parent = getppid();
			write(fd[1], &parent, sizeof(parent));
			_exit(0);
		}
		_exit(0);
	}
	status_of(pid);
	ok(read(fd[0], &parent, sizeof(parent)) == sizeof(parent) && parent == 1, "an orphan's parent is init");
	close(fd[0]);
	close(fd[1]);
}

static void test_subreaper(void)
{
	int status, pid;

	SYSCALL(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	pid = fork();
	if (!pid) {
		if (!fork()) {
			SYSCALL(__NR_prctl, PR_SET_PDEATHSIG, SIGUSR2, 0, 0, 0);
			kill(getppid(), SIGKILL);
			for (;;)
				nanosleep_ns(1000000000);
		}
		for (;;)
			nanosleep_ns(1000000000);
	}
	ok_is(status_of(pid), SIGKILL, "a parent dies");
	ok(waitpid(-1, &status, 0) > 0 && status == SIGUSR2,
	   "its child is told by PR_SET_PDEATHSIG, and is a child of the subreaper's now");
	SYSCALL(__NR_prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

static volatile int signals_seen;

static void note_signal(int sig)
{
	signals_seen |= 1 << sig;
}

/* session leader > worker, stopped in a group of its own; the leader's end orphans that group. */
static void orphan_and_leave(void)
{
	int fd[2], status;
	char c = 0;

	pipe(fd);
	if (!fork()) {
		int worker;

		setsid();
		worker = fork();
		if (!worker) {
			setpgid(0, 0);
			signal_set(SIGHUP, note_signal, 0);
			signal_set(SIGCONT, note_signal, 0);
			kill(getpid(), SIGSTOP);
			while (signals_seen != (1 << SIGHUP | 1 << SIGCONT))
				nanosleep_ns(1000000);
			kill(getpid(), SIGTSTP);	/* in an orphaned group: ignored */
			write(fd[1], "h", 1);
			_exit(0);
		}
		waitpid(worker, &status, WUNTRACED);
		_exit(0);
	}
	close(fd[1]);
	_exit(read(fd[0], &c, 1) == 1 && c == 'h' ? 0 : 1);
}

static void test_orphaned_group(void)
{
	ok_is(in_child(orphan_and_leave), 0, "a stopped group that is orphaned gets SIGHUP and SIGCONT, and no SIGTSTP stops it");
}

/* us of processor time: of us (0), or of the dead children we waited for (-1). */
static long cpu_time(int who)
{
	long ru[18];	/* struct rusage: user and system time come first */

	SYSCALL(__NR_getrusage, who, ru);
	return (ru[0] + ru[2]) * 1000000 + ru[1] + ru[3];
}

static void test_times(void)
{
	struct { int64_t sec, nsec; } res = { 0 };
	long before = cpu_time(RUSAGE_CHILDREN);
	int pid = fork();

	if (!pid) {
		while (cpu_time(0) < 60000)
			;
		_exit(0);
	}
	status_of(pid);
	ok(cpu_time(RUSAGE_CHILDREN) - before >= 60000, "RUSAGE_CHILDREN has what a dead child used");
	SYSCALL(__NR_clock_getres, 1, &res);
	ok(!res.sec && res.nsec == 1, "timers are high-resolution ones");
}

static void test_times_go_on(void)
{
	struct k_timeval { int64_t sec, usec; } now[2 + 14], last[2] = { 0 };
	uint64_t end = monotonic_ns() + 500000000;
	bool back = false;

	for (int i = 0; monotonic_ns() < end; i++) {
		uint64_t until = monotonic_ns() + 30000000;

		while (i % 2 && monotonic_ns() < until)		/* by the vDSO: user mode */
			;
		while (i % 2 == 0 && monotonic_ns() < until)
			for (int k = 0; k < 200; k++)
				getppid();
		SYSCALL(__NR_getrusage, RUSAGE_SELF, now);
		for (int k = 0; k < 2; k++)
			back |= now[k].sec * 1000000 + now[k].usec < last[k].sec * 1000000 + last[k].usec;
		memcpy(last, now, sizeof(last));
	}
	ok(!back, "neither user nor system time goes back");
}

/* A tick that hits a child of a moment is not ten ms of its. */
static void test_times_of_the_dead(void)
{
	uint64_t chld = 1UL << (SIGCHLD - 1);
	int wrong = 0;

	sigprocmask_set(SIG_BLOCK, chld, NULL);
	for (int i = 0; i < 300; i++) {
		struct k_siginfo info;
		long ru[18];
		int pid = fork();

		if (!pid)
			_exit(0);
		SYSCALL(__NR_rt_sigtimedwait, &chld, &info, NULL, sizeof(chld));
		SYSCALL(__NR_wait4, pid, NULL, 0, ru);
		wrong += (info.chld.utime + info.chld.stime) * 10000 > (ru[0] + ru[2]) * 1000000 + ru[1] + ru[3] + 5000;
	}
	sigprocmask_set(SIG_UNBLOCK, chld, NULL);
	ok_is(wrong, 0, "SIGCHLD's times are those of wait4");
}

static int run(const char *path, char **argv, char **envp)
{
	int pid = fork();

	if (!pid) {
		execve(path, argv, envp);
		_exit(125);
	}
	return status_of(pid);
}

static void test_exec(void)
{
	char *argv[] = { "process", "--args", "one", "", "three", NULL }, *envp[] = { "K=V", NULL };
	char self[256];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int fd;

	self[n > 0 ? n : 0] = '\0';
	ok(n > 0, "/proc/self/exe");
	ok_is(run(self, argv, envp), 33 << 8, "argv and envp arrive");
	ok_is(SYSCALL(__NR_execve, "/no/such", argv, envp), -L_ENOENT, "no such file: ENOENT");
	ok_is(SYSCALL(__NR_execve, "/tmp", argv, envp), -L_EACCES, "a directory: EACCES");
	fd = open("/tmp/script", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	n = strlen(self);
	write(fd, "#!", 2);
	write(fd, self, n);
	write(fd, " --script\nrest\n", 15);
	close(fd);
	ok_is(run("/tmp/script", (char *[]){ "x", "arg", NULL }, envp), 34 << 8, "#! with an argument");
	SYSCALL(__NR_fchmodat, AT_FDCWD, "/tmp/script", 0644);
	ok_is(SYSCALL(__NR_execve, "/tmp/script", argv, envp), -L_EACCES, "not executable: EACCES");
	unlink("/tmp/script");
	fd = open("/tmp/junk", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	write(fd, "junk", 4);
	close(fd);
	ok_is(SYSCALL(__NR_execve, "/tmp/junk", argv, envp), -L_ENOEXEC, "no known format: ENOEXEC");
	unlink("/tmp/junk");
}

static volatile int vfork_value;

static void test_clone(void)
{
	int pid, status, tid = 0;
	static char stack[16384] __attribute__((aligned(16)));

	/* CLONE_VM | CLONE_VFORK by hand: the child shares memory, the parent waits. */
	pid = SYSCALL(__NR_clone, CLONE_VFORK | CLONE_VM | SIGCHLD, stack + sizeof(stack));
	if (!pid) {
		vfork_value = 77;
		_exit(5);
	}
	ok(pid > 0 && vfork_value == 77, "vfork: the child's write is there when the parent goes on");
	ok(waitpid(pid, &status, 0) == pid && status == 5 << 8, "and it is waited for");
	ok_is(SYSCALL(__NR_clone, CLONE_THREAD, 0), -L_EINVAL, "CLONE_THREAD without SIGHAND: EINVAL");
	ok_is(SYSCALL(__NR_clone, CLONE_SIGHAND, 0), -L_EINVAL, "CLONE_SIGHAND without VM: EINVAL");
	pid = SYSCALL(__NR_clone, CLONE_PARENT_SETTID | SIGCHLD, 0, &tid);
	if (!pid)
		_exit(0);
	ok(tid == pid, "CLONE_PARENT_SETTID");
	waitpid(pid, &status, 0);
	ok_is(SYSCALL(435, NULL, 8), -L_EINVAL, "clone3 with too small a structure: EINVAL");
}

static int *counts;	/* shared with the child below */

static void in_session(void)
{
	int pid;

	ok(setsid() == getpid() && getpgrp() == getpid() && SYSCALL(__NR_getsid, 0) == getpid(), "setsid makes session and group");
	ok_is(SYSCALL(__NR_setsid), -L_EPERM, "a group leader cannot: EPERM");
	pid = fork();
	if (!pid) {
		nanosleep_ns(2000000000);
		_exit(0);
	}
	ok(setpgid(pid, pid) == 0 && SYSCALL(__NR_getpgid, pid) == pid, "a child gets a group of its own");
	ok_is(SYSCALL(__NR_setpgid, pid, 1), -L_EPERM, "a group of another session: EPERM");
	kill(-pid, SIGTERM);
	ok_is(status_of(pid), SIGTERM, "kill to the group");
	fflush(stdout);
	counts[0] = tap_n;
	counts[1] = tap_bad;
}

static void check_args(int argc, char **argv, char **envp)
{
	_exit(argc == 5 && !strcmp(argv[2], "one") && !*argv[3] && !strcmp(argv[4], "three") && !argv[5] &&
	      !strcmp(envp[0], "K=V") && !envp[1] ? 33 : 1);
}

int main(int argc, char **argv, char **envp)
{
	if (argc > 1 && !strcmp(argv[1], "--args"))
		check_args(argc, argv, envp);
	if (argc > 1 && !strcmp(argv[1], "--script"))
		_exit(argc == 4 && !strcmp(argv[2], "/tmp/script") && !strcmp(argv[3], "arg") ? 34 : 2);
	test_wait();
	test_stop();
	test_orphan();
	test_subreaper();
	test_orphaned_group();
	test_times();
	test_times_go_on();
	test_times_of_the_dead();
	test_exec();
	test_clone();
	counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (in_child(in_session) == 0) {
		tap_n = counts[0];
		tap_bad = counts[1];
	} else {
		ok(false, "the session leader ended well");
	}
	ok_is(SYSCALL(2000), -L_ENOSYS, "unknown call: ENOSYS");
	ok_is(SYSCALL(__NR_kill, 99999, 0), -L_ESRCH, "kill of nobody: ESRCH");
	return tap_done();
}
