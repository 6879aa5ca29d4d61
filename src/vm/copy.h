/* SPDX-License-Identifier: MIT */
/* Page tables at fork. */
#ifndef VM_COPY_H
#define VM_COPY_H

#include "vm/vma.h"

/** copy_page_range - Share @src's private pages with @dst at fork. -ENOMEM. Context: both mmap_locks. */
int copy_page_range(struct vm_area_struct *dst, struct vm_area_struct *src) __must_check;

#endif
