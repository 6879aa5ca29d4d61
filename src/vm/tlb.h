/* SPDX-License-Identifier: MIT */
/* TLB shoot-down: other harts forget what page tables no longer say. The protocol is in tlb.c. */
#ifndef VM_TLB_H
#define VM_TLB_H

#include "vm/mm.h"

/** flush_tlb_range - No hart uses stale entries for [@start, @end) of @mm after this. Context: task, interrupts on. */
void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end);
/** flush_tlb_mm - The same for all of user space; also for upper levels. */
void flush_tlb_mm(struct mm_struct *mm);
/** flush_tlb_page - The same for the page at @addr of @vma. */
static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr)
{
	flush_tlb_range(vma->vm_mm, addr, addr + PAGE_SIZE);
}
/** flush_icache_mm - All harts that run @mm fetch, after this, instructions that were stored before. Context: task. */
void flush_icache_mm(struct mm_struct *mm);

#endif
