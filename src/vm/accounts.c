/* SPDX-License-Identifier: MIT */
/* Sums over the regions of an address space, and the limits that they keep. */
#include "vm/accounts.h"

#include "vm/upcall.h"

bool may_expand_vm(const struct mm_struct *mm, unsigned long flags, unsigned long pages)
{
	lockdep_assert_held_write(&mm->mmap_lock);
	if (pages > TASK_SIZE >> PAGE_SHIFT ||
	    (mm->total_vm + pages) > mm->rlim_as >> PAGE_SHIFT)
		return false;
	if ((flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE &&
	    mm->data_vm + pages > mm->rlim_data >> PAGE_SHIFT)
		return false;
	return true;
}

bool may_lock(const struct mm_struct *mm, unsigned long flags, unsigned long pages)
{
	lockdep_assert_held_write(&mm->mmap_lock);
	return likely(!(flags & VM_LOCKED)) || mm->locked_vm + pages <= vm_lock_limit();
}

void mm_validate_accounts(struct mm_struct *mm)
{
	unsigned long total = 0, locked = 0;
	struct vm_area_struct *vma;

	lockdep_assert_held_write(&mm->mmap_lock);
	mm_validate(mm);
	TAILQ_FOREACH(vma, &mm->mmap, vm_list) {
		total += vma_pages(vma);
		locked += vma->vm_flags & VM_LOCKED ? vma_pages(vma) : 0;
	}
	BUG_ON(total != mm->total_vm || locked != mm->locked_vm);
}
