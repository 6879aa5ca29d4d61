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
void sim_spin(void);	/* a lock that is held will never be released: fails */

#define mb()		barrier()
#define smp_mb()	barrier()
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()
#define cpu_relax()	sim_spin()
#define wait_for_interrupt() sim_spin()

static inline unsigned long local_irq_save(void)
{
	bool was = sim_irqs_off;

	sim_irqs_off = true;
	return !was;
}

static inline void local_irq_restore(unsigned long flags)
{
	sim_irqs_off = !flags;
}

static inline void local_irq_disable(void)
{
	sim_irqs_off = true;
}

static inline void local_irq_enable(void)
{
	sim_irqs_off = false;
}

static inline bool irqs_disabled(void)
{
	return sim_irqs_off;
}

#endif
