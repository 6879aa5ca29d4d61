/* SPDX-License-Identifier: MIT */
/* Limits of a process: what it may have now. */
#ifndef TASK_RLIMIT_H
#define TASK_RLIMIT_H

#include "task/signal_struct.h"

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
/** copy_rlimits - A new group has its maker's. Context: task; nobody else sees @new. */
void copy_rlimits(struct signal_struct *new, struct signal_struct *old);
/** rlimits_to_mm - @mm, which is the process's (or will be: then once more, when it is), has its limits. Context: task. */
void rlimits_to_mm(struct signal_struct *sig, struct mm_struct *mm);

#endif
