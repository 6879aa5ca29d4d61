/* SPDX-License-Identifier: MIT */
/* TLB shoot-down. */
#ifndef VM_TLB_H
#define VM_TLB_H

#include "vm/mm.h"

/** flush_tlb_range - Nobody uses stale entries of [@start, @end) of @mm after this. Context: interrupts on. */
void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end);
void flush_tlb_mm(struct mm_struct *mm);
static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr)
{
	flush_tlb_range(vma->vm_mm, addr, addr + PAGE_SIZE);
}
/** flush_icache_mm - Instructions written by stores are seen on all harts that run @mm. */
void flush_icache_mm(struct mm_struct *mm);

#endif
