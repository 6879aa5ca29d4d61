/* SPDX-License-Identifier: MIT */
/* Page faults. */
#ifndef VM_FAULT_H
#define VM_FAULT_H

#include "smp/spinlock.h"
#include "trap/upcall.h"
#include "vm/vma.h"

/* A fault on its way: one page to bring in. Context: mm->mmap_lock held, shared or exclusive. */
struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address;		/* user virtual, page aligned */
	bool write;
	pte_t *pte;			/* the entry for @address */
	spinlock_t *ptl;		/* the lock of its table; not held when handlers are called, but for map_pages() */
	pte_t orig_pte;			/* the entry as it was when the fault began; read without the lock */
	unsigned long pgoff;		/* of the page in what the region maps, pages; for vm_ops->fault() */
	struct page *page;		/* result of vm_ops->fault(): a reference to a page with the contents */
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
