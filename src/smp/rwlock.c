/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a reader/writer lock; smp/spinlock.h says which hart goes first.
 *
 *	reader on hart 1	writer on hart 2		reader on hart 3
 *	count += READER
 *	(reads)			count is not 0
 *				wait_lock
 *				count |= WAITING
 *							count += READER: sees WAITING
 *							count -= READER
 *							waits for wait_lock
 *	count -= READER
 *				count: WAITING -> WRITER
 *				gives wait_lock back
 *				(writes)			wait_lock, count += READER
 *				count -= WRITER
 *							sees no WRITER, gives wait_lock back
 *							(reads)
 *
 * A hart holds wait_lock (wait_locked) with interrupts on, though interrupts read: readers in
 * interrupts never take it.
 *
 * Ref: Linux kernel/locking/qrwlock.c, whose queue is first come, first served. Here it is a
 * test-and-set lock, for the reason that smp/spinlock.h gives: a hart that runs takes the turn.
 */
#include "smp/spinlock.h"

static void lock_waiters(rwlock_t *l)
{
	while (__atomic_exchange_n(&l->wait_locked, 1, __ATOMIC_ACQUIRE))
		while (READ_ONCE(l->wait_locked))
			cpu_relax();
}

static void unlock_waiters(rwlock_t *l)
{
	__atomic_store_n(&l->wait_locked, 0, __ATOMIC_RELEASE);
}

/* The caller counts as a reader already: a writer that has the lock is the last one before it. */
static void wait_for_writer(const rwlock_t *l)
{
	while (__atomic_load_n(&l->count, __ATOMIC_ACQUIRE) & RWLOCK_WRITER)
		cpu_relax();
}

void rwlock_wait_read(rwlock_t *l)
{
	if (in_hardirq()) {
		wait_for_writer(l);
		return;
	}
	__atomic_fetch_sub(&l->count, RWLOCK_READER, __ATOMIC_RELAXED);
	lock_waiters(l);
	__atomic_fetch_add(&l->count, RWLOCK_READER, __ATOMIC_RELAXED);
	wait_for_writer(l);
	unlock_waiters(l);
}

void rwlock_wait_write(rwlock_t *l)
{
	if (CONFIG_DEBUG)
		lock_release(l);	/* interrupts may take it meanwhile: for the checker it is not held */
	local_irq_enable();
	lock_waiters(l);
	__atomic_fetch_or(&l->count, RWLOCK_WAITING, __ATOMIC_RELAXED);
	for (;;) {
		local_irq_disable();
		if (raw_write_trylock(l, RWLOCK_WAITING))
			break;
		local_irq_enable();
		while (READ_ONCE(l->count) != RWLOCK_WAITING)
			cpu_relax();
	}
	unlock_waiters(l);
	if (CONFIG_DEBUG)
		lock_acquire(l, l->class, 0);
}
