/* SPDX-License-Identifier: MIT */
/* Mutexes: sleeping locks of one owner. */
#ifndef LOCKS_MUTEX_H
#define LOCKS_MUTEX_H

#include <sys/queue.h>

#include "smp/spinlock.h"

struct task_struct;

struct lock_waiter;
typedef struct __capability("mutex") mutex {
	spinlock_t wait_lock;
	struct task_struct *owner;	/* wait_lock */
	unsigned int owner_cpu;		/* where the owner was when it took it; read without lock */
	u32 class;			/* [I] */
	TAILQ_HEAD(, lock_waiter) waiters; /* wait_lock */
} mutex_t;

/** mutex_init - Of lock class @class. Context: nobody else knows it. */
void mutex_init(mutex_t *m, enum lock_class class);
/** mutex_lock - Wait for @m; the first in line spins as long as the owner runs. Context: task, may sleep. */
void mutex_lock(mutex_t *m) __acquires_lock(m);
/** mutex_unlock - Hand @m to the next in line; only its owner may. Context: task. */
void mutex_unlock(mutex_t *m) __releases_lock(m);
/** mutex_lock_interruptible - mutex_lock() until a signal. Return: 0, or -ERESTARTSYS: without it. Context: task, may sleep. */
int mutex_lock_interruptible(mutex_t *m) __must_check __try_acquires(false, m);

#endif
