/* SPDX-License-Identifier: MIT */
/* TAP for guest programs: ok() a fact, tap_done() at the end. */
#ifndef USER_TAP_H
#define USER_TAP_H

#include "sys.h"

static int tap_n, tap_bad;

__attribute__((format(printf, 2, 3))) static bool ok(bool fact, const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	printf("%sok %d - ", fact ? "" : "not ", ++tap_n);
	vprintf(fmt, ap);
	printf("\n");
	__builtin_va_end(ap);
	tap_bad += !fact;
	return fact;
}

/* A system call's raw result, wanted: a value or a negative Linux errno. */
#define ok_is(call, want, name) do {					\
	long _got = (call), _want = (want);				\
	if (!ok(_got == _want, "%s", name))				\
		printf("# got %ld, want %ld\n", _got, _want);		\
} while (0)

static inline int tap_done(void)
{
	printf("1..%d\n", tap_n);
	fflush(stdout);
	return tap_bad != 0;
}

/* Run @fn in a child. Return: its wait status. */
static inline int in_child(void (*fn)(void))
{
	int status = -1, pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		fn();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

/* Write @what to a file that is there. Return: 0 or a negative Linux errno. */
static inline int write_text(const char *path, const char *what)
{
	int fd = SYSCALL(__NR_openat, AT_FDCWD, path, O_WRONLY, 0);
	long r;

	if (fd < 0)
		return fd;
	r = SYSCALL(__NR_write, fd, what, strlen(what));
	close(fd);
	return r < 0 ? r : 0;
}

/* Run for @ns of time. When the host stops us it counts as little: what is measured meanwhile needs us to run. */
static inline void run_for(uint64_t ns)
{
	uint64_t now = monotonic_ns();

	for (uint64_t left = ns; left; ) {
		uint64_t since = now, ran;

		for (volatile int i = 0; i < 10000; i++)
			;
		now = monotonic_ns();
		ran = now - since < 500000 ? now - since : 500000;
		left -= ran < left ? ran : left;
	}
}

/* Harts that we may use. */
static inline int tap_harts(void)
{
	uint64_t mask[16] = { 0 };
	int n = 0;

	SYSCALL(__NR_sched_getaffinity, 0, sizeof(mask), mask);
	for (int i = 0; i < 16; i++)
		n += __builtin_popcountl(mask[i]);
	return n;
}

/* Linux errno numbers, for raw results. */
#define L_EPERM 1
#define L_ENOENT 2
#define L_ESRCH 3
#define L_EINTR 4
#define L_E2BIG 7
#define L_ENOEXEC 8
#define L_EBADF 9
#define L_ECHILD 10
#define L_EAGAIN 11
#define L_ENOMEM 12
#define L_EACCES 13
#define L_EFAULT 14
#define L_EEXIST 17
#define L_ENOTDIR 20
#define L_EISDIR 21
#define L_EINVAL 22
#define L_EMFILE 24
#define L_ESPIPE 29
#define L_EPIPE 32
#define L_ERANGE 34
#define L_ENOSYS 38
#define L_ENOTEMPTY 39
#define L_ELOOP 40

#endif
