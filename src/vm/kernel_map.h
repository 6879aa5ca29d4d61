/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own map: image, direct map, vmemmap, and the vmalloc area with
 * kernel stacks and MMIO. No page of it is both writable and executable.
 */
#ifndef VM_KERNEL_MAP_H
#define VM_KERNEL_MAP_H

#include "riscv/pte.h"
#include "vm/page.h"

extern pte_t swapper_pg_dir[PTRS_PER_TABLE];
extern unsigned long nr_kernel_tables;	/* page tables of the vmalloc area */
extern bool slab_up;

/** paging_init - Build the final kernel map from memblock and switch to it. Context: boot. */
void paging_init(void);
pte_t *kernel_pte(unsigned long va, int level, bool create);
int map_range(unsigned long va, phys_addr_t pa, u64 size, pte_t prot);
void flush_tlb_kernel(void);
/** free_initmem - Boot code and data are memory from now on; the rest of the image gets its final rights. */
void free_initmem(void);
/** for_each_kernel_mapping - Visit the leaves of the kernel half. @fn gets address, size, entry. */
void for_each_kernel_mapping(void (*fn)(unsigned long va, unsigned long size, pte_t pte, void *arg), void *arg);

#endif
