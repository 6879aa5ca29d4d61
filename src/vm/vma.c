/* SPDX-License-Identifier: MIT */
/*
 * The regions of an address space: a red-black tree by address, each node of
 * which knows the largest gap below any region of its subtree, and a list in
 * order. Pure: no page table, no file.
 *
 * Invariants (mm_validate): regions are page aligned, not empty, do not overlap,
 * stand in the list as in the tree; rb_subtree_gap is right; map_count counts.
 */
#include <sys/queue.h>

#define RB_AUGMENT(x) vma_augment(x)
struct vm_area_struct;
static void vma_augment(struct vm_area_struct *vma);

#include "lib/err.h"
#include "vm/mm.h"

static int vma_cmp(const struct vm_area_struct *a, const struct vm_area_struct *b)
{
	return a->vm_start < b->vm_start ? -1 : a->vm_start > b->vm_start;
}

static unsigned long gap_below(const struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = TAILQ_PREV(vma, vma_list, vm_list);

	return vma->vm_start - (prev ? prev->vm_end : 0);
}

static unsigned long subtree_gap(struct vm_area_struct *vma)
{
	unsigned long gap = gap_below(vma);

	if (RB_LEFT(vma, vm_rb))
		gap = max(gap, RB_LEFT(vma, vm_rb)->rb_subtree_gap);
	if (RB_RIGHT(vma, vm_rb))
		gap = max(gap, RB_RIGHT(vma, vm_rb)->rb_subtree_gap);
	return gap;
}

static void vma_augment(struct vm_area_struct *vma)
{
	vma->rb_subtree_gap = subtree_gap(vma);
}

RB_GENERATE_STATIC(vma_tree, vm_area_struct, vm_rb, vma_cmp)

/* The gap below @vma has changed: so may the largest of each subtree above. */
static void gap_changed(struct vm_area_struct *vma)
{
	for (; vma; vma = RB_PARENT(vma, vm_rb))
		vma_augment(vma);
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = READ_ONCE(mm->mmap_cache), *best = NULL;

	lockdep_assert_held(&mm->mmap_lock);
	if (vma && vma->vm_start <= addr && addr < vma->vm_end)
		return vma;
	for (vma = RB_ROOT(&mm->mm_rb); vma; ) {
		if (addr < vma->vm_end) {
			best = vma;
			if (vma->vm_start <= addr)
				break;
			vma = RB_LEFT(vma, vm_rb);
		} else {
			vma = RB_RIGHT(vma, vm_rb);
		}
	}
	if (best && best->vm_start <= addr)
		WRITE_ONCE(mm->mmap_cache, best);
	return best;
}

struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start,
					     unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	lockdep_assert_held(&mm->mmap_lock);
	return vma && vma->vm_start < end ? vma : NULL;
}

/* In debug builds a call that fails asserts that this did not run. */
static void count_change(struct mm_struct *mm)
{
	if (CONFIG_DEBUG)
		mm->map_seq++;
}

void vma_link(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = find_vma(mm, vma->vm_start);

	lockdep_assert_held_write(&mm->mmap_lock);
	if (next)
		TAILQ_INSERT_BEFORE(next, vma, vm_list);
	else
		TAILQ_INSERT_TAIL(&mm->mmap, vma, vm_list);
	RB_INSERT(vma_tree, &mm->mm_rb, vma);
	gap_changed(vma);
	if (next)
		gap_changed(next);
	mm->map_count++;
	count_change(mm);
}

void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = TAILQ_NEXT(vma, vm_list);

	lockdep_assert_held_write(&mm->mmap_lock);
	RB_REMOVE(vma_tree, &mm->mm_rb, vma);
	TAILQ_REMOVE(&mm->mmap, vma, vm_list);
	if (next)
		gap_changed(next);
	mm->map_count--;
	mm->mmap_cache = NULL;
	count_change(mm);
}

void vma_set_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		   unsigned long pgoff)
{
	struct vm_area_struct *next = TAILQ_NEXT(vma, vm_list);

	lockdep_assert_held_write(&vma->vm_mm->mmap_lock);
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_pgoff = pgoff;
	gap_changed(vma);
	if (next)
		gap_changed(next);
	vma->vm_mm->mmap_cache = NULL;
	count_change(vma->vm_mm);
}

/* The highest address below a region of the subtree at @vma with @len free bytes in [@low, @high). Return: or -ENOMEM. */
static unsigned long gap_in_subtree(struct vm_area_struct *vma, unsigned long len,
				    unsigned long low, unsigned long high)
{
	while (vma && vma->rb_subtree_gap >= len) {
		unsigned long gap_start = vma->vm_start - gap_below(vma);
		unsigned long start = max(gap_start, low), end = min(vma->vm_start, high), found;

		if (vma->vm_start < high) {
			found = gap_in_subtree(RB_RIGHT(vma, vm_rb), len, low, high);
			if (!IS_ERR_VALUE(found))
				return found;
		}
		if (end > start && end - start >= len)
			return end - len;
		if (gap_start <= low)
			break;
		vma = RB_LEFT(vma, vm_rb);
	}
	return -ENOMEM;
}

unsigned long vma_find_gap(struct mm_struct *mm, unsigned long len, unsigned long low,
			   unsigned long high)
{
	struct vm_area_struct *last = TAILQ_LAST(&mm->mmap, vma_list);
	unsigned long start = max(last ? last->vm_end : 0, low);

	lockdep_assert_held(&mm->mmap_lock);
	if (high > start && high - start >= len)
		return high - len;
	return gap_in_subtree(RB_ROOT(&mm->mm_rb), len, low, high);
}

void mm_validate(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *in_tree = RB_MIN(vma_tree, &mm->mm_rb);
	unsigned long end = 0;
	int n = 0;

	lockdep_assert_held(&mm->mmap_lock);
	TAILQ_FOREACH(vma, &mm->mmap, vm_list) {
		BUG_ON(vma != in_tree);
		BUG_ON(!IS_ALIGNED(vma->vm_start | vma->vm_end, (unsigned long)PAGE_SIZE));
		BUG_ON(vma->vm_start < end || vma->vm_end <= vma->vm_start);
		BUG_ON(vma->rb_subtree_gap != subtree_gap(vma));
		end = vma->vm_end;
		in_tree = RB_NEXT(vma_tree, &mm->mm_rb, vma);
		n++;
	}
	BUG_ON(in_tree || n != mm->map_count);
}
