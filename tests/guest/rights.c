/* SPDX-License-Identifier: MIT */
/* Who may do what to whom: credentials, and what asks for them, also while they change. True of Linux too. */
#include "tap.h"

#include "abi/perf_event.h"

#define USER 1000

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
		SYSCALL(__NR_prlimit64, pid, RLIMIT_CORE, 0, 0);
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

/* ---- Ids ---- */

static void change_own_ids(void)
{
	int wrong = 0;

	SYSCALL(__NR_setresgid, USER, USER + 1, USER);
	SYSCALL(__NR_setresuid, USER, USER + 1, USER);
	wrong += SYSCALL(__NR_setuid, USER + 1) != -L_EPERM;	/* to the real or the saved id alone */
	wrong += SYSCALL(__NR_setgid, USER + 1) != -L_EPERM;
	wrong += SYSCALL(__NR_setresuid, -1, 0, -1) != -L_EPERM;
	wrong += SYSCALL(__NR_setgroups, 0, 0) != -L_EPERM;
	wrong += SYSCALL(__NR_setuid, USER) != 0;
	wrong += SYSCALL(__NR_setgid, -1) != -L_EINVAL;
	_exit(wrong);
}

/* Root that lends its rights, and takes them again. */
static void lend_rights(void)
{
	int wrong = 0;

	SYSCALL(__NR_setresuid, -1, USER, -1);
	wrong += SYSCALL(__NR_kill, 1, 0) != 0;			/* by its real id */
	wrong += SYSCALL(__NR_setgroups, 0, 0) != -L_EPERM;
	wrong += SYSCALL(__NR_setresuid, -1, 0, -1) != 0;
	wrong += SYSCALL(__NR_setgroups, 0, 0) != 0;
	wrong += SYSCALL(__NR_setresuid, USER, USER, 0) != 0;
	wrong += SYSCALL(__NR_kill, 1, 0) != -L_EPERM;
	wrong += SYSCALL(__NR_setresuid, 0, 0, 0) != 0;
	wrong += SYSCALL(__NR_setuid, USER) != 0;
	wrong += SYSCALL(__NR_setresuid, 0, 0, 0) != -L_EPERM;
	_exit(wrong);
}

static void kill_all(void)
{
	become(USER + 7);
	_exit(SYSCALL(__NR_kill, -1, 0) != 0);
}

static void test_ids(void)
{
	ok_is(in_child(change_own_ids), 0, "setuid and setgid of who is not root");
	ok_is(in_child(lend_rights), 0, "capabilities go and come with the effective id, and for good with the last");
	ok_is(in_child(kill_all), 0, "kill(-1) where all are others': no error");
}

/* ---- Limits ---- */

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

/* ---- Who may do what to whom: caller 1000 with all its ids, in no other group ---- */


struct who {
	const char *name;
	unsigned int uid[3], gid[3];	/* real, effective, saved */
	int dumpable;
	const char *may;
};

static const struct who whom[] = {
	{ "one's own", { USER, USER, USER }, { USER, USER, USER }, 1, "kpaslgemxcStv" },
	{ "one's own, which was root's", { USER, USER, USER }, { USER, USER, USER }, 0, "kpaslg" },
	{ "a set-uid program of root's", { USER, 0, 0 }, { USER, USER, USER }, 1, "k" },
	{ "a set-uid program that works for who called it", { USER, USER, 0 }, { USER, USER, USER }, 1, "k" },
	{ "a set-uid program of another's", { USER, USER + 1, USER + 1 }, { USER, USER, USER }, 1, "kpas" },
	{ "a set-gid program", { USER, USER, USER }, { USER, 0, 0 }, 1, "kpas" },
	{ "a set-gid program that works for who called it", { USER, USER, USER }, { USER, USER, 0 }, 1, "kpas" },
	{ "one's own of another group", { USER, USER, USER }, { 5, 5, 5 }, 1, "kpas" },
	{ "root that works for us", { 0, USER, 0 }, { 0, 0, 0 }, 1, "" },
	{ "root that could be us", { 0, 0, USER }, { 0, 0, 0 }, 1, "k" },
	{ "root", { 0, 0, 0 }, { 0, 0, 0 }, 1, "" },
	{ "another user", { USER + 1, USER + 1, USER + 1 }, { USER, USER, USER }, 1, "" },
};

static long open_proc(int pid, const char *name)
{
	char path[48];
	long fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = SYSCALL(__NR_openat, AT_FDCWD, path, O_RDONLY);
	if (fd >= 0)
		close(fd);
	return fd;
}

