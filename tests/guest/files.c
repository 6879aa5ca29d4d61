/* SPDX-License-Identifier: MIT */
/* Files, directories, links, descriptors, pipes, poll. True of Linux too (on tmpfs). */
#include "tap.h"

#include "abi/time.h"

static void test_files(void)
{
	char buf[16];
	struct k_stat st;
	int fd = open("/tmp/f", O_RDWR | O_CREAT | O_TRUNC, 0640), d;

	ok(fd >= 0 && write(fd, "hello", 5) == 5, "create and write");
	ok_is(lseek(fd, 1, SEEK_SET), 1, "lseek");
	ok(read(fd, buf, 16) == 4 && !memcmp(buf, "ello", 4), "read");
	ok(fstat(fd, &st) == 0 && st.st_size == 5 && st.st_mode == (S_IFREG | 0640), "fstat: size and mode");
	lseek(fd, 10000, SEEK_SET);
	write(fd, "x", 1);
	ok(SYSCALL(__NR_pread64, fd, buf, 3, 5000) == 3 && !buf[0], "a hole reads as zeroes");
	ok_is(SYSCALL(__NR_ftruncate, fd, 3), 0, "truncate");
	ok(fstat(fd, &st) == 0 && st.st_size == 3, "its size");
	d = dup(fd);
	lseek(fd, 2, SEEK_SET);
	ok(read(d, buf, 1) == 1 && buf[0] == 'l', "dup shares the position");
	ok_is(SYSCALL(__NR_dup3, fd, fd, 0), -L_EINVAL, "dup3 onto itself: EINVAL");
	ok(dup2(fd, 40) == 40 && fcntl(40, F_GETFD, 0) == 0 && fcntl(40, F_SETFD, 1) == 0 && fcntl(40, F_GETFD, 0) == 1, "FD_CLOEXEC");
	close(40);
	close(d);
	close(fd);
	ok_is(SYSCALL(__NR_close, fd), -L_EBADF, "closed twice: EBADF");
	fd = open("/tmp/f", O_WRONLY | O_APPEND);
	write(fd, "!", 1);
	ok(stat("/tmp/f", &st) == 0 && st.st_size == 4, "O_APPEND");
	ok_is(SYSCALL(__NR_read, fd, buf, 1), -L_EBADF, "read of a write-only file: EBADF");
	close(fd);
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, "/tmp/f", O_CREAT | O_EXCL | O_RDWR, 0600), -L_EEXIST, "O_EXCL: EEXIST");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, "/tmp/none", O_RDONLY), -L_ENOENT, "ENOENT");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, "/tmp/f/x", O_RDONLY), -L_ENOTDIR, "ENOTDIR");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, "/tmp", O_WRONLY), -L_EISDIR, "a directory for writing: EISDIR");
	unlink("/tmp/f");
}

