/* SPDX-License-Identifier: MIT */
/* What a parent is told of its child. Ref: Linux kernel/signal.c. */
#ifndef PROC_SIGCHLD_H
#define PROC_SIGCHLD_H

#include "sched/task.h"

/** do_notify_parent - Tell @p's parent that it died. Return: reap at once? Context: tasklist_lock held. */
bool do_notify_parent(struct task_struct *p, int sig);
/** do_notify_parent_cldstop - Tell its process's parent that @p stopped or went on, @why: CLD_*. Context: tasklist_lock held. */
void do_notify_parent_cldstop(struct task_struct *p, int why);

#endif
