/* SPDX-License-Identifier: MIT */
/* Names come from the lists in src/abi; what the arguments are called is from Linux's section 2 of the manual. */
#include "syscalls.h"

#include "abi/errno_list.h"

const char *syscall_name(unsigned int nr)
{
#define NAME(name, nr) [nr] = #name,
	static const char *const names[NR_syscalls] = { SYSCALL_LIST(NAME) };

	return nr < NR_syscalls ? names[nr] : NULL;
}

const char *error_name(int error)
{
#define ERROR(name, nr) { nr, #name },
	static const struct {
		int nr;
		const char *name;
	} errors[] = { ERRNO_LIST(ERROR) };

	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].nr == error)
			return errors[i].name;
	return NULL;
}

#define A(call, names) case __NR_##call: return names;

const char *syscall_args(unsigned int nr)
{
	switch (nr) {
	A(getcwd, "buf size") A(dup, "fd") A(dup3, "oldfd newfd flags") A(fcntl, "fd cmd arg") A(ioctl, "fd cmd arg")
	A(mknodat, "dfd filename mode dev") A(mkdirat, "dfd filename mode") A(unlinkat, "dfd filename flags")
	A(symlinkat, "target newdfd linkpath") A(linkat, "olddfd oldname newdfd newname flags")
	A(statfs, "filename buf") A(fstatfs, "fd buf") A(truncate, "filename length") A(ftruncate, "fd length")
	A(faccessat, "dfd filename mode") A(faccessat2, "dfd filename mode flags") A(chdir, "filename") A(fchdir, "fd")
	A(fchmod, "fd mode") A(fchmodat, "dfd filename mode") A(fchownat, "dfd filename user group flags") A(fchown, "fd user group")
	A(openat, "dfd filename flags mode") A(close, "fd") A(pipe2, "fildes flags") A(getdents64, "fd dirent count")
	A(lseek, "fd offset whence") A(read, "fd buf count") A(write, "fd buf count") A(readv, "fd vec vlen") A(writev, "fd vec vlen")
	A(pread64, "fd buf count pos") A(pwrite64, "fd buf count pos") A(ppoll, "ufds nfds tsp sigmask sigsetsize")
	A(pselect6, "n inp outp exp tsp sig") A(readlinkat, "dfd filename buf bufsiz") A(newfstatat, "dfd filename statbuf flag")
	A(fstat, "fd statbuf") A(sync, "") A(fsync, "fd") A(fdatasync, "fd") A(utimensat, "dfd filename utimes flags")
	A(exit, "error_code") A(exit_group, "error_code") A(waitid, "which upid infop options ru") A(set_tid_address, "tidptr")
	A(futex, "uaddr op val utime uaddr2 val3") A(set_robust_list, "head len") A(get_robust_list, "pid head_ptr len_ptr")
	A(nanosleep, "rqtp rmtp") A(clock_gettime, "which_clock tp") A(clock_getres, "which_clock tp")
	A(clock_nanosleep, "which_clock flags rqtp rmtp") A(sched_yield, "") A(sched_setaffinity, "pid len user_mask_ptr")
	A(sched_getaffinity, "pid len user_mask_ptr") A(sched_setscheduler, "pid policy param") A(sched_getscheduler, "pid")
	A(sched_setparam, "pid param") A(sched_getparam, "pid param") A(sched_setattr, "pid uattr flags")
	A(sched_getattr, "pid uattr size flags") A(kill, "pid sig") A(tkill, "pid sig") A(tgkill, "tgid pid sig")
	A(sigaltstack, "uss uoss") A(rt_sigsuspend, "unewset sigsetsize") A(rt_sigaction, "sig act oact sigsetsize")
	A(rt_sigprocmask, "how nset oset sigsetsize") A(rt_sigpending, "uset sigsetsize") A(rt_sigreturn, "")
	A(rt_sigtimedwait, "uthese uinfo uts sigsetsize") A(setpriority, "which who niceval") A(getpriority, "which who")
	A(setgid, "gid") A(setuid, "uid") A(times, "tbuf") A(setpgid, "pid pgid") A(getpgid, "pid") A(getsid, "pid") A(setsid, "")
	A(getgroups, "gidsetsize grouplist") A(setgroups, "gidsetsize grouplist") A(uname, "name") A(getrusage, "who ru")
	A(umask, "mask") A(prctl, "option arg2 arg3 arg4 arg5") A(getcpu, "cpup nodep unused") A(gettimeofday, "tv tz")
	A(getpid, "") A(getppid, "") A(getuid, "") A(geteuid, "") A(getgid, "") A(getegid, "") A(gettid, "") A(sysinfo, "info")
	A(brk, "brk") A(munmap, "addr len") A(mremap, "addr old_len new_len flags new_addr")
	A(clone, "clone_flags newsp parent_tidptr tls child_tidptr") A(clone3, "uargs size") A(execve, "filename argv envp")
	A(mmap, "addr len prot flags fd off") A(mprotect, "start len prot") A(msync, "start len flags") A(madvise, "start len behavior")
	A(mlock, "start len") A(munlock, "start len") A(mincore, "start len vec")
	A(perf_event_open, "attr_uptr pid cpu group_fd flags") A(wait4, "upid stat_addr options ru")
	A(prlimit64, "pid resource new_rlim old_rlim") A(renameat2, "olddfd oldname newdfd newname flags")
	A(getrandom, "ubuf len flags") A(statx, "dfd filename flags mask buffer")
	}
	return NULL;
}
