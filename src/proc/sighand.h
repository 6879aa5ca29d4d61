/* SPDX-License-Identifier: MIT */
/* What a process does at each signal. Ref: sigaction(2). */
#ifndef PROC_SIGHAND_H
#define PROC_SIGHAND_H

#include "task/signal_struct.h"

/** sighand_init - The cache of the tables. Context: boot. */
void sighand_init(void);
/** sighand_dup - A copy of the actions, count 1, or NULL. put_sighand - One user less. Context: task. */
struct sighand_struct *sighand_dup(struct sighand_struct *old) __must_check;
void put_sighand(struct sighand_struct *sh);
/** do_sigaction - @oact (or NULL) is what the process does at @sig; from now on it is @act, or as before. 0, -EINVAL. Context: task. */
int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact);

#endif
