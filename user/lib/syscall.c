/* SPDX-License-Identifier: MIT */
/* Thin wrappers around system calls. */
#include "sys.h"

#include "abi/time.h"

long raw_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;
	register long a7 __asm__("a7") = nr;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
	return a0;
}

int open(const char *path, int flags, ...)
{
	__builtin_va_list ap;
	int mode;

	__builtin_va_start(ap, flags);
	mode = flags & O_CREAT ? __builtin_va_arg(ap, int) : 0;
	__builtin_va_end(ap);
	return sys_ret(SYSCALL(__NR_openat, AT_FDCWD, path, flags, mode));
}

int close(int fd)
{
	return sys_ret(SYSCALL(__NR_close, fd));
}

ssize_t read(int fd, void *buf, size_t n)
{
	return sys_ret(SYSCALL(__NR_read, fd, buf, n));
}

ssize_t write(int fd, const void *buf, size_t n)
{
	return sys_ret(SYSCALL(__NR_write, fd, buf, n));
}

int64_t lseek(int fd, int64_t off, int whence)
{
	return sys_ret(SYSCALL(__NR_lseek, fd, off, whence));
}

int dup(int fd)
{
	return sys_ret(SYSCALL(__NR_dup, fd));
}

int dup2(int old, int new)
{
	if (old == new)
		return fcntl(old, F_GETFD, 0) < 0 ? -1 : new;
	return sys_ret(SYSCALL(__NR_dup3, old, new, 0));
}

int pipe(int fd[2])
{
	return sys_ret(SYSCALL(__NR_pipe2, fd, 0));
}

int fcntl(int fd, int cmd, long arg)
{
	return sys_ret(SYSCALL(__NR_fcntl, fd, cmd, arg));
}

int ioctl(int fd, unsigned long cmd, void *arg)
{
	return sys_ret(SYSCALL(__NR_ioctl, fd, cmd, arg));
}

int stat(const char *path, struct k_stat *st)
{
	return sys_ret(SYSCALL(__NR_newfstatat, AT_FDCWD, path, st, 0));
}

int lstat(const char *path, struct k_stat *st)
{
	return sys_ret(SYSCALL(__NR_newfstatat, AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW));
}

int fstat(int fd, struct k_stat *st)
{
	return sys_ret(SYSCALL(__NR_fstat, fd, st));
}

int mkdir(const char *path, unsigned int mode)
{
	return sys_ret(SYSCALL(__NR_mkdirat, AT_FDCWD, path, mode));
}

int unlink(const char *path)
{
	return sys_ret(SYSCALL(__NR_unlinkat, AT_FDCWD, path, 0));
}

