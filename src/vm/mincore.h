/* SPDX-License-Identifier: MIT */
/* Which pages of a range are in memory. */
#ifndef VM_MINCORE_H
#define VM_MINCORE_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * do_mincore - For each of @nr pages from @start on: is it in memory, mapped or cached? 1 or 0 in @vec, which is the kernel's.
 * Return: 0, or -ENOMEM: there is a hole, @vec is filled before it. Context: task, may sleep. Takes mmap_lock.
 */
int do_mincore(struct mm_struct *mm, unsigned long start, unsigned long nr, u8 *vec) __must_check;

#endif
