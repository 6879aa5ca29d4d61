/* SPDX-License-Identifier: MIT */
/*
 * Work that an interrupt puts off until it returns. It runs on the same hart and on the
 * interrupted task's stack, with interrupts on, and may not sleep.
 * Ref: Linux kernel/softirq.c.
 */
#ifndef TRAP_SOFTIRQ_H
#define TRAP_SOFTIRQ_H

#include "smp/percpu.h"

enum { SCHED_SOFTIRQ, NR_SOFTIRQS };

DECLARE_PER_CPU(unsigned long, softirq_counts[NR_SOFTIRQS]);	/* handlers run */
extern const char *const softirq_names[NR_SOFTIRQS];

/** open_softirq - @fn is softirq @nr. Context: boot. */
void open_softirq(unsigned int nr, void (*fn)(void));
/** raise_softirq_irqoff - Run @nr when this interrupt returns. Context: hard interrupt. */
void raise_softirq_irqoff(unsigned int nr);
/** irq_exit_softirq - Run what is pending. Context: end of the outermost interrupt, interrupts off before and after. */
void irq_exit_softirq(void);

#endif
