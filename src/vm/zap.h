/* SPDX-License-Identifier: MIT */
/* Pages leave page tables, and page tables go. */
#ifndef VM_ZAP_H
#define VM_ZAP_H

#include "vm/vma.h"

/**
 * unmap_region - Drop the pages of the regions in @detached, maybe none, which have been taken out of the set of @mm, and the page
 * tables of [@start, @end) that no other region needs. @next: the first region of @mm behind @start, or NULL.
 * Context: task; mm->mmap_lock held exclusive.
 */
void unmap_region(struct mm_struct *mm, struct vma_list *detached, struct vm_area_struct *next, unsigned long start,
		  unsigned long end);
/** zap_page_range - Drop the pages of [@start, @end) of @vma, which stays. Context: task; mmap_lock held, shared or exclusive. */
void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);
/** exit_mmap - Drop all pages, tables and regions of @mm. Context: task, may sleep; the last user. */
void exit_mmap(struct mm_struct *mm);

#endif