static long read_link(int pid, const char *name)
{
	char path[48], text[200];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return SYSCALL(__NR_readlinkat, AT_FDCWD, path, text, sizeof(text));
}

/* Is the 28th figure of its stat, where the stack began, told? */
static bool sees_stack(int pid)
{
	char path[48], text[600], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_file(path, text, sizeof(text)) <= 0 || !(at = strrchr(text, ')')))
		return false;
	for (int i = 2; i < 28 && at; i++)
		at = strchr(at + 1, ' ');
	return at && at[1] != '0';
}

/* An event that counts @pid's time. */
static long count_time(int pid)
{
	uint64_t attr[16] = { 1 | 128UL << 32, 1 };	/* software, its size; the task's clock */

	attr[5] = PERF_ATTR_EXCLUDE_KERNEL | PERF_ATTR_EXCLUDE_HV;
	return SYSCALL(241, attr, pid, -1, -1, 0);
}

static bool may(char what, int pid)
{
	uint64_t mask[16] = { 0 };
	struct limit l = { ~0UL, ~0UL };
	int prio = 0;
	long fd;

	switch (what) {
	case 'k':
		return !kill(pid, 0);
	case 'p':
		return !SYSCALL(__NR_setpriority, 0, pid, 0);
	case 'a':
		SYSCALL(__NR_sched_getaffinity, 0, sizeof(mask), mask);
		return !SYSCALL(__NR_sched_setaffinity, pid, sizeof(mask), mask);
	case 's':
		return !SYSCALL(__NR_sched_setscheduler, pid, 0, &prio);
	case 'l':
		return !SYSCALL(__NR_prlimit64, pid, RLIMIT_FSIZE, &l, 0);
	case 'g':
		return !SYSCALL(__NR_prlimit64, pid, RLIMIT_FSIZE, 0, &l);
	case 'e':
		return open_proc(pid, "environ") >= 0;
	case 'm':
		return open_proc(pid, "maps") >= 0;
	case 't':
		return open_proc(pid, "task/../environ") >= 0;
	case 'x':
		return read_link(pid, "exe") > 0;
	case 'c':
		return read_link(pid, "cwd") > 0;
	case 'S':
		return sees_stack(pid);
	case 'v':
		fd = count_time(pid);
		if (fd >= 0)
			close(fd);
		return fd >= 0;
	}
	return false;
}

