/* SPDX-License-Identifier: MIT */
/* The first task, and what other idle tasks share with it. */
#ifndef PROC_INIT_TASK_H
#define PROC_INIT_TASK_H

#include "task/pid.h"
#include "task/signal_struct.h"

extern struct signal_struct init_signals;
extern struct sighand_struct init_sighand;
extern struct pid init_pid;

/** init_task_init - Complete init_task. Context: boot, when there are caches. */
void init_task_init(void);
/** signal_struct_init - What a zeroed @sig needs to be the one of a process of one thread. Context: nobody else sees @sig. */
void signal_struct_init(struct signal_struct *sig);

#endif
