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

/* Share what @n entries from @from on, whose table is locked, map. The entries at @to are none, and no one else's yet: no lock. */
static void copy_entries(pte_t *to, pte_t *from, unsigned long n, bool cow, long rss[NR_MM_COUNTERS])
{
	for (pte_t *end = from + n; from < end; from++, to++) {
		pte_t pte = *from;

		if (!pte_has_page(pte))
			continue;
		if (!pte_special(pte)) {
			struct page *page = pte_page(pte);

			get_page(page);
			atomic_inc(&page->_mapcount);
			rss[rss_kind(page)]++;
		}
		if (cow && pte_write(pte)) {
			__atomic_fetch_and(from, ~_PAGE_WRITE, __ATOMIC_RELAXED);
			pte &= ~_PAGE_WRITE;
		}
		*to = pte;
	}
}

int copy_page_range(struct vm_area_struct *dst, struct vm_area_struct *src)
{
	unsigned long addr = src->vm_start, end = src->vm_end, next;
	bool cow = is_cow(src->vm_flags);
	long rss[NR_MM_COUNTERS] = { 0 };
	int err = 0;

	lockdep_assert_held_write(&src->vm_mm->mmap_lock);
	lockdep_assert_held_write(&dst->vm_mm->mmap_lock);
	/* Pages of a file none of which is private yet come back by faults. */
	if (!(src->vm_flags & VM_SPECIAL) && src->vm_mapping && !src->anon_vma)
		return 0;
	for (; addr < end; addr = next) {
		pte_t *from = pte_table(src->vm_mm, addr), *to;

		next = pmd_addr_end(addr, end);
		if (!from)
			continue;
		to = pte_table_alloc(dst->vm_mm, addr);
		if (!to) {
			err = -ENOMEM;
			break;
		}
		spin_lock(ptl_of(from));
		copy_entries(&to[pt_index(addr, 0)], &from[pt_index(addr, 0)], (next - addr) >> PAGE_SHIFT, cow, rss);
		spin_unlock(ptl_of(from));
	}
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		atomic_add(rss[i], &dst->vm_mm->rss[i]);
	return err;
}
