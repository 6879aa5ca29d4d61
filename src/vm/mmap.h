/* SPDX-License-Identifier: MIT */
/* mmap() and munmap(). Context: task, may sleep. */
#ifndef VM_MMAP_H
#define VM_MMAP_H

#include "abi/mman.h"
#include "vm/vma.h"

#define MMAP_MIN_ADDR	0x1000UL	/* programs may be linked there */
#define STACK_TOP	(TASK_SIZE - PAGE_SIZE)
#define STACK_GUARD_GAP	(256UL << PAGE_SHIFT)
#define TASK_UNMAPPED_BASE PAGE_ALIGN(TASK_SIZE / 3)
/* Regions of an address space, at most; one more by mmap(). Ref: Linux sysctl_max_map_count. */
#define MAX_MAP_COUNT 65530

struct vma_cuts;

/** insert_vm_area - Link @vma and count it. -ENOMEM: over a limit, or space taken. */
int insert_vm_area(struct mm_struct *mm, struct vm_area_struct *vma) __must_check;
/**
 * do_mmap - Map @len bytes. @file NULL: anonymous. @pgoff in pages.
 * Return: address, or a negative errno and nothing has changed. Context: mmap_lock exclusive.
 */
unsigned long do_mmap(struct mm_struct *mm, struct file *file, struct address_space *mapping,
		      unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		      unsigned long vm_may, unsigned long pgoff);
/**
 * do_munmap - Unmap whatever lies in [@start, @start + @len). Return: 0, or -EINVAL, -ENOMEM and nothing has changed.
 * Context: mmap_lock exclusive.
 */
int do_munmap(struct mm_struct *mm, unsigned long start, unsigned long len) __must_check;
/** munmap_commit - Unmap what lies in [@start, @end), by @cuts, prepared for it. Cannot fail. */
void munmap_commit(struct mm_struct *mm, unsigned long start, unsigned long end, struct vma_cuts *cuts);
/* Is [@addr, @addr + @len) free, with the gap below a stack that follows? */
bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len);
/** get_unmapped_area - Where @len bytes may go, by @flags (MAP_*) at @addr. Return: an address or a negative errno. */
unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, unsigned long flags);

/** prot_to_flags - PROT_* as VM_*. */
static inline unsigned long prot_to_flags(unsigned long prot)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) | (prot & PROT_EXEC ? VM_EXEC : 0);
}

#endif
