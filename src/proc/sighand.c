/* SPDX-License-Identifier: MIT */
/*
 * What a process does at each signal. The table may be several processes' (CLONE_SIGHAND), its lock, siglock,
 * guards all that the signals of each of them need. Ref: sigaction(2); Linux kernel/signal.c.
 */
#include "proc/sighand.h"

#include <string.h>

#include "lib/err.h"
#include "proc/posix_timers.h"
#include "proc/signal_priv.h"
#include "task/pid.h"
#include "vm/slab.h"

static struct kmem_cache *sighand_cache;

void __init sighand_init(void)
{
	sighand_cache = kmem_cache_create("sighand_cache", sizeof(struct sighand_struct));
}

struct sighand_struct *sighand_dup(struct sighand_struct *old)
{
	struct sighand_struct *sh = kmem_cache_alloc(sighand_cache, GFP_KERNEL);

	if (!sh)
		return NULL;
	atomic_set(&sh->count, 1);
	spin_lock_init(&sh->siglock, LOCK_SIGHAND);
	spin_lock_irq(&old->siglock);
	memcpy(sh->action, old->action, sizeof(sh->action));
	spin_unlock_irq(&old->siglock);
	return sh;
}

void put_sighand(struct sighand_struct *sh)
{
	if (atomic_dec_and_test(&sh->count))
		kmem_cache_free(sighand_cache, sh);
}

/* Context: siglock. */
static inline void swap_action(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	struct k_sigaction *a = &current->sighand->action[sig - 1];

	if (oact)
		*oact = *a;
	if (act) {
		*a = *act;
		a->mask &= ~SIG_KERNEL_ONLY;
	}
}

/* @act ignores: what waits goes. The list of threads wants tasklist_lock. */
static noinline void ignore_signal(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	struct sigpending dropped;
	struct task_struct *t;

	init_sigpending(&dropped);
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	swap_action(sig, act, oact);
	sigqueue_flush_mask(sigmask(sig), &current->signal->shared_pending, &dropped);
	TAILQ_FOREACH(t, &current->signal->threads, thread_node)
		sigqueue_flush_mask(sigmask(sig), &t->pending, &dropped);
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	flush_sigqueue(&dropped);
}

int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	if (sig < 1 || sig > _NSIG || (act && sig <= 31 && (sigmask(sig) & SIG_KERNEL_ONLY)))
		return -EINVAL;
	if (act && sig_default_ignored(act->handler, sig)) {
		ignore_signal(sig, act, oact);
		return 0;
	}
	spin_lock_irq(&current->sighand->siglock);
	swap_action(sig, act, oact);
	spin_unlock_irq(&current->sighand->siglock);
	if (act && !LIST_EMPTY(&current->signal->posix_timers))
		posix_timers_unignored(current->signal, sig);
	return 0;
}
