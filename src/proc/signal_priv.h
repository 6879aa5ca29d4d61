/* SPDX-License-Identifier: MIT */
/* What the signal files share. */
#ifndef PROC_SIGNAL_PRIV_H
#define PROC_SIGNAL_PRIV_H

#include "proc/signal.h"

/** sig_default_ignored - Does a process whose action for @sig is @handler ignore it? Context: any. */
static inline bool sig_default_ignored(u64 handler, int sig)
{
	return handler == SIG_IGN || (handler == SIG_DFL && (sigmask(sig) & SIG_KERNEL_IGNORE) && sig < 32);
}
/** sig_ignored - Would @sig do nothing to @p? Context: siglock of @p held. */
bool sig_ignored(struct task_struct *p, int sig);

#endif
