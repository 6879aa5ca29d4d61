/* SPDX-License-Identifier: MIT */
/*
 * The system, as programs here see it: Linux's structures and numbers from
 * src/abi, picolibc for the rest. A call that fails returns -1 and sets errno
 * to picolibc's number (sysdeps.c translates). Use this instead of picolibc's
 * unistd.h, fcntl.h, signal.h and sys/stat.h, whose values are not Linux's.
 */
#ifndef USER_SYS_H
#define USER_SYS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "abi/clone.h"
#include "abi/fs.h"
#include "abi/mman.h"
#include "abi/prctl.h"
#include "abi/reboot.h"
#include "abi/resource.h"
#include "abi/sched.h"
#include "abi/signal.h"
#include "abi/unistd.h"
#include "abi/wait.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

typedef uint64_t sigmask_t;
#define SIGMASK(n) (1UL << ((n) - 1))

struct timespec64 {
	int64_t tv_sec, tv_nsec;
};

/** raw_syscall - Result as the kernel gives it: negative Linux errno on failure. */
long raw_syscall(long nr, long a, long b, long c, long d, long e, long f);
#define SYSCALL(nr, ...) SYSCALL_(nr, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYSCALL_(nr, a, b, c, d, e, f, ...) \
	raw_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/** sys_ret - Turn a kernel result into -1 and errno. */
long sys_ret(long r);

extern char **environ;

int open(const char *path, int flags, ...);
int close(int fd);
ssize_t read(int fd, void *buf, size_t n);
ssize_t write(int fd, const void *buf, size_t n);
int64_t lseek(int fd, int64_t off, int whence);
int dup(int fd);
int dup2(int old, int new);
int pipe(int fd[2]);
int fcntl(int fd, int cmd, long arg);
int ioctl(int fd, unsigned long cmd, void *arg);
int stat(const char *path, struct k_stat *st);
int lstat(const char *path, struct k_stat *st);
int fstat(int fd, struct k_stat *st);
int mkdir(const char *path, unsigned int mode);
int unlink(const char *path);
int rmdir(const char *path);
int chdir(const char *path);
char *getcwd(char *buf, size_t n);
ssize_t readlink(const char *path, char *buf, size_t n);
ssize_t getdents64(int fd, void *buf, size_t n);
int access(const char *path, int mode);
int symlink(const char *target, const char *path);
int link(const char *old, const char *path, int flags);
int rename(const char *old, const char *path);
int chmod(const char *path, unsigned int mode);
bool isatty(int fd);

int fork(void);
int execve(const char *path, char *const argv[], char *const envp[]);
int execvp(const char *file, char *const argv[]);
void _exit(int status) __attribute__((noreturn));
int waitpid(int pid, int *status, int options);
int getpid(void);
int getppid(void);
int kill(int pid, int sig);
int setpgid(int pid, int pgid);
int getpgrp(void);
int setsid(void);
int tcsetpgrp(int fd, int pgrp);
int sched_yield(void);
int reboot(unsigned int cmd, int status);
#define RB_POWER_OFF 0x4321fedc

void *mmap(void *addr, size_t n, int prot, int flags, int fd, int64_t off);
int munmap(void *addr, size_t n);
int mprotect(void *addr, size_t n, int prot);
void *sbrk(ptrdiff_t inc);

typedef void (*handler_t)(int);
/** signal_set - Install @h with @flags; returns -1 on error. */
int signal_set(int sig, handler_t h, unsigned long flags);
int sigprocmask_set(int how, sigmask_t set, sigmask_t *old);

int nanosleep_ns(uint64_t ns);
uint64_t monotonic_ns(void);

/** read_file - Whole of a small file into @buf, NUL-terminated. Return: bytes or -1. */
ssize_t read_file(const char *path, char *buf, size_t n);
/** write_all - All of it, or -1. */
int write_all(int fd, const void *buf, size_t n);
/** program_name - argv[0] without the folder. */
const char *program_name(void);
/** write_errno - Of the last write of stdout or stderr that failed: the streams themselves do not tell. */
extern int write_errno;
/** die - Message with errno to stderr, exit with trouble. */
void die(const char *what) __attribute__((noreturn));
/** usage - "usage: @text" to stderr, exit with trouble; to stdout, with 0, if --help was asked for. */
void usage(const char *text) __attribute__((noreturn));
/* The status when something is wrong: 1, until a program sets it (2 where 1 is an answer, as in grep and diff). */
extern int trouble;
/** signal_name - "SIGINT" without SIG, or NULL; signal_number - the reverse, -1 for none. */
const char *signal_name(int sig);
int signal_number(const char *name);

#endif
