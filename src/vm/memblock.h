/* SPDX-License-Identifier: MIT */
/* Memory before the allocator. Ref: Linux mm/memblock.c. */
#ifndef VM_MEMBLOCK_H
#define VM_MEMBLOCK_H

#include "riscv/memlayout.h"

struct memblock_region {
	phys_addr_t base, size;
	unsigned int node;
};
#define MEMBLOCK_MAX 128
extern struct memblock_region memblock_memory[MEMBLOCK_MAX], memblock_reserved[MEMBLOCK_MAX];
extern unsigned int nr_memblock_memory, nr_memblock_reserved;
/**
 * memblock_add, memblock_reserve - There is memory; it is taken (memory first: what lies outside is not noted). Any ranges,
 * in bytes: what overlaps counts once, what cannot be mapped is left out. Context: boot.
 */
void memblock_add(phys_addr_t base, phys_addr_t size, unsigned int node);
void memblock_reserve(phys_addr_t base, phys_addr_t size);
/** memblock_alloc - Zeroed memory in the first GiB, by direct-map address. Panics when there is none. */
void *memblock_alloc(size_t size, size_t align);

#endif
