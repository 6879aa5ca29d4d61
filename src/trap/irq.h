/* SPDX-License-Identifier: MIT */
/* External interrupts, through one PLIC a NUMA node. Source: RISC-V PLIC specification 1.0. */
#ifndef TRAP_IRQ_H
#define TRAP_IRQ_H

#include "smp/smp.h"

/**
 * plic_init - Find the controllers in @fdt and map them by @ioremap.
 * Context: boot, once.
 */
void plic_init(const void *fdt, void *(*ioremap)(u64 pa, u64 size));
/** plic_init_cpu - Let this hart take external interrupts. Context: bring-up, interrupts off. */
void plic_init_cpu(void);
/** plic_dying_cpu - This hart takes none any more. Context: interrupts off. */
void plic_dying_cpu(void);
/**
 * request_irq - Call @fn(@arg) for source @irq of the controller with @phandle.
 * Return: 0, -EINVAL (no such controller or source), -EBUSY, -ENOSPC (no room for another).
 */
int request_irq(u32 phandle, unsigned int irq, void (*fn)(void *), void *arg, const char *name) __must_check;
/** plic_handle - Claim and serve all that is pending here. Context: hard interrupt. */
void plic_handle(void);
/** irq_stack_init - Give @cpu its interrupt stack, @top exclusive. Context: boot. */
void irq_stack_init(unsigned int cpu, void *top);
/** trap_init_cpu - Traps of this hart go to entry.S from now on. */
void trap_init_cpu(void);

#endif
