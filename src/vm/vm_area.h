/* SPDX-License-Identifier: MIT */
/* Regions are made, copied, cut in two and freed. */
#ifndef VM_VM_AREA_H
#define VM_VM_AREA_H

#include "vm/vma.h"

/** vm_area_alloc - A blank region of @mm, or NULL. vm_area_free - after its references went. */
struct vm_area_struct *vm_area_alloc(struct mm_struct *mm) __must_check;
void vm_area_free(struct vm_area_struct *vma);
/** vm_area_dup - A copy that holds references of its own, in the same anon_vma. NULL: no memory. */
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig, struct mm_struct *mm) __must_check;
/** vm_get_page_prot - PTE bits for region flags. */
pte_t vm_get_page_prot(unsigned long vm_flags);
static inline void vma_set_flags(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags = flags;
	vma->vm_page_prot = vm_get_page_prot(flags);
}
void mmap_init(void);

/* Regions in store, so that cutting one in two cannot fail: a range cuts one at each of its ends, at most. */
struct vma_cuts {
	struct vm_area_struct *first;		/* the first region that meets the range, or NULL */
	struct vm_area_struct *spare[2];
};

int __vma_cuts_prepare(struct vma_cuts *cuts, struct mm_struct *mm, unsigned long start, unsigned long end) __must_check;
/** vma_cuts_prepare - Store for the cuts at the ends of [@start, @end). Return: 0, or -ENOMEM and nothing to release. */
static inline int __must_check vma_cuts_prepare(struct vma_cuts *cuts, struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *first = find_vma_intersection(mm, start, end);

	*cuts = (struct vma_cuts){ first, { NULL, NULL } };
	if (!first || (first->vm_start >= start && first->vm_end == end))
		return 0;
	return __vma_cuts_prepare(cuts, mm, start, end);
}
/** vma_cuts_release - What was not needed is freed. */
void vma_cuts_release(struct vma_cuts *cuts);
/** split_vma - Cut @vma in two at @addr, inside of it, by @cuts' store; @vma keeps the lower part. */
void split_vma(struct vm_area_struct *vma, unsigned long addr, struct vma_cuts *cuts);

#endif
