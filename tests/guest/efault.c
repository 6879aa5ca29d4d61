/* SPDX-License-Identifier: MIT */
/*
 * Every call with every argument a bad pointer: an error, never a signal, never
 * worse. The kernel is checked by being alive afterwards. True of Linux too.
 */
#include "tap.h"

static const int skip[] = {
	__NR_exit, __NR_exit_group, __NR_reboot, __NR_rt_sigreturn, __NR_restart_syscall, __NR_rt_sigsuspend, __NR_kill,
	__NR_tkill, __NR_tgkill, __NR_ppoll, __NR_clone, __NR_clone3, __NR_wait4, __NR_waitid, __NR_munmap, __NR_mmap,
	__NR_mremap, __NR_mprotect, __NR_madvise, __NR_brk, __NR_setsid, __NR_setpgid, __NR_close, __NR_dup3,
	__NR_rt_sigtimedwait, __NR_rt_sigprocmask, __NR_prlimit64, __NR_setrlimit, __NR_setpriority, __NR_umask,
	__NR_setuid, __NR_setgid, __NR_setresuid, __NR_setresgid, __NR_setgroups, __NR_execve, __NR_chdir,
	__NR_sched_setaffinity, __NR_nanosleep, __NR_clock_nanosleep, __NR_futex, __NR_set_robust_list,
	__NR_sched_setscheduler,
	__NR_sched_setparam, __NR_sched_setattr, __NR_set_tid_address, __NR_setitimer, __NR_prctl, __NR_fcntl, __NR_syslog,
};

static bool skipped(int nr)
{
	for (size_t i = 0; i < ARRAY_LEN(skip); i++)
		if (skip[i] == nr)
			return true;
	return false;
}

int main(void)
{
#define NUMBER(name, nr) nr,
	static const int calls[] = { SYSCALL_LIST(NUMBER) };
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long bad[] = { 8, 0x3ffffffff8, 0x7fffffffffffffff, (long)0xffffffd880000000, (long)0xffffffff80200000, -1, -8, 0 };
	char *argv[] = { "true", NULL };
	int fd[2], n = 0, faults = 0;

	/* Descriptor 0 is what most calls below are given. */
	close(0);
	open("/dev/null", O_RDWR);
	munmap(page + 4096, 4096);
	bad[7] = (long)page + 4090;	/* straddles the end of a mapping */
	pipe(fd);
	for (size_t c = 0; c < ARRAY_LEN(calls); c++) {
		if (skipped(calls[c]))
			continue;
		for (size_t b = 0; b < ARRAY_LEN(bad); b++)
			for (int arg = 0; arg < 5; arg++) {
				long a[6] = { 0, (long)page, 64, 0, 0, 0 };

				a[arg] = bad[b];
				if (calls[c] == __NR_read || calls[c] == __NR_readv)
					a[0] = 99;	/* do not wait for input */
				if (SYSCALL(calls[c], a[0], a[1], a[2], a[3], a[4], a[5]) == -L_EFAULT)
					faults++;
				n++;
			}
	}
	ok(n > 2000 && faults > 300, "%d calls with bad pointers, %d answered EFAULT", n, faults);
	for (size_t b = 0; b < 7; b++) {
		void *p = (void *)bad[b];

		if (SYSCALL(__NR_write, fd[1], p, 8) != -L_EFAULT || SYSCALL(__NR_pipe2, p, 0) != -L_EFAULT ||
		    SYSCALL(__NR_newfstatat, AT_FDCWD, p, page, 0) != -L_EFAULT ||
		    SYSCALL(__NR_newfstatat, AT_FDCWD, "/", p, 0) != -L_EFAULT ||
		    SYSCALL(__NR_uname, p) != -L_EFAULT || SYSCALL(__NR_execve, p, argv, environ) != -L_EFAULT ||
		    SYSCALL(__NR_execve, "/bin/true", p, environ) != -L_EFAULT ||
		    SYSCALL(__NR_execve, "/bin/true", argv, p) != -L_EFAULT ||
		    SYSCALL(__NR_clock_gettime, 0, p) != -L_EFAULT || SYSCALL(__NR_getrandom, p, 8, 0) != -L_EFAULT ||
		    SYSCALL(__NR_nanosleep, p, 0) != -L_EFAULT)
			ok(false, "pointer %lx", bad[b]);
	}
	ok(true, "the named calls answer EFAULT for each bad pointer");
	{
		long r = SYSCALL(__NR_write, fd[1], page + 4090, 20);

		ok(r == -L_EFAULT || r == 6, "a write across the end: EFAULT or what there was");
	}
	return tap_done();
}
