/* SPDX-License-Identifier: MIT */
/*
 * Memory before the page allocator: what there is, and what is taken. What the
 * firmware says of it is an allegation: it may overlap, wrap, begin before or
 * end after what the kernel can map. Regions of memory are whole pages and do
 * not overlap; reserved ranges may.
 */
#include "vm/memblock.h"

#include <string.h>

#include "smp/bug.h"
#include "vm/page.h"

/* The physical addresses that struct pages and the direct map reach. */
#define LOWEST	((phys_addr_t)PFN_BASE << PAGE_SHIFT)
#define HIGHEST	((phys_addr_t)(KERNEL_LINK - PAGE_OFFSET) & ~(phys_addr_t)0x3fffffff)

struct memblock_region memblock_memory[MEMBLOCK_MAX], memblock_reserved[MEMBLOCK_MAX];
unsigned int nr_memblock_memory, nr_memblock_reserved;

/* The end of [@base, @base + @size), or HIGHEST if that is less. */
static phys_addr_t __init range_end(phys_addr_t base, phys_addr_t size)
{
	return base >= HIGHEST || size > HIGHEST - base ? HIGHEST : base + size;
}

void __init memblock_add(phys_addr_t base, phys_addr_t size, unsigned int node)
{
	phys_addr_t end = ALIGN_DOWN(range_end(base, size), (phys_addr_t)PAGE_SIZE);
	unsigned int known = nr_memblock_memory;

	base = base < HIGHEST ? ALIGN_UP(max(base, LOWEST), (phys_addr_t)PAGE_SIZE) : HIGHEST;
	/* Where ranges overlap, the node that was told first stays. */
	for (unsigned int i = 0; i < known && base < end; i++) {
		const struct memblock_region *r = &memblock_memory[i];

		if (base >= r->base + r->size || end <= r->base)
			continue;
		if (base < r->base)
			memblock_add(base, r->base - base, node);
		base = r->base + r->size;
	}
	if (base < end && nr_memblock_memory < MEMBLOCK_MAX)
		memblock_memory[nr_memblock_memory++] = (struct memblock_region){ base, end - base, node };
}

static bool __init is_memory(phys_addr_t base, phys_addr_t end)
{
	for (unsigned int i = 0; i < nr_memblock_memory; i++)
		if (base < memblock_memory[i].base + memblock_memory[i].size && end > memblock_memory[i].base)
			return true;
	return false;
}

void __init memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = ALIGN_UP(range_end(base, size), (phys_addr_t)PAGE_SIZE);

	base = ALIGN_DOWN(base, (phys_addr_t)PAGE_SIZE);
	if (!size || base >= end || !is_memory(base, end))
		return;
	for (unsigned int i = 0; i < nr_memblock_reserved; i++)
		if (base >= memblock_reserved[i].base && end <= memblock_reserved[i].base + memblock_reserved[i].size)
			return;
	if (nr_memblock_reserved == MEMBLOCK_MAX)
		panic("memblock: more than %d reserved ranges", MEMBLOCK_MAX);
	memblock_reserved[nr_memblock_reserved++] = (struct memblock_region){ base, end - base, 0 };
}

/* The end of the reserved range that overlaps [base, end), or 0. */
static phys_addr_t __init reserved_end(phys_addr_t base, phys_addr_t end)
{
	for (unsigned int i = 0; i < nr_memblock_reserved; i++) {
		struct memblock_region *r = &memblock_reserved[i];

		if (base < r->base + r->size && end > r->base)
			return r->base + r->size;
	}
	return 0;
}

void *__init memblock_alloc(size_t size, size_t align)
{
	size = ALIGN_UP(size, 64UL);
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		phys_addr_t a = memblock_memory[i].base, end = a + memblock_memory[i].size, next;

		end = min(end, (phys_addr_t)0xc0000000);	/* the end of the early map */
		for (a = ALIGN_UP(a, align); a + size <= end; a = ALIGN_UP(next, align)) {
			next = reserved_end(a, a + size);
			if (next)
				continue;
			/* The last range grows: small allocations share pages, and take no entry each. */
			if (nr_memblock_reserved && memblock_reserved[nr_memblock_reserved - 1].base +
			    memblock_reserved[nr_memblock_reserved - 1].size == a) {
				memblock_reserved[nr_memblock_reserved - 1].size += size;
			} else {
				BUG_ON(nr_memblock_reserved == MEMBLOCK_MAX);
				memblock_reserved[nr_memblock_reserved++] =
					(struct memblock_region){ a, size, 0 };
			}
			return memset(__va(a), 0, size);
		}
	}
	panic("memblock: no %lu bytes", size);
}
