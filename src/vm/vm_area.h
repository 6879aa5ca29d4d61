/* SPDX-License-Identifier: MIT */
/*
 * One region's life: made, copied, cut in two, freed. What a range is to lose is cut off by regions in store (struct vma_cuts), so
 * that the cut cannot fail. Context of all: task; for a region that is in its set, with mm->mmap_lock exclusive.
 */
#ifndef VM_VM_AREA_H
#define VM_VM_AREA_H

#include "vm/mm.h"
#include "vm/vma.h"

/** vm_area_alloc - A region of @mm, all else zero, not in its set. Return: or NULL: no memory. */
struct vm_area_struct *vm_area_alloc(struct mm_struct *mm) __must_check;
/** vm_area_free - Free @vma, which is in no set, and drop what it refers to: file, mapping, anon_vma. May sleep. */
void vm_area_free(struct vm_area_struct *vma);
/** vm_area_dup - A copy of @orig for @mm, with references of its own, in the same anon_vma, not in the set. Return: or NULL. */
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig, struct mm_struct *mm) __must_check;
/** vm_get_page_prot - The bits of page-table entries for a region with @vm_flags; never that of writing (vm_page_prot). */
pte_t vm_get_page_prot(unsigned long vm_flags);
/** vma_set_flags - @vma has @flags, and its new entries what they say. Entries that are there stay as they are. */
static inline void vma_set_flags(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags = flags;
	vma->vm_page_prot = vm_get_page_prot(flags);
}

/* Regions in store, so that cutting one in two cannot fail: a range cuts one at each of its ends, at most. */
struct vma_cuts {
	struct vm_area_struct *first;		/* the first region that meets the range, or NULL */
	struct vm_area_struct *spare[2];
};

/** __vma_cuts_prepare - As vma_cuts_prepare(), where a region must be cut: @cuts->first is known. Return: 0, -ENOMEM. Context: as it. */
int __vma_cuts_prepare(struct vma_cuts *cuts, struct mm_struct *mm, unsigned long start, unsigned long end) __must_check;
/**
 * vma_cuts_prepare - Fill @cuts for the ends of [@start, @end), page aligned: find the first region, take regions in store.
 * Return: 0, and vma_cuts_release() is owed; or -ENOMEM, and it is not. Good while the set does not change.
 * Context: task; mm->mmap_lock held exclusive.
 */
static inline int __must_check vma_cuts_prepare(struct vma_cuts *cuts, struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *first = find_vma_intersection(mm, start, end);

	lockdep_assert_held_write(&mm->mmap_lock);
	*cuts = (struct vma_cuts){ first, { NULL, NULL } };
	if (!first || (first->vm_start >= start && first->vm_end == end))
		return 0;
	return __vma_cuts_prepare(cuts, mm, start, end);
}
/** vma_cuts_release - Free what split_vma() has not used of @cuts. */
void vma_cuts_release(struct vma_cuts *cuts);
/**
 * split_vma - Cut @vma in two at @addr, inside of it; @vma keeps the lower part, the upper is a region of @cuts. Cannot fail.
 * Context: task; mmap_lock held exclusive.
 */
void split_vma(struct vm_area_struct *vma, unsigned long addr, struct vma_cuts *cuts);
/** vm_area_init - The cache of regions. Context: boot. */
void vm_area_init(void);

#endif
