/* SPDX-License-Identifier: MIT */
/*
 * struct page: what is known of a page frame. One for each, in an array (vmemmap) that has holes where there is no memory.
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
#define PG_slab		1	/* of an object cache */
#define PG_reserved	2	/* never free: kernel image, firmware, holes */
#define PG_table	3	/* a page table */
#define PG_dirty	4	/* contents differ from the disk's, if there is one */
#define PG_pcp		6	/* free, on a per-hart list */
#define PG_truncated	7	/* has left the page cache: not to be mapped any more */

struct page {
	u32 flags;			/* [a] BIT(PG_*) */
	atomic_t _refcount;		/* who holds it; freed at 0 */
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
#define vmemmap		((struct page *)VMEMMAP_START)
#define PFN_BASE	(0x80000000UL >> PAGE_SHIFT)

/** pfn_to_page, page_to_pfn, virt_to_page, page_to_phys, page_address - From one name of a frame to another. */
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

/** get_page - One reference more to @p, which has one. Return: @p. Context: any. */
static inline struct page *get_page(struct page *p)
{
	atomic_inc(&p->_refcount);
	return p;
}

/** __put_page - Free @page, which has no reference any more. Context: any. */
void __put_page(struct page *page);
/** put_page - One reference less; the last frees the page, which is mapped nowhere then. Context: any. */
static inline void put_page(struct page *p)
{
	if (atomic_dec_and_test(&p->_refcount))
		__put_page(p);
}

/** clear_page, copy_page - PAGE_SIZE bytes at page-aligned kernel addresses. Context: any. */
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
