/* SPDX-License-Identifier: MIT */
/* Regions that are alike and touch become one. Context of all: mmap_lock exclusive. */
#ifndef VM_VMA_MERGE_H
#define VM_VMA_MERGE_H

#include "vm/vm_area.h"

/** vma_touch - Do @prev and @next (NULL: there is none) touch, in memory and in what they map? */
static inline bool vma_touch(const struct vm_area_struct *prev, const struct vm_area_struct *next)
{
	return prev && next && prev->vm_end == next->vm_start && prev->vm_pgoff + vma_pages(prev) == next->vm_pgoff;
}
bool __vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next);
/** vma_join - Make one region of @prev and @next (NULL: there is none), if they touch and are alike. Return: it is done. */
static inline bool vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next)
{
	return vma_touch(prev, next) && prev->vm_flags == next->vm_flags && __vma_join(mm, prev, next);
}
/**
 * vma_modify - [@start, @end), a part of @vma, gets @flags: by giving it to a neighbour that is so, or by cutting @vma, at the limit of
 * regions too if none is added. Return: the region that covers it, or ERR_PTR(-ENOMEM): too many.
 */
struct vm_area_struct *vma_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags,
				  struct vma_cuts *cuts);
/*
 * Cover [@start, @end), which is free, by growing a neighbour alike; joins both
 * neighbours when it closes the gap between them. Return: the region or NULL.
 */
struct vm_area_struct *vma_merge(struct mm_struct *mm, unsigned long start, unsigned long end,
				 unsigned long flags, struct file *file,
				 struct address_space *mapping, unsigned long pgoff);

#endif
