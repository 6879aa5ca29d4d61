/* SPDX-License-Identifier: MIT */
/*
 * New flags for the regions of a range: protection, locks. Region by region, as
 * Linux has it: what comes before a hole, or a region that refuses, is changed.
 * But memory is taken first: it cannot run short half-way.
 * Ref: Linux mm/mprotect.c.
 */
#include "vm/mprotect.h"

#include "vm/accounts.h"
#include "vm/mlock.h"
#include "vm/mmap.h"
#include "vm/pgtable.h"
#include "vm/tlb.h"
#include "vm/vma_merge.h"

static void change_protection(struct vm_area_struct *vma, unsigned long start, unsigned long end) __no_lock_analysis
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t prot = vma->vm_page_prot;
	unsigned long from = start;

	while (start < end) {
		unsigned long next = pmd_addr_end(start, end);
		spinlock_t *ptl;
		pte_t *pte = pte_lock(mm, start, &ptl);

		for (; pte && start < next; start += PAGE_SIZE, pte++) {
			pte_t old, new;

			if (!pte_has_page(*pte))
				continue;
			old = ptep_get_and_clear(pte);
			/* Write permission comes back by a fault, which looks whether the page is shared. */
			new = (old & ~(_PAGE_LEAF | _PAGE_PRESENT)) | prot;
			if ((old & _PAGE_DIRTY) && !pte_special(old) && !PageAnon(pte_page(old)))
				set_page_dirty(pte_page(old));
			WRITE_ONCE(*pte, new);
		}
		if (pte)
			spin_unlock(ptl);
		start = next;
	}
	flush_tlb_range(mm, from, end);
}

/* May [@start, @end) of @vma have @flags? Return: 0; -EACCES; -ENOMEM: writable, it would exceed RLIMIT_DATA. */
static int may_change_flags(const struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags)
{
	unsigned long pages = (end - start) >> PAGE_SHIFT;

	if ((flags & ~(flags >> 4)) & VM_ACCESS_FLAGS)
		return -EACCES;
	if (unlikely(flags & ~vma->vm_flags & VM_WRITE) && !may_expand_vm(vma->vm_mm, flags, pages) &&
	    may_expand_vm(vma->vm_mm, vma->vm_flags, pages))
		return -ENOMEM;
	return 0;
}

static int change_regions(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned long clear,
			  unsigned long set, struct vma_cuts *cuts)
{
	struct vm_area_struct *vma = cuts->first, *last = NULL, *prev;

	while (start < end) {
		unsigned long flags, old, to;
		int err;

		if (!vma || vma->vm_start > start)
			return -ENOMEM;		/* a hole */
		old = vma->vm_flags;
		flags = (old & ~clear) | set;
		to = min(vma->vm_end, end);
		if (old & VM_SPECIAL && !((flags ^ old) & VM_ACCESS_FLAGS))
			flags = old;
		err = may_change_flags(vma, start, to, flags);
		if (err)
			return err;
		if (flags != old) {
			if (to - start == vma->vm_end - vma->vm_start)
				vma_set_flags(vma, flags);
			else
				vma = vma_modify(vma, start, to, flags, cuts);
			if (IS_ERR(vma))
				return PTR_ERR(vma);
			vm_stat_account(mm, old, -(long)((to - start) >> PAGE_SHIFT));
			vm_stat_account(mm, flags, (to - start) >> PAGE_SHIFT);
		}
		if ((flags ^ old) & VM_ACCESS_FLAGS)
			change_protection(vma, start, to);
		prev = TAILQ_PREV(vma, vma_list, vm_list);
		if (vma_join(mm, prev, vma))
			vma = prev;
		start = to;
		last = vma;
		if (vma->vm_end <= start)
			vma = TAILQ_NEXT(vma, vm_list);
	}
	if (last)
		vma_join(mm, last, TAILQ_NEXT(last, vm_list));
	return 0;
}

int change_vma_flags(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned long clear, unsigned long set)
{
	struct vma_cuts cuts;
	int err = vma_cuts_prepare(&cuts, mm, start, end);

	lockdep_assert_held_write(&mm->mmap_lock);
	if (err)
		return err;
	err = change_regions(mm, start, end, clear, set, &cuts);
	if (unlikely(cuts.spare[0]))
		vma_cuts_release(&cuts);
	debug_validate(mm);
	return err;
}

int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot)
{
	unsigned long grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP), end = start + PAGE_ALIGN(len);
	int err = 0;

	prot &= ~grows;
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || !IS_ALIGNED(start, (unsigned long)PAGE_SIZE))
		return -EINVAL;
	if (!len)
		return 0;
	if (end <= start)
		return -ENOMEM;
	if (prot & ~(unsigned long)(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM))
		return -EINVAL;
	down_write(&mm->mmap_lock);
	if (unlikely(grows)) {
		struct vm_area_struct *vma = find_vma_intersection(mm, start, end);

		/* PROT_GROWSDOWN: from where the stack begins. No region grows up. */
		if (!vma)
			err = -ENOMEM;
		else if (!(grows & PROT_GROWSDOWN) || !(vma->vm_flags & VM_GROWSDOWN))
			err = -EINVAL;
		else
			start = vma->vm_start;
	}
	if (!err)
		err = change_vma_flags(mm, start, end, VM_ACCESS_FLAGS, prot_to_flags(prot));
	up_write(&mm->mmap_lock);
	/* Locked private memory that has become writable gets its copies at once. */
	if (unlikely(mm->locked_vm) && !err && prot & PROT_WRITE)
		mm_populate_locked(mm, start, end - start);
	return err;
}
