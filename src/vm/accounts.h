/* SPDX-License-Identifier: MIT */
/*
 * Sums over the regions of an address space, in pages, and the limits that they keep.
 * Context of all: mm->mmap_lock held exclusive.
 */
#ifndef VM_ACCOUNTS_H
#define VM_ACCOUNTS_H

#include "vm/mm.h"

/** vm_stat_account - Regions with @flags have @pages more, or less if that is negative. */
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
/** may_expand_vm - Would RLIMIT_AS and RLIMIT_DATA be kept with @pages more of a region with @flags? */
bool may_expand_vm(const struct mm_struct *mm, unsigned long flags, unsigned long pages);
/** may_lock - If @flags have VM_LOCKED: would RLIMIT_MEMLOCK of the current process be kept with @pages more? Else true. */
bool may_lock(const struct mm_struct *mm, unsigned long flags, unsigned long pages);
/** mm_validate_accounts - mm_validate(), and total_vm and locked_vm are the sums over the regions; else panics. O(n). */
void mm_validate_accounts(struct mm_struct *mm);
/** debug_validate - The same in debug builds; of 1,024 regions and more, only at each 1,024th count. */
static inline void debug_validate(struct mm_struct *mm)
{
	if (CONFIG_DEBUG && (mm->map_count < 1024 || mm->map_count % 1024 == 0))
		mm_validate_accounts(mm);
}

#endif
