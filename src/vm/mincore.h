/* SPDX-License-Identifier: MIT */
/* Which pages are in memory. */
#ifndef VM_MINCORE_H
#define VM_MINCORE_H

#include "lib/compiler.h"

struct mm_struct;

/** do_mincore - Per page of [@start, @start + @nr pages), in @vec: is it in memory? -ENOMEM: a hole. Context: nobody else sees @vec. */
int do_mincore(struct mm_struct *mm, unsigned long start, unsigned long nr, u8 *vec) __must_check;

#endif
