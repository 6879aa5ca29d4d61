/* SPDX-License-Identifier: MIT */
/* Signals are blocked, waited for and taken. Ref: Linux kernel/signal.c. */
#ifndef PROC_SIGNAL_TAKE_H
#define PROC_SIGNAL_TAKE_H

#include "task/signal_struct.h"

struct ksignal {
	int sig;
	struct k_sigaction action;
	struct k_siginfo info;
	bool of_timer;			/* @info is a POSIX timer's */
};

/** get_signal - Next signal with a handler; default actions are taken here. Return: is there one? Context: task. */
bool get_signal(struct ksignal *ksig);
/** set_current_blocked - The current task blocks @set, but for what cannot be; others of its group take what it had. Context: task. */
void set_current_blocked(u64 set);
/**
 * do_sigtimedwait - Take a signal of @set, if need be wait for it until @expires ns (ktime_get_ns() scale).
 * Return: its number, with @info filled in; -EAGAIN: none came; -EINTR: another did. Context: task.
 */
int do_sigtimedwait(u64 set, struct k_siginfo *info, u64 expires);

#endif
