/* SPDX-License-Identifier: MIT */
/* The simulator's hart: no registers; one thread, so barriers are the compiler's. Stands before src/riscv/csr.h. */
#ifndef RISCV_CSR_H
#define RISCV_CSR_H

#include "lib/compiler.h"

#define SR_SPP		0x00000100
#define SR_FS		0x00006000
#define SR_FS_CLEAN	0x00004000
#define SR_FS_DIRTY	0x00006000

extern bool sim_irqs_off;
void sim_spin(void);	/* for another hart; where there is but one thread it never comes: fails */
void sim_wfi(void);

#define mb()		barrier()
#define smp_mb()	barrier()
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()
#define cpu_relax()	sim_spin()
#define wait_for_interrupt() sim_wfi()
#define harts_take_turns	false	/* that is QEMU's -icount */

#ifdef SIM_YIELD_H
#define sim_irqs_on()	sim_yield()	/* an interrupt that waits comes now */
#else
#define sim_irqs_on()	((void)0)
#endif

static inline unsigned long arch_local_irq_save(void)
{
	bool was = sim_irqs_off;

	sim_irqs_off = true;
	return !was;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	sim_irqs_off = !flags;
	sim_irqs_on();
}

static inline void arch_local_irq_disable(void)
{
	sim_irqs_off = true;
}

static inline void arch_local_irq_enable(void)
{
	sim_irqs_off = false;
	sim_irqs_on();
}

static inline bool arch_irqs_disabled(void)
{
	return sim_irqs_off;
}

#endif
