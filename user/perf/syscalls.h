/* SPDX-License-Identifier: MIT */
/* perf trace: what system calls, their arguments and their errors are called. */
#ifndef USER_PERF_SYSCALLS_H
#define USER_PERF_SYSCALLS_H

#include "perf.h"

/** syscall_name - Of call @nr, or NULL. */
const char *syscall_name(unsigned int nr);
/** syscall_args - "fd n", the names of call @nr's arguments, or NULL: not known. */
const char *syscall_args(unsigned int nr);
/** error_name - Of Linux's @error: "ENOENT", or NULL. */
const char *error_name(int error);

#endif
