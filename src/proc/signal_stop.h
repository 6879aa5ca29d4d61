/* SPDX-License-Identifier: MIT */
/* Group stops. Ref: Linux kernel/signal.c. */
#ifndef PROC_SIGNAL_STOP_H
#define PROC_SIGNAL_STOP_H

#include "sched/task.h"

/**
 * do_signal_stop - The current task takes part in a group stop, which begins here if @sig is a signal and not 0; it sleeps until
 * it is let go on. Context: task; siglock held, which is dropped.
 */
void do_signal_stop(int sig);
/**
 * exit_signals - The current task @p takes no more signals; @code is its group's status if it is the last.
 * Return: is it? Context: task.
 */
bool exit_signals(struct task_struct *p, int code);

#endif
