/* SPDX-License-Identifier: MIT */
/*
 * Fork: the child's page tables get the parent's pages. Private ones that could be written become read-only in both, and the first
 * write copies (fault.c).
 */
#include "vm/copy.h"

#include "vm/pgtable.h"

static bool is_cow(unsigned long flags)
{
	return (flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

int copy_page_range(struct vm_area_struct *dst, struct vm_area_struct *src)
{
	unsigned long addr = src->vm_start, end = src->vm_end;
	bool cow = is_cow(src->vm_flags);
	long rss[NR_MM_COUNTERS] = { 0 };
	int err = 0;

	/* File pages that are not ours yet come back by faults. */
	if (!(src->vm_flags & VM_SPECIAL) && src->vm_mapping && !src->anon_vma)
		return 0;
	while (addr < end) {
		unsigned long next = pmd_addr_end(addr, end);
		pte_t *st = pte_table(src->vm_mm, addr), *dt, *s, *d;

		if (!st) {
			addr = next;
			continue;
		}
		dt = pte_table_alloc(dst->vm_mm, addr);
		if (!dt) {
			err = -ENOMEM;
			break;
		}
		spin_lock(ptl_of(st));
		s = &st[pt_index(addr, 0)];
		d = &dt[pt_index(addr, 0)];
		/* The new table is not shared with anyone yet: no lock. */
		for (; addr < next; addr += PAGE_SIZE, s++, d++) {
			pte_t pte = *s;
			struct page *page;

			if (!pte_has_page(pte))
				continue;
			if (!pte_special(pte)) {
				page = pte_page(pte);
				atomic_inc(&page->_refcount);
				atomic_inc(&page->_mapcount);
				rss[rss_kind(page)]++;
			}
			if (cow && pte_write(pte)) {
				__atomic_fetch_and(s, ~_PAGE_WRITE, __ATOMIC_RELAXED);
				pte &= ~_PAGE_WRITE;
			}
			*d = pte;
		}
		spin_unlock(ptl_of(st));
	}
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		atomic_add(rss[i], &dst->vm_mm->rss[i]);
	return err;
}
