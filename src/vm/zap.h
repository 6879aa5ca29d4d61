/* SPDX-License-Identifier: MIT */
/* Pages and page tables go. */
#ifndef VM_ZAP_H
#define VM_ZAP_H

#include "vm/vma.h"

/**
 * unmap_region - Drop the pages of the regions in @detached (maybe none), taken out of @mm, and the tables of [@start, @end)
 * that nobody needs. @next: the first region of @mm that is left behind @start, or NULL.
 */
void unmap_region(struct mm_struct *mm, struct vma_list *detached, struct vm_area_struct *next, unsigned long start,
		  unsigned long end);
/** zap_page_range - Drop the pages, keep the region. */
void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);
/** exit_mmap - Drop everything. Context: last user. */
void exit_mmap(struct mm_struct *mm);

#endif
