/* SPDX-License-Identifier: MIT */
/*
 * What sleeping locks share. First come, first served: an unlock hands the lock to the next in line before it wakes it, so
 * nobody can overtake.
 */
#ifndef LOCKS_LOCKS_PRIV_H
#define LOCKS_LOCKS_PRIV_H

#include <sys/queue.h>

#include "sched/sched.h"

/* The debug build's checker: the current task takes or releases @l, which has a class. */
#if CONFIG_DEBUG
#define sleeping_lock_acquire(l, how)	held_locks_add(&current->held_locks, l, (l)->class, how)
#define sleeping_lock_release(l)	held_locks_remove(&current->held_locks, l)
#else
#define sleeping_lock_acquire(l, how)	((void)(how))
#define sleeping_lock_release(l)	((void)0)
#endif

struct lock_waiter {
	TAILQ_ENTRY(lock_waiter) list;
	struct task_struct *task;
	bool write;
	bool granted;	/* written under wait_lock, with release; the waiter's stack is its own then */
};

/** grant - The lock is @w's: its task wakes, and @w is gone. Context: the lock's wait_lock keeps @w until then. */
void grant(struct lock_waiter *w);
/** wait_granted - Sleep until grant(@w). Context: task. */
void wait_granted(struct lock_waiter *w);

#endif
