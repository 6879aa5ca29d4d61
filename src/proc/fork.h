/* SPDX-License-Identifier: MIT */
/* Making tasks. Ref: Linux kernel/fork.c. */
#ifndef PROC_FORK_H
#define PROC_FORK_H

#include "sched/task.h"

struct kernel_clone_args {
	u64 flags;			/* CLONE_* */
	int __user *parent_tid, *child_tid;
	int exit_signal;
	unsigned long stack, tls;	/* stack: initial sp, 0: as the parent's */
	int (*fn)(void *);		/* kernel thread */
	void *fn_arg;
};

/** kernel_clone - Make a task. Return: its pid, or a negative errno with nothing left behind. Context: task. */
int kernel_clone(struct kernel_clone_args *args);
extern u64 sysctl_threads_max;	/* tasks that there may be; the last sixteenth are for administrators */
/** mm_release - The task leaves its mm: wake a vfork parent, clear and wake clear_child_tid. Context: @p is the current task. */
void mm_release(struct task_struct *p);
/** nr_forks - Tasks made since boot. Context: any. */
unsigned long nr_forks(void);

#endif
