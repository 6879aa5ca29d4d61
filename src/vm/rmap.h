/* SPDX-License-Identifier: MIT */
/* Reverse map of anonymous pages. */
#ifndef VM_RMAP_H
#define VM_RMAP_H

#include "vm/page.h"
#include "vm/vma.h"

int __anon_vma_prepare(struct vm_area_struct *vma) __must_check;
/** anon_vma_prepare - Make sure that @vma has an anon_vma. 0 or -ENOMEM. Context: mmap_lock. */
static inline int __must_check anon_vma_prepare(struct vm_area_struct *vma)
{
	return likely(READ_ONCE(vma->anon_vma)) ? 0 : __anon_vma_prepare(vma);
}
void anon_vma_link(struct vm_area_struct *vma);
void anon_vma_unlink(struct vm_area_struct *vma);
/** page_add_anon_rmap - @page, new, is mapped at @addr of @vma. */
static inline void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	page->index = ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	page->mapping = (struct address_space *)((unsigned long)vma->anon_vma | PAGE_MAPPING_ANON);
	atomic_set(&page->_mapcount, 1);
}
static inline bool PageAnon(const struct page *page)
{
	return (unsigned long)page->mapping & PAGE_MAPPING_ANON;
}
/** rmap_walk - Call @fn for each region of @page's family that covers its index. Context: page referenced. */
void rmap_walk(struct page *page, void (*fn)(struct vm_area_struct *vma, unsigned long addr, void *arg), void *arg);
void rmap_init(void);

#endif
