/* SPDX-License-Identifier: MIT */
/* Advice on memory. Ref: Linux mm/madvise.c. */
#include "vm/madvise.h"

#include "abi/mman.h"
#include "lib/err.h"
#include "vm/mm.h"
#include "vm/zap.h"

int do_madvise(struct mm_struct *mm, unsigned long start, unsigned long len, int advice)
{
	unsigned long end = start + PAGE_ALIGN(len);
	struct vm_area_struct *vma;
	int err = 0;

	/* A length so large that it is rounded up to 0 is an error, as on Linux: a negative number, mostly. */
	if (!IS_ALIGNED(start, (unsigned long)PAGE_SIZE) || advice < MADV_NORMAL || advice > MADV_DONTNEED ||
	    end < start || (len && end == start))
		return -EINVAL;
	if (end == start)
		return 0;
	down_write(&mm->mmap_lock);
	for (vma = find_vma(mm, start); start < end; vma = TAILQ_NEXT(vma, vm_list)) {
		unsigned long to;

		if (!vma || vma->vm_start >= end) {
			err = -ENOMEM;
			break;
		}
		if (vma->vm_start > start) {
			start = vma->vm_start;
			err = -ENOMEM;	/* a hole: the rest is done, then it is told */
		}
		to = min(vma->vm_end, end);
		if (advice == MADV_DONTNEED) {
			if (vma->vm_flags & (VM_LOCKED | VM_SPECIAL)) {
				err = -EINVAL;
				break;
			}
			zap_page_range(vma, start, to);
		}
		start = to;
	}
	up_write(&mm->mmap_lock);
	return err;
}
