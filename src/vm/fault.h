/* SPDX-License-Identifier: MIT */
/* Page faults. */
#ifndef VM_FAULT_H
#define VM_FAULT_H

#include "trap/upcall.h"
#include "vm/vma.h"

/* One page to bring in; mm->mmap_lock held shared. */
struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address;		/* page aligned */
	unsigned long pgoff;		/* in the file */
	bool write;
	struct page *page;		/* result: a reference to a page with the contents */
};

/** vm_nr_faults - User pages brought in on hart @cpu. Context: any. */
u64 vm_nr_faults(unsigned int cpu);
/**
 * handle_mm_fault - Bring the page at @addr in, for the access.
 * Return: 0, -EIO (beyond the file), -ENOMEM. Context: mmap_lock, access allowed by the region.
 */
int handle_mm_fault(struct vm_area_struct *vma, unsigned long addr, enum fault_access access);
/** access_allowed - Does the region allow the access? */
bool access_allowed(const struct vm_area_struct *vma, enum fault_access access);
extern struct page *zero_page;

#endif
