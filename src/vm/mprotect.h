/* SPDX-License-Identifier: MIT */
/* New flags for regions. */
#ifndef VM_MPROTECT_H
#define VM_MPROTECT_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * change_vma_flags - The regions of [@start, @end), page aligned, lose the flags @clear and get @set; but VM_SPECIAL ones only
 * those of access. Return: 0, -ENOMEM (also: a hole; what comes before it is changed), -EACCES. Context: mmap_lock exclusive.
 */
int change_vma_flags(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned long clear, unsigned long set) __must_check;
/**
 * do_mprotect - New protection for [@start, @start + @len). Return: 0, or -EINVAL; -ENOMEM (a hole, a limit) and -EACCES, and
 * the regions before the one at fault are changed. Takes mmap_lock.
 */
int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot) __must_check;

#endif
