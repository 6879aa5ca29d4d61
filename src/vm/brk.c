/* SPDX-License-Identifier: MIT */
/* brk(), .bss, and stacks that grow by faults. Ref: Linux mm/mmap.c. */
#include "vm/brk.h"

#include "lib/err.h"
#include "vm/accounts.h"
#include "vm/mlock.h"
#include "vm/mmap.h"

int vm_brk(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot)
{
	unsigned long addr = do_mmap(mm, NULL, NULL, start, len, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				     VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC, 0);

	lockdep_assert_held_write(&mm->mmap_lock);
	return IS_ERR_VALUE(addr) ? (int)addr : 0;
}

unsigned long do_brk(struct mm_struct *mm, unsigned long brk)
{
	unsigned long old, new, ret, grown = 0;

	down_write(&mm->mmap_lock);
	if (brk < mm->start_brk || brk > TASK_SIZE)
		goto out;
	if (brk - mm->start_brk + (mm->end_data - mm->start_data) > mm->rlim_data)
		goto out;
	old = PAGE_ALIGN(mm->brk);
	new = PAGE_ALIGN(brk);
	if (new < old) {
		if (do_munmap(mm, new, old - new))
			goto out;
	} else if (new > old) {
		/* The heap keeps a page free above it, and a stack that is next keeps its gap. */
		if (!range_is_free(mm, old, new - old + PAGE_SIZE))
			goto out;
		if (vm_brk(mm, old, new - old, PROT_READ | PROT_WRITE))
			goto out;
		if (mm->def_flags & VM_LOCKED)
			grown = new - old;
	}
	mm->brk = brk;
out:
	ret = mm->brk;
	up_write(&mm->mmap_lock);
	if (unlikely(grown))
		mm_populate(mm, old, grown);
	return ret;
}

int expand_stack(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev = TAILQ_PREV(vma, vma_list, vm_list);
	unsigned long grow;

	lockdep_assert_held_write(&vma->vm_mm->mmap_lock);
	addr &= PAGE_MASK;
	if (addr >= vma->vm_start)
		return 0;	/* another thread was first */
	if (addr < MMAP_MIN_ADDR || (prev && prev->vm_end + STACK_GUARD_GAP > addr && !(prev->vm_flags & VM_GROWSDOWN) &&
				     (prev->vm_flags & VM_ACCESS_FLAGS)))
		return -ENOMEM;
	grow = (vma->vm_start - addr) >> PAGE_SHIFT;
	if (vma->vm_end - addr > mm->rlim_stack || grow > vma->vm_pgoff ||
	    !may_expand_vm(mm, vma->vm_flags, grow) || !may_lock(mm, vma->vm_flags, grow))
		return -ENOMEM;
	vm_stat_account(mm, vma->vm_flags, grow);
	vma_set_range(vma, addr, vma->vm_end, vma->vm_pgoff - grow);
	debug_validate(mm);
	return 0;
}