static void test_dirs(void)
{
	char buf[2048], cwd[64];
	ssize_t n;
	int fd, seen = 0;

	ok_is(mkdir("/tmp/d", 0755), 0, "mkdir");
	ok_is(SYSCALL(__NR_mkdirat, AT_FDCWD, "/tmp/d", 0755), -L_EEXIST, "twice: EEXIST");
	for (int i = 0; i < 100; i++) {
		char name[32];

		sprintf(name, "/tmp/d/%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	fd = open("/tmp/d", O_RDONLY | O_DIRECTORY);
	while ((n = getdents64(fd, buf, 200)) > 0)
		for (char *p = buf; p < buf + n; p += ((struct k_dirent64 *)p)->d_reclen)
			seen++;
	ok(n == 0 && seen == 102, "100 names, . and .. in small pieces");
	ok_is(SYSCALL(__NR_getdents64, fd, buf, 8), 0, "at the end: 0");
	close(fd);
	ok_is(SYSCALL(__NR_unlinkat, AT_FDCWD, "/tmp/d", AT_REMOVEDIR), -L_ENOTEMPTY, "rmdir: ENOTEMPTY");
	ok_is(SYSCALL(__NR_unlinkat, AT_FDCWD, "/tmp/d", 0), -L_EISDIR, "unlink of a directory: EISDIR");
	ok(chdir("/tmp/d") == 0 && getcwd(cwd, 64) && !strcmp(cwd, "/tmp/d"), "chdir and getcwd");
	ok_is(SYSCALL(__NR_getcwd, cwd, 3), -L_ERANGE, "getcwd into too little: ERANGE");
	ok_is(SYSCALL(__NR_renameat2, AT_FDCWD, "5", AT_FDCWD, "/tmp/five", 0), 0, "rename");
	ok(access("5", 0) < 0 && access("/tmp/five", 0) == 0, "it moved");
	ok_is(SYSCALL(__NR_renameat2, AT_FDCWD, "6", AT_FDCWD, "7", 1), -L_EEXIST, "RENAME_NOREPLACE: EEXIST");
	mkdir("sub", 0755);
	ok_is(SYSCALL(__NR_renameat2, AT_FDCWD, "/tmp/d", AT_FDCWD, "/tmp/d/sub/x", 0), -L_EINVAL, "into itself: EINVAL");
	rmdir("sub");
	unlink("/tmp/five");
	for (int i = 0; i < 100; i++) {
		char name[32];

		sprintf(name, "/tmp/d/%d", i);
		unlink(name);
	}
	chdir("/");
	ok_is(rmdir("/tmp/d"), 0, "rmdir");
}

static void test_links(void)
{
	struct k_stat st;
	char buf[64];
	int fd = open("/tmp/a", O_CREAT | O_WRONLY, 0600);

	write(fd, "A", 1);
	close(fd);
	ok_is(SYSCALL(__NR_linkat, AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", 0), 0, "link");
	ok(stat("/tmp/b", &st) == 0 && st.st_nlink == 2, "two names, one file");
	unlink("/tmp/a");
	ok(stat("/tmp/b", &st) == 0 && st.st_nlink == 1 && st.st_size == 1, "the other name stays");
	ok_is(SYSCALL(__NR_symlinkat, "b", AT_FDCWD, "/tmp/s"), 0, "symlink");
	ok(readlink("/tmp/s", buf, 64) == 1 && buf[0] == 'b' && stat("/tmp/s", &st) == 0 && st.st_size == 1, "it leads to the file");
	ok(lstat("/tmp/s", &st) == 0 && S_ISLNK(st.st_mode), "lstat sees the link");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, "/tmp/s", O_RDONLY | O_NOFOLLOW), -L_ELOOP, "O_NOFOLLOW: ELOOP");
	SYSCALL(__NR_symlinkat, "/tmp/loop", AT_FDCWD, "/tmp/loop");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, "/tmp/loop", O_RDONLY), -L_ELOOP, "a loop: ELOOP");
	unlink("/tmp/b");
	unlink("/tmp/s");
	unlink("/tmp/loop");
}

/* shm_open(3) is this. */
static void test_shm(void)
{
	int fd = open("/dev/shm/name", O_RDWR | O_CREAT | O_EXCL, 0600), pid;
	volatile char *p;

	ok_is(SYSCALL(__NR_ftruncate, fd, 4096), 0, "shared memory by name, a page");
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	pid = fork();
	if (!pid) {
		char *q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, open("/dev/shm/name", O_RDWR), 0);

		q[100] = 'x';
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	ok(p != MAP_FAILED && p[100] == 'x', "what one writes the other reads");
	ok_is(unlink("/dev/shm/name"), 0, "the name goes");
	munmap((void *)p, 4096);
}

