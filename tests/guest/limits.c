/* SPDX-License-Identifier: MIT */
/*
 * What users may have: processes, open files, pipes, files in memory, rings. Whom it binds, what it
 * says when there is no more, and that it comes back.
 */
#include "abi/perf_event.h"
#include "tap.h"

#define L_ENFILE 23
#define L_EBUSY 16
#define L_ENOSPC 28
#define USER 1000

static long set_limit(int which, uint64_t cur, uint64_t most)
{
	uint64_t limit[2] = { cur, most };

	return SYSCALL(__NR_prlimit64, 0, which, limit, 0);
}

static long number_in(const char *path)
{
	char text[32];

	return read_file(path, text, sizeof(text)) > 0 ? atol(text) : -1;
}

static long put_number(const char *path, long n)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", n);
	return write_text(path, text);
}

static int wait_code(int pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- Processes ---- */

/* Fork children that sleep until @n are there or it fails. Return: how many; *@r: what the last call gave. */
static int fork_sleepers(int *pids, int n, long *r)
{
	int made = 0;

	fflush(stdout);
	while (made < n && (*r = SYSCALL(__NR_clone, SIGCHLD)) >= 0) {
		if (!*r)
			for (;;)
				nanosleep_ns(1000000000);
		pids[made++] = *r;
	}
	return made;
}

static void end_sleepers(const int *pids, int n)
{
	for (int i = 0; i < n; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < n; i++)
		waitpid(pids[i], NULL, 0);
}

/* As the user, who may have five: four more, again and again. */
static void four_more(void)
{
	int pids[8];
	long r;

	SYSCALL(__NR_setuid, USER);
	for (int i = 0; i < 3; i++) {
		int n = fork_sleepers(pids, 8, &r);

		end_sleepers(pids, n);
		if (n != 4 || r != -L_EAGAIN)
			_exit(1 + n);
	}
	_exit(0);
}

static void exec_true(void)
{
	char *argv[] = { "true", NULL };
	long r = SYSCALL(__NR_setuid, USER);

	if (!r)
		r = SYSCALL(__NR_execve, "/bin/true", argv, environ);
	_exit(-r);
}

static int code_of(void (*fn)(void))
{
	int status = in_child(fn);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A process of the user's with four children; a byte comes when they are there. */
static int start_family(int ready)
{
	int pid = fork(), pids[4];
	long r;

	if (!pid) {
		SYSCALL(__NR_setuid, USER);
		fork_sleepers(pids, 4, &r);
		write(ready, "x", 1);
		for (;;)
			nanosleep_ns(1000000000);
	}
	return pid;
}

static void test_processes(void)
{
	uint64_t old[2];
	int pids[20], made, fd[2], family;
	char c;
	long r;

	SYSCALL(__NR_prlimit64, 0, RLIMIT_NPROC, 0, old);
	ok(number_in("/proc/sys/kernel/threads-max") > 0 && (long)old[0] == number_in("/proc/sys/kernel/threads-max") / 2,
	   "a user may have half of the tasks that there may be (%lu)", old[0]);
	made = fork_sleepers(pids, 20, &r);
	set_limit(RLIMIT_NPROC, 5, old[1]);
	ok_is(made, 20, "root has many processes");
	ok_is(code_of(four_more), 0, "a user beside it has as many as RLIMIT_NPROC says, then EAGAIN; and again");
	r = SYSCALL(__NR_clone, SIGCHLD);
	if (!r)
		_exit(0);
	ok(r > 0 && wait_code(r) == 0, "root is not bound");
	end_sleepers(pids, made);

	set_limit(RLIMIT_NPROC, 4, old[1]);
	ok_is(code_of(exec_true), 0, "setuid to a user who has none, and exec");
	pipe(fd);
	fflush(stdout);
	set_limit(RLIMIT_NPROC, old[0], old[1]);
	family = fork();
	if (!family) {
		setpgid(0, 0);
		start_family(fd[1]);
		for (;;)
			nanosleep_ns(1000000000);
	}
	setpgid(family, family);
	read(fd[0], &c, 1);
	set_limit(RLIMIT_NPROC, 4, old[1]);
	ok_is(code_of(exec_true), L_EAGAIN, "setuid to a user who has too many is done, exec is EAGAIN");
	kill(-family, SIGKILL);
	waitpid(family, NULL, 0);
	for (int i = 0; i < 1000 && SYSCALL(__NR_kill, -family, 0) != -L_ESRCH; i++)
		nanosleep_ns(5000000);
	nanosleep_ns(50000000);
	ok_is(code_of(exec_true), 0, "they are gone: exec");
	set_limit(RLIMIT_NPROC, old[0], old[1]);
	close(fd[0]);
	close(fd[1]);
}

static void test_all_tasks(void)
{
	const char *path = "/proc/sys/kernel/threads-max";
	long most = number_in(path), r;
	int pids[24], made = fork_sleepers(pids, 24, &r);

	ok_is(put_number(path, 20), 0, "no more tasks than there are");
	ok_is(SYSCALL(__NR_clone, SIGCHLD), -L_EAGAIN, "fork: EAGAIN, even of root");
	put_number(path, most);
	end_sleepers(pids, made);
	made = fork_sleepers(pids, 1, &r);
	end_sleepers(pids, made);
	ok_is(made, 1, "fork again");
}

/* ---- Open files ---- */

static void open_as_user(void)
{
	int fd[2];
	long a, b;

	SYSCALL(__NR_setuid, USER);
	a = SYSCALL(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
	b = SYSCALL(__NR_pipe2, fd, 0);
	_exit(a == b ? -a : a < 0 && b < 0 ? 100 : 0);
}

static void test_files(void)
{
	const char *path = "/proc/sys/fs/file-max";
	long most = number_in(path), fd;

	ok(most >= 8192, "many files may be open (%ld)", most);
	ok_is(put_number(path, 0), 0, "no more than are");
	ok_is(code_of(open_as_user), L_ENFILE, "a user opens a file, makes a pipe: ENFILE");
	fd = SYSCALL(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
	ok(fd >= 0, "root opens it");
	SYSCALL(__NR_close, fd);
	put_number(path, most);
	ok_is(code_of(open_as_user), 0, "as many as before: the user does");
}

/* ---- Pipes ---- */

static long set_size(int fd, long size)
{
	return SYSCALL(__NR_fcntl, fd, F_SETPIPE_SZ, size);
}

static long get_size(int fd)
{
	return SYSCALL(__NR_fcntl, fd, F_GETPIPE_SZ, 0);
}

static char big[1 << 17], back[1 << 17];

static long fill_pipe(int fd)
{
	long n, all = 0;

	while ((n = SYSCALL(__NR_write, fd, big, 4096)) > 0)
		all += n;
	return all;
}

static void test_pipe_size(void)
{
	int fd[2];

	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = i * 7 + i / 4096;
	SYSCALL(__NR_pipe2, fd, O_NONBLOCK);
	ok_is(get_size(fd[0]), 65536, "a pipe holds 64 KiB");
	ok_is(set_size(fd[1], 5000), 8192, "F_SETPIPE_SZ: whole pages, a power of two");
	ok_is(fill_pipe(fd[1]), 8192, "and that is what goes in");
	ok_is(set_size(fd[0], 4096), -L_EBUSY, "less than there is in it: EBUSY");
	ok_is(get_size(fd[0]), 8192, "and nothing changed");
	ok_is(set_size(fd[0], 131072), 131072, "larger, while it is full");
	ok_is(SYSCALL(__NR_read, fd[0], back, sizeof(back)), 8192, "what was in it is");
	ok(!memcmp(back, big, 4096) && !memcmp(back + 4096, big, 4096), "as it was");
	/* Half read, round the end. */
	SYSCALL(__NR_write, fd[1], big, 100000);
	SYSCALL(__NR_read, fd[0], back, 90000);
	SYSCALL(__NR_write, fd[1], big, 20000);
	ok_is(set_size(fd[0], 65536), 65536, "smaller");
	ok_is(SYSCALL(__NR_read, fd[0], back, sizeof(back)), 30000, "what was in it is");
	ok(!memcmp(back, big + 90000, 10000) && !memcmp(back + 10000, big, 20000), "as it was");
	ok_is(set_size(fd[0], 0), 4096, "0: a page");
	ok_is(set_size(0x7ff, 4096), -L_EBADF, "no descriptor: EBADF");
	close(fd[0]);
	ok_is(set_size(fd[1], 4096), 4096, "by the other end");
	close(fd[1]);
	fd[0] = open("/dev/null", O_RDONLY);
	ok_is(get_size(fd[0]), -L_EBADF, "no pipe: EBADF");
	close(fd[0]);
}

/* A soft limit of 64 pages, a hard one of 80. */
static void pipes_of_user(void)
{
	int fd[20][2];
	long r = 0;

	SYSCALL(__NR_setuid, USER);
	for (int round = 0; round < 2; round++) {
		int n = 0;

		for (; n < 20 && !(r = SYSCALL(__NR_pipe2, fd[n], 0)); n++)
			if (get_size(fd[n][0]) != (n < 4 ? 65536 : 8192))
				_exit(10 + n);
		if (n != 12 || r != -L_ENFILE)
			_exit(40 + n);
		if (set_size(fd[0][0], 131072) != -L_EPERM || set_size(fd[0][0], 32768) != 32768)
			_exit(2);
		for (int i = 0; i < n; i++) {
			close(fd[i][0]);
			close(fd[i][1]);
		}
	}
	_exit(0);
}

static void too_large(void)
{
	int fd[2];

	SYSCALL(__NR_setuid, USER);
	SYSCALL(__NR_pipe2, fd, 0);
	_exit(set_size(fd[0], 2 << 20) == -L_EPERM && set_size(fd[0], 1 << 20) == 1 << 20 ? 0 : 1);
}

static void test_pipe_limits(void)
{
	const char *soft = "/proc/sys/fs/pipe-user-pages-soft", *hard = "/proc/sys/fs/pipe-user-pages-hard";
	long old_soft = number_in(soft), old_hard = number_in(hard);
	int fd[2];

	ok(number_in("/proc/sys/fs/pipe-max-size") == 1 << 20 && old_hard == 0 && old_soft > 64, "limits of pipes (%ld)", old_soft);
	ok_is(code_of(too_large), 0, "a user's pipe: a MiB at most, else EPERM");
	put_number(soft, 64);
	put_number(hard, 80);
	ok_is(code_of(pipes_of_user), 0, "too many: small ones, then ENFILE; closed, all of it comes back");
	SYSCALL(__NR_pipe2, fd, 0);
	ok_is(set_size(fd[0], 2 << 20), 2 << 20, "root is not bound");
	close(fd[0]);
	close(fd[1]);
	put_number(soft, old_soft);
	put_number(hard, old_hard);
}

/* ---- Files in memory ---- */

static struct k_statfs room(void)
{
	struct k_statfs s = { 0 };

	SYSCALL(__NR_statfs, "/dev/shm", &s);
	return s;
}

static void fill_shm(void)
{
	long n, fd, r;

	SYSCALL(__NR_setuid, USER);
	fd = SYSCALL(__NR_openat, AT_FDCWD, "/dev/shm/full", O_CREAT | O_RDWR, 0600);
	while ((n = SYSCALL(__NR_write, fd, big, sizeof(big))) > 0)
		;
	if (n != -L_ENOSPC)
		_exit(1);
	while ((r = SYSCALL(__NR_write, fd, big, 4096)) > 0)
		;
	_exit(r == -L_ENOSPC && room().f_bavail == 0 ? 0 : 2);
}

static void touch_hole(void)
{
	long fd;
	char *p;

	SYSCALL(__NR_setuid, USER);
	fd = SYSCALL(__NR_openat, AT_FDCWD, "/dev/shm/hole", O_CREAT | O_RDWR, 0600);
	SYSCALL(__NR_ftruncate, fd, 1 << 20);
	p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p[0x8000] = 1;
	_exit(0);
}

static void test_shm(void)
{
	struct k_statfs before, s;
	long fd;
	int status;

	SYSCALL(__NR_fchmodat, AT_FDCWD, "/dev/shm", 01777);
	before = room();
	fd = SYSCALL(__NR_openat, AT_FDCWD, "/dev/shm/some", O_CREAT | O_RDWR, 0600);
	for (int i = 0; i < 4; i++)
		SYSCALL(__NR_write, fd, big, sizeof(big));
	s = room();
	ok(before.f_blocks && s.f_blocks == before.f_blocks && s.f_bavail <= s.f_bfree && s.f_bfree < s.f_blocks, "statfs: blocks");
	ok_is(before.f_bfree - s.f_bfree, 4 * sizeof(big) / s.f_bsize, "what is written is free no more");
	ok_is(before.f_ffree - s.f_ffree, 1, "a file less");
	SYSCALL(__NR_linkat, AT_FDCWD, "/dev/shm/some", AT_FDCWD, "/dev/shm/other", 0);
	ok_is(before.f_ffree - room().f_ffree, 2, "a name too");
	SYSCALL(__NR_ftruncate, fd, 4096);
	ok_is(before.f_bfree - room().f_bfree, 1, "cut: free again");
	unlink("/dev/shm/some");
	unlink("/dev/shm/other");
	ok_is(before.f_bfree - room().f_bfree, 1, "without a name, but open: not yet");
	SYSCALL(__NR_close, fd);
	s = room();
	ok(s.f_bfree == before.f_bfree && s.f_ffree == before.f_ffree, "closed: free");

	ok_is(code_of(fill_shm), 0, "a user writes until there is no more: ENOSPC");
	status = in_child(touch_hole);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS, "a page of a hole in a mapped file: SIGBUS (%#x)", status);
	ok(fork_sleepers((int[1]){ 0 }, 0, (long[1]){ 0 }) == 0 && code_of(exec_true) == 0, "processes can be made");
	unlink("/dev/shm/full");
	ok_is(in_child(touch_hole), 0, "the file is gone: there is a page");
	unlink("/dev/shm/hole");
	s = room();
	ok(s.f_bfree == before.f_bfree && s.f_ffree == before.f_ffree, "all is free");
}

/* ---- Rings ---- */

static long map_ring(long *fd)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK, .sample_period = 1000000000,
		.sample_type = PERF_SAMPLE_IP, .flags = PERF_ATTR_DISABLED | PERF_ATTR_EXCLUDE_KERNEL,
	};

	*fd = SYSCALL(__NR_perf_event_open, &attr, 0, -1, -1, 0);
	if (*fd < 0)
		return *fd;
	return SYSCALL(__NR_mmap, 0, 5 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
}

static void one_more_ring(void)
{
	long fd, p = map_ring(&fd);

	_exit(p > 0 ? 0 : -p);
}

/* A ring of five pages a hart; then one by RLIMIT_MEMLOCK; then none. */
static void rings_of_user(void)
{
	int harts = tap_harts();
	long fd[20], p[20], r = 0;
	int n = 0;

	SYSCALL(__NR_setuid, USER);
	set_limit(RLIMIT_MEMLOCK, 5 * 4096 + 100, 5 * 4096 + 100);
	while (n < 20 && (r = p[n] = map_ring(&fd[n])) > 0)
		n++;
	if (r != -L_EPERM || n != harts + 1)
		_exit(20 + n);
	SYSCALL(__NR_munmap, p[0], 5 * 4096);
	SYSCALL(__NR_close, fd[0]);
	if ((p[0] = map_ring(&fd[0])) <= 0)
		_exit(1);
	set_limit(RLIMIT_MEMLOCK, 0, 0);
	/* Another process of the user's, with nothing of its own. */
	_exit(code_of(one_more_ring) == L_EPERM ? 0 : 2);
}

static void test_rings(void)
{
	const char *mlock = "/proc/sys/kernel/perf_event_mlock_kb", *paranoid = "/proc/sys/kernel/perf_event_paranoid";
	long old = number_in(mlock), old_paranoid = number_in(paranoid), fd, p;

	ok_is(old, 516, "a user's rings: 516 KiB a hart");
	put_number(paranoid, 1);
	put_number(mlock, 20);
	ok_is(code_of(rings_of_user), 0, "as many rings as there may be, of all a user's processes; then EPERM");
	p = map_ring(&fd);
	ok(p > 0, "root is not bound");
	SYSCALL(__NR_munmap, p, 5 * 4096);
	SYSCALL(__NR_close, fd);
	ok_is(code_of(rings_of_user), 0, "the user's are free again");
	put_number(mlock, old);
	put_number(paranoid, old_paranoid);
}

/* ---- Who goes when memory is gone ---- */

static int adj_fd;

static long put_adj(const char *text)
{
	return SYSCALL(__NR_write, adj_fd, text, strlen(text));
}

static void adjust_as_user(void)
{
	SYSCALL(__NR_setuid, USER);
	_exit(put_adj("299") == -L_EACCES && put_adj("-1") == -L_EACCES && put_adj("400") == 3 && put_adj("300") == 3 ? 0 : 1);
}

static void adjust(void)
{
	adj_fd = open("/proc/self/oom_score_adj", O_WRONLY);
	if (put_adj("300\n") != 4 || number_in("/proc/self/oom_score_adj") != 300)
		_exit(1);
	adjust_as_user();
}

static void inherit_adj(void)
{
	write_text("/proc/self/oom_score_adj", "123");
	if (fork() == 0)
		_exit(number_in("/proc/self/oom_score_adj") == 123 ? 0 : 1);
	int status;

	waitpid(-1, &status, 0);
	_exit(WEXITSTATUS(status));
}

static void test_oom_score(void)
{
	long score;

	ok_is(number_in("/proc/self/oom_score_adj"), 0, "oom_score_adj: 0");
	score = number_in("/proc/self/oom_score");
	ok(score > 0 && score < 2000, "oom_score (%ld)", score);
	ok_is(write_text("/proc/self/oom_score_adj", "500"), 0, "make it more likely");
	ok(number_in("/proc/self/oom_score") > score + 200, "the score is higher");
	ok_is(write_text("/proc/self/oom_score_adj", "-1000"), 0, "never");
	ok_is(number_in("/proc/self/oom_score"), 0, "the score is 0");
	ok_is(write_text("/proc/self/oom_score_adj", "1001"), -L_EINVAL, "1001: EINVAL");
	ok_is(write_text("/proc/self/oom_score_adj", "-1001"), -L_EINVAL, "-1001: EINVAL");
	ok_is(write_text("/proc/self/oom_score_adj", "x"), -L_EINVAL, "no number: EINVAL");
	ok_is(write_text("/proc/self/oom_score_adj", "0"), 0, "as before");
	ok_is(code_of(adjust), 0, "a user may go up, and down to what root allowed");
	ok_is(code_of(inherit_adj), 0, "a child has it too");
}

int main(void)
{
	test_processes();
	test_all_tasks();
	test_files();
	test_pipe_size();
	test_pipe_limits();
	test_shm();
	test_rings();
	test_oom_score();
	return tap_done();
}
