/* SPDX-License-Identifier: MIT */
/*
 * The debug build's lock checker: order, ownership and interrupt state.
 *
 * Each hart keeps the locks it holds. A lock may be taken when its class comes
 * after those of all held locks (smp/lock_order.h), or is equal to the last
 * one's and the caller said "nested". What the interrupted code holds is no part of
 * an interrupt's order; two rules of use come in its place:
 *
 * - A class taken in a hard interrupt is never held with interrupts on (but readers
 *   do not exclude readers): the interrupt would wait for the code it interrupted.
 * - A hart that holds such a class never waits for a class that is held with interrupts
 *   on: the holder of the second may be in an interrupt that waits for the first.
 *
 * A third rule is of code that lets interrupts on: no lock that was taken with interrupts off
 * may be held then. It was taken so for a reason, of which code that gives back another lock
 * by spin_unlock_irq() knows nothing.
 *
 * Sleeping locks follow the same order, but belong to the task, which may hold them on
 * one hart and release them on another: their list is the caller's.
 */
#include "smp/percpu.h"
#include "smp/printk.h"
#include "smp/spinlock.h"
#include "smp/upcall.h"

static DEFINE_PER_CPU(struct held_locks, held_locks);

/* How a class has been used since boot. */
#define USED_IN_IRQ		1u
#define USED_IN_IRQ_READ	2u
#define USED_IRQS_ON		4u
#define USED_IRQS_ON_READ	8u
static u32 class_usage[NR_LOCK_CLASSES];

/*
 * Would a hart that holds a class of use @outer and waits for one of use @inner deadlock? It does if the holder of @inner is
 * interrupted by a handler that waits for @outer.
 */
static bool irq_conflict(u32 outer, u32 inner)
{
	return ((outer & USED_IN_IRQ) && (inner & (USED_IRQS_ON | USED_IRQS_ON_READ))) ||
	       ((outer & USED_IN_IRQ_READ) && (inner & USED_IRQS_ON));
}

/*
 * The part of @usage that matters to a holder that took the class as @how says. Readers in interrupts do not wait for one that only
 * reads. Readers elsewhere may wait: they queue behind a writer, and that waits for the reader.
 */
static u32 usage_against(u32 usage, u32 how)
{
	return how & LOCKDEP_READ ? usage & ~(USED_IN_IRQ_READ | USED_IRQS_ON_READ) : usage;
}

void lock_acquire(const void *lock, u32 class, u32 how)
{
	unsigned long flags = arch_local_irq_save();
	struct held_locks *h = this_cpu_ptr(&held_locks);
	u32 usage = in_hardirq() ? USED_IN_IRQ : flags ? USED_IRQS_ON : 0;

	BUG_ON(class == LOCK_NONE || class >= NR_LOCK_CLASSES);
	if (how & LOCKDEP_READ)
		usage <<= 1;
	if (usage & ~READ_ONCE(class_usage[class]))
		__atomic_fetch_or(&class_usage[class], usage, __ATOMIC_RELAXED);
	usage = READ_ONCE(class_usage[class]);
	if (irq_conflict(usage, usage))
		panic("lock class %u is taken in interrupts and also with interrupts on", class);
	/* A nested or try-lock cannot deadlock by its order; nor can a reader in an interrupt. */
	if (in_hardirq())
		how |= how & LOCKDEP_READ ? LOCKDEP_IRQ | LOCKDEP_NESTED : LOCKDEP_IRQ;
	for (u32 i = 0; i < h->depth && !(how & LOCKDEP_NESTED); i++)
		if (irq_conflict(usage_against(class_usage[h->held[i].class], h->held[i].how), usage))
			panic("lock class %u, held with interrupts on, taken under class %u, which interrupts take",
			      class, h->held[i].class);
	held_locks_add(h, lock, class, flags ? how : how | LOCKDEP_IRQS_OFF);
	arch_local_irq_restore(flags);
}

void lockdep_hardirqs_on(void)
{
	const struct held_locks *h = this_cpu_ptr(&held_locks);

	for (u32 i = 0; i < h->depth; i++)
		if (h->held[i].how & LOCKDEP_IRQS_OFF)
			panic("interrupts let on while lock class %u is held, which was taken with interrupts off", h->held[i].class);
}

void held_locks_add(struct held_locks *h, const void *lock, u32 class, u32 how)
{
	u32 worst = LOCK_NONE;

	for (u32 i = 0; i < h->depth; i++) {
		if (h->held[i].lock == lock && !((how & LOCKDEP_READ) && (how & LOCKDEP_IRQ)))
			panic("lock %p (class %u) taken twice", lock, class);
		if (!(how & LOCKDEP_IRQ) || (h->held[i].how & LOCKDEP_IRQ))
			worst = max(worst, h->held[i].class);
	}
	if (worst >= class && !(how & LOCKDEP_NESTED))
		panic("lock order: class %u taken while class %u is held", class, worst);
	BUG_ON(h->depth == MAX_HELD_LOCKS);
	h->held[h->depth].lock = lock;
	h->held[h->depth].how = how;
	h->held[h->depth++].class = class;
}

void held_locks_remove(struct held_locks *h, const void *lock)
{
	u32 i = h->depth;

	while (i && h->held[i - 1].lock != lock)
		i--;
	if (!i)
		panic("lock %p released by a hart or task that does not hold it", lock);
	for (; i < h->depth; i++)
		h->held[i - 1] = h->held[i];
	h->depth--;
}

void lock_release(const void *lock)
{
	unsigned long flags = arch_local_irq_save();

	held_locks_remove(this_cpu_ptr(&held_locks), lock);
	arch_local_irq_restore(flags);
}

bool held_locks_have(const struct held_locks *h, const void *lock, bool write)
{
	for (u32 i = 0; i < h->depth; i++)
		if (h->held[i].lock == lock && !(write && (h->held[i].how & LOCKDEP_READ)))
			return true;
	return false;
}

/* Mostly about the spin lock that was taken last: that one is looked at first, if the caller cannot leave the hart meanwhile. */
bool lock_is_held(const void *lock, bool write)
{
	const struct held_locks *h = this_cpu_ptr(&held_locks);
	unsigned long flags;
	bool held;

	if (preempt_count() && h->depth && h->held[h->depth - 1].lock == lock && !write)
		return true;
	flags = arch_local_irq_save();
	held = held_locks_have(this_cpu_ptr(&held_locks), lock, write) || task_holds_lock(lock, write);
	arch_local_irq_restore(flags);
	return held;
}