static void test_pipes(void)
{
	struct k_pollfd pf;
	struct timespec64 zero = { 0, 0 };
	static char big[100000];
	int fd[2], pid, status, total = 0;
	ssize_t n;
	char c;

	pipe(fd);
	pf = (struct k_pollfd){ fd[0], POLLIN, 0 };
	ok_is(SYSCALL(__NR_ppoll, &pf, 1, &zero, 0, 8), 0, "poll: nothing there");
	write(fd[1], "x", 1);
	ok(SYSCALL(__NR_ppoll, &pf, 1, &zero, 0, 8) == 1 && pf.revents == POLLIN, "poll: readable");
	read(fd[0], &c, 1);
	pid = fork();
	if (!pid) {
		close(fd[0]);
		_exit(write_all(fd[1], big, sizeof(big)) != 0);
	}
	close(fd[1]);
	while ((n = read(fd[0], big, 777)) > 0)
		total += n;
	waitpid(pid, &status, 0);
	ok(total == 100000 && status == 0, "100000 bytes through a pipe");
	ok_is(read(fd[0], &c, 1), 0, "no writers: end of file");
	ok(SYSCALL(__NR_ppoll, &pf, 1, &zero, 0, 8) == 1 && (pf.revents & POLLHUP), "poll: POLLHUP");
	close(fd[0]);
	SYSCALL(__NR_pipe2, fd, O_NONBLOCK);
	ok_is(SYSCALL(__NR_read, fd[0], &c, 1), -L_EAGAIN, "O_NONBLOCK: EAGAIN");
	ok_is(SYSCALL(__NR_lseek, fd[0], 0, 0), -L_ESPIPE, "lseek of a pipe: ESPIPE");
	signal_set(SIGPIPE, (handler_t)1, 0);
	close(fd[0]);
	ok_is(SYSCALL(__NR_write, fd[1], "x", 1), -L_EPIPE, "no readers: EPIPE");
	signal_set(SIGPIPE, (handler_t)0, 0);
	close(fd[1]);
	for (n = 0; n < 2000 && (fd[0] = SYSCALL(__NR_dup, 0)) >= 0; n++)
		;
	ok(fd[0] == -L_EMFILE, "too many open files: EMFILE");
	for (int i = 3; i < 1024; i++)
		close(i);
}

/* Blocks of up to PIPE_BUF are not torn, however many write; each waiting reader gets its part. */
static void note_alarm(int sig)
{
	(void)sig;
}

struct select_mask {
	const uint64_t *set;
	size_t size;
};

static void test_select(void)
{
	struct { int64_t sec, nsec; } zero = { 0, 0 }, soon = { 0, 20000000 }, late = { 10, 0 };
	uint64_t in[16] = { 0 }, out[16] = { 0 }, other[16] = { 0 }, none = 0, alarms = 1UL << (SIGALRM - 1), cpu;
	struct { int64_t is, iu, vs, vu; } timer = { 0, 0, 0, 20000 };
	struct select_mask mask = { &none, 8 };
	struct k_pollfd pf;
	int p[2], pid;
	char c;

	pipe(p);
	in[0] = 1UL << p[0];
	ok(SYSCALL(__NR_pselect6, 64, in, NULL, NULL, &zero, NULL) == 0 && !in[0], "select: nothing there, the set is empty");
	in[0] = 1UL << p[0];
	out[0] = 1UL << p[1];
	ok(SYSCALL(__NR_pselect6, p[1] + 1, in, out, NULL, NULL, NULL) == 1 && !in[0] && out[0] == 1UL << p[1], "select: writable");
	write(p[1], "ab", 2);
	in[0] = other[0] = 1UL << p[0];
	ok(SYSCALL(__NR_pselect6, 64, in, out, other, NULL, NULL) == 2 && in[0] && out[0] && !other[0], "select: two of three");
	ok(SYSCALL(__NR_pselect6, 1024, in, NULL, NULL, &late, NULL) == 1 && late.sec == 9, "the time that is left is told");
	read(p[0], &c, 1);
	read(p[0], &c, 1);
	in[0] = 1UL << p[0];
	ok(SYSCALL(__NR_pselect6, 64, in, NULL, NULL, &soon, NULL) == 0 && !soon.sec && !soon.nsec, "none after the time is over");
	in[0] = 1UL << p[0] | 1UL << 60;
	ok_is(SYSCALL(__NR_pselect6, 64, in, NULL, NULL, &zero, NULL), -L_EBADF, "select of what is not open: EBADF");
	ok_is(SYSCALL(__NR_pselect6, 60, in, NULL, NULL, &zero, NULL), 0, "what lies beyond n is not looked at");
	ok_is(SYSCALL(__NR_pselect6, -1, in, NULL, NULL, &zero, NULL), -L_EINVAL, "select of less than nothing: EINVAL");
	mask.size = 4;
	ok_is(SYSCALL(__NR_pselect6, 0, NULL, NULL, NULL, &zero, &mask), -L_EINVAL, "half a mask: EINVAL");
	zero.nsec = 1000000000;
	ok_is(SYSCALL(__NR_pselect6, 0, NULL, NULL, NULL, &zero, NULL), -L_EINVAL, "more than a second of nanoseconds: EINVAL");
	zero.nsec = 0;
	/* A signal that only the call lets in. */
	signal_set(SIGALRM, note_alarm, 0);
	SYSCALL(__NR_rt_sigprocmask, 0, &alarms, NULL, 8);
	SYSCALL(__NR_setitimer, ITIMER_REAL, &timer, NULL);
	mask.size = 8;
	late.sec = 10;
	late.nsec = 0;
	in[0] = 1UL << p[0];
	ok_is(SYSCALL(__NR_pselect6, 64, in, NULL, NULL, &late, &mask), -L_EINTR, "a signal that the mask lets in: EINTR");
	SYSCALL(__NR_rt_sigprocmask, 0, NULL, &cpu, 8);
	ok(cpu & alarms && late.sec == 9 && in[0] == 1UL << p[0], "then it is blocked again, the sets are as they were");
	SYSCALL(__NR_rt_sigprocmask, 1, &alarms, NULL, 8);
	/* Woken by a writer; an end of file is readable, and to write there is an error. */
	pid = fork();
	if (!pid) {
		nanosleep_ns(20000000);
		write(p[1], "x", 1);
		_exit(0);
	}
	in[0] = 1UL << p[0];
	ok(SYSCALL(__NR_pselect6, 64, in, NULL, NULL, NULL, NULL) == 1 && in[0] == 1UL << p[0], "select waits for a writer");
	read(p[0], &c, 1);
	waitpid(pid, NULL, 0);
	pf = (struct k_pollfd){ p[0], POLLIN };
	soon.nsec = 5000000;
	ok(SYSCALL(__NR_ppoll, &pf, 1, &soon, NULL, 0) == 0 && !soon.nsec, "ppoll tells the time that is left, too");
	close(p[1]);
	in[0] = other[0] = 1UL << p[0];
	ok(SYSCALL(__NR_pselect6, 64, in, NULL, other, NULL, NULL) == 1 && in[0] && !other[0], "the end of a pipe is readable");
	close(p[0]);
}

