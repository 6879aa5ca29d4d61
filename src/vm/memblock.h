/* SPDX-License-Identifier: MIT */
/* Memory before the page allocator: what there is, and what is taken. Ref: Linux mm/memblock.c. */
#ifndef VM_MEMBLOCK_H
#define VM_MEMBLOCK_H

#include "riscv/memlayout.h"

struct memblock_region {
	phys_addr_t base, size;		/* bytes */
	unsigned int node;		/* of memory */
};
#define MEMBLOCK_MAX 128
extern struct memblock_region memblock_memory[MEMBLOCK_MAX], memblock_reserved[MEMBLOCK_MAX];
extern unsigned int nr_memblock_memory, nr_memblock_reserved;
/**
 * memblock_add - There is memory at [@base, @base + @size), bytes, of NUMA node @node. Any range will do: what is known already
 * stays as it is, parts of pages and what the kernel cannot map are left out. Context: boot.
 */
void memblock_add(phys_addr_t base, phys_addr_t size, unsigned int node);
/**
 * memblock_reserve - [@base, @base + @size), bytes, is taken, with all pages that it touches; a range without memory is not noted, so
 * memory is added first. Panics after MEMBLOCK_MAX ranges. Context: boot.
 */
void memblock_reserve(phys_addr_t base, phys_addr_t size);
/**
 * memblock_alloc - Zeroed memory below 3 GiB, which the early map reaches. @size is rounded up to 64 bytes, @align a power of two.
 * Return: its address in the direct map; panics when there is none. Context: boot, before page_alloc_init() is done.
 */
void *memblock_alloc(size_t size, size_t align);

#endif
