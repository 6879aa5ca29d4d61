/* SPDX-License-Identifier: MIT */
/* Memory that is to be there. Context: task; they take mmap_lock. */
#ifndef VM_MLOCK_H
#define VM_MLOCK_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * mm_populate - Fault in what regions have of [@start, @start + @len), all that can be; not of those with VM_LOCKONFAULT.
 * Return: 0, or why something could not: -EFAULT (no access, beyond a file, a hole), -ENOMEM, -EINTR (we are to die).
 */
int mm_populate(struct mm_struct *mm, unsigned long start, unsigned long len);
/** mm_populate_locked - Fault in what locked regions have of [@start, @start + @len), as far as it goes. */
void mm_populate_locked(struct mm_struct *mm, unsigned long start, unsigned long len);
/** do_mlock - Lock the pages of [@start, @start + @len), with VM_LOCKED and maybe VM_LOCKONFAULT, or (0) unlock them. */
int do_mlock(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long flags) __must_check;
/** do_mlockall - @flags: MCL_*; 0: unlock all. */
int do_mlockall(struct mm_struct *mm, int flags) __must_check;

#endif
