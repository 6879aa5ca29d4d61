/* SPDX-License-Identifier: MIT */
/* Which pages of a range are in memory. Ref: Linux mm/mincore.c. */
#include "vm/mincore.h"

#include "vm/pgtable.h"

static bool page_is_resident(struct vm_area_struct *vma, unsigned long addr)
{
	pte_t *table = pte_table(vma->vm_mm, addr);
	struct page *page;

	if (table && pte_has_page(READ_ONCE(table[pt_index(addr, 0)])))
		return true;
	if (!vma->vm_mapping)
		return false;
	page = find_get_page(vma->vm_mapping, ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff);
	if (page)
		put_page(page);
	return page;
}

int do_mincore(struct mm_struct *mm, unsigned long start, unsigned long nr, u8 *vec)
{
	struct vm_area_struct *vma = NULL;
	int err = 0;

	down_read(&mm->mmap_lock);
	for (unsigned long i = 0; i < nr && !err; i++, start += PAGE_SIZE) {
		if (!vma || start >= vma->vm_end)
			vma = find_vma(mm, start);
		if (!vma || vma->vm_start > start)
			err = -ENOMEM;
		else
			vec[i] = page_is_resident(vma, start);
	}
	up_read(&mm->mmap_lock);
	return err;
}
