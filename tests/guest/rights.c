/* SPDX-License-Identifier: MIT */
/* Who may do what to whom: credentials, and what asks for them, also while they change. True of Linux too. */
#include "tap.h"

#define USER 1000
#define PRIO_USER 2

/* Become @uid and its group, in every id. */
static void become(unsigned int uid)
{
	SYSCALL(__NR_setgroups, 0, 0);
	SYSCALL(__NR_setresgid, uid, uid, uid);
	SYSCALL(__NR_setresuid, uid, uid, uid);
}

static int stop_child(int pid)
{
	int status = -1;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return status;
}

static bool until(uint64_t end)
{
	return monotonic_ns() < end;
}

/* ---- Credentials that change while others look at them ---- */

static void ask_access(void)
{
	SYSCALL(__NR_setresuid, USER, 0, 0);
	for (;;)
		SYSCALL(__NR_faccessat, AT_FDCWD, "/", 4);
}

static void change_ids(void)
{
	for (;;) {
		SYSCALL(__NR_setresuid, USER, 0, 0);
		SYSCALL(__NR_setresuid, 0, 0, 0);
	}
}

/* Who looks: whether it may signal, whose priority it may change, whose child has ended. */
static void look_at(int pid)
{
	for (;;) {
		for (int i = 0; i < 500; i++)
			kill(pid, 0);
		SYSCALL(__NR_setpriority, PRIO_USER, USER + 1, 0);
		SYSCALL(__NR_prlimit64, pid, 4, 0, 0);
	}
}

static int forked(void (*fn)(void))
{
	int pid = fork();

	if (!pid)
		fn();
	return pid;
}

static void test_cred_race(void)
{
	int who[2] = { forked(ask_access), forked(change_ids) }, by[4], bad = 0;
	uint64_t end = monotonic_ns() + 1500000000;

	for (int i = 0; i < 4; i++) {
		by[i] = fork();
		if (!by[i])
			look_at(who[i == 3]);
	}
	while (until(end)) {
		int status = 0, pid = fork();

		if (!pid) {
			become(USER);
			_exit(access("/", 4) ? 1 : 7);
		}
		bad += waitpid(pid, &status, 0) != pid || status != 7 << 8;
	}
	for (int i = 0; i < 4; i++)
		stop_child(by[i]);
	for (int i = 0; i < 2; i++)
		bad += stop_child(who[i]) != SIGKILL;
	ok(!bad, "credentials are changed, lent and looked at, at once");
}

/* A set-uid program asks for whom it works. */
static void test_access(void)
{
	int pid, status, fd = open("/tmp/rights-file", O_CREAT | O_WRONLY, 0600);

	close(fd);
	mkdir("/tmp/rights-dir", 0700);
	close(open("/tmp/rights-dir/file", O_CREAT | O_WRONLY, 0666));
	SYSCALL(__NR_fchmodat, AT_FDCWD, "/tmp/rights-dir/file", 0666, 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		SYSCALL(__NR_setresgid, USER, USER, USER);
		SYSCALL(__NR_setresuid, USER, 0, 0);
		ok_is(SYSCALL(__NR_faccessat, AT_FDCWD, "/tmp/rights-file", 4), -L_EACCES, "access() asks by the real user id");
		ok_is(SYSCALL(439, AT_FDCWD, "/tmp/rights-file", 4, 0x200), 0, "AT_EACCESS by the effective one");
		ok_is(SYSCALL(__NR_faccessat, AT_FDCWD, "/tmp/rights-dir/file", 4), -L_EACCES, "so for each folder of the path");
		ok_is(SYSCALL(439, AT_FDCWD, "/tmp/rights-dir/file", 4, 0x200), 0, "and these too with AT_EACCESS");
		fflush(stdout);
		_exit(tap_n << 4 | tap_bad);
	}
	waitpid(pid, &status, 0);
	tap_n = WEXITSTATUS(status) >> 4;
	tap_bad += WEXITSTATUS(status) & 15;
	unlink("/tmp/rights-dir/file");
	rmdir("/tmp/rights-dir");
	unlink("/tmp/rights-file");
}

/* ---- Limits ---- */