/* A process as @w says, which waits to be killed. */
static int make(const struct who *w)
{
	int ready[2], pid;
	char c;

	pipe(ready);
	pid = fork();
	if (!pid) {
		SYSCALL(__NR_setgroups, 0, 0);
		SYSCALL(__NR_setresgid, w->gid[0], w->gid[1], w->gid[2]);
		SYSCALL(__NR_setresuid, w->uid[0], w->uid[1], w->uid[2]);
		SYSCALL(__NR_prctl, PR_SET_DUMPABLE, w->dumpable, 0, 0, 0);
		write(ready[1], "", 1);
		for (;;)
			nanosleep_ns(1000000000);
	}
	read(ready[0], &c, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void test_matrix(void)
{
	static const char all[] = "kpaslgemxctSv";
	long perf;

	for (size_t i = 0; i < ARRAY_LEN(whom); i++) {
		int target = make(&whom[i]), pid, status = -1;

		fflush(stdout);
		pid = fork();
		if (!pid) {
			int wrong = 0;

			become(USER);
			perf = count_time(0);	/* Debian's Linux has it for root alone */
			for (const char *c = all; *c; c++) {
				bool want = strchr(whom[i].may, *c) && (*c != 'v' || perf >= 0);

				if (may(*c, target) != want)
					printf("# %s: '%c' wanted: %d\n", whom[i].name, *c, want), wrong++;
			}
			fflush(stdout);
			_exit(wrong);
		}
		waitpid(pid, &status, 0);
		stop_child(target);
		ok(!status, "what uid 1000 may do to %s", whom[i].name);
	}
}

/* ---- Programs that run by other rights than who called them ---- */

#define SUID_PATH "/tmp/rights-suid"

static const char *self_path = SUID_PATH;

/* A copy of this program. */
static void copy_self(const char *path, unsigned int mode)
{
	static char buf[4096];
	int in = open("/proc/self/exe", O_RDONLY), out = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write_all(out, buf, n);
	close(in);
	close(out);
	SYSCALL(__NR_fchmodat, AT_FDCWD, path, mode, 0);
}

static void run(const char *role)
{
	execve(self_path, (char *[]){ "rights", (char *)role, NULL }, (char *[]){ "SECRET=1", NULL });
	_exit(99);
}

static uint64_t auxv(uint64_t type)
{
	char **e = environ;
	uint64_t *v;

	while (*e)
		e++;
	for (v = (uint64_t *)(e + 1); v[0]; v += 2)
		if (v[0] == type)
			return v[1];
	return ~0UL;
}

static unsigned int ids(bool group, int which)
{
	unsigned int id[3];

	SYSCALL(group ? __NR_getresgid : __NR_getresuid, &id[0], &id[1], &id[2]);
	return id[which];
}

#define ROLE_EUID 1
#define ROLE_SECURE 2
#define ROLE_NOT_DUMPABLE 4
#define ROLE_NO_DEATH_SIGNAL 8
#define ROLE_SANE 16

/* What a program that was called finds. */
static int role_tell(void)
{
	int death = 0, bits = 0;

	SYSCALL(__NR_prctl, PR_GET_PDEATHSIG, &death, 0, 0, 0);
	bits |= ids(false, 1) == 0 ? ROLE_EUID : 0;
	bits |= auxv(23) == 1 ? ROLE_SECURE : 0;
	bits |= SYSCALL(__NR_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? ROLE_NOT_DUMPABLE : 0;
	bits |= !death ? ROLE_NO_DEATH_SIGNAL : 0;
	if (auxv(11) == ids(false, 0) && auxv(12) == ids(false, 1) && auxv(13) == ids(true, 0) && auxv(14) == ids(true, 1) &&
	    ids(false, 2) == ids(false, 1))
		bits |= ROLE_SANE;
	return bits;
}

/* By uid 1000, who wants to be told of his parent's end. */
static void call_suid(void)
{
	become(USER);
	SYSCALL(__NR_prctl, PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0);
	run("tell");
}

static void call_without_privs(void)
{
	become(USER);
	SYSCALL(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	run("tell");
}

/* Its working directory is another process's, too. */
static void call_with_shared_fs(void)
{
	int pid, status = -1;

	become(USER);
	pid = SYSCALL(__NR_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
	if (!pid)
		run("tell");
	waitpid(pid, &status, 0);
	_exit(WEXITSTATUS(status));
}

static void test_suid(void)
{
	copy_self(SUID_PATH, 04755);
	ok_is(in_child(call_suid), (ROLE_EUID | ROLE_SECURE | ROLE_NOT_DUMPABLE | ROLE_NO_DEATH_SIGNAL | ROLE_SANE) << 8,
	      "a set-uid program: its ids, AT_SECURE, not dumpable, no signal of its caller's parent");
	ok_is(in_child(call_without_privs), (ROLE_NO_DEATH_SIGNAL | ROLE_SANE) << 8,
	      "PR_SET_NO_NEW_PRIVS: a program like any other");
	ok_is(in_child(call_with_shared_fs), (ROLE_SECURE | ROLE_NO_DEATH_SIGNAL | ROLE_SANE) << 8,
	      "who shares its working directory with another process gets no rights");
	SYSCALL(__NR_fchmodat, AT_FDCWD, SUID_PATH, 0755, 0);
	ok_is(in_child(call_suid), ROLE_SANE << 8, "without set-uid: none of it, and the signal stays");
	SYSCALL(__NR_fchmodat, AT_FDCWD, SUID_PATH, 0711, 0);
	ok_is(in_child(call_suid), (ROLE_NOT_DUMPABLE | ROLE_SANE) << 8, "a program that may be run but not read: nor its memory");
	SYSCALL(__NR_fchmodat, AT_FDCWD, SUID_PATH, 02755, 0);
	ok_is(in_child(call_suid), (ROLE_SECURE | ROLE_NOT_DUMPABLE | ROLE_NO_DEATH_SIGNAL | ROLE_SANE) << 8, "a set-gid program");
	SYSCALL(__NR_fchmodat, AT_FDCWD, SUID_PATH, 04755, 0);
}

static int orphan_pipe[2];

/* Root for good; it would die with its parent. */
static int role_orphan(int out, int mid)
{
	SYSCALL(__NR_setresuid, 0, 0, 0);
	SYSCALL(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	write(mid, "", 1);
	while (getppid() != 1)
		nanosleep_ns(1000000);
	nanosleep_ns(20000000);
	write(out, "L", 1);
	return 0;
}

/* Its caller, of uid 1000, ends as soon as it is ready. */
static void leave_orphan(void)
{
	int ready[2];
	char c;

	pipe(ready);
	dup2(orphan_pipe[1], 10);
	dup2(ready[1], 11);
	become(USER);
	if (!fork())
		run("orphan");
	read(ready[0], &c, 1);
}

static void test_death_signal(void)
{
	char c = 0;

	pipe(orphan_pipe);
	in_child(leave_orphan);
	close(orphan_pipe[1]);
	ok(read(orphan_pipe[0], &c, 1) == 1 && c == 'L', "a parent without the right to kill does not do so by its end");
	close(orphan_pipe[0]);
}

static void test_counted_exec(void)
{
	int pid, status = -1;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		uint64_t count = 0;
		int go[2], child, fd;
		char c;

		become(USER);
		SYSCALL(__NR_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);	/* whom we may look into, so far */
		pipe(go);
		child = fork();
		if (!child) {
			read(go[0], &c, 1);
			run("burn");
		}
		fd = count_time(child);
		write(go[1], "", 1);
		waitpid(child, &status, 0);
		if (fd >= 0)
			read(fd, &count, sizeof(count));
		_exit(status == 0 && count < 50000000 ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	ok(!status, "who counts a process counts no set-uid program that it becomes");
}

/* ---- The terminal: ours, for the test is a session's leader, and has it or takes it ---- */

#define L_EIO 5
#define L_ENXIO 6
#define L_ENOTTY 25

/* Whatever descriptor 0 is, it is the terminal from now on. */
static void take_console(void)
{
	int fd = isatty(0) ? 0 : open("/dev/console", O_RDWR);

	dup2(fd, 0);
	if (fd > 0)
		close(fd);
	SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 0);
}

static int tty_pgrp(void)
{
	int pgrp = -1;
	long r = SYSCALL(__NR_ioctl, 0, TIOCGPGRP, &pgrp);

	return r ? r : pgrp;
}

static long open_tty(int flags)
{
	return SYSCALL(__NR_openat, AT_FDCWD, "/dev/tty", flags);
}

static int other_session;

/* A session of uid 1000's, with our terminal still open. */
static void steal_tty(void)
{
	int id = 0, wrong = 0;

	setsid();
	become(USER);
	id = getpid();
	wrong += open_tty(O_RDWR) != -L_ENXIO;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 0) != -L_EPERM;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 1) != -L_EPERM;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSPGRP, &id) != -L_ENOTTY;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCGPGRP, &id) != -L_ENOTTY;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCGSID, &id) != -L_ENOTTY;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCNOTTY, 0) != -L_ENOTTY;
	_exit(wrong);
}

