/* SPDX-License-Identifier: MIT */
/* Pages of an address space, of the current task or not, by their user addresses. Ref: Linux mm/gup.c. */
#include "vm/gup.h"

#include <string.h>

#include "vm/fault.h"
#include "vm/pgtable.h"

struct page *get_user_page(struct mm_struct *mm, unsigned long uaddr, bool write) __no_lock_analysis
{
	lockdep_assert_held(&mm->mmap_lock);
	for (;;) {
		struct vm_area_struct *vma = find_vma(mm, uaddr);
		enum fault_access access = write ? FAULT_WRITE : FAULT_READ;
		spinlock_t *ptl;
		pte_t *pte;
		int err;

		if (!vma || vma->vm_start > uaddr || !access_allowed(vma, access))
			return ERR_PTR(-EFAULT);
		pte = pte_lock(mm, uaddr, &ptl);
		if (pte) {
			if (pte_present(*pte) && (!write || pte_write(*pte))) {
				struct page *page = get_page(pte_page(*pte));

				spin_unlock(ptl);
				return page;
			}
			spin_unlock(ptl);
		}
		err = handle_mm_fault(vma, uaddr, access);
		if (err)
			return ERR_PTR(err);
	}
}

size_t access_process_vm(struct mm_struct *mm, unsigned long uaddr, void *buf, size_t len, bool write)
{
	size_t done = 0;

	down_read(&mm->mmap_lock);
	while (done < len && uaddr + done < TASK_SIZE) {
		unsigned long at = uaddr + done, off = at & ~PAGE_MASK;
		size_t n = min(len - done, PAGE_SIZE - off);
		struct page *page = get_user_page(mm, at, write);
		char *k;

		if (IS_ERR(page))
			break;
		k = (char *)page_address(page) + off;
		if (write)
			memcpy(k, (char *)buf + done, n);
		else
			memcpy((char *)buf + done, k, n);
		put_page(page);
		done += n;
	}
	up_read(&mm->mmap_lock);
	return done;
}
