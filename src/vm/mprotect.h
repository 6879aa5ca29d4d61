/* SPDX-License-Identifier: MIT */
/* New flags for the regions of a range. */
#ifndef VM_MPROTECT_H
#define VM_MPROTECT_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * change_vma_flags - The regions of [@start, @end), page aligned, lose the flags @clear and get @set; VM_SPECIAL ones only those of
 * access. Entries follow. Return: 0; -ENOMEM: no memory, and nothing has changed; -ENOMEM (a hole, a limit) or -EACCES (the region
 * may not have @set), and the regions before that are changed. Context: task, may sleep; mm->mmap_lock held exclusive.
 */
int change_vma_flags(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned long clear, unsigned long set) __must_check;
/**
 * do_mprotect - New protection @prot, PROT_*, for [@start, @start + @len), rounded up to pages. Return: 0; -EINVAL, nothing has
 * changed; or as change_vma_flags(). Context: task, may sleep. Takes mmap_lock.
 */
int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot) __must_check;

#endif
