/* SPDX-License-Identifier: MIT */
/* Regions grow, shrink and move. */
#ifndef VM_MREMAP_H
#define VM_MREMAP_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * do_mremap - Grow, shrink or move (mremap.c). Return: the address, or a negative errno: the old pages are where they were; but
 * with MREMAP_FIXED what was at the new place may be gone. Takes mmap_lock.
 */
unsigned long do_mremap(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
			unsigned long new_len, unsigned long flags, unsigned long new_addr);

#endif
