/* SPDX-License-Identifier: MIT */
/*
 * What the calls that change regions (mmap.c, mprotect.c, mremap.c) share. Context of all: mmap_lock exclusive.
 */
#ifndef VM_MMAP_PRIV_H
#define VM_MMAP_PRIV_H

#include "vm/mm.h"

/* Regions of an address space, at most; one more by mmap(). Ref: Linux sysctl_max_map_count. */
#define MAX_MAP_COUNT 65530

/* Regions in store, so that cutting one in two cannot fail: a range cuts one at each of its ends, at most. */
struct vma_cuts {
	struct vm_area_struct *first;		/* the first region that meets the range, or NULL */
	struct vm_area_struct *spare[2];
};

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

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
/** munmap_commit - Unmap what lies in [@start, @end), by @cuts, prepared for it. Cannot fail. */
void munmap_commit(struct mm_struct *mm, unsigned long start, unsigned long end, struct vma_cuts *cuts);
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
static inline void vma_set_flags(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags = flags;
	vma->vm_page_prot = vm_get_page_prot(flags);
}
/** vm_stat_account - @pages more (or less) with these flags. */
static inline void vm_stat_account(struct mm_struct *mm, unsigned long flags, long pages)
{
	mm->total_vm += pages;
	if ((flags & (VM_EXEC | VM_WRITE)) == VM_EXEC)
		mm->exec_vm += pages;
	else if (flags & VM_GROWSDOWN)
		mm->stack_vm += pages;
	else if ((flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		mm->data_vm += pages;
	if (flags & VM_LOCKED)
		mm->locked_vm += pages;
}
/** may_expand_vm - Do @pages more keep RLIMIT_AS and RLIMIT_DATA? */
bool may_expand_vm(const struct mm_struct *mm, unsigned long flags, unsigned long pages);
/** may_lock - May @pages more be locked, if @flags say so? */
bool may_lock(const struct mm_struct *mm, unsigned long flags, unsigned long pages);
/* Is [@addr, @addr + @len) free, with the gap below a stack that follows? */
bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len);
/** get_unmapped_area - Where @len bytes may go, by @flags (MAP_*) at @addr. Return: an address or a negative errno. */
unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, unsigned long flags);
/** mm_validate_accounts - mm_validate(), and the accounts are sums over the regions. Panics. */
void mm_validate_accounts(struct mm_struct *mm);
/** debug_validate - The same in debug builds; with very many regions now and then. */
static inline void debug_validate(struct mm_struct *mm)
{
	if (CONFIG_DEBUG && (mm->map_count < 1024 || mm->map_count % 1024 == 0))
		mm_validate_accounts(mm);
}

/** prot_to_flags - PROT_* as VM_*. */
static inline unsigned long prot_to_flags(unsigned long prot)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) | (prot & PROT_EXEC ? VM_EXEC : 0);
}

#endif
