/* SPDX-License-Identifier: MIT */
/* A process becomes one thread again. */
#ifndef PROC_DE_THREAD_H
#define PROC_DE_THREAD_H

#include "sched/task.h"

/**
 * de_thread - @p, the current task, becomes the only thread of its process, and its leader.
 * Return: 0; -EAGAIN: the process ends anyway. Context: task, no lock but cred_guard_mutex.
 */
int de_thread(struct task_struct *p) __must_check;

#endif
