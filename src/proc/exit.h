/* SPDX-License-Identifier: MIT */
/* The end of a task. Ref: Linux kernel/exit.c. */
#ifndef PROC_EXIT_H
#define PROC_EXIT_H

#include "sched/task.h"

/** do_exit - The current task ends with the status word @code, as wait(2) tells it. Context: task, no lock. */
void do_exit(int code) __noreturn;
/** do_group_exit - As do_exit(), of all threads of the group. Context: task, no lock. */
void do_group_exit(int code) __noreturn;
/** release_task - @p, a zombie that nobody waits for any more, leaves the tree. Context: task, without tasklist_lock. */
void release_task(struct task_struct *p);

#endif
