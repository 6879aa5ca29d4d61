/* SPDX-License-Identifier: MIT */
/* What was written shall be where it lasts. */
#ifndef VM_MSYNC_H
#define VM_MSYNC_H

#include "lib/compiler.h"

struct mm_struct;

/** do_msync - What was written is where read() finds it, which is so at any time. -EBUSY: locked, and @flags & MS_INVALIDATE. */
int do_msync(struct mm_struct *mm, unsigned long start, unsigned long len, int flags) __must_check;

#endif
