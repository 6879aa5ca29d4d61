/* SPDX-License-Identifier: MIT */
/* Reader/writer semaphores: sleeping locks that readers share. */
#ifndef LOCKS_RWSEM_H
#define LOCKS_RWSEM_H

#include <sys/queue.h>

#include "smp/spinlock.h"

struct lock_waiter;
struct __capability("rwsem") rw_semaphore {
	spinlock_t wait_lock;
	int count;			/* wait_lock: readers, or -1 */
	u32 class;			/* [I] */
	TAILQ_HEAD(, lock_waiter) waiters; /* wait_lock; first come, first served */
};

/** init_rwsem - Of lock class @class. First come, first served: readers queue behind a waiting writer. Context: nobody else knows it. */
void init_rwsem(struct rw_semaphore *s, enum lock_class class);
/** down_read - Wait until @s is ours, shared with readers. Context: task, may sleep. */
void down_read(struct rw_semaphore *s) __acquires_shared(s);
/** up_read - Undo down_read(). Context: task. */
void up_read(struct rw_semaphore *s) __releases_shared(s);
/** down_write - Wait until @s is ours alone. Context: task, may sleep. */
void down_write(struct rw_semaphore *s) __acquires_lock(s);
/** down_write_nested - A second one of its class; the rule for their order is stated at the call. */
void down_write_nested(struct rw_semaphore *s) __acquires_lock(s);
/** up_write - Undo down_write(). Context: task. */
void up_write(struct rw_semaphore *s) __releases_lock(s);
/** down_read_trylock - down_read() if nobody need be waited for. Return: whether it is ours. Context: any. */
bool down_read_trylock(struct rw_semaphore *s);

#endif
