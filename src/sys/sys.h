/* SPDX-License-Identifier: MIT */
/*
 * System calls: one thin function each, which decodes, checks, calls down and
 * copies out. Arguments are in @r's a0 to a5; the return value goes to a0.
 */
#ifndef SYS_SYS_H
#define SYS_SYS_H

#include "abi/unistd.h"
#include "proc/proc.h"

#define CALL(nr, name, ...) long sys_##name(struct pt_regs *r);
#include "abi/syscalls.def"

struct k_timespec {
	s64 sec, nsec;
};

/** get_timespec - A valid time of user memory, in ns. 0, -EFAULT, -EINVAL. */
int get_timespec(const void __user *p, u64 *ns) __must_check;
int put_timespec(void __user *p, u64 ns) __must_check;

#endif
