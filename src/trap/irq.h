/* SPDX-License-Identifier: MIT */
/*
 * External interrupts: from the controllers that drivers register to the functions that drivers ask for; and interrupts of a hart's
 * own, which have no controller. Ref: Linux kernel/irq.
 */
#ifndef TRAP_IRQ_H
#define TRAP_IRQ_H

#include "riscv/ptrace.h"
#include "smp/smp.h"

#define IRQ_MAX_SOURCES	128	/* of a controller */

/* An interrupt controller. */
struct irq_chip {
	u32 phandle, nr_sources;	/* [I] what devices call it; its sources are 1 to nr_sources, less than IRQ_MAX_SOURCES */
	/* Return: a source that is pending on this hart, claimed, or 0. Context: hard interrupt. */
	u32 (*claim)(struct irq_chip *chip);
	/* @irq, claimed, has been served. Context: hard interrupt. */
	void (*complete)(struct irq_chip *chip, u32 irq);
	/* All online harts take @irq from now on, others from init_cpu on. Context: irq_lock held, interrupts off. */
	void (*enable)(struct irq_chip *chip, u32 irq);
	/* This hart takes the sources that are enabled; it takes none. Context: bring-up, or dying; interrupts off. */
	void (*init_cpu)(struct irq_chip *chip);
	void (*dying_cpu)(struct irq_chip *chip);

	u8 action[IRQ_MAX_SOURCES];	/* irq.c's: which of the actions, and one; 0: none. Set once, under irq_lock */
};

/** register_irq_chip - @chip is there to stay. Return: 0 or -ENOSPC. Context: boot, before harts take interrupts. */
int register_irq_chip(struct irq_chip *chip) __must_check;
/**
 * request_irq - Call @fn(@arg) for source @irq of the controller with @phandle.
 * Return: 0, -EINVAL (no such controller or source), -EBUSY, -ENOSPC (no room for another).
 */
int request_irq(u32 phandle, unsigned int irq, void (*fn)(void *), void *arg, const char *name) __must_check;
/** request_local_irq - @fn is called for interrupt @cause (IRQ_S_*) of a hart's own, where it came. Context: boot. */
void request_local_irq(unsigned int cause, void (*fn)(const struct pt_regs *regs));
/** irq_init_cpu - Let this hart take external interrupts. Context: bring-up, interrupts off. */
void irq_init_cpu(void);
/** irq_dying_cpu - This hart takes none any more. Context: interrupts off. */
void irq_dying_cpu(void);
/** handle_external_irq - Claim and serve all that is pending here. Context: hard interrupt. */
void handle_external_irq(void);
/** handle_local_irq - Serve @regs->cause, which request_local_irq() was told of; panics if it was not. Context: hard interrupt. */
void handle_local_irq(const struct pt_regs *regs);
/** irq_stack_init - Give @cpu its interrupt stack, @top exclusive. Context: boot. */
void irq_stack_init(unsigned int cpu, void *top);
/** trap_init_cpu - Traps of this hart go to entry.S from now on. */
void trap_init_cpu(void);

#endif
