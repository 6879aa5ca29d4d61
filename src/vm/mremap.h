/* SPDX-License-Identifier: MIT */
/* A region, or a part of one, grows, shrinks or moves. */
#ifndef VM_MREMAP_H
#define VM_MREMAP_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * do_mremap - What is mapped at [@addr, @addr + @old_len) shall be @new_len bytes long, at @new_addr if @flags (MREMAP_*) say so.
 * Return: its address; or a negative errno, and the pages are where they were. But with MREMAP_FIXED what was at the new place, and
 * the end that was to be cut off, may be gone. Context: task, may sleep. Takes mmap_lock. Ref: Linux mm/mremap.c.
 */
unsigned long do_mremap(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
			unsigned long new_len, unsigned long flags, unsigned long new_addr);

#endif
