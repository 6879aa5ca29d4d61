/* SPDX-License-Identifier: MIT */
/*
 * thread_info: what a hart must know of the task it runs, first in task_struct.
 * tp points at it while in the kernel; sscratch holds it while in user mode.
 */
#ifndef SMP_THREAD_INFO_H
#define SMP_THREAD_INFO_H

/* For assembly. */
#define TI_FLAGS	0
#define TI_PREEMPT	8
#define TI_CPU		12
#define TI_KERNEL_SP	16
#define TI_USER_SP	24

#define TIF_SIGPENDING	 0	/* look for signals before user mode */
#define TIF_NEED_RESCHED 1	/* call schedule() soon */
#define _TIF_WORK_MASK	3

#ifndef __ASSEMBLER__
#include "lib/atomic.h"

struct thread_info {
	unsigned long flags;		/* [a] TIF_* */
	u32 preempt_count;		/* [o] see smp/preempt.h */
	u32 cpu;			/* the hart whose run queue has the task; written under its lock */
	unsigned long kernel_sp;	/* [o] top of the kernel stack; scratch in entry.S */
	unsigned long user_sp;		/* [o] scratch in entry.S */
};

_Static_assert(offsetof(struct thread_info, preempt_count) == TI_PREEMPT, "entry.S");
_Static_assert(offsetof(struct thread_info, cpu) == TI_CPU, "entry.S");
_Static_assert(offsetof(struct thread_info, kernel_sp) == TI_KERNEL_SP, "entry.S");
_Static_assert(offsetof(struct thread_info, user_sp) == TI_USER_SP, "entry.S");

static inline struct thread_info *current_thread_info(void)
{
	struct thread_info *ti;

	__asm__("mv %0, tp" : "=r"(ti));
	return ti;
}

static inline unsigned int smp_processor_id(void)
{
	return READ_ONCE(current_thread_info()->cpu);
}

static inline bool test_thread_flag(unsigned int flag)
{
	return test_bit(flag, &current_thread_info()->flags);
}

#endif
#endif