static void test_fifo(void)
{
	struct { int64_t is, iu, vs, vu; } timer = { 0, 0, 0, 20000 };
	const char *fifo = "/tmp/fifo";
	char *argv[] = { "fifo", NULL };
	int64_t now[2] = { 0 };
	struct k_pollfd pf;
	struct k_stat st;
	char buf[8] = "";
	int r, w, pid, status;

	ok_is(SYSCALL(__NR_mknodat, AT_FDCWD, fifo, S_IFIFO | 0640, 0), 0, "a pipe with a name");
	ok(stat(fifo, &st) == 0 && st.st_mode == (S_IFIFO | 0640) && !st.st_size, "its mode");
	ok_is(SYSCALL(__NR_mknodat, AT_FDCWD, fifo, S_IFIFO | 0640, 0), -L_EEXIST, "there already: EEXIST");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, fifo, O_WRONLY | O_NONBLOCK), -6, "to write where nobody reads, without waiting: ENXIO");
	r = open(fifo, O_RDONLY | O_NONBLOCK);
	ok(r >= 0 && read(r, buf, 1) == 0, "to read where nobody writes, without waiting: the end");
	pf = (struct k_pollfd){ r, POLLIN };
	ok_is(SYSCALL(__NR_ppoll, &pf, 1, now, NULL, 0), 0, "poll: nothing, nobody has hung up");
	w = open(fifo, O_WRONLY | O_NONBLOCK);
	ok(w >= 0 && write(w, "abc", 3) == 3 && read(r, buf, 8) == 3 && !memcmp(buf, "abc", 3), "now a writer comes, and is read");
	ok_is(SYSCALL(__NR_read, r, buf, 1), -L_EAGAIN, "nothing more for the moment: EAGAIN");
	ok_is(SYSCALL(__NR_lseek, r, 0, SEEK_SET), -L_ESPIPE, "no place to seek: ESPIPE");
	close(w);
	ok(SYSCALL(__NR_ppoll, &pf, 1, now, NULL, 0) == 1 && pf.revents == POLLHUP, "the writer is gone: POLLHUP");
	close(r);
	w = open(fifo, O_RDWR);
	ok(w >= 0 && write(w, "lost", 4) == 4, "to read and write: no waiting");
	close(w);
	r = open(fifo, O_RDONLY | O_NONBLOCK);
	ok_is(SYSCALL(__NR_read, r, buf, 8), 0, "what nobody read is lost when all have closed it");
	close(r);
	/* Each waits for the other. */
	pid = fork();
	if (!pid) {
		nanosleep_ns(20000000);
		w = open(fifo, O_WRONLY);
		write(w, "x", 1);
		_exit(0);
	}
	r = open(fifo, O_RDONLY);
	ok(r >= 0 && read(r, buf, 1) == 1 && buf[0] == 'x' && read(r, buf, 1) == 0, "a reader waits for a writer");
	close(r);
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		nanosleep_ns(20000000);
		r = open(fifo, O_RDONLY);
		_exit(read(r, buf, 1) == 1 && buf[0] == 'y' ? 3 : 4);
	}
	w = open(fifo, O_WRONLY);
	ok(w >= 0 && write(w, "y", 1) == 1, "a writer waits for a reader");
	close(w);
	waitpid(pid, &status, 0);
	ok_is(status, 3 << 8, "who reads what it wrote");
	signal_set(SIGALRM, note_alarm, 0);
	SYSCALL(__NR_setitimer, ITIMER_REAL, &timer, NULL);
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, fifo, O_RDONLY), -L_EINTR, "a signal ends the wait: EINTR");
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, fifo, O_WRONLY | O_NONBLOCK), -6, "then there is no reader: ENXIO");
	ok_is(SYSCALL(__NR_linkat, AT_FDCWD, fifo, AT_FDCWD, "/tmp/fifo2", 0), 0, "another name");
	r = open("/tmp/fifo2", O_RDONLY | O_NONBLOCK);
	w = open(fifo, O_WRONLY | O_NONBLOCK);
	ok(w >= 0 && write(w, "z", 1) == 1 && read(r, buf, 1) == 1 && buf[0] == 'z', "is the same pipe");
	close(r);
	close(w);
	SYSCALL(__NR_fchmodat, AT_FDCWD, fifo, 0755);
	ok_is(SYSCALL(__NR_execve, fifo, argv, environ), -L_EACCES, "it is no program: EACCES");
	unlink(fifo);
	ok(unlink("/tmp/fifo2") == 0 && open(fifo, O_RDONLY) < 0, "the names go");
}

