/* SPDX-License-Identifier: MIT */
/* Which hart runs which address space. */
#ifndef VM_MMU_CONTEXT_H
#define VM_MMU_CONTEXT_H

struct mm_struct;

/** exec_mmap - The current task uses @mm from now on; the old one is put. */
void exec_mmap(struct mm_struct *mm);
/** exit_mm - The current task uses none from now on. */
void exit_mm(void);
/** drop_lazy_mms - No other hart borrows an address space after this. Context: task. */
void drop_lazy_mms(void);

#endif
