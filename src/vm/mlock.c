/* SPDX-License-Identifier: MIT */
/*
 * Memory that is to be there. No page is ever taken from a program, so what a lock does is to bring its pages in at once, to
 * count them against RLIMIT_MEMLOCK, and to keep advice and invalidation off them. Ref: Linux mm/mlock.c.
 */
#include "vm/mlock.h"

#include "abi/mman.h"
#include "lib/err.h"
#include "vm/fault.h"
#include "vm/mm.h"
#include "vm/mprotect.h"
#include "vm/upcall.h"

#define VM_LOCKED_MASK (VM_LOCKED | VM_LOCKONFAULT)

/* Bring in [@start, @end) of @vma. Private pages that may be written get their copies now, not at the first store. mmap_lock held. */
static int populate_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	enum fault_access access = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE ? FAULT_WRITE : FAULT_READ;

	if (vma->vm_flags & (VM_LOCKONFAULT | VM_SPECIAL))
		return 0;
	if (!(vma->vm_flags & VM_ACCESS_FLAGS))
		return -EFAULT;
	for (; start < end; start += PAGE_SIZE) {
		int err = fatal_signal_pending(current) ? -EINTR : handle_mm_fault(vma, start, access);

		if (err)
			return err == -EIO ? -EFAULT : err;
	}
	return 0;
}

/* mm_populate(), of regions that have all of @flags. */
static int populate(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long flags)
{
	unsigned long end = start + PAGE_ALIGN(len);
	struct vm_area_struct *vma;
	int first = 0;

	down_read(&mm->mmap_lock);
	for (vma = find_vma(mm, start); vma && vma->vm_start < end; vma = TAILQ_NEXT(vma, vm_list)) {
		int err = vma->vm_start > start ? -EFAULT : 0, more = 0;

		if ((vma->vm_flags & flags) == flags)
			more = populate_range(vma, max(vma->vm_start, start), min(vma->vm_end, end));
		if (!first)
			first = err ? err : more;
		if (more == -ENOMEM || more == -EINTR)
			break;
		start = vma->vm_end;
	}
	up_read(&mm->mmap_lock);
	return first;
}

int mm_populate(struct mm_struct *mm, unsigned long start, unsigned long len)
{
	return populate(mm, start, len, 0);
}

void mm_populate_locked(struct mm_struct *mm, unsigned long start, unsigned long len)
{
	populate(mm, start, len, VM_LOCKED);
}

/* Pages of [@start, @end) that are locked already. */
static unsigned long nr_locked(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long n = 0;

	for (struct vm_area_struct *vma = find_vma(mm, start); vma && vma->vm_start < end; vma = TAILQ_NEXT(vma, vm_list))
		if (vma->vm_flags & VM_LOCKED)
			n += (min(vma->vm_end, end) - max(vma->vm_start, start)) >> PAGE_SHIFT;
	return n;
}

int do_mlock(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long flags)
{
	unsigned long limit = vm_lock_limit(), off = start & ~PAGE_MASK, end;
	int err;

	if (flags && !limit)
		return -EPERM;
	start -= off;
	end = start + PAGE_ALIGN(len + off);
	if (end < start || len + off < len)
		return -EINVAL;
	if (end == start)
		return 0;
	len = end - start;
	down_write(&mm->mmap_lock);
	if (flags && mm->locked_vm + (len >> PAGE_SHIFT) > limit &&
	    mm->locked_vm + (len >> PAGE_SHIFT) - nr_locked(mm, start, end) > limit)
		err = -ENOMEM;
	else
		err = change_vma_flags(mm, start, end, VM_LOCKED_MASK, flags);
	up_write(&mm->mmap_lock);
	if (err || !flags)
		return err;
	err = mm_populate(mm, start, len);
	return err == -ENOMEM ? -EAGAIN : err == -EFAULT ? -ENOMEM : err;
}

int do_mlockall(struct mm_struct *mm, int flags)
{
	unsigned long limit = vm_lock_limit(), set = VM_LOCKED | (flags & MCL_ONFAULT ? VM_LOCKONFAULT : 0), at = 0;
	struct vm_area_struct *vma;
	int err = 0;

	if (flags && !limit)
		return -EPERM;
	down_write(&mm->mmap_lock);
	if (flags & MCL_CURRENT && mm->total_vm > limit) {
		up_write(&mm->mmap_lock);
		return -ENOMEM;
	}
	mm->def_flags = flags & MCL_FUTURE ? set : 0;
	if (!flags || flags & MCL_CURRENT)
		for (vma = find_vma(mm, 0); vma && !err; vma = find_vma(mm, at)) {
			at = vma->vm_end;
			err = change_vma_flags(mm, vma->vm_start, at, VM_LOCKED_MASK, flags ? set : 0);
		}
	up_write(&mm->mmap_lock);
	if (flags & MCL_CURRENT)
		mm_populate(mm, 0, TASK_SIZE);		/* not all can be, and nobody is told */
	return err;
}
