/* SPDX-License-Identifier: MIT */
/* What an address space has, and what it may have. Context of all: mmap_lock exclusive. */
#ifndef VM_ACCOUNTS_H
#define VM_ACCOUNTS_H

#include "vm/mm.h"

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
/** mm_validate_accounts - mm_validate(), and the accounts are sums over the regions. Panics. */
void mm_validate_accounts(struct mm_struct *mm);
/** debug_validate - The same in debug builds; with very many regions now and then. */
static inline void debug_validate(struct mm_struct *mm)
{
	if (CONFIG_DEBUG && (mm->map_count < 1024 || mm->map_count % 1024 == 0))
		mm_validate_accounts(mm);
}

#endif
