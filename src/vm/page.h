/* SPDX-License-Identifier: MIT */
/*
 * struct page, one a page frame, and the page allocator: a buddy system of 11
 * orders a zone, one zone a NUMA node, and per-hart lists of single pages in
 * front. Ref: Linux mm/page_alloc.c.
 */
#ifndef VM_PAGE_H
#define VM_PAGE_H

#include <sys/queue.h>

#include "lib/atomic.h"
#include "lib/err.h"
#include "riscv/memlayout.h"
#include "smp/spinlock.h"

struct kmem_cache;

#define PG_buddy	0	/* free, first of a block of 2^order */
#define PG_slab		1
#define PG_reserved	2	/* never free: kernel image, firmware, holes */
#define PG_table	3	/* a page table */
#define PG_dirty	4
#define PG_uptodate	5
#define PG_pcp		6	/* free, on a per-hart list */
#define PG_truncated	7	/* has left the page cache: not to be mapped any more */

struct page {
	u32 flags;			/* [a] BIT(PG_*) */
	atomic_t _refcount;		/* users; free at 0 */
	atomic_t _mapcount;		/* page-table entries that map it */
	union {
		struct {
			u16 order, node;	/* block order, while first of one; zone */
		};
		u32 kind;		/* both */
	};
	union {
		LIST_ENTRY(page) lru;	/* zone lock, or the owner's list lock */
		struct {
			void *freelist;	/* slab: first free object; cache lock */
			u32 inuse;
		};
	};
	union {
		struct address_space *mapping;	/* page cache; or anon_vma | PAGE_MAPPING_ANON */
		struct kmem_cache *slab_cache;
	};
	unsigned long index;		/* offset in mapping, pages */
	union {
		spinlock_t ptl;		/* a page table's lock */
		LIST_ENTRY(page) slab_list;
	};
};

_Static_assert(sizeof(struct page) == 64, "2 MiB a 128 MiB of memory");

#define PAGE_MAPPING_ANON 1UL
#define MAX_ORDER	11
#define MAX_ORDER_PAGES	(1UL << (MAX_ORDER - 1))	/* of the largest block */
#define vmemmap		((struct page *)VMEMMAP_START)
#define PFN_BASE	(0x80000000UL >> PAGE_SHIFT)

typedef unsigned int gfp_t;
#define GFP_KERNEL	0x0u	/* may sleep */
#define GFP_ATOMIC	0x1u
#define __GFP_ZERO	0x2u
#define __GFP_NOWARN	0x4u

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return vmemmap + (pfn - PFN_BASE);
}

static inline unsigned long page_to_pfn(const struct page *p)
{
	return (unsigned long)(p - vmemmap) + PFN_BASE;
}

static inline struct page *virt_to_page(const void *kva)
{
	return pfn_to_page(__pa(kva) >> PAGE_SHIFT);
}

static inline phys_addr_t page_to_phys(const struct page *p)
{
	return (phys_addr_t)page_to_pfn(p) << PAGE_SHIFT;
}

static inline void *page_address(const struct page *p)
{
	return __va(page_to_phys(p));
}

/**
 * alloc_pages - 2^@order contiguous pages, refcount 1, contents undefined
 * unless __GFP_ZERO. Return: the first page or NULL. Context: any.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order) __must_check;
static inline struct page *alloc_page(gfp_t gfp)
{
	return alloc_pages(gfp, 0);
}
/** __free_pages - Give back a block that nobody refers to. Context: any. */
void __free_pages(struct page *page, unsigned int order);
/** get_free_page - A page by its address, or NULL. */
void *get_free_page(gfp_t gfp) __must_check;
void free_page(void *kva);
/** __put_page - The last reference went: free it. */
void __put_page(struct page *page);

static inline struct page *get_page(struct page *p)
{
	atomic_inc(&p->_refcount);
	return p;
}

static inline void put_page(struct page *p)
{
	if (atomic_dec_and_test(&p->_refcount))
		__put_page(p);
}

/** nr_free_pages, totalram_pages - Free, and all that the allocator manages. */
unsigned long nr_free_pages(void);
unsigned long totalram_pages(void);
/** vm_is_short - Is there (as good as) no page left for the current task? Then an -ENOMEM was no chance. Context: any. */
bool vm_is_short(void);
/** drain_local_pages - This hart's lists of single pages go back to the zones. Context: interrupts off. */
void drain_local_pages(void);
/** drain_all_pages - Per-hart lists go back to the zones. Context: task, interrupts on. */
void drain_all_pages(void);
/** set_cpu_node - Hart @cpu allocates from NUMA node @node first, if that has memory. Context: boot, after page_alloc_init(). */
void set_cpu_node(unsigned int cpu, unsigned int node);
/** page_alloc_init - From the memory map of @fdt to free lists. Context: boot. */
void page_alloc_init(void);
/** free_reserved_area - Give boot memory [@start, @end) to the allocator. Return: pages. */
unsigned long free_reserved_area(void *start, void *end);
/** buddyinfo_line - Free blocks of each order in zone @i. Return: node number, or -1 at the end. */
int buddyinfo_line(unsigned int i, unsigned long nr[MAX_ORDER]);
/** zone_validate - Check every free list of every zone; panics on damage. */
void zone_validate(void);

/* Failure injection: /proc/PID/fail-nth; debug builds. */
bool should_fail_alloc(void);

/* memblock: memory before the allocator. Ref: Linux mm/memblock.c. */
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

static inline void clear_page(void *kva)
{
	u64 *p = kva;

	for (u64 *end = p + PAGE_SIZE / 8; p < end; p += 64) {
#pragma GCC unroll 64
		for (int i = 0; i < 64; i++)
			p[i] = 0;
		barrier();	/* or gcc makes a memset() of it */
	}
}

static inline void copy_page(void *to, const void *from)
{
	u64 *d = to;
	const u64 *s = from;

	for (u64 *end = d + PAGE_SIZE / 8; d < end; d += 64, s += 64) {
#pragma GCC unroll 64
		for (int i = 0; i < 64; i++)
			d[i] = s[i];
		barrier();
	}
}

#endif
