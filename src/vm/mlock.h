/* SPDX-License-Identifier: MIT */
/* Memory that is to be there. Context of all: task, may sleep. They take mmap_lock. */
#ifndef VM_MLOCK_H
#define VM_MLOCK_H

#include "lib/compiler.h"

struct mm_struct;

/**
 * mm_populate - Bring in all pages of regions in [@start, @start + @len) that can be; none of regions with VM_LOCKONFAULT.
 * Return: 0; or the first that stood in the way: -EFAULT (no access, beyond a file's end, a hole), -ENOMEM, -EINTR (a fatal signal).
 */
int mm_populate(struct mm_struct *mm, unsigned long start, unsigned long len);
/** mm_populate_locked - The same of locked regions only; whether all could be is not told. */
void mm_populate_locked(struct mm_struct *mm, unsigned long start, unsigned long len);
/**
 * do_mlock - Lock all pages that [@start, @start + @len) touches: @flags is VM_LOCKED, maybe with VM_LOCKONFAULT. 0: unlock them.
 * Return: 0; -EINVAL (no such range), -EPERM (nothing may be locked), -ENOMEM (RLIMIT_MEMLOCK, a hole, no memory), -EAGAIN (not all
 * could be brought in).
 */
int do_mlock(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long flags) __must_check;
/** do_mlockall - Lock all regions that are, or will be, by @flags (MCL_*); 0: unlock all. Return: 0, -EPERM, -ENOMEM as do_mlock(). */
int do_mlockall(struct mm_struct *mm, int flags) __must_check;

#endif