int rmdir(const char *path)
{
	return sys_ret(SYSCALL(__NR_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

int chdir(const char *path)
{
	return sys_ret(SYSCALL(__NR_chdir, path));
}

char *getcwd(char *buf, size_t n)
{
	return sys_ret(SYSCALL(__NR_getcwd, buf, n)) < 0 ? NULL : buf;
}

ssize_t readlink(const char *path, char *buf, size_t n)
{
	return sys_ret(SYSCALL(__NR_readlinkat, AT_FDCWD, path, buf, n));
}

ssize_t getdents64(int fd, void *buf, size_t n)
{
	return sys_ret(SYSCALL(__NR_getdents64, fd, buf, n));
}

int access(const char *path, int mode)
{
	return sys_ret(SYSCALL(__NR_faccessat, AT_FDCWD, path, mode));
}

int symlink(const char *target, const char *path)
{
	return sys_ret(SYSCALL(__NR_symlinkat, target, AT_FDCWD, path));
}

int link(const char *old, const char *path, int flags)
{
	return sys_ret(SYSCALL(__NR_linkat, AT_FDCWD, old, AT_FDCWD, path, flags));
}

int rename(const char *old, const char *path)
{
	return sys_ret(SYSCALL(__NR_renameat2, AT_FDCWD, old, AT_FDCWD, path, 0));
}

int chmod(const char *path, unsigned int mode)
{
	return sys_ret(SYSCALL(__NR_fchmodat, AT_FDCWD, path, mode));
}

bool isatty(int fd)
{
	struct k_termios t;

	return SYSCALL(__NR_ioctl, fd, TCGETS, &t) == 0;
}

int fork(void)
{
	return sys_ret(SYSCALL(__NR_clone, SIGCHLD));
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	return sys_ret(SYSCALL(__NR_execve, path, argv, envp));
}

int execvp(const char *file, char *const argv[])
{
	const char *path = getenv("PATH");
	char full[256];

	if (strchr(file, '/'))
		return execve(file, argv, environ);
	for (path = path ? path : "/bin"; *path; ) {
		size_t n = strcspn(path, ":");

		if (snprintf(full, sizeof(full), "%.*s/%s", (int)n, path, file) < (int)sizeof(full))
			execve(full, argv, environ);
		if (errno != ENOENT && errno != ENOTDIR)
			return -1;
		path += n + (path[n] == ':');
	}
	errno = ENOENT;
	return -1;
}

void _exit(int status)
{
	for (;;)
		SYSCALL(__NR_exit_group, status);
}

int waitpid(int pid, int *status, int options)
{
	return sys_ret(SYSCALL(__NR_wait4, pid, status, options, 0));
}

int getpid(void)
{
	return SYSCALL(__NR_getpid);
}

int getppid(void)
{
	return SYSCALL(__NR_getppid);
}

int kill(int pid, int sig)
{
	return sys_ret(SYSCALL(__NR_kill, pid, sig));
}

int setpgid(int pid, int pgid)
{
	return sys_ret(SYSCALL(__NR_setpgid, pid, pgid));
}

int getpgrp(void)
{
	return SYSCALL(__NR_getpgid, 0);
}

int setsid(void)
{
	return sys_ret(SYSCALL(__NR_setsid));
}

int tcsetpgrp(int fd, int pgrp)
{
	return ioctl(fd, TIOCSPGRP, &pgrp);
}

int sched_yield(void)
{
	return SYSCALL(__NR_sched_yield);
}

int reboot(unsigned int cmd, int status)
{
	return sys_ret(SYSCALL(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, cmd, status));
}

void *mmap(void *addr, size_t n, int prot, int flags, int fd, int64_t off)
{
	return (void *)sys_ret(SYSCALL(__NR_mmap, addr, n, prot, flags, fd, off));
}

int munmap(void *addr, size_t n)
{
	return sys_ret(SYSCALL(__NR_munmap, addr, n));
}

int mprotect(void *addr, size_t n, int prot)
{
	return sys_ret(SYSCALL(__NR_mprotect, addr, n, prot));
}

/* The heap: malloc() calls this. */
void *sbrk(ptrdiff_t inc)
{
	static uintptr_t end;
	uintptr_t old;

	if (!end)
		end = SYSCALL(__NR_brk, 0);
	old = end;
	if ((uintptr_t)SYSCALL(__NR_brk, old + inc) != old + inc) {
		errno = ENOMEM;
		return (void *)-1;
	}
	end = old + inc;
	return (void *)old;
}

int signal_set(int sig, handler_t h, unsigned long flags)
{
	struct k_sigaction act = { (uintptr_t)h, flags, 0 };

	return sys_ret(SYSCALL(__NR_rt_sigaction, sig, &act, 0, 8));
}

int sigprocmask_set(int how, sigmask_t set, sigmask_t *old)
{
	return sys_ret(SYSCALL(__NR_rt_sigprocmask, how, &set, old, 8));
}

int nanosleep_ns(uint64_t ns)
{
	struct timespec64 ts = { ns / 1000000000, ns % 1000000000 };

	return sys_ret(SYSCALL(__NR_nanosleep, &ts, 0));
}

uint64_t monotonic_ns(void)
{
	struct timespec64 ts = { 0, 0 };

	SYSCALL(__NR_clock_gettime, CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}