/* Not a leader: nothing to claim, nor groups of other sessions to put in front. */
static void member_of_session(void)
{
	int one = other_session, none = 32767, minus = -1, wrong = 0;
	long fd = open_tty(O_RDWR);

	wrong += fd < 0;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSPGRP, &one) != -L_EPERM;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSPGRP, &none) != -L_ESRCH;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSPGRP, &minus) != -L_EINVAL;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCNOTTY, 0) != 0;
	wrong += open_tty(O_RDWR) != -L_ENXIO;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 0) != -L_EPERM;
	_exit(wrong);
}

static void sleep_on(void)
{
	for (;;)
		nanosleep_ns(1000000000);
}

static int told[2];

/* Root takes it, and ends; who had it open in his session has lost it. */
static void take_tty(void)
{
	int fd, wrong = 0, id, left[2];
	char c;

	setsid();
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 0) != -L_EPERM;	/* it is taken */
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 1) != 0;
	wrong += SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 0) != 0;
	wrong += tty_pgrp() != getpid();
	fd = open_tty(O_RDWR);
	pipe(left);
	signal_set(SIGHUP, (handler_t)1, 0);	/* ignored: what it leaves goes on */
	if (!fork()) {
		close(left[1]);
		read(left[0], &c, 1);		/* the leader has ended, or is about to */
		while (getppid() != 1)
			nanosleep_ns(1000000);
		id = getpid();
		wrong = 0;
		wrong |= SYSCALL(__NR_write, fd, "lost\n", 5) != -L_EIO ? 1 : 0;
		wrong |= SYSCALL(__NR_read, fd, &c, 1) != 0 ? 2 : 0;
		wrong |= SYSCALL(__NR_ioctl, fd, TCGETS, &c) != -L_EIO ? 4 : 0;
		wrong |= open_tty(O_RDWR) != -L_ENXIO ? 8 : 0;
		wrong |= SYSCALL(__NR_ioctl, 0, TIOCSPGRP, &id) != -L_ENOTTY ? 16 : 0;
		c = wrong;
		write(told[1], &c, 1);
		_exit(0);
	}
	_exit(wrong);
}

