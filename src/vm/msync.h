/* SPDX-License-Identifier: MIT */
/* msync(). */
#ifndef VM_MSYNC_H
#define VM_MSYNC_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * do_msync - Look at the range only: mappings and read() share the page cache, and there is no disk, so nothing has to be written.
 * Return: 0; -EINVAL (@start is not aligned), -ENOMEM (a hole, or not user space), -EBUSY (MS_INVALIDATE of a locked region).
 * Context: task, may sleep. Takes mmap_lock.
 */
int do_msync(struct mm_struct *mm, unsigned long start, unsigned long len, int flags) __must_check;

#endif
