/* SPDX-License-Identifier: MIT */
/* mmap() and munmap(). Context of all: task, may sleep; mm->mmap_lock held exclusive. */
#ifndef VM_MMAP_H
#define VM_MMAP_H

#include "abi/mman.h"
#include "vm/vma.h"

#define MMAP_MIN_ADDR	0x1000UL	/* programs may be linked there */
#define STACK_TOP	(TASK_SIZE - PAGE_SIZE)
#define STACK_GUARD_GAP	(256UL << PAGE_SHIFT)	/* kept free below a stack, bytes */
#define TASK_UNMAPPED_BASE PAGE_ALIGN(TASK_SIZE / 3)	/* the heap of a position-independent program that has no interpreter */
/* Regions of an address space, at most; one more by mmap(). Ref: Linux sysctl_max_map_count. */
#define MAX_MAP_COUNT 65530

struct vma_cuts;

/** insert_vm_area - Put @vma into the set of @mm and count it. Return: 0, or -ENOMEM: not user space, or not free. */
int insert_vm_area(struct mm_struct *mm, struct vm_area_struct *vma) __must_check;
/**
 * do_mmap - Map @len bytes, rounded up to pages. Ref: Linux do_mmap().
 * @file: what is mapped, of which the region takes a reference; NULL: anonymous memory. @mapping: the file's pages.
 * @addr: where, or a hint, or 0; by @flags, MAP_*. @prot: PROT_*.
 * @vm_may: VM_MAY*, what the file allows. @pgoff: of the first page in the file, pages.
 * Return: the address, or a negative errno and nothing has changed.
 */
unsigned long do_mmap(struct mm_struct *mm, struct file *file, struct address_space *mapping,
		      unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		      unsigned long vm_may, unsigned long pgoff);
/**
 * do_munmap - Unmap what lies in [@start, @start + @len), rounded up to pages; maybe nothing does.
 * Return: 0; or -EINVAL (no such range), -ENOMEM (no memory, too many regions) and nothing has changed.
 */
int do_munmap(struct mm_struct *mm, unsigned long start, unsigned long len) __must_check;
/** munmap_commit - Unmap what lies in [@start, @end); vma_cuts_prepare() has filled @cuts for it. Cannot fail. */
void munmap_commit(struct mm_struct *mm, unsigned long start, unsigned long end, struct vma_cuts *cuts);
/** range_is_free - Is [@addr, @addr + @len) free, and the gap below it if a stack is next? */
bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len);
/**
 * get_unmapped_area - Where @len bytes, whole pages, may go: at @addr if @flags (MAP_*) say so, which then need not be free unless
 * they have MAP_FIXED_NOREPLACE; at @addr if it is free; or at the highest free place.
 * Return: an address, or a negative errno.
 */
unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, unsigned long flags);

/** prot_to_flags - VM_READ, VM_WRITE and VM_EXEC for PROT_*. */
static inline unsigned long prot_to_flags(unsigned long prot)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) | (prot & PROT_EXEC ? VM_EXEC : 0);
}

#endif
