/* SPDX-License-Identifier: MIT */
/* Joining regions that touch and are alike, and moving the boundary between them. */
#include "vm/vma_merge.h"

#include "vm/filemap.h"
#include "vm/mm.h"
#include "vm/mmap.h"
#include "vm/rmap.h"

/* Could @vma be one region with one that touches it and has these attributes? */
static bool vma_is_alike(const struct vm_area_struct *vma, unsigned long flags, const struct file *file,
			 const struct address_space *mapping, const struct anon_vma *anon_vma)
{
	return vma->vm_flags == flags && vma->vm_file == file && vma->vm_mapping == mapping &&
	       !(flags & (VM_SPECIAL | VM_GROWSDOWN)) &&
	       (!mapping || file) &&	/* an object of shared memory counts its regions */
	       (!anon_vma || !vma->anon_vma || vma->anon_vma == anon_vma);
}

/* @to takes over pages of @from, which is alike: anonymous ones must be found by its anon_vma. */
static void vma_adopt(struct vm_area_struct *to, const struct vm_area_struct *from)
{
	if (!to->anon_vma && from->anon_vma) {
		to->anon_vma = from->anon_vma;
		anon_vma_link(to);
	}
	if (to->vm_mapping)
		mapping_adopt_vma(to, from);
}

bool __vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next)
{
	unsigned long end;

	lockdep_assert_held_write(&mm->mmap_lock);
	if (!vma_is_alike(prev, next->vm_flags, next->vm_file, next->vm_mapping, next->anon_vma))
		return false;
	vma_adopt(prev, next);
	end = next->vm_end;
	vma_unlink(mm, next);
	vm_area_free(next);
	vma_set_range(prev, prev->vm_start, end, prev->vm_pgoff);
	return true;
}

struct vm_area_struct *vma_merge(struct mm_struct *mm, unsigned long start, unsigned long end,
				 unsigned long flags, struct file *file,
					struct address_space *mapping, unsigned long pgoff)
{
	struct vm_area_struct *next = find_vma(mm, start), *prev;

	lockdep_assert_held_write(&mm->mmap_lock);
	prev = next ? TAILQ_PREV(next, vma_list, vm_list) : TAILQ_LAST(&mm->mmap, vma_list);
	if (prev && (prev->vm_end != start || !vma_is_alike(prev, flags, file, mapping, NULL) ||
		     prev->vm_pgoff + vma_pages(prev) != pgoff))
		prev = NULL;
	if (next && (next->vm_start != end || !vma_is_alike(next, flags, file, mapping, NULL) ||
		     pgoff + ((end - start) >> PAGE_SHIFT) != next->vm_pgoff))
		next = NULL;
	if (prev) {
		vma_set_range(prev, prev->vm_start, end, prev->vm_pgoff);
		vma_join(mm, prev, next);
		return prev;
	}
	if (next)
		vma_set_range(next, start, next->vm_end, pgoff);
	return next;
}

/* Move the boundary between @prev and @next, which touch, to @addr. @taker: the one of them that grows. */
static void vma_shift(struct vm_area_struct *prev, struct vm_area_struct *next, unsigned long addr, struct vm_area_struct *taker)
{
	unsigned long start = next->vm_start, end = next->vm_end, pgoff = next->vm_pgoff + ((long)(addr - start) >> PAGE_SHIFT);

	vma_adopt(taker, taker == prev ? next : prev);
	if (taker == prev) {
		vma_set_range(next, addr, end, pgoff);
		vma_set_range(prev, prev->vm_start, addr, prev->vm_pgoff);
	} else {
		vma_set_range(prev, prev->vm_start, addr, prev->vm_pgoff);
		vma_set_range(next, addr, end, pgoff);
	}
}

struct vm_area_struct *vma_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags,
				  struct vma_cuts *cuts)
{
	struct vm_area_struct *prev = TAILQ_PREV(vma, vma_list, vm_list), *next = TAILQ_NEXT(vma, vm_list);
	bool low = start > vma->vm_start, high = end < vma->vm_end;

	lockdep_assert_held_write(&vma->vm_mm->mmap_lock);
	if (!low && vma_touch(prev, vma) && vma_is_alike(prev, flags, vma->vm_file, vma->vm_mapping, vma->anon_vma)) {
		vma_shift(prev, vma, end, prev);
		return prev;
	}
	if (!high && vma_touch(vma, next) && vma_is_alike(next, flags, vma->vm_file, vma->vm_mapping, vma->anon_vma)) {
		vma_shift(vma, next, start, next);
		return next;
	}
	if (vma->vm_mm->map_count + low + high > MAX_MAP_COUNT)
		return ERR_PTR(-ENOMEM);
	if (low) {
		split_vma(vma, start, cuts);
		vma = TAILQ_NEXT(vma, vm_list);
	}
	if (high)
		split_vma(vma, end, cuts);
	vma_set_flags(vma, flags);
	return vma;
}
