/* SPDX-License-Identifier: MIT */
/* Seeing and setting the limits of a process. Ref: Linux kernel/sys.c, do_prlimit(). */
#ifndef PROC_PRLIMIT_H
#define PROC_PRLIMIT_H

#include "abi/resource.h"
#include "lib/compiler.h"

struct task_struct;

/** check_prlimit_permission - May the current task see and set @p's limits? 0 or -EPERM. Context: task. */
int check_prlimit_permission(struct task_struct *p) __must_check;
/** do_prlimit - @old is what the limit was; it becomes @new, unless that is NULL. 0, -EINVAL, -EPERM. Context: task; @p referred to. */
int do_prlimit(struct task_struct *p, unsigned int which, const struct rlimit64 *new, struct rlimit64 *old) __must_check;

#endif