#define RLIMIT_FSIZE 1
#define RLIMIT_NOFILE 7
#define RLIMIT_AS 9

struct limit {
	uint64_t cur, max;
};

static struct {
	volatile int pid;
} *shared;

/* The limits of who comes and goes. */
static void set_limits(void)
{
	struct limit l = { 1000, 1000 };

	become(USER);
	for (;;) {
		int pid = shared->pid;

		if (pid > 0)
			SYSCALL(__NR_prlimit64, pid, RLIMIT_NOFILE, &l, 0);
	}
}

static void change_limit(void)
{
	static const struct limit none = { ~0UL, ~0UL };

	for (uint64_t i = 0; ; i++) {
		struct limit l = { 1000000 + i % 1000, 1000000 + i % 1000 };

		SYSCALL(__NR_prlimit64, 0, RLIMIT_FSIZE, &l, 0);
		SYSCALL(__NR_prlimit64, 0, RLIMIT_AS, &none, 0);
	}
}

static void come_and_go(void)
{
	for (;;) {
		int pid = fork();

		if (!pid)
			_exit(0);
		shared->pid = pid;
		waitpid(pid, NULL, 0);
	}
}

static void test_limit_race(void)
{
	int set = forked(set_limits), change, go, torn = 0;
	uint64_t end = monotonic_ns() + 1500000000;
	struct limit l;

	go = fork();
	if (!go) {
		become(USER);
		come_and_go();
	}
	change = forked(change_limit);
	while (until(end)) {
		if (SYSCALL(__NR_prlimit64, change, RLIMIT_FSIZE, 0, &l))
			break;
		torn += l.cur != l.max;
	}
	stop_child(set);
	stop_child(change);
	stop_child(go);
	ok(!torn, "limits are seen whole, and set while their process ends");
}

static void test_limits(void)
{
	struct limit l = { 3, 2 }, old;
	int fd;

	ok_is(SYSCALL(__NR_prlimit64, 0, RLIMIT_FSIZE, &l, 0), -L_EINVAL, "a limit above its own: EINVAL");
	SYSCALL(__NR_prlimit64, 0, RLIMIT_NOFILE, 0, &old);
	l = (struct limit){ ~0UL, ~0UL };
	ok_is(SYSCALL(__NR_prlimit64, 0, RLIMIT_NOFILE, &l, 0), -L_EPERM, "more files than there may be: EPERM, for root too");
	fd = dup2(0, 20);
	l = (struct limit){ 10, old.max };
	SYSCALL(__NR_prlimit64, 0, RLIMIT_NOFILE, &l, 0);
	ok_is(SYSCALL(__NR_dup3, 0, 10, 0), -L_EBADF, "RLIMIT_NOFILE: not beyond");
	ok_is(SYSCALL(__NR_fcntl, 0, F_DUPFD, 10), -L_EINVAL, "nor by F_DUPFD: EINVAL");
	ok(fcntl(20, F_GETFD, 0) == 0, "what was open stays open");
	SYSCALL(__NR_prlimit64, 0, RLIMIT_NOFILE, &old, 0);
	close(fd);
}

/* ---- Kernel threads are no one's to change ---- */

static void set_hart1(const char *what)
{
	for (int i = 0; i < 50 && write_text("/sys/devices/system/cpu/cpu1/online", what) == -16; i++)
		nanosleep_ns(10000000);
}

static void test_stoppers(void)
{
	int pid, status = -1;

	ok_is(SYSCALL(__NR_setpriority, PRIO_USER, 0, 5), 0, "root makes all that is root's nicer");
	pid = fork();
	if (!pid)
		_exit(SYSCALL(__NR_getpriority, 0, 0));	/* 20 - nice */
	waitpid(pid, &status, 0);
	ok(status == 15 << 8, "so it is");
	for (int i = 0; i < 10; i++) {
		set_hart1("0\n");
		set_hart1("1\n");
	}
	ok(true, "harts leave and come back all the same");
	SYSCALL(__NR_setpriority, PRIO_USER, 0, 0);
}

int main(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_access();
	test_limits();
	test_cred_race();
	test_limit_race();
	test_stoppers();
	return tap_done();
}
