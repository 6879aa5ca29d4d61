/* SPDX-License-Identifier: MIT */
/* May a task look into another process? */
#ifndef TASK_ACCESS_H
#define TASK_ACCESS_H

#include "task/pid.h"

struct mm_struct;

enum ptrace_mode { PTRACE_MODE_READ_FSCREDS, PTRACE_MODE_READ_REALCREDS };
/**
 * ptrace_may_access - May the current task, by its ids for files or by its real ones, look into @p? A process that
 * runs by other rights than its caller had, or did so since its last exec, is for those with CAP_SYS_PTRACE. Context: task.
 */
bool ptrace_may_access(struct task_struct *p, enum ptrace_mode mode);
/** mm_access - @p's address space with a reference; NULL: it has none; or ERR_PTR(-EACCES). Context: task. */
struct mm_struct *mm_access(struct task_struct *p);

#endif
