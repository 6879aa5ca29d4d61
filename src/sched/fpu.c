/* SPDX-License-Identifier: MIT */
/* Floating-point registers: saved when dirty, loaded when the task ever used them. */
#include "sched/fpu.h"

#include "sched/asm.h"

void fpu_first_use(struct pt_regs *regs)
{
	preempt_disable();
	__fstate_restore(&current->thread.fp);
	regs->status = (regs->status & ~SR_FS) | SR_FS_CLEAN;
	preempt_enable();
}
