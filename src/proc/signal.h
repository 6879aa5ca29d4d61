/* SPDX-License-Identifier: MIT */
/*
 * Signals are sent. siglock of the group guards what is pending and the actions; a task that sends to another holds
 * tasklist_lock, so that p->sighand stays. Ref: Linux kernel/signal.c.
 */
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include "proc/sigqueue.h"
#include "task/signal_struct.h"

/**
 * send_signal_locked - Queue @sig with @info (NULL: from the kernel) to @p, or (@group) to its group.
 * Return: 0, also if it is ignored, or -EAGAIN: too many wait for its user. Context: siglock held.
 */
int send_signal_locked(int sig, const struct k_siginfo *info, struct task_struct *p, bool group);
/** send_sig_info - As send_signal_locked(); -ESRCH: @p was released. Context: tasklist_lock, or @p is the current task. */
int send_sig_info(int sig, const struct k_siginfo *info, struct task_struct *p, bool group);
/** send_timer_signal - As send_sig_info(), with @q of timer setting @seq; if it waits already it tells of one more expiry. */
void send_timer_signal(struct sigqueue *q, u32 seq, struct task_struct *p, bool group);
/** force_sig_info - A fault's signal to the current task: cannot be blocked or ignored. Context: task. */
void force_sig_info(const struct k_siginfo *info);
/** force_fatal_sig - @sig, from the kernel, which no handler of the current task takes. Context: task. */
void force_fatal_sig(int sig);
/** recalc_sigpending - Shall the current task look for signals on its way to user mode? Context: siglock held. */
void recalc_sigpending(void);
/** signal_wake_up - @p looks for signals soon; @fatal: even where only what kills wakes it. Context: siglock of @p held. */
void signal_wake_up(struct task_struct *p, bool fatal);
/**
 * zap_other_threads - SIGKILL to all threads but the caller. Return: how many. Context: siglock held. As with what ends, or
 * stops, a whole group: O(threads) with interrupts off, a us or two for each that is to be woken; threads are their user's.
 */
int zap_other_threads(struct task_struct *p);

#endif
