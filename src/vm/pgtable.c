/* SPDX-License-Identifier: MIT */
/* Tables of user space are made; what is done with their entries is in pgtable.h. */
#include "vm/pgtable.h"

#include "vm/page_alloc.h"

int table_alloc(struct mm_struct *mm, pte_t *entry)
{
	struct page *p = alloc_page(__GFP_ZERO);

	if (!p)
		return -ENOMEM;
	p->flags |= 1u << PG_table;
	spin_lock_init(&p->ptl, LOCK_PTL);
	spin_lock(&mm->page_table_lock);
	if (!pte_present(*entry)) {
		smp_wmb();	/* the zeroes before the pointer */
		WRITE_ONCE(*entry, mk_pte_pfn(page_to_pfn(p), _PAGE_PRESENT));
		atomic_add(PAGE_SIZE, &mm->pgtables);
		p = NULL;
	}
	spin_unlock(&mm->page_table_lock);
	if (p)
		put_page(p);
	return 0;
}

int insert_special_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	pte_t *t = pte_table_alloc(vma->vm_mm, addr);

	lockdep_assert_held_write(&vma->vm_mm->mmap_lock);
	if (!t)
		return -ENOMEM;
	WRITE_ONCE(t[pt_index(addr, 0)], mk_pte(page, vma->vm_page_prot | _PAGE_SPECIAL));
	return 0;
}
