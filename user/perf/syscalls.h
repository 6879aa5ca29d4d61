/* SPDX-License-Identifier: MIT */
/* perf trace: what system calls, their arguments and their errors are called. */
#ifndef USER_PERF_SYSCALLS_H
#define USER_PERF_SYSCALLS_H

#include "perf.h"

/* What src/abi/syscalls.def says of a call. */
struct call_info {
	const char *text;	/* "read fd buf count", "sync "; without a blank: the kernel does not have the call */
	char kinds[6];		/* of each argument: SYSCALL_KIND(), or 's', a pointer to text */
};

/** call_info - Of call @nr, or NULL: Linux has no such call. */
const struct call_info *call_info(unsigned int nr);
/** error_name - Of Linux's @error: "ENOENT", or NULL. */
const char *error_name(int error);

#endif
