/* SPDX-License-Identifier: MIT */
/* Page tables at fork. */
#ifndef VM_COPY_H
#define VM_COPY_H

#include "vm/vma.h"

/**
 * copy_page_range - Share the pages of @src with its copy @dst, which has none. Private ones that may be written become read-only in
 * both; the caller flushes. Pages of files that are not private yet are left to faults.
 * Return: 0, or -ENOMEM and some are shared. Context: task; both mmap_locks held exclusive. Ref: Linux copy_page_range().
 */
int copy_page_range(struct vm_area_struct *dst, struct vm_area_struct *src) __must_check;

#endif
