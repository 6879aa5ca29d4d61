/* SPDX-License-Identifier: MIT */
/* From an anonymous page to the regions that may map it. Ref: Linux mm/rmap.c. */
#ifndef VM_RMAP_H
#define VM_RMAP_H

#include "vm/mm.h"
#include "vm/page.h"
#include "vm/vma.h"

/** __anon_vma_prepare - As anon_vma_prepare(), for a @vma that may have none yet. Return: 0 or -ENOMEM. Context: as it. */
int __anon_vma_prepare(struct vm_area_struct *vma) __must_check;
/** anon_vma_prepare - Make sure that @vma has an anon_vma. Return: 0 or -ENOMEM. Context: task; mmap_lock held, shared or exclusive. */
static inline int __must_check anon_vma_prepare(struct vm_area_struct *vma)
{
	lockdep_assert_held(&vma->vm_mm->mmap_lock);
	return likely(READ_ONCE(vma->anon_vma)) ? 0 : __anon_vma_prepare(vma);
}
/** anon_vma_link - @vma, a copy of a region that has an anon_vma, comes to its list. Context: task. */
void anon_vma_link(struct vm_area_struct *vma);
/** anon_vma_unlink - @vma, which goes, leaves the list; the anon_vma goes with the last. Context: task. */
void anon_vma_unlink(struct vm_area_struct *vma);
/** page_add_anon_rmap - @page, which is new, is to be mapped at @addr of @vma, which has an anon_vma. Counts the mapping. */
static inline void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	page->index = ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	page->mapping = (struct address_space *)((unsigned long)vma->anon_vma | PAGE_MAPPING_ANON);
	atomic_set(&page->_mapcount, 1);
}
/** PageAnon - Is @page, which is mapped, anonymous memory rather than of a file? Context: any. */
static inline bool PageAnon(const struct page *page)
{
	return (unsigned long)page->mapping & PAGE_MAPPING_ANON;
}
/**
 * rmap_walk - Call @fn for each region that may map @page, with the address where it would. Reclaim is to use it; so far a test does.
 * Context: a reference to the page; @fn runs under the anon_vma's lock.
 */
void rmap_walk(struct page *page, void (*fn)(struct vm_area_struct *vma, unsigned long addr, void *arg), void *arg);
/** rmap_init - The cache of anon_vmas. Context: boot. */
void rmap_init(void);

#endif
