/* SPDX-License-Identifier: MIT */
/* Floating-point registers: saved when dirty, loaded when the task ever used them. */
#ifndef SCHED_FPU_H
#define SCHED_FPU_H

#include "sched/asm.h"
#include "sched/task.h"

/** fpu_first_use - The current task, at @regs, used floating point while it was off: turn it on. Context: task. */
void fpu_first_use(struct pt_regs *regs);
/** fpu_save - Put @p's live floating-point registers, if dirty, into its thread. Context: @p is current. */
static inline void fpu_save(struct task_struct *p)
{
	struct pt_regs *regs = task_pt_regs(p);

	if ((regs->status & SR_FS) == SR_FS_DIRTY) {
		__fstate_save(&p->thread.fp);
		regs->status = (regs->status & ~SR_FS) | SR_FS_CLEAN;
	}
}

/** fpu_restore - Load @p's floating-point registers from its thread, if it has ever used them. Context: preemption off. */
static inline void fpu_restore(struct task_struct *p)
{
	if (task_pt_regs(p)->status & SR_FS)
		__fstate_restore(&p->thread.fp);
}

#endif
