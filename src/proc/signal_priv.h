/* SPDX-License-Identifier: MIT */
/* What the signal files share. */
#ifndef PROC_SIGNAL_PRIV_H
#define PROC_SIGNAL_PRIV_H

#include "proc/signal.h"

struct ksignal {
	int sig;
	struct k_sigaction action;
	struct k_siginfo info;
	bool of_timer;			/* @info is a POSIX timer's */
};

extern u64 show_unhandled_signals;	/* debug.exception-trace: a line in the log for each program that a fault kills */

/** get_signal - Next signal with a handler; default actions are taken here. Return: is there one? Context: task. */
bool get_signal(struct ksignal *ksig);
#endif
