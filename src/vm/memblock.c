/* SPDX-License-Identifier: MIT */
/* Memory before the page allocator: what there is, and what is taken. */
#include <string.h>

#include "smp/bug.h"
#include "vm/page.h"

struct memblock_region memblock_memory[MEMBLOCK_MAX], memblock_reserved[MEMBLOCK_MAX];
unsigned int nr_memblock_memory, nr_memblock_reserved;

void __init memblock_add(phys_addr_t base, phys_addr_t size, unsigned int node)
{
	phys_addr_t end = ALIGN_DOWN(base + size, (phys_addr_t)PAGE_SIZE);

	base = ALIGN_UP(base, (phys_addr_t)PAGE_SIZE);
	if (base < end && base >= PFN_BASE << PAGE_SHIFT && nr_memblock_memory < MEMBLOCK_MAX)
		memblock_memory[nr_memblock_memory++] = (struct memblock_region){ base, end - base, node };
}

void __init memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = ALIGN_UP(base + size, (phys_addr_t)PAGE_SIZE);

	base = ALIGN_DOWN(base, (phys_addr_t)PAGE_SIZE);
	BUG_ON(nr_memblock_reserved == MEMBLOCK_MAX);
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

		end = min(end, (phys_addr_t)0xc0000000);	/* what the early map reaches */
		for (a = ALIGN_UP(a, align); a + size <= end; a = ALIGN_UP(next, align)) {
			next = reserved_end(a, a + size);
			if (next)
				continue;
			/* Byte exact: small allocations share pages. */
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
