/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: a buddy system of 11
 * orders a zone, one zone a NUMA node, and per-hart lists of single pages in
 * front. Ref: Linux mm/page_alloc.c.
 */
#ifndef VM_PAGE_ALLOC_H
#define VM_PAGE_ALLOC_H

#include "vm/page.h"

#define MAX_ORDER	11
#define MAX_ORDER_PAGES	(1UL << (MAX_ORDER - 1))	/* of the largest block */

typedef unsigned int gfp_t;
#define GFP_KERNEL	0x0u	/* may sleep */
#define GFP_ATOMIC	0x1u
#define __GFP_ZERO	0x2u
#define __GFP_NOWARN	0x4u

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

#endif
