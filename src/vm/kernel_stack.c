/* SPDX-License-Identifier: MIT */
/*
 * Free stacks stay mapped, for unmapping one costs a flush on every hart: a few
 * a hart, the rest in a pool that is cut back from task context. A stack may be
 * freed by the switch that left it for the last time, which may not sleep.
 */
#include "vm/kernel_stack.h"

#include "sched/wait.h"
#include "vm/vmalloc.h"

#define STACK_CACHE 4
#define STACK_POOL  16

struct stack_cache {
	u32 count;
	void *stacks[STACK_CACHE];
};
static DEFINE_PER_CPU(struct stack_cache, stack_caches);
static DEFINE_SPINLOCK(stack_lock, LOCK_STACK);
static void *stack_pool __guarded_by(stack_lock);	/* chained through their first word */
static unsigned int stack_pool_size __guarded_by(stack_lock);

static void *pool_take(unsigned int leave)
{
	void *s = NULL;
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	if (stack_pool_size > leave) {
		s = stack_pool;
		stack_pool = *(void **)s;
		stack_pool_size--;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
	return s;
}

static void pool_put(void *s)
{
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	*(void **)s = stack_pool;
	stack_pool = s;
	stack_pool_size++;
	spin_unlock_irqrestore(&stack_lock, flags);
}

void *alloc_kernel_stack(void)
{
	struct stack_cache *c;
	unsigned long flags;
	void *s = NULL;

	flags = local_irq_save();	/* keeps out drain_local_stacks(), which is an interrupt */
	c = this_cpu_ptr(&stack_caches);
	if (c->count)
		s = c->stacks[--c->count];
	local_irq_restore(flags);
	if (!s && READ_ONCE(stack_pool_size))
		s = pool_take(0);
	return s ? s : vmalloc_aligned(THREAD_SIZE, 2 * THREAD_SIZE, THREAD_SIZE);
}

void free_kernel_stack(void *stack)
{
	unsigned long flags = local_irq_save();
	struct stack_cache *c = this_cpu_ptr(&stack_caches);

	if (c->count < STACK_CACHE) {
		c->stacks[c->count++] = stack;
		stack = NULL;
	}
	local_irq_restore(flags);
	if (stack)
		pool_put(stack);
}

void kernel_stacks_trim(void)
{
	void *s;

	while (unlikely(READ_ONCE(stack_pool_size) > STACK_POOL) && (s = pool_take(STACK_POOL)))
		vfree(s);
}

void kernel_stacks_drain_local(void)
{
	struct stack_cache *c = this_cpu_ptr(&stack_caches);

	while (c->count)
		pool_put(c->stacks[--c->count]);
}

static void drain_local_stacks(void *unused)
{
	(void)unused;
	kernel_stacks_drain_local();
}

void kernel_stacks_drain(void)
{
	unsigned long flags;
	void *s;

	preempt_disable();
	flags = local_irq_save();
	kernel_stacks_drain_local();
	local_irq_restore(flags);
	smp_call_function_many(&cpu_online_mask, drain_local_stacks, NULL);
	preempt_enable();
	while ((s = pool_take(0)))
		vfree(s);
}
