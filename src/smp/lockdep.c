/* SPDX-License-Identifier: MIT */
/*
 * The debug build's lock checker: order, ownership and interrupt state.
 *
 * Each hart keeps the locks it holds. A lock may be taken when its class comes
 * after those of all held locks (smp/lock_order.h), or is equal to the last
 * one's and the caller said "nested". A class once taken inside a hard
 * interrupt must never be taken with interrupts on. Sleeping locks keep
 * their owner in themselves, and are not followed here.
 */
#include "smp/percpu.h"
#include "smp/printk.h"
#include "smp/spinlock.h"

#define MAX_HELD 24

struct held_locks {
	u32 depth;
	struct {
		const void *lock;
		u32 class;
	} held[MAX_HELD];
};

static DEFINE_PER_CPU(struct held_locks, held_locks);
static u32 class_in_irq[NR_LOCK_CLASSES], class_irqs_on[NR_LOCK_CLASSES];

void lock_acquire(const void *lock, u32 class, u32 how)
{
	unsigned long flags = local_irq_save();
	struct held_locks *h = this_cpu_ptr(&held_locks);
	const void *clash = NULL;

	BUG_ON(class == LOCK_NONE || class >= NR_LOCK_CLASSES);
	if (how & LOCKDEP_READ)
		;	/* readers do not exclude the interrupt's */
	else if (in_hardirq())
		WRITE_ONCE(class_in_irq[class], 1);
	else if (flags)
		WRITE_ONCE(class_irqs_on[class], 1);
	if (class_in_irq[class] && class_irqs_on[class])
		panic("lock class %u is taken in interrupts and also with interrupts on", class);
	for (u32 i = 0; i < h->depth; i++) {
		if (h->held[i].lock == lock && !((how & LOCKDEP_READ) && in_hardirq()))
			panic("lock %p (class %u) taken twice", lock, class);
		if (h->held[i].class >= class)
			clash = h->held[i].lock;
	}
	/* A nested or try-lock cannot deadlock by its order; nor can a reader in an interrupt. */
	if (clash && !(how & LOCKDEP_NESTED) && !((how & LOCKDEP_READ) && in_hardirq()))
		panic("lock order: class %u taken while class %u is held", class,
		      h->held[h->depth - 1].class);
	BUG_ON(h->depth == MAX_HELD);
	h->held[h->depth].lock = lock;
	h->held[h->depth++].class = class;
	local_irq_restore(flags);
}

void lock_release(const void *lock)
{
	unsigned long flags = local_irq_save();
	struct held_locks *h = this_cpu_ptr(&held_locks);
	u32 i = h->depth;

	while (i && h->held[i - 1].lock != lock)
		i--;
	if (!i)
		panic("lock %p released by a hart that does not hold it", lock);
	for (; i < h->depth; i++)
		h->held[i - 1] = h->held[i];
	h->depth--;
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