static void test_tty(void)
{
	int pgrp, group = getpid();
	char c = -1;

	take_console();
	pgrp = tty_pgrp();
	if (!ok(SYSCALL(__NR_getsid, 0) == getpid() && pgrp > 0, "the test leads a session with a terminal"))
		return;
	ok_is(in_child(steal_tty), 0, "another session's leader, uid 1000, can do nothing with it");
	ok_is(tty_pgrp(), pgrp, "its foreground group is what it was");
	other_session = fork();
	if (!other_session) {
		setsid();
		sleep_on();
	}
	while (SYSCALL(__NR_getsid, other_session) != other_session)
		nanosleep_ns(1000000);
	ok_is(in_child(member_of_session), 0, "a member of the session: what it may, and what not");
	stop_child(other_session);
	pipe(told);
	ok_is(in_child(take_tty), 0, "root takes it only if he says so");
	ok(open_tty(O_RDWR) == -L_ENXIO && tty_pgrp() == -L_ENOTTY, "who it is taken from has none");
	close(told[1]);
	read(told[0], &c, 1);
	ok_is(c, 0, "with the session's end, what it had open is of no use");
	close(told[0]);
	ok_is(SYSCALL(__NR_ioctl, 0, TIOCSCTTY, 0), 0, "it is free again");
	ok(tty_pgrp() == group, "and ours");
}

/* ---- Files: what their owner may, and what rights programs lose ---- */

#define FILE_PATH "/tmp/rights-program"

static unsigned int mode_of(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) ? ~0u : st.st_mode & 07777;
}

static void set_mode(unsigned int mode)
{
	SYSCALL(__NR_fchmodat, AT_FDCWD, FILE_PATH, mode, 0);
}

static void write_one(void)
{
	int fd = open(FILE_PATH, O_WRONLY);

	_exit(write(fd, "x", 1) != 1);
}

static void become_and_write(void)
{
	become(USER);
	write_one();
}

static void become_and_cut(void)
{
	become(USER);
	_exit(SYSCALL(__NR_truncate, FILE_PATH, 0) != 0);
}

/* The file is ours; we are in group 7, too. */
static void own_file(void)
{
	static const unsigned int groups[] = { 7 };
	struct { long s, ns; } times[2] = { { 1, 0 }, { 1, 0 } };
	int wrong = 0;

	SYSCALL(__NR_fchownat, AT_FDCWD, FILE_PATH, USER, 0, 0);
	SYSCALL(__NR_setgroups, 1, groups);
	SYSCALL(__NR_setresgid, USER, USER, USER);
	SYSCALL(__NR_setresuid, USER, USER, USER);
	set_mode(06755);
	wrong |= mode_of(FILE_PATH) != 04755 ? 1 : 0;		/* not of that group */
	wrong |= SYSCALL(__NR_fchownat, AT_FDCWD, FILE_PATH, -1, 5, 0) != -L_EPERM ? 2 : 0;
	wrong |= SYSCALL(__NR_fchownat, AT_FDCWD, FILE_PATH, 0, -1, 0) != -L_EPERM ? 4 : 0;
	wrong |= SYSCALL(__NR_fchownat, AT_FDCWD, FILE_PATH, USER, 7, 0) != 0 ? 8 : 0;
	wrong |= mode_of(FILE_PATH) != 0755 ? 16 : 0;
	set_mode(02755);
	wrong |= mode_of(FILE_PATH) != 02755 ? 32 : 0;
	wrong |= SYSCALL(__NR_utimensat, AT_FDCWD, FILE_PATH, times, 0) != 0 ? 64 : 0;
	_exit(wrong);
}

