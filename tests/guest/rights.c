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
	test_access();
	test_cred_race();
	test_stoppers();
	return tap_done();
}
