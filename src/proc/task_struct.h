/* SPDX-License-Identifier: MIT */
/* What a task is made of. Ref: Linux kernel/fork.c. */
#ifndef PROC_TASK_STRUCT_H
#define PROC_TASK_STRUCT_H

#include "task/signal_struct.h"

/** task_struct_init - The caches. Context: boot. */
void task_struct_init(void);
/**
 * dup_task_struct - A copy of @orig, the current task or, at boot, init_task, with a stack of its own, and without what two
 * tasks cannot have. It has two references: its parent's, until that has waited for it, and that of its last switch.
 * Return: it, or NULL. Context: task.
 */
struct task_struct *dup_task_struct(struct task_struct *orig) __must_check;
/** free_task - Undo dup_task_struct(), of a task that nobody has seen. Context: task. */
void free_task(struct task_struct *p);
/** nr_tasks - Tasks that exist, idle ones left out. Context: any. */
unsigned long nr_tasks(void);
/** uncount_task - The task made last is not one of nr_tasks(). Context: boot. */
void uncount_task(void);
/** signal_struct_init - What a zeroed @sig needs to be the one of a process of one thread. Context: nobody else sees @sig. */
void signal_struct_init(struct signal_struct *sig);
/** signal_struct_alloc - That of a new process. Return: it, or NULL. Context: task. */
struct signal_struct *signal_struct_alloc(void) __must_check;
/** signal_struct_free - The last of its threads is gone, or none was ever seen. Context: nobody else sees @sig. */
void signal_struct_free(struct signal_struct *sig);

#endif
