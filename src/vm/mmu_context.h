/* SPDX-License-Identifier: MIT */
/* Which hart runs which address space; vm_on_switch() and its kin are in sched/upcall.h. */
#ifndef VM_MMU_CONTEXT_H
#define VM_MMU_CONTEXT_H

struct mm_struct;

/** exec_mmap - The current task uses @mm, whose reference it takes over; its old one is put. Context: task, may sleep. */
void exec_mmap(struct mm_struct *mm);
/** exit_mm - The current task uses no address space any more; its reference is put. Context: task, may sleep. */
void exit_mm(void);
/** drop_lazy_mms - Idle tasks and kernel threads that run borrow init_mm only, after this. Context: task, interrupts on. */
void drop_lazy_mms(void);
/** vm_dying_cpu - This hart, which leaves, keeps no address space, page, object or stack to itself. Context: stop_machine(). */
void vm_dying_cpu(void);

#endif
