/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own map: image, direct map, vmemmap, and the vmalloc area with
 * kernel stacks and MMIO. No page of it is both writable and executable.
 */
#ifndef VM_VMALLOC_H
#define VM_VMALLOC_H

#include "riscv/pte.h"
#include "vm/page.h"

extern pte_t swapper_pg_dir[PTRS_PER_TABLE];
extern unsigned long nr_kernel_tables;	/* page tables of the vmalloc area */

/** paging_init - Build the final kernel map from memblock and switch to it. Context: boot. */
void paging_init(void);
/** vmalloc_init - Tables come from the page allocator from now on. Context: boot. */
void vmalloc_init(void);
/** ioremap - Map @size bytes of MMIO at @pa. Return: address or NULL. Context: task or boot. */
void *ioremap(phys_addr_t pa, u64 size);
/** vmalloc - @size bytes of pages mapped side by side, a guard page behind. NULL: no memory. Context: task, may sleep. */
void *vmalloc(size_t size) __must_check;
/** vfree - Context: task, may sleep. */
void vfree(void *p);
/** alloc_kernel_stack - THREAD_SIZE bytes aligned to twice that, nothing mapped below. Return: lowest byte or NULL. */
void *alloc_kernel_stack(void) __must_check;
/** free_kernel_stack - Context: any with interrupts on. */
void free_kernel_stack(void *stack);
/** kernel_stacks_trim - Unmap what the pool of free stacks has too many. Context: task, may sleep. */
void kernel_stacks_trim(void);
/** kernel_stacks_drain_local - This hart's go to the common pool. Context: interrupts off. */
void kernel_stacks_drain_local(void);
/** kernel_stacks_drain - Empty the cache of stacks. Context: task. */
void kernel_stacks_drain(void);
/** free_initmem - Boot code and data are memory from now on; the rest of the image gets its final rights. */
void free_initmem(void);
/** for_each_kernel_mapping - Visit the leaves of the kernel half. @fn gets address, size, entry. */
void for_each_kernel_mapping(void (*fn)(unsigned long va, unsigned long size, pte_t pte, void *arg), void *arg);

#endif
