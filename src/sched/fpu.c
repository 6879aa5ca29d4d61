/* SPDX-License-Identifier: MIT */
/* Floating-point registers: saved when dirty, loaded when the task ever used them. */
#include "sched/sched_priv.h"
#include "sched/asm.h"
#include "trap/upcall.h"

void fpu_save(struct task_struct *p)
{
	struct pt_regs *regs = task_pt_regs(p);

	if ((regs->status & SR_FS) == SR_FS_DIRTY) {
		__fstate_save(&p->thread.fp);
		regs->status = (regs->status & ~SR_FS) | SR_FS_CLEAN;
	}
}

void fpu_restore(struct task_struct *p)
{
	if (task_pt_regs(p)->status & SR_FS)
		__fstate_restore(&p->thread.fp);
}

void fpu_on_first_use(struct pt_regs *regs)
{
	preempt_disable();
	__fstate_restore(&current->thread.fp);
	regs->status = (regs->status & ~SR_FS) | SR_FS_CLEAN;
	preempt_enable();
}
