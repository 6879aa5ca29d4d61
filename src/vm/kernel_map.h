/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own map: image, direct map, vmemmap, and the vmalloc area with
 * kernel stacks and MMIO. No page of it is both writable and executable.
 */
#ifndef VM_KERNEL_MAP_H
#define VM_KERNEL_MAP_H

#include "riscv/pte.h"
#include "vm/page.h"

extern pte_t swapper_pg_dir[PTRS_PER_TABLE];	/* the root table; its upper half is in every mm_struct's */
extern unsigned long nr_kernel_tables;		/* tables taken from the page allocator, and never freed; vmalloc_lock */

/** paging_init - Build the final kernel map from memblock and switch to it. Context: boot. */
void paging_init(void);
/**
 * kernel_pte - The entry for @va in the table of @level (0: the last, 4 KiB an entry).
 * @create: make the tables that are missing above it.
 * Return: the entry, or NULL: a table is missing, or there was no memory for it. Context: boot, or vmalloc_lock to create.
 */
pte_t *kernel_pte(unsigned long va, int level, bool create);
/**
 * map_range - Map @size bytes, whole pages, at @va to physical @pa, by the largest leaves that fit.
 * Return: 0, or -ENOMEM and the range is mapped in part. Context: as kernel_pte(); the caller flushes.
 */
int map_range(unsigned long va, phys_addr_t pa, u64 size, pte_t prot) __must_check;
/** flush_tlb_kernel - No hart uses stale entries of the vmalloc area after this. Context: interrupts on. */
void flush_tlb_kernel(void);
/** free_initmem - Unmap boot code and data, and give their pages to the allocator. Context: task, once, when nothing of them runs. */
void free_initmem(void);
/** for_each_kernel_mapping - Call @fn for each leaf of the kernel half, with address, bytes, entry and @arg. Context: any; no lock. */
void for_each_kernel_mapping(void (*fn)(unsigned long va, unsigned long size, pte_t pte, void *arg), void *arg);

#endif
