/* SPDX-License-Identifier: MIT */
/*
 * System-call numbers of Linux riscv64 (asm-generic), as one list: a call that
 * is in it and has no implementation returns ENOSYS like any other number.
 */
#ifndef ABI_UNISTD_H
#define ABI_UNISTD_H

#define SYSCALL_LIST(_)							\
	_(getcwd, 17) _(dup, 23) _(dup3, 24) _(fcntl, 25) _(ioctl, 29)	\
	_(mknodat, 33) _(mkdirat, 34) _(unlinkat, 35) _(symlinkat, 36)	\
	_(linkat, 37) _(statfs, 43) _(fstatfs, 44) _(truncate, 45)	\
	_(ftruncate, 46) _(faccessat, 48) _(chdir, 49) _(fchdir, 50)	\
	_(fchmod, 52) _(fchmodat, 53) _(fchownat, 54) _(fchown, 55)	\
	_(openat, 56) _(close, 57) _(pipe2, 59) _(getdents64, 61)	\
	_(lseek, 62) _(read, 63) _(write, 64) _(readv, 65)		\
	_(writev, 66) _(pread64, 67) _(pwrite64, 68) _(pselect6, 72) \
	_(ppoll, 73)							\
	_(readlinkat, 78) _(newfstatat, 79) _(fstat, 80) _(sync, 81)	\
	_(fsync, 82) _(fdatasync, 83) _(utimensat, 88)			\
	_(exit, 93) _(exit_group, 94) _(waitid, 95)			\
	_(set_tid_address, 96) _(futex, 98) _(set_robust_list, 99) _(get_robust_list, 100)	\
	_(nanosleep, 101) _(getitimer, 102) _(setitimer, 103)		\
	_(timer_create, 107) _(timer_gettime, 108) _(timer_getoverrun, 109) \
	_(timer_settime, 110) _(timer_delete, 111)			\
	_(clock_gettime, 113) _(clock_getres, 114)			\
	_(clock_nanosleep, 115) _(syslog, 116)				\
	_(sched_setparam, 118) _(sched_setscheduler, 119)		\
	_(sched_getscheduler, 120) _(sched_getparam, 121)		\
	_(sched_setaffinity, 122) _(sched_getaffinity, 123)		\
	_(sched_yield, 124) _(sched_get_priority_max, 125)		\
	_(sched_get_priority_min, 126) _(sched_rr_get_interval, 127)	\
	_(restart_syscall, 128)						\
	_(kill, 129) _(tkill, 130) _(tgkill, 131) _(sigaltstack, 132)	\
	_(rt_sigsuspend, 133) _(rt_sigaction, 134)			\
	_(rt_sigprocmask, 135) _(rt_sigpending, 136)			\
	_(rt_sigtimedwait, 137) _(rt_sigqueueinfo, 138) _(rt_sigreturn, 139) \
	_(setpriority, 140) _(getpriority, 141) _(reboot, 142)		\
	_(setgid, 144) _(setuid, 146) _(setresuid, 147)			\
	_(getresuid, 148) _(setresgid, 149) _(getresgid, 150)		\
	_(times, 153) _(setpgid, 154) _(getpgid, 155) _(getsid, 156)	\
	_(setsid, 157) _(getgroups, 158) _(setgroups, 159)		\
	_(uname, 160) _(getrlimit, 163) _(setrlimit, 164)		\
	_(getrusage, 165) _(umask, 166) _(prctl, 167) _(getcpu, 168)	\
	_(gettimeofday, 169) _(getpid, 172) _(getppid, 173)		\
	_(getuid, 174) _(geteuid, 175) _(getgid, 176) _(getegid, 177)	\
	_(gettid, 178) _(sysinfo, 179) _(brk, 214) _(munmap, 215)	\
	_(mremap, 216) _(clone, 220) _(execve, 221) _(mmap, 222)	\
	_(mprotect, 226) _(msync, 227) _(mlock, 228) _(munlock, 229)	\
	_(mlockall, 230) _(munlockall, 231) _(mincore, 232)		\
	_(madvise, 233) _(rt_tgsigqueueinfo, 240) _(perf_event_open, 241) \
	_(riscv_flush_icache, 259)					\
	_(wait4, 260) _(prlimit64, 261) _(sched_setattr, 274)		\
	_(sched_getattr, 275) _(renameat2, 276)				\
	_(getrandom, 278) _(mlock2, 284) _(statx, 291) _(clone3, 435) _(faccessat2, 439)

#define SYSCALL_ENUM(name, nr) __NR_##name = (nr),
enum { SYSCALL_LIST(SYSCALL_ENUM) NR_syscalls = 440 };

#endif
