/* SPDX-License-Identifier: MIT */
/* Handlers: the way there and back. Ref: sigreturn(2), sigaltstack(2). */
#ifndef PROC_SIGNAL_FRAME_H
#define PROC_SIGNAL_FRAME_H

#include "abi/signal.h"
#include "lib/compiler.h"

struct pt_regs;

extern u64 show_unhandled_signals;	/* debug.exception-trace: a line in the log for each program that a fault kills */

/** do_sigreturn - Back from a handler: @regs, mask and stack are what the frame says. Return: a0 of the old @regs. Context: task. */
long do_sigreturn(struct pt_regs *regs);
/**
 * do_sigaltstack - The current task's handlers run on @ss from now on (NULL: as before); @old: where they did, or NULL.
 * @sp: the user stack pointer. Return: 0, -EPERM: it is there; -EINVAL; -ENOMEM: too small. Context: task.
 */
int do_sigaltstack(const struct k_stack *ss, struct k_stack *old, unsigned long sp) __must_check;

#endif
