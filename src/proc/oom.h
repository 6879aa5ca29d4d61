/* SPDX-License-Identifier: MIT */
/* What is done when memory is short: some process ends. Ref: Linux mm/oom_kill.c. */
#ifndef PROC_OOM_H
#define PROC_OOM_H

#include "lib/compiler.h"

#define OOM_SCORE_ADJ_MIN (-1000)
#define OOM_SCORE_ADJ_MAX 1000
#define OOM_TRIES 300

/** out_of_memory - Unless there is some again: kill the process with the most memory. Wait a little. Context: task, no spin lock. */
void out_of_memory(void);
/** oom_retry - A call found no memory: out_of_memory(). Return: try again? *@tries: begins at 0. Context: as out_of_memory(). */
bool oom_retry(unsigned int *tries) __must_check;
/** oom_retry_access - The kernel's access to user memory found none: out_of_memory(). Return: try again? Context: as out_of_memory(). */
bool oom_retry_access(void) __must_check;

#define OOM_NEVER (-__LONG_MAX__ - 1)

struct task_struct;
/**
 * oom_badness - Pages that ending @p's process would give back, moved by its oom_score_adj; OOM_NEVER: not to be killed.
 * Context: tasklist_lock held; @p is not released.
 */
long oom_badness(struct task_struct *p);

#endif
