/* SPDX-License-Identifier: MIT */
/*
 * Spin locks and reader/writer spin locks.
 *
 * Test-and-set, not ticket: virtual harts outnumber the host's cores, and a
 * ticket would hand the lock to a hart that is not running (Linux has
 * paravirtual locks for the same reason).
 *
 * Every lock names its class (smp/lock_order.h). Context: any, as long as a
 * class taken in interrupts is always taken with interrupts off.
 */
#ifndef SMP_SPINLOCK_H
#define SMP_SPINLOCK_H

#include "smp/lock_order.h"
#include "smp/bug.h"
#include "smp/preempt.h"

typedef struct __capability("spinlock") {
	u32 locked;	/* [a] */
	u32 class;	/* [I] enum lock_class */
} spinlock_t;

typedef struct __capability("rwlock") {
	s32 count;	/* [a] readers, or -1 for a writer */
	u32 class;	/* [I] */
} rwlock_t;

#define SPIN_LOCK_INIT(c)	{ .class = (c) }
#define DEFINE_SPINLOCK(n, c)	spinlock_t n = SPIN_LOCK_INIT(c)
#define DEFINE_RWLOCK(n, c)	rwlock_t n = { .class = (c) }

/* The debug build's checker; see smp/lockdep.c. */
#define LOCKDEP_NESTED	1u	/* the caller knows the order, or only tries */
#define LOCKDEP_READ	2u	/* shared: an interrupt may take it again */
#define LOCKDEP_IRQ	4u	/* in a hard interrupt */
void lock_acquire(const void *lock, u32 class, u32 how);
void lock_release(const void *lock);
bool lock_is_held(const void *lock);

/* Locks held, in the order taken: by a hart (spin locks) or by a task (sleeping locks). */
#define MAX_HELD_LOCKS 24
struct held_locks {
	u32 depth;
	struct {
		const void *lock;
		u32 class, how;
	} held[MAX_HELD_LOCKS];
};
/** held_locks_add, held_locks_remove - Check and note; panics on a violation. Context: @h is the caller's alone. */
void held_locks_add(struct held_locks *h, const void *lock, u32 class, u32 how);
void held_locks_remove(struct held_locks *h, const void *lock);

#define lockdep_assert_held(l) \
	do { if (CONFIG_DEBUG) BUG_ON(!lock_is_held(l)); } while (0)

static inline void spin_lock_init(spinlock_t *l, enum lock_class class)
{
	l->locked = 0;
	l->class = class;
}

/* Raw parts: no preemption count, no checker. */
static inline bool raw_spin_trylock(spinlock_t *l)
{
	return !__atomic_exchange_n(&l->locked, 1, __ATOMIC_ACQUIRE);
}

static inline void raw_spin_lock(spinlock_t *l)
{
	while (unlikely(!raw_spin_trylock(l)))
		while (READ_ONCE(l->locked))
			cpu_relax();
}

static inline void raw_spin_unlock(spinlock_t *l)
{
	__atomic_store_n(&l->locked, 0, __ATOMIC_RELEASE);
}

static inline void spin_lock_nested(spinlock_t *l, bool nested) __acquires_lock(l) __no_lock_analysis
{
	preempt_disable();
	if (CONFIG_DEBUG)
		lock_acquire(l, l->class, nested ? LOCKDEP_NESTED : 0);
	raw_spin_lock(l);
}

static inline void spin_lock(spinlock_t *l) __acquires_lock(l) __no_lock_analysis
{
	spin_lock_nested(l, false);
}

static inline bool spin_trylock(spinlock_t *l) __try_acquires(true, l) __no_lock_analysis
{
	preempt_disable();
	if (raw_spin_trylock(l)) {
		if (CONFIG_DEBUG)
			lock_acquire(l, l->class, LOCKDEP_NESTED);
		return true;
	}
	preempt_enable();
	return false;
}

static inline void spin_unlock(spinlock_t *l) __releases_lock(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	raw_spin_unlock(l);
	preempt_enable();
}

static inline void spin_lock_irq(spinlock_t *l) __acquires_lock(l) __no_lock_analysis
{
	local_irq_disable();
	spin_lock(l);
}

static inline void spin_unlock_irq(spinlock_t *l) __releases_lock(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	raw_spin_unlock(l);
	local_irq_enable();
	preempt_enable();
}

#define spin_lock_irqsave(l, flags) \
	do { (flags) = local_irq_save(); spin_lock(l); } while (0)

static inline void spin_unlock_irqrestore(spinlock_t *l, unsigned long flags)
	__releases_lock(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	raw_spin_unlock(l);
	local_irq_restore(flags);
	preempt_enable();
}

static inline void read_lock(rwlock_t *l) __acquires_shared(l) __no_lock_analysis
{
	s32 old;

	preempt_disable();
	if (CONFIG_DEBUG)
		lock_acquire(l, l->class, LOCKDEP_READ);
	for (;;) {
		old = READ_ONCE(l->count);
		if (old >= 0 && __atomic_compare_exchange_n(&l->count, &old, old + 1, true,
							    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return;
		cpu_relax();
	}
}

static inline void read_unlock(rwlock_t *l) __releases_shared(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	__atomic_fetch_sub(&l->count, 1, __ATOMIC_RELEASE);
	preempt_enable();
}

static inline void write_lock_irq(rwlock_t *l) __acquires_lock(l) __no_lock_analysis
{
	s32 old;

	local_irq_disable();
	preempt_disable();
	if (CONFIG_DEBUG)
		lock_acquire(l, l->class, 0);
	for (;;) {
		old = 0;
		if (__atomic_compare_exchange_n(&l->count, &old, -1, true,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return;
		while (READ_ONCE(l->count))
			cpu_relax();
	}
}

static inline void write_unlock_irq(rwlock_t *l) __releases_lock(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	__atomic_store_n(&l->count, 0, __ATOMIC_RELEASE);
	local_irq_enable();
	preempt_enable();
}

#endif
