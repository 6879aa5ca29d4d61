/* SPDX-License-Identifier: MIT */
/* What the signal files share. */
#ifndef PROC_SIGNAL_PRIV_H
#define PROC_SIGNAL_PRIV_H

#include "proc/proc.h"

struct ksignal {
	int sig;
	struct k_sigaction action;
	struct k_siginfo info;
	bool of_timer;			/* @info is a POSIX timer's */
};

extern u64 show_unhandled_signals;	/* debug.exception-trace: a line in the log for each program that a fault kills */

/** get_signal - Next signal with a handler; default actions are taken here. Return: is there one? Context: task. */
bool get_signal(struct ksignal *ksig);
/** is_orphaned_pgrp - Has the group no member with a parent in the session outside it? @ignored does not count. Context: tasklist_lock. */
bool is_orphaned_pgrp(struct pid *pgrp, struct task_struct *ignored);

#endif
