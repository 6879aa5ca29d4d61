/* SPDX-License-Identifier: MIT */
/* Advice on memory. */
#ifndef VM_MADVISE_H
#define VM_MADVISE_H

#include "lib/compiler.h"

struct mm_struct;

/** do_madvise - Advice (madvise.c); DONTNEED drops the pages. -ENOMEM: a hole, the rest is done. Takes mmap_lock. */
int do_madvise(struct mm_struct *mm, unsigned long start, unsigned long len, int advice) __must_check;

#endif
