/* SPDX-License-Identifier: MIT */
/*
 * A region of an address space, and the set of an address space's regions.
 * Context of all: mm->mmap_lock held, exclusive by what changes the set. Ref: Linux mm/vma.c.
 */
#ifndef VM_VMA_H
#define VM_VMA_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "riscv/pte.h"

/* vm_flags: what /proc/PID/smaps would show; as on Linux. VM_MAY*: what mprotect() may set. */
#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_GROWSDOWN	0x00000100UL	/* a stack: a fault below extends it */
#define VM_SPECIAL	0x00000400UL	/* pages that are not counted: the vDSO */
#define VM_LOCKED	0x00002000UL	/* mlock() */
#define VM_LOCKONFAULT	0x00080000UL	/* with VM_LOCKED: nothing is brought in before it is touched */
#define VM_RAND_READ	0x00008000UL	/* a fault maps no neighbours */
#define VM_DONTEXPAND	0x00040000UL	/* mremap() may not enlarge it */
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)
#define VM_DATA_DEFAULT	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

struct mm_struct;
struct vm_area_struct;
struct vm_fault;
struct file;
struct address_space;
struct anon_vma;

/* What a region's kind of memory does. None: private anonymous memory. */
struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);	/* @vma is a copy of another region, or was cut off one; or NULL */
	void (*close)(struct vm_area_struct *vma);	/* @vma goes; or NULL. May sleep */
	int (*fault)(struct vm_fault *vmf);		/* 0 and vmf->page; or -EIO, -ENOMEM. May sleep */
	/* Map the cached pages of [start, end), around the fault, at @pte and behind; or NULL. vmf->ptl held. */
	void (*map_pages)(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte);
};

struct vm_area_struct {
	unsigned long vm_start, vm_end;	/* [start, end), page aligned; mmap_lock */
	struct mm_struct *vm_mm;	/* [I] */
	unsigned long vm_flags;		/* VM_*; mmap_lock */
	pte_t vm_page_prot;		/* of new entries, without write permission: the first write faults; mmap_lock */
	RB_ENTRY(vm_area_struct) vm_rb;
	TAILQ_ENTRY(vm_area_struct) vm_list;	/* by address */
	unsigned long rb_subtree_gap;	/* largest gap below any region of this subtree */
	unsigned long vm_pgoff;		/* of vm_start in what is mapped, pages; at first address / PAGE_SIZE for anonymous memory */
	struct file *vm_file;		/* a reference, or NULL */
	struct address_space *vm_mapping; /* the file's, or shared memory's; or NULL */
	const struct vm_operations_struct *vm_ops;
	struct anon_vma *anon_vma;	/* set once, under page_table_lock */
	LIST_ENTRY(vm_area_struct) anon_link;	/* anon_vma->lock */
	TAILQ_ENTRY(vm_area_struct) mapping_link; /* mapping->i_lock */
	unsigned long unmap_seen;	/* the last pass of unmap_mapping_range() that was here; mapping->i_lock */
};

RB_HEAD(vma_tree, vm_area_struct);
TAILQ_HEAD(vma_list, vm_area_struct);

/** vma_pages - The length of @vma, pages. */
static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/**
 * find_vma - The first region that ends above @addr, bytes, which need not be aligned.
 * Return: the region, which may begin above @addr; or NULL: none ends there. O(log n). Ref: Linux find_vma().
 */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
/** find_vma_intersection - The first region that has a byte of [@start, @end). Return: or NULL. O(log n). */
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start, unsigned long end);
/** vma_link - Put @vma, which overlaps no other, into the set. O(log n). */
void vma_link(struct mm_struct *mm, struct vm_area_struct *vma);
/** vma_unlink - Take @vma out of the set. O(log n). */
void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma);
/** vma_set_range - @vma, which is in the set, gets new limits, within the gaps at its sides. O(log n). */
void vma_set_range(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long pgoff);
/** vma_find_gap - The highest address in [@low, @high) with @len free bytes, all below @high. Return: or -ENOMEM. O(log n). */
unsigned long vma_find_gap(struct mm_struct *mm, unsigned long len, unsigned long low, unsigned long high);
/** mm_validate - Check every invariant of the set (vma.c); panics where one is broken. O(n). */
void mm_validate(struct mm_struct *mm);

#endif
