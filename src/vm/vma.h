/* SPDX-License-Identifier: MIT */
/* A region of an address space, and the set of them. Context: mmap_lock, exclusive to change. */
#ifndef VM_VMA_H
#define VM_VMA_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "riscv/pte.h"

#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_GROWSDOWN	0x00000100UL
#define VM_SPECIAL	0x00000400UL	/* pages without rmap: the vDSO */
#define VM_LOCKED	0x00002000UL
#define VM_LOCKONFAULT	0x00080000UL	/* with VM_LOCKED: nothing is brought in before it is touched */
#define VM_RAND_READ	0x00008000UL
#define VM_DONTEXPAND	0x00040000UL
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)
#define VM_DATA_DEFAULT	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

struct mm_struct;
struct vm_area_struct;
struct vm_fault;
struct file;
struct address_space;
struct anon_vma;

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);	/* a copy or a split was made */
	void (*close)(struct vm_area_struct *vma);	/* it goes */
	int (*fault)(struct vm_fault *vmf);		/* 0 and vmf->page, or -EIO, -ENOMEM */
	/* Map cached pages of [start, end) around the fault; may be NULL. Page-table lock held. */
	void (*map_pages)(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte);
};

struct vm_area_struct {
	unsigned long vm_start, vm_end;	/* [start, end), mmap_lock */
	struct mm_struct *vm_mm;
	unsigned long vm_flags;		/* VM_* */
	pte_t vm_page_prot;		/* without write permission where the first write must fault */
	RB_ENTRY(vm_area_struct) vm_rb;
	TAILQ_ENTRY(vm_area_struct) vm_list;	/* by address */
	unsigned long rb_subtree_gap;	/* largest gap below any region of this subtree */
	unsigned long vm_pgoff;		/* pages; address / PAGE_SIZE for anonymous ones */
	struct file *vm_file;		/* or NULL */
	struct address_space *vm_mapping; /* the file's, or shared memory's; or NULL */
	const struct vm_operations_struct *vm_ops;
	struct anon_vma *anon_vma;	/* set once, under page_table_lock */
	LIST_ENTRY(vm_area_struct) anon_link;	/* anon_vma->lock */
	TAILQ_ENTRY(vm_area_struct) mapping_link; /* mapping->i_lock */
	unsigned long unmap_seen;	/* the last pass of unmap_mapping_range() that was here; mapping->i_lock */
};

RB_HEAD(vma_tree, vm_area_struct);
TAILQ_HEAD(vma_list, vm_area_struct);

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/** find_vma - First region that ends above @addr, or NULL. O(log n). Ref: Linux find_vma(). */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
/** find_vma_intersection - First region that meets [@start, @end), or NULL. */
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start, unsigned long end);
/** vma_link - Put @vma, which overlaps none, in. vma_unlink - Take it out. */
void vma_link(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma);
/** vma_set_range - Change a linked region's limits, overlapping nothing. */
void vma_set_range(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long pgoff);
/** vma_find_gap - Highest gap of @len bytes within [@low, @high), or -ENOMEM. O(log n). */
unsigned long vma_find_gap(struct mm_struct *mm, unsigned long len, unsigned long low, unsigned long high);
/** mm_validate - Check every invariant of the set; panics. O(n). */
void mm_validate(struct mm_struct *mm);

#endif
