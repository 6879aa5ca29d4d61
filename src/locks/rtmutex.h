/* SPDX-License-Identifier: MIT */
/*
 * Locks with priority inheritance: a waiter lends its priority to the owner, and to the
 * task that the owner waits for, so that no task in between keeps the lock from getting free.
 * Waiters get it by priority.
 *
 * The proxy functions are for locks whose state is kept elsewhere too (PI futexes).
 * One lock, rt_mutex_wait_lock, guards all: contended ones are few, and a chain of
 * owners crosses many.
 *
 * Ref: Linux kernel/locking/rtmutex.c, Documentation/locking/rt-mutex-design.rst.
 */
#ifndef LOCKS_RTMUTEX_H
#define LOCKS_RTMUTEX_H

#include "sched/sched.h"

extern spinlock_t rt_mutex_wait_lock;

struct rt_mutex_waiter {
	TAILQ_ENTRY(rt_mutex_waiter) list;	/* lock->waiters, highest priority first */
	struct task_struct *task;
	struct rt_mutex *lock;			/* NULL: it waits no more */
	bool granted;				/* read by the waiter with acquire */
	bool unclean;				/* its last owner died with it, see futex/pi.c; ordered by granted */
};

struct rt_mutex {
	struct task_struct *owner;
	TAILQ_ENTRY(rt_mutex) owned;		/* owner->pi_owned */
	TAILQ_HEAD(rt_mutex_waiters, rt_mutex_waiter) waiters;
	u32 class;				/* [I] lock order; LOCK_NONE: not checked */
};

/** rt_mutex_init - Of lock class @class. Owner only may unlock. Context: any. */
void rt_mutex_init(struct rt_mutex *m, enum lock_class class);
/** rt_mutex_lock - Wait until the current task has @m. Context: task, may sleep. */
void rt_mutex_lock(struct rt_mutex *m);
/** rt_mutex_trylock - Take @m if nobody has it. Return: whether the current task has it now. Context: task. */
bool rt_mutex_trylock(struct rt_mutex *m) __must_check;
/** rt_mutex_unlock - Hand @m, which the current task has, to the first waiter. Context: task. */
void rt_mutex_unlock(struct rt_mutex *m);

/** rt_mutex_set_owner - @p (NULL: nobody) has @m. Context: rt_mutex_wait_lock held. */
void rt_mutex_set_owner(struct rt_mutex *m, struct task_struct *p);
/**
 * rt_mutex_start_wait - @p waits, and lends: the current task, or one that sleeps in rt_mutex_wait(@w).
 * Return: 0, -EDEADLK: for itself, or behind too many. Context: rt_mutex_wait_lock held.
 */
int rt_mutex_start_wait(struct rt_mutex *m, struct rt_mutex_waiter *w, struct task_struct *p) __must_check;
/**
 * rt_mutex_wait - Sleep until the lock is handed to @w, which may yet have to be queued (then all but its task is 0).
 * Return: 0, -ERESTARTNOINTR: a signal (@state interruptible), -ETIMEDOUT; then @w still waits. Context: task.
 */
int rt_mutex_wait(struct rt_mutex_waiter *w, unsigned int state, u64 expires);
/** rt_mutex_stop_wait - @w, not granted, waits no more. Context: rt_mutex_wait_lock held. */
void rt_mutex_stop_wait(struct rt_mutex_waiter *w);
/** rt_mutex_grant - @w->task, which is in no queue, need not wait; @w is not looked at after. Context: rt_mutex_wait_lock held. */
void rt_mutex_grant(struct rt_mutex_waiter *w);
/** rt_mutex_hand_over - To the first waiter; @m has one, and is not looked at once it is woken. Context: rt_mutex_wait_lock held. */
void rt_mutex_hand_over(struct rt_mutex *m);

#endif
