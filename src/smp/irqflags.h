/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of this hart on and off. The debug build tells each change to the lock checker,
 * which forbids interrupts on while a lock is held that was taken with them off, and to the
 * tracer of how long they stay off (src/trace/critical.c).
 *
 * Ref: Linux include/linux/irqflags.h.
 */
#ifndef SMP_IRQFLAGS_H
#define SMP_IRQFLAGS_H

#include "riscv/csr.h"

/** trace_hardirqs_on - Interrupts are about to be let on. trace_hardirqs_off - They are off now. Debug build
 * (src/trace/critical.c). Context: interrupts off. */
void trace_hardirqs_on(void);
void trace_hardirqs_off(void);

static inline void local_irq_enable(void)
{
	if (CONFIG_DEBUG)
		trace_hardirqs_on();
	arch_local_irq_enable();
}

static inline void local_irq_disable(void)
{
	bool on = CONFIG_DEBUG && !arch_irqs_disabled();

	arch_local_irq_disable();
	if (on)
		trace_hardirqs_off();
}

static inline unsigned long local_irq_save(void)
{
	unsigned long flags = arch_local_irq_save();

	if (CONFIG_DEBUG && flags)
		trace_hardirqs_off();
	return flags;
}

static inline void local_irq_restore(unsigned long flags)
{
	if (CONFIG_DEBUG && flags && arch_irqs_disabled())
		trace_hardirqs_on();
	arch_local_irq_restore(flags);
}

static inline bool irqs_disabled(void)
{
	return arch_irqs_disabled();
}

#endif
