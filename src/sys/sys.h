/* SPDX-License-Identifier: MIT */
/*
 * System calls: sys_name() is thin: it checks, copies from user memory, calls down, and copies out. src/abi/syscalls.def has
 * their prototypes.
 *
 * Return: what user mode finds in a0, a negative errno of failures among it; or one of -ERESTART*, which never gets there
 * (do_notify_resume()). Context: task, interrupts on, no lock held. The registers of the call are task_pt_regs(current):
 * a call that changes them (execve, rt_sigreturn) returns what is to be a0.
 */
#ifndef SYS_SYS_H
#define SYS_SYS_H

#include "abi/unistd.h"
#include "lib/compiler.h"

struct k_clone_args;
struct k_dirent64;
struct k_iovec;
struct k_itimerspec;
struct k_itimerval;
struct k_pollfd;
struct k_rusage;
struct k_sigaction;
struct k_sigevent;
struct k_siginfo;
struct k_stack;
struct k_stat;
struct k_statfs;
struct k_statx;
struct k_sysinfo;
struct k_timespec;
struct k_timeval;
struct k_utsname;
struct perf_event_attr;
struct rlimit64;
struct robust_list_head;
struct sched_attr;

#define SYSCALL_PARAM(type, arg) type arg
#define CALL(nr, name, ...) long sys_##name(SYSCALL_ARGS(SYSCALL_PARAM, SYSCALL_COMMA, void, ##__VA_ARGS__));
#include "abi/syscalls.def"

#endif
