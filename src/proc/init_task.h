/* SPDX-License-Identifier: MIT */
/* The idle tasks, and what they share. */
#ifndef PROC_INIT_TASK_H
#define PROC_INIT_TASK_H

#include "task/pid.h"
#include "task/signal_struct.h"

extern struct signal_struct init_signals;
extern struct sighand_struct init_sighand;
extern struct pid init_pid;

/** init_task_init - Complete init_task. Context: boot, when there are caches. */
void init_task_init(void);
/** fork_idle - The idle task of another hart. Context: boot. */
struct task_struct *fork_idle(unsigned int cpu);

#endif
