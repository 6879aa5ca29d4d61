/* SPDX-License-Identifier: MIT */
/* Limits of a process. Ref: Linux kernel/sys.c, do_prlimit(). */
#ifndef PROC_RLIMIT_H
#define PROC_RLIMIT_H

#include "proc/signal_struct.h"

struct mm_struct;

/** task_rlimit, rlimit - What @p's process, our process, may have of @which now. Context: any. */
static inline u64 task_rlimit(const struct task_struct *p, unsigned int which)
{
	return READ_ONCE(p->signal->rlim[which].cur);
}
static inline u64 rlimit(unsigned int which)
{
	return task_rlimit(current, which);
}
/** check_prlimit_permission - May the current task see and set @p's limits? 0 or -EPERM. Context: task. */
int check_prlimit_permission(struct task_struct *p) __must_check;
/** do_prlimit - @old is what the limit was; it becomes @new, unless that is NULL. 0, -EINVAL, -EPERM. Context: task; @p referred to. */
int do_prlimit(struct task_struct *p, unsigned int which, const struct rlimit64 *new, struct rlimit64 *old) __must_check;
/** copy_rlimits - A new group has its maker's. Context: task; nobody else sees @new. */
void copy_rlimits(struct signal_struct *new, struct signal_struct *old);
/** rlimits_to_mm - @mm, which is the process's (or will be: then once more, when it is), has its limits. Context: task. */
void rlimits_to_mm(struct signal_struct *sig, struct mm_struct *mm);

#endif
