/* SPDX-License-Identifier: MIT */
/*
 * Regions that touch and are alike (same flags, file, mapping, and anon_vma if both have one) are one region. Stacks, the vDSO and
 * shared memory without a file are never joined. Context of all: mm->mmap_lock held exclusive.
 */
#ifndef VM_VMA_MERGE_H
#define VM_VMA_MERGE_H

#include "vm/vm_area.h"

/** vma_touch - Does @next begin where @prev ends, in memory and in what they map? NULL: there is none, so no. */
static inline bool vma_touch(const struct vm_area_struct *prev, const struct vm_area_struct *next)
{
	return prev && next && prev->vm_end == next->vm_start && prev->vm_pgoff + vma_pages(prev) == next->vm_pgoff;
}
/** __vma_join - As vma_join(), of two that touch and have the same flags. Context: mmap_lock held exclusive. */
bool __vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next);
/** vma_join - If @prev and @next touch and are alike, @prev takes over all of @next, which is freed. Return: so it was. NULLs: no. */
static inline bool vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next)
{
	return vma_touch(prev, next) && prev->vm_flags == next->vm_flags && __vma_join(mm, prev, next);
}
/**
 * vma_modify - [@start, @end), a part of @vma, gets @flags. A neighbour that is alike then takes the part over; or else @vma is cut,
 * by @cuts, and the part is a region of its own.
 * Return: the region that has the part; or ERR_PTR(-ENOMEM), nothing has changed: a cut would make more than MAX_MAP_COUNT.
 */
struct vm_area_struct *vma_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags,
				  struct vma_cuts *cuts);
/**
 * vma_merge - Cover [@start, @end), which is free, by a neighbour that is alike with what is described: it grows, and if that
 * closes the gap to the other neighbour they are joined. @pgoff: of @start in what is mapped, pages.
 * Return: the region that covers it now; or NULL, nothing has changed: no neighbour is alike.
 */
struct vm_area_struct *vma_merge(struct mm_struct *mm, unsigned long start, unsigned long end,
				 unsigned long flags, struct file *file,
				 struct address_space *mapping, unsigned long pgoff);

#endif
