/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: a buddy system of 11 orders a zone, one zone a NUMA node, and lists of single pages, one a hart, in front.
 * No allocation sleeps. Ref: Linux mm/page_alloc.c.
 */
#ifndef VM_PAGE_ALLOC_H
#define VM_PAGE_ALLOC_H

#include "vm/page.h"

#define MAX_ORDER	11
#define MAX_ORDER_PAGES	(1UL << (MAX_ORDER - 1))	/* of the largest block */

typedef unsigned int gfp_t;
#define GFP_KERNEL	0x0u	/* the caller may sleep: nobody asks for it yet */
#define GFP_ATOMIC	0x1u	/* it may not */
#define __GFP_ZERO	0x2u	/* contents are zeroes */

/**
 * alloc_pages - 2^@order pages side by side, from the hart's own node if it has them; contents undefined unless __GFP_ZERO.
 * Return: the first page, of refcount 1; or NULL: no memory, or the last of it is not for the current task. Context: any.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order) __must_check;
/** alloc_page - The same for one page. */
static inline struct page *alloc_page(gfp_t gfp)
{
	return alloc_pages(gfp, 0);
}
/** __free_pages - Give back the block of 2^@order pages at @page, whose last reference the caller has. Context: any. */
void __free_pages(struct page *page, unsigned int order);
/** get_free_page - A page by its kernel address. Return: or NULL. Context: any. */
void *get_free_page(gfp_t gfp) __must_check;
/** free_page - Give back what get_free_page() gave. Context: any. */
void free_page(void *kva);
/** nr_free_pages, totalram_pages - Pages that are free now; all that the allocator manages, 0 before it is up. Context: any; no lock. */
unsigned long nr_free_pages(void);
unsigned long totalram_pages(void);
/** vm_is_short - Has no zone a page left for the current task? Then an -ENOMEM was no injected failure. Context: any. */
bool vm_is_short(void);
/** drain_local_pages - This hart's lists of single pages go back to the zones. Context: any. */
void drain_local_pages(void);
/** drain_all_pages - The same on all harts. Context: task, interrupts on. */
void drain_all_pages(void);
/** set_cpu_node - Hart @cpu allocates from NUMA node @node first, if that has memory. Context: boot, after page_alloc_init(). */
void set_cpu_node(unsigned int cpu, unsigned int node);
/** page_alloc_init - What memblock has, and has not reserved, becomes free. Nothing asks memblock afterwards. Context: boot. */
void page_alloc_init(void);
/** free_reserved_area - Give the whole pages of boot memory [@start, @end) to the allocator. Return: how many. Context: any. */
unsigned long free_reserved_area(void *start, void *end);
/** buddyinfo_line - Count the free blocks of each order in zone @i. Return: its node's number, or -1: no such zone. Context: any. */
int buddyinfo_line(unsigned int i, unsigned long nr[MAX_ORDER]);
/** zone_validate - Check every free list of every zone; panics on damage. Context: any; O(free blocks). */
void zone_validate(void);

/** should_fail_alloc - Is this the allocation that shall fail, by /proc/PID/fail-nth? Debug builds. Context: any. */
bool should_fail_alloc(void);

#endif
