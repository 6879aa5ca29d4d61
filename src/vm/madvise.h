/* SPDX-License-Identifier: MIT */
/* Advice on memory. */
#ifndef VM_MADVISE_H
#define VM_MADVISE_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * do_madvise - Take @advice (MADV_*) for [@start, @start + @len), rounded up to pages. MADV_DONTNEED drops the pages, so that
 * anonymous memory is zero again; other advice is taken and does nothing.
 * Return: 0; -EINVAL: no such advice or range, or a locked region, what comes before it is done; -ENOMEM: there is a hole, all the
 * rest is done. Context: task, may sleep. Takes mmap_lock.
 */
int do_madvise(struct mm_struct *mm, unsigned long start, unsigned long len, int advice) __must_check;

#endif
