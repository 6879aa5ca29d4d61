/* SPDX-License-Identifier: MIT */
/* msync(): nothing is to be written back, so only the range is looked at. Ref: Linux mm/msync.c. */
#include "vm/msync.h"

#include "abi/mman.h"
#include "lib/err.h"
#include "vm/mm.h"

int do_msync(struct mm_struct *mm, unsigned long start, unsigned long len, int flags)
{
	unsigned long end = start + PAGE_ALIGN(len);
	int err = 0;

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (end < start || end > TASK_SIZE)
		return -ENOMEM;
	down_read(&mm->mmap_lock);
	while (start < end && err != -EBUSY) {
		struct vm_area_struct *vma = find_vma(mm, start);

		if (!vma || vma->vm_start > start)
			err = -ENOMEM;		/* a hole: what follows is looked at, then it is told */
		if (!vma || vma->vm_start >= end)
			break;
		if (flags & MS_INVALIDATE && vma->vm_flags & VM_LOCKED)
			err = -EBUSY;
		start = vma->vm_end;
	}
	up_read(&mm->mmap_lock);
	return err;
}
