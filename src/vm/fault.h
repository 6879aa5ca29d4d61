/* SPDX-License-Identifier: MIT */
/* Page faults of user space; vm_on_fault(), where they come from, is in trap/upcall.h. */
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

/** vm_nr_faults - Return: how many faults of user space hart @cpu has mended since boot. Context: any. */
u64 vm_nr_faults(unsigned int cpu);
/**
 * handle_mm_fault - Bring in the page at @addr of @vma, or change its entry, so that @access, which @vma allows, can go on. It may
 * fault again: what changes meanwhile is left to the next time.
 * Return: 0; -EIO: beyond the end of the file, or it may have no page more; -ENOMEM.
 * Context: task, may sleep; mmap_lock held, shared or exclusive. Ref: Linux handle_mm_fault().
 */
int handle_mm_fault(struct vm_area_struct *vma, unsigned long addr, enum fault_access access);
/** access_allowed - Does @vma allow @access? What may be written may be read. Context: mmap_lock held. */
bool access_allowed(const struct vm_area_struct *vma, enum fault_access access);
extern struct page *zero_page;	/* what reads of untouched anonymous memory map; no count is kept of it */

#endif