/* Another's, that all may write. */
static void other_file(void)
{
	struct { long s, ns; } times[2] = { { 1, 0 }, { 1, 0 } };
	int wrong = 0;

	become(USER + 1);
	wrong |= SYSCALL(__NR_utimensat, AT_FDCWD, FILE_PATH, times, 0) != -L_EPERM ? 1 : 0;
	wrong |= SYSCALL(__NR_utimensat, AT_FDCWD, FILE_PATH, 0, 0) != 0 ? 2 : 0;
	wrong |= SYSCALL(__NR_fchmodat, AT_FDCWD, FILE_PATH, 0777, 0) != -L_EPERM ? 4 : 0;
	wrong |= SYSCALL(__NR_fchownat, AT_FDCWD, FILE_PATH, USER + 1, -1, 0) != -L_EPERM ? 8 : 0;
	_exit(wrong);
}

static void test_files(void)
{
	struct k_stat st;

	close(open(FILE_PATH, O_CREAT | O_WRONLY, 0600));
	set_mode(06777);
	ok(in_child(become_and_write) == 0 && mode_of(FILE_PATH) == 0777, "who writes to a program takes its set-uid and set-gid");
	set_mode(06777);
	ok(in_child(become_and_cut) == 0 && mode_of(FILE_PATH) == 0777, "who cuts it, too");
	set_mode(06777);
	ok(in_child(write_one) == 0 && mode_of(FILE_PATH) == 06777, "but not root");
	SYSCALL(__NR_fchownat, AT_FDCWD, FILE_PATH, 5, 5, 0);
	ok_is(mode_of(FILE_PATH), 0777, "a new owner takes them, root or not");
	ok_is(in_child(own_file), 0, "what its owner may do to a file");
	set_mode(0666);
	ok_is(in_child(other_file), 0, "and who may write it");
	unlink(FILE_PATH);
	mkdir("/tmp/rights-group", 0777);
	SYSCALL(__NR_fchownat, AT_FDCWD, "/tmp/rights-group", 0, 7, 0);
	SYSCALL(__NR_fchmodat, AT_FDCWD, "/tmp/rights-group", 02777, 0);
	close(open("/tmp/rights-group/file", O_CREAT | O_WRONLY, 0644));
	mkdir("/tmp/rights-group/dir", 0755);
	ok(!lstat("/tmp/rights-group/file", &st) && st.st_gid == 7 && mode_of("/tmp/rights-group/dir") == 02755,
	   "a set-gid folder gives its group to what is made in it");
	unlink("/tmp/rights-group/file");
	rmdir("/tmp/rights-group/dir");
	rmdir("/tmp/rights-group");
}

/* ---- What the kernel tells, and what it does not mean to ---- */

static int holes;

static bool any(const void *p, size_t from, size_t to)
{
	for (const char *c = p; from < to; from++)
		if (c[from])
			return true;
	return false;
}

/* siginfo: after its three numbers, and after what kill() tells. ucontext: in the stack_t, and after the mask. */
static void look_for_holes(int sig, struct k_siginfo *info, struct k_ucontext *uc)
{
	holes += any(info, 12, 16) || any(info, 24, 128) || any(uc, 28, 32) || any(uc, 48, 176);
}

static void test_holes(void)
{
	struct k_stat st;
	struct k_stack ss;
	int in_stack = 0;

	signal_set(SIGUSR1, (handler_t)(void *)look_for_holes, SA_SIGINFO);
	for (int i = 0; i < 300; i++) {
		/* Whatever leaves much on the kernel's stack. */
		stat(i & 1 ? "/dev/null" : "/proc/self/maps", &st);
		SYSCALL(__NR_getpriority, 0, 0);
		access("/proc/self/maps", 4);
		memset(&ss, 0, sizeof(ss));
		SYSCALL(__NR_sigaltstack, 0, &ss);
		in_stack += any(&ss, 12, 16);
		if (i % 10 == 0)
			kill(getpid(), SIGUSR1);
	}
	ok_is(in_stack, 0, "no byte of the kernel's stack in a stack_t");
	ok_is(holes, 0, "nor in a signal's frame");
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

int main(int argc, char **argv)
{
	const char *role = argc > 1 ? argv[1] : "";

	if (!strcmp(role, "tell"))
		return role_tell();
	if (!strcmp(role, "orphan"))
		return role_orphan(10, 11);
	if (!strcmp(role, "burn")) {
		run_for(100000000);
		return 0;
	}
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_access();
	test_limits();
	test_ids();
	test_matrix();
	test_suid();
	test_death_signal();
	test_counted_exec();
	test_tty();
	test_files();
	test_holes();
	test_cred_race();
	test_limit_race();
	test_stoppers();
	unlink(SUID_PATH);
	return tap_done();
}
