/* SPDX-License-Identifier: MIT */
/*
 * mremap(2): grow in place, shrink, or move. What a move takes (a region, cuts,
 * page tables) is there before the first page moves, so the pages are at the
 * old place or at the new one, never lost. As on Linux, what MREMAP_FIXED is to
 * replace, and the end that is cut off meanwhile, go before the old region is
 * looked at closer. Ref: Linux mm/mremap.c.
 */
#include "vm/mremap.h"

#include "vm/accounts.h"
#include "vm/mlock.h"
#include "vm/mmap.h"
#include "vm/pgtable.h"
#include "vm/tlb.h"
#include "vm/vma_merge.h"
#include "vm/zap.h"

/* So many regions must be left below MAX_MAP_COUNT, as on Linux: programs can see where it refuses. */
#define MOVE_REGIONS	3
#define REPLACE_REGIONS	2

/* May [@addr, @addr + @old_len) of @vma become @new_len bytes long? Return: 0 or a negative errno. Ref: Linux vma_to_resize(). */
static int check_resize(const struct vm_area_struct *vma, unsigned long addr, unsigned long old_len, unsigned long new_len,
			unsigned long flags)
{
	unsigned long pgoff = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT), more = (new_len - old_len) >> PAGE_SHIFT;

	/* Length 0 asks for a second mapping of the same memory, which must be shared. */
	if (!old_len && !(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (flags & MREMAP_DONTUNMAP && vma->vm_flags & (VM_SPECIAL | VM_DONTEXPAND))
		return -EINVAL;
	if (old_len > vma->vm_end - addr)
		return -EFAULT;
	if (old_len == new_len)
		return 0;
	if (pgoff + (new_len >> PAGE_SHIFT) < pgoff)
		return -EINVAL;
	if (vma->vm_flags & (VM_SPECIAL | VM_DONTEXPAND))
		return -EFAULT;
	if (!may_lock(vma->vm_mm, vma->vm_flags, more))
		return -EAGAIN;
	return may_expand_vm(vma->vm_mm, vma->vm_flags, more) ? 0 : -ENOMEM;
}

/* How many of @len bytes from @old, and from @new, lie in one last-level table each. */
static unsigned long table_chunk(unsigned long old, unsigned long new, unsigned long len)
{
	unsigned long mask = pt_span(1) - 1;

	return min(len, min(pt_span(1) - (old & mask), pt_span(1) - (new & mask)));
}

static int move_prepare_tables(struct mm_struct *mm, unsigned long old, unsigned long new, unsigned long len)
{
	unsigned long n;

	for (unsigned long done = 0; done < len; done += n) {
		n = table_chunk(old + done, new + done, len - done);
		if (pte_table(mm, old + done) && !pte_table_alloc(mm, new + done))
			return -ENOMEM;
	}
	return 0;
}

/*
 * Move the entries for @len bytes from @old to @new, where the tables are there. No lock of a table is needed: mmap_lock is held
 * exclusive, so neither a fault nor unmap_mapping_range() runs.
 */
static void move_page_tables(struct mm_struct *mm, unsigned long old, unsigned long new, unsigned long len)
{
	unsigned long n;

	for (unsigned long done = 0; done < len; done += n) {
		pte_t *from = pte_table(mm, old + done), *to = pte_table(mm, new + done);

		n = table_chunk(old + done, new + done, len - done);
		if (!from)
			continue;
		from += pt_index(old + done, 0);
		to += pt_index(new + done, 0);
		for (unsigned long i = 0; i < n >> PAGE_SHIFT; i++)
			if (!pte_none(from[i]))
				WRITE_ONCE(to[i], ptep_get_and_clear(&from[i]));
	}
	flush_tlb_range(mm, old, old + len);
}

/* MREMAP_DONTUNMAP: the old region stays, without its pages and, as on Linux, not locked any more. */
static void leave_behind(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vm_stat_account(mm, vma->vm_flags, -(long)vma_pages(vma));
	vma->vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	vm_stat_account(mm, vma->vm_flags, vma_pages(vma));
}

/* Move @old_len bytes of @vma at @addr to @to, where @new_len are free. Return: @to; or -ENOMEM, nothing has changed. */
static unsigned long move_vma(struct vm_area_struct *vma, unsigned long addr, unsigned long old_len, unsigned long new_len,
			      unsigned long to, unsigned long flags)
{
	struct vma_list none = TAILQ_HEAD_INITIALIZER(none);
	struct vma_cuts cuts = { NULL, { NULL, NULL } };
	struct mm_struct *mm = vma->vm_mm;
	bool stays = flags & MREMAP_DONTUNMAP || !old_len;
	struct vm_area_struct *new, *prev;

	if (mm->map_count >= MAX_MAP_COUNT - MOVE_REGIONS || (!stays && vma_cuts_prepare(&cuts, mm, addr, addr + old_len)))
		return -ENOMEM;
	/* The copy is on the list of its anon_vma before pages move there, so that rmap_walk() finds them. */
	new = vm_area_dup(vma, mm);
	if (!new || move_prepare_tables(mm, addr, to, old_len)) {
		if (new)
			vm_area_free(new);
		unmap_region(mm, &none, find_vma(mm, to), to, to + new_len);	/* frees the tables that were made */
		vma_cuts_release(&cuts);
		return -ENOMEM;
	}
	new->vm_start = to;
	new->vm_end = to + new_len;
	new->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	vma_link(mm, new);
	vm_stat_account(mm, new->vm_flags, new_len >> PAGE_SHIFT);
	move_page_tables(mm, addr, to, old_len);
	if (vma->vm_flags & VM_SPECIAL && mm->vdso == addr)
		mm->vdso = to;
	if (flags & MREMAP_DONTUNMAP)
		leave_behind(mm, vma);
	else if (old_len)
		munmap_commit(mm, addr, addr + old_len, &cuts);
	prev = TAILQ_PREV(new, vma_list, vm_list);
	if (vma_join(mm, prev, new))
		new = prev;
	vma_join(mm, new, TAILQ_NEXT(new, vm_list));
	return to;
}

/* With MREMAP_FIXED or MREMAP_DONTUNMAP the region moves, whatever its length. Ref: Linux mremap_to(). */
static unsigned long mremap_to(struct mm_struct *mm, unsigned long addr, unsigned long old_len, unsigned long new_len,
			       unsigned long flags, unsigned long new_addr)
{
	struct vm_area_struct *vma;
	unsigned long to;
	int err = 0;

	if (!IS_ALIGNED(new_addr, (unsigned long)PAGE_SIZE) || new_len > TASK_SIZE || new_addr > TASK_SIZE - new_len ||
	    (addr + old_len > new_addr && new_addr + new_len > addr))
		return -EINVAL;
	/* move_vma() asks too, but then something would be unmapped already. */
	if (mm->map_count + REPLACE_REGIONS >= MAX_MAP_COUNT - MOVE_REGIONS)
		return -ENOMEM;
	if (flags & MREMAP_FIXED)
		err = new_addr < MMAP_MIN_ADDR ? -EPERM : do_munmap(mm, new_addr, new_len);
	if (!err && old_len > new_len) {
		err = do_munmap(mm, addr + new_len, old_len - new_len);
		old_len = new_len;
	}
	if (err)
		return err;
	vma = find_vma_intersection(mm, addr, addr + 1);
	err = vma ? check_resize(vma, addr, old_len, new_len, flags) : -EFAULT;
	if (err)
		return err;
	if (flags & MREMAP_DONTUNMAP && !may_expand_vm(mm, vma->vm_flags, new_len >> PAGE_SHIFT))
		return -ENOMEM;
	to = get_unmapped_area(mm, new_addr, new_len, flags & MREMAP_FIXED ? MAP_FIXED : 0);
	return IS_ERR_VALUE(to) ? to : move_vma(vma, addr, old_len, new_len, to, flags);
}

static unsigned long mremap_locked(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
				   unsigned long new_len, unsigned long flags, unsigned long new_addr)
{
	struct vm_area_struct *vma = find_vma_intersection(mm, addr, addr + 1), *next;
	unsigned long to;
	int err;

	if (!vma)
		return -EFAULT;
	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return mremap_to(mm, addr, old_len, new_len, flags, new_addr);
	if (old_len >= new_len) {
		err = old_len > new_len ? do_munmap(mm, addr + new_len, old_len - new_len) : 0;
		return err ? (unsigned long)err : addr;
	}
	err = check_resize(vma, addr, old_len, new_len, flags);
	if (err)
		return err;
	next = TAILQ_NEXT(vma, vm_list);
	if (old_len == vma->vm_end - addr && new_len <= TASK_SIZE - addr && (!next || addr + new_len <= next->vm_start)) {
		vm_stat_account(mm, vma->vm_flags, (new_len - old_len) >> PAGE_SHIFT);
		vma_set_range(vma, vma->vm_start, addr + new_len, vma->vm_pgoff);
		vma_join(mm, vma, next);
		return addr;
	}
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	to = get_unmapped_area(mm, 0, new_len, 0);
	return IS_ERR_VALUE(to) ? to : move_vma(vma, addr, old_len, new_len, to, flags);
}

unsigned long do_mremap(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
			unsigned long new_len, unsigned long flags, unsigned long new_addr)
{
	unsigned long ret, seq;
	bool locked;

	if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP)) ||
	    (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) && !(flags & MREMAP_MAYMOVE)) ||
	    (flags & MREMAP_DONTUNMAP && old_len != new_len) || !IS_ALIGNED(addr, (unsigned long)PAGE_SIZE))
		return -EINVAL;
	old_len = PAGE_ALIGN(old_len);
	new_len = PAGE_ALIGN(new_len);
	if (!new_len)
		return -EINVAL;
	down_write(&mm->mmap_lock);
	seq = mm->map_seq;
	ret = mremap_locked(mm, addr, old_len, new_len, flags, new_addr);
	DEBUG_BUG_ON(IS_ERR_VALUE(ret) && !(flags & MREMAP_FIXED) && mm->map_seq != seq);
	locked = !IS_ERR_VALUE(ret) && find_vma(mm, ret)->vm_flags & VM_LOCKED;
	debug_validate(mm);
	up_write(&mm->mmap_lock);
	if (locked && new_len > old_len)
		mm_populate(mm, ret + old_len, new_len - old_len);
	return ret;
}
