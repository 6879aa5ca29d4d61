/* SPDX-License-Identifier: MIT */
/*
 * How a system call takes its registers: of one that holds a 32-bit argument the upper half does not count, of the others it
 * does; all but a0 are afterwards as they were; a number that has no call is answered by ENOSYS. True of Linux too.
 */
#include "tap.h"

#define HIGH 0x5a5a5a5a00000000
/* A 32-bit argument, and what should not count beside it. */
#define W(x) (((long)(x) & 0xffffffff) | (long)HIGH)

static void test_files(void)
{
	char buf[8] = "";
	int fd = SYSCALL(__NR_openat, W(AT_FDCWD), "/tmp/calls", W(O_RDWR | O_CREAT), W(0640)), pipes[2];
	struct k_stat st;

	ok(fd >= 0 && SYSCALL(__NR_fstat, W(fd), &st) == 0 && (st.st_mode & 0777) == 0640, "openat: directory, flags, rights; fstat");
	ok_is(SYSCALL(__NR_write, W(fd), "abcdefgh", 8), 8, "write");
	ok_is(SYSCALL(__NR_lseek, W(fd), 2, W(SEEK_SET)), 2, "lseek: descriptor and whence");
	ok(SYSCALL(__NR_read, W(fd), buf, 3) == 3 && !memcmp(buf, "cde", 4), "read");
	ok_is(SYSCALL(__NR_lseek, fd, 1L << 33, SEEK_SET), 1L << 33, "lseek: all of an offset counts");
	ok_is(SYSCALL(__NR_pread64, fd, buf, 3, HIGH), 0, "pread64: all of a position counts");
	ok_is(SYSCALL(__NR_pread64, fd, buf, 3, -1), -L_EINVAL, "and it has a sign");
	ok_is(SYSCALL(__NR_fcntl, W(fd), W(F_SETFD), 1), 0, "fcntl: descriptor and command");
	ok_is(SYSCALL(__NR_fcntl, fd, F_GETFD, 0), 1, "which it did");
	ok_is(SYSCALL(__NR_dup3, W(fd), W(77), W(0)), 77, "dup3");
	ok_is(SYSCALL(__NR_close, W(77)), 0, "close");
	ok_is(SYSCALL(__NR_pipe2, pipes, W(O_CLOEXEC)), 0, "pipe2: flags");
	ok(SYSCALL(__NR_fcntl, pipes[0], F_GETFD, 0) == 1, "which it heeds");
	ok_is(SYSCALL(__NR_ftruncate, fd, 1L << 31), 0, "ftruncate: a length has 64 bits");
	ok_is(SYSCALL(__NR_unlinkat, W(AT_FDCWD), "/tmp/calls", W(0)), 0, "unlinkat: flags");
	close(fd);
}

static void test_tasks(void)
{
	long me = getpid(), set = 0, mask = 0;
	int status = -1, pid = fork();

	if (!pid)
		SYSCALL(__NR_exit_group, W(3));
	ok(SYSCALL(__NR_wait4, W(-1), &status, W(0), 0) == pid && WEXITSTATUS(status) == 3, "wait4: -1 is that, and exit_group: 3");
	ok_is(SYSCALL(__NR_wait4, 0xffffffff, &status, 0, 0), -L_ECHILD, "wait4: 0xffffffff too is -1");
	ok_is(SYSCALL(__NR_kill, W(me), W(0)), 0, "kill");
	ok_is(SYSCALL(__NR_tgkill, W(me), W(me), W(0)), 0, "tgkill");
	ok_is(SYSCALL(__NR_getpgid, W(me)), SYSCALL(__NR_getpgid, 0), "getpgid");
	ok_is(SYSCALL(__NR_rt_sigprocmask, W(SIG_BLOCK), &set, &set, 8), 0, "rt_sigprocmask: how");
	ok_is(SYSCALL(__NR_rt_sigprocmask, SIG_BLOCK, &set, &set, 8 | HIGH), -L_EINVAL, "rt_sigprocmask: all of a size counts");
	ok_is(SYSCALL(__NR_getpriority, W(0), W(0)), 20, "getpriority");
	ok_is(SYSCALL(__NR_sched_getscheduler, 0xffffffff), -L_EINVAL, "sched_getscheduler: a pid has a sign");
	ok_is(SYSCALL(__NR_sched_get_priority_max, W(1)), 99, "sched_get_priority_max");
	ok(SYSCALL(__NR_sched_getaffinity, W(0), W(8), &mask) == 8 && mask, "sched_getaffinity: pid and size");
	ok_is(SYSCALL(__NR_prctl, W(3), 0, 0, 0, 0), SYSCALL(__NR_prctl, 3, 0, 0, 0, 0), "prctl: option");
	ok_is(SYSCALL(__NR_prctl, 1, HIGH, 0, 0, 0), -L_EINVAL, "prctl: all of an argument counts");
	ok_is(SYSCALL(__NR_umask, W(022)) >= 0 ? SYSCALL(__NR_umask, W(022)) : -1, 022, "umask");
}

static void test_time(void)
{
	long ts[2] = { 0, 1 }, v[4];

	ok_is(SYSCALL(__NR_clock_gettime, W(1), v), 0, "clock_gettime");
	ok_is(SYSCALL(__NR_clock_nanosleep, W(1), W(0), ts, 0), 0, "clock_nanosleep: clock and flags");
	ok_is(SYSCALL(__NR_getitimer, W(0), v), 0, "getitimer");
}

static void test_registers(void)
{
	register long a0 __asm__("a0") = 99999, a1 __asm__("a1") = 11, a2 __asm__("a2") = 12, a3 __asm__("a3") = 13,
	    a4 __asm__("a4") = 14, a5 __asm__("a5") = 15, a6 __asm__("a6") = 16, a7 __asm__("a7") = __NR_close,
	    t0 __asm__("t0") = 20, t1 __asm__("t1") = 21, t6 __asm__("t6") = 26, s2 __asm__("s2") = 32, s11 __asm__("s11") = 41;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), "+r"(a7), "+r"(t0),
			 "+r"(t1), "+r"(t6), "+r"(s2), "+r"(s11) : : "memory");
	ok(a0 == -L_EBADF && a1 == 11 && a2 == 12 && a3 == 13 && a4 == 14 && a5 == 15 && a6 == 16 && a7 == __NR_close && t0 == 20 &&
	   t1 == 21 && t6 == 26 && s2 == 32 && s11 == 41, "but for a0 all registers are as they were");
}

static void test_numbers(void)
{
	static const long none[] = { 38, 244, 257, 300, 402, 5000, 0x7fffffff, 0x80000000, -1, HIGH | __NR_getpid, 1L << 63 };

	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (SYSCALL(none[i]) != -L_ENOSYS) {
			ok(false, "call %ld: %ld", none[i], SYSCALL(none[i]));
			return;
		}
	ok(true, "%d numbers that have no call: ENOSYS", (int)ARRAY_LEN(none));
}

int main(void)
{
	test_files();
	test_tasks();
	test_time();
	test_registers();
	test_numbers();
	return tap_done();
}