static void test_statx(void)
{
	struct k_statx x;
	struct k_stat st;
	int fd = open("/tmp/statx", O_RDWR | O_CREAT | O_TRUNC, 0640), p[2];

	write(fd, "hello", 5);
	stat("/tmp/statx", &st);
	ok(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx", 0, STATX_BASIC_STATS, &x) == 0 && x.stx_size == 5 &&
	   x.stx_mode == (S_IFREG | 0640) && x.stx_nlink == 1 && (x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS, "statx");
	ok(x.stx_ino == st.st_ino && (int64_t)x.stx_blocks == st.st_blocks && x.stx_mtime.tv_sec == st.st_mtime &&
	   x.stx_mtime.tv_nsec == st.st_mtime_nsec && x.stx_blksize == (uint32_t)st.st_blksize, "it says what stat says");
	ok(SYSCALL(__NR_statx, fd, "", AT_EMPTY_PATH, 0, &x) == 0 && x.stx_size == 5, "statx of an open file");
	ok(SYSCALL(__NR_statx, fd, NULL, AT_EMPTY_PATH, 0, &x) == 0 && x.stx_size == 5, "and without a path");
	ok_is(SYSCALL(__NR_statx, fd, "", 0, 0, &x), -L_ENOENT, "an empty path: ENOENT");
	ok_is(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/none", 0, 0, &x), -L_ENOENT, "statx of nothing: ENOENT");
	ok_is(SYSCALL(__NR_statx, 99, "", AT_EMPTY_PATH, 0, &x), -L_EBADF, "statx of what is not open: EBADF");
	ok_is(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx", 0x6000, 0, &x), -L_EINVAL, "statx with opposite flags: EINVAL");
	ok_is(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx", 1, 0, &x), -L_EINVAL, "with an unknown one: EINVAL");
	ok_is(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx", 0, STATX__RESERVED, &x), -L_EINVAL, "with a reserved mask: EINVAL");
	ok_is(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx", 0, 0, NULL), -L_EFAULT, "statx to nowhere: EFAULT");
	SYSCALL(__NR_symlinkat, "statx", AT_FDCWD, "/tmp/statx.link");
	ok(SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx.link", AT_SYMLINK_NOFOLLOW, 0, &x) == 0 && S_ISLNK(x.stx_mode) &&
	   SYSCALL(__NR_statx, AT_FDCWD, "/tmp/statx.link", 0, 0, &x) == 0 && S_ISREG(x.stx_mode), "of a link, or of what it names");
	ok(SYSCALL(__NR_statx, AT_FDCWD, "/dev/null", 0, 0, &x) == 0 && x.stx_rdev_major == 1 && x.stx_rdev_minor == 3, "of a device");
	pipe(p);
	ok(SYSCALL(__NR_statx, p[0], "", AT_EMPTY_PATH, 0, &x) == 0 && S_ISFIFO(x.stx_mode), "of a pipe");
	ok(SYSCALL(__NR_newfstatat, p[0], "", &st, AT_EMPTY_PATH) == 0 && S_ISFIFO(st.st_mode), "which newfstatat knows, too");
	close(p[0]);
	close(p[1]);
	close(fd);
	unlink("/tmp/statx");
	unlink("/tmp/statx.link");
}

static void test_pipe_crowd(void)
{
	static char block[4096];
	int fd[2], torn = 0, blocks = 0, status;
	ssize_t n, have = 0;

	pipe(fd);
	for (int w = 0; w < 4; w++)
		if (!fork()) {
			close(fd[0]);
			memset(block, 'a' + w, 3000);
			for (int i = 0; i < 100; i++)
				if (write(fd[1], block, 3000) != 3000)
					_exit(1);
			_exit(0);
		}
	close(fd[1]);
	while ((n = read(fd[0], block + have, 3000 - have)) > 0) {
		have += n;
		if (have < 3000)
			continue;
		for (int i = 1; i < 3000; i++)
			torn += block[i] != block[0];
		blocks++;
		have = 0;
	}
	ok(!torn && blocks == 400, "400 blocks of four writers, none torn");
	close(fd[0]);
	for (int w = 0; w < 4; w++) {
		waitpid(-1, &status, 0);
		torn += status;
	}
	ok(!torn, "each wrote all it had");
	pipe(fd);
	for (int r = 0; r < 3; r++)
		if (!fork())
			_exit(read(fd[0], block, 1) != 1);
	nanosleep_ns(20000000);	/* they wait, most likely: right in any case */
	write(fd[1], "abc", 3);
	for (int r = 0; r < 3; r++) {
		waitpid(-1, &status, 0);
		torn += status;
	}
	ok(!torn, "one write of three bytes wakes three readers of one");
	close(fd[0]);
	close(fd[1]);
	pipe(fd);
	close(fd[0]);
	status = fork();
	if (!status) {
		write(fd[1], "x", 1);
		_exit(0);
	}
	waitpid(status, &status, 0);
	ok_is(status, SIGPIPE, "no readers: SIGPIPE ends the writer");
	close(fd[1]);
}

static void test_mounts(void)
{
	char text[2048];
	int fd = open("/proc/mounts", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n > 0 ? n : 0] = 0;
	ok(strstr(text, "proc /proc proc rw") && strstr(text, "sysfs /sys sysfs rw"), "/proc/mounts");
	fd = open("/proc/self/mountinfo", O_RDONLY);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	ok(strstr(text, " / /proc rw") && strstr(text, " - proc proc rw"), "/proc/self/mountinfo");
}

int main(void)
{
	test_files();
	test_dirs();
	test_links();
	test_pipe_crowd();
	test_statx();
	test_shm();
	test_pipes();
	test_select();
	test_fifo();
	test_mounts();
	return tap_done();
}
