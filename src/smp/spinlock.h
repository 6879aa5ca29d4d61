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
	u32 count;	/* [a] RWLOCK_* below, and readers */
	u32 class;	/* [I] */
	u32 wait_locked; /* [a] a lock of those that wait: its holder is next */
} rwlock_t;

#define SPIN_LOCK_INIT(c)	{ .class = (c) }
#define DEFINE_SPINLOCK(n, c)	spinlock_t n = SPIN_LOCK_INIT(c)
#define DEFINE_RWLOCK(n, c)	rwlock_t n = { .class = (c) }

/* The debug build's checker; see smp/lockdep.c. */
#define LOCKDEP_NESTED	1u	/* the caller knows the order, or only tries */
#define LOCKDEP_READ	2u	/* shared: an interrupt may take it again */
#define LOCKDEP_IRQ	4u	/* in a hard interrupt */
#define LOCKDEP_IRQS_OFF 8u	/* the checker's own: interrupts were off */
/**
 * lock_acquire - This hart is about to take spin lock @lock of @class: panics if the order or the interrupt state forbids it.
 * @how: LOCKDEP_NESTED, LOCKDEP_READ. Context: debug builds; preemption off.
 */
void lock_acquire(const void *lock, u32 class, u32 how);
/** lock_release - This hart gives @lock back; panics if it does not hold it. Context: debug builds; preemption off. */
void lock_release(const void *lock);
/** lock_is_held - Does this hart, or the current task, have @lock; and (@write) alone? Debug builds. Context: any. */
bool lock_is_held(const void *lock, bool write);
/** lockdep_hardirqs_on - Interrupts are about to be let on: panics if a lock that is held forbids it. Context: interrupts off. */
void lockdep_hardirqs_on(void);

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
/** held_locks_have - Is @lock one of them, and (@write) not shared? Context: @h does not change meanwhile. */
bool held_locks_have(const struct held_locks *h, const void *lock, bool write);

/*
 * The first lines of a function whose contract says that @l, of any kind, is held; _write: not shared. Debug builds only.
 * tools/check.py looks whether they are there.
 */
#define lockdep_assert_held(l) \
	do { if (CONFIG_DEBUG) BUG_ON(!lock_is_held(l, false)); } while (0)
#define lockdep_assert_held_write(l) \
	do { if (CONFIG_DEBUG) BUG_ON(!lock_is_held(l, true)); } while (0)

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

/*
 * Reader/writer locks give turns. A hart that finds the lock free takes it with one atomic operation.
 * A hart that must wait takes wait_locked first, so at most one waits for the count itself, and
 * none that comes later gets by. Readers in interrupts are the exception: they wait for a writer
 * that has the lock, never for a writer that waits, which may wait for the code that they
 * interrupted.
 *
 * A writer waits with interrupts on, for the readers that it waits for may take long.
 */
#define RWLOCK_WRITER	0xffu	/* somebody writes */
#define RWLOCK_WAITING	0x100u	/* somebody waits to write: new readers queue up */
#define RWLOCK_READER	0x200u	/* one reader */

/** rwlock_wait_read, rwlock_wait_write - Take @l, which the caller found not to be free. Context: as read_lock(), write_lock_irq(). */
void rwlock_wait_read(rwlock_t *l);
void rwlock_wait_write(rwlock_t *l);

static inline void read_lock(rwlock_t *l) __acquires_shared(l) __no_lock_analysis
{
	preempt_disable();
	if (CONFIG_DEBUG)
		lock_acquire(l, l->class, LOCKDEP_READ);
	if (unlikely(__atomic_add_fetch(&l->count, RWLOCK_READER, __ATOMIC_ACQUIRE) & (RWLOCK_WRITER | RWLOCK_WAITING)))
		rwlock_wait_read(l);
}

static inline void read_unlock(rwlock_t *l) __releases_shared(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	__atomic_fetch_sub(&l->count, RWLOCK_READER, __ATOMIC_RELEASE);
	preempt_enable();
}

/* With interrupts off. */
static inline bool raw_write_trylock(rwlock_t *l, u32 free)
{
	return __atomic_compare_exchange_n(&l->count, &free, RWLOCK_WRITER, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void write_lock_irq(rwlock_t *l) __acquires_lock(l) __no_lock_analysis
{
	local_irq_disable();
	preempt_disable();
	if (CONFIG_DEBUG)
		lock_acquire(l, l->class, 0);
	if (unlikely(!raw_write_trylock(l, 0)))
		rwlock_wait_write(l);
}

static inline void write_unlock_irq(rwlock_t *l) __releases_lock(l) __no_lock_analysis
{
	if (CONFIG_DEBUG)
		lock_release(l);
	__atomic_fetch_sub(&l->count, RWLOCK_WRITER, __ATOMIC_RELEASE);
	local_irq_enable();
	preempt_enable();
}

#endif
