/* SPDX-License-Identifier: MIT */
/*
 * The debug build's lock checker: order, ownership and interrupt state.
 *
 * Each hart keeps the locks it holds. A lock may be taken when its class comes
 * after those of all held locks (smp/lock_order.h), or is equal to the last
 * one's and the caller said "nested". A class once taken inside a hard
 * interrupt must never be taken with interrupts on. Sleeping locks follow the same
 * order, but belong to the task, which may hold them on one hart and release them
 * on another: their list is the caller's.
 */
#include "smp/percpu.h"
#include "smp/printk.h"
#include "smp/spinlock.h"

static DEFINE_PER_CPU(struct held_locks, held_locks);
static u32 class_in_irq[NR_LOCK_CLASSES], class_irqs_on[NR_LOCK_CLASSES];

void lock_acquire(const void *lock, u32 class, u32 how)
{
	unsigned long flags = local_irq_save();
	struct held_locks *h = this_cpu_ptr(&held_locks);

	BUG_ON(class == LOCK_NONE || class >= NR_LOCK_CLASSES);
	if (how & LOCKDEP_READ)
		;	/* readers do not exclude the interrupt's */
	else if (in_hardirq())
		WRITE_ONCE(class_in_irq[class], 1);
	else if (flags)
		WRITE_ONCE(class_irqs_on[class], 1);
	if (class_in_irq[class] && class_irqs_on[class])
		panic("lock class %u is taken in interrupts and also with interrupts on", class);
	/* A nested or try-lock cannot deadlock by its order; nor can a reader in an interrupt. */
	held_locks_add(h, lock, class, (how & LOCKDEP_READ) && in_hardirq() ? LOCKDEP_READ | LOCKDEP_NESTED :
		       how & LOCKDEP_NESTED);
	local_irq_restore(flags);
}

void held_locks_add(struct held_locks *h, const void *lock, u32 class, u32 how)
{
	u32 worst = LOCK_NONE;

	for (u32 i = 0; i < h->depth; i++) {
		if (h->held[i].lock == lock && !(how & LOCKDEP_READ))
			panic("lock %p (class %u) taken twice", lock, class);
		worst = max(worst, h->held[i].class);
	}
	if (worst >= class && !(how & LOCKDEP_NESTED))
		panic("lock order: class %u taken while class %u is held", class, worst);
	BUG_ON(h->depth == MAX_HELD_LOCKS);
	h->held[h->depth].lock = lock;
	h->held[h->depth++].class = class;
}

void held_locks_remove(struct held_locks *h, const void *lock)
{
	u32 i = h->depth;

	while (i && h->held[i - 1].lock != lock)
		i--;
	if (!i)
		panic("lock %p released by who does not hold it", lock);
	for (; i < h->depth; i++)
		h->held[i - 1] = h->held[i];
	h->depth--;
}

void lock_release(const void *lock)
{
	unsigned long flags = local_irq_save();

	held_locks_remove(this_cpu_ptr(&held_locks), lock);
	local_irq_restore(flags);
}

bool lock_is_held(const void *lock)
{
	unsigned long flags = local_irq_save();
	struct held_locks *h = this_cpu_ptr(&held_locks);
	bool held = false;

	for (u32 i = 0; i < h->depth; i++)
		held |= h->held[i].lock == lock;
	local_irq_restore(flags);
	return held;
}
