/* SPDX-License-Identifier: MIT */
/*
 * The buddy system. A block of order n is 2^n pages aligned to its size; its
 * buddy is the other half of the block of order n + 1. Freeing a block whose
 * buddy is free merges the two, and so on up.
 *
 * Invariants (zone_validate): a page is on a zone's free list exactly when it
 * has PG_buddy; its order says which; no free block's buddy of the same order
 * is free; nr_free is the sum.
 *
 * The last pages are not for everybody: see zone_floor().
 */
#include "vm/page_alloc.h"

#include <string.h>

#include "sched/task.h"
#include "smp/smp.h"
#include "smp/tracepoint.h"
#include "vm/memblock.h"
#include "vm/upcall.h"

#define POISON_FREE	0x6b6b6b6b6b6b6b6bUL
#define PCP_HIGH	32
#define PCP_BATCH	16
#define MAX_NODES	8
#define MAX_RESERVE	2048UL	/* pages: 8 MiB, Linux's admin_reserve_kbytes */
#define MAX_RESERVE_ORDER 3

LIST_HEAD(page_list, page);

struct per_cpu_pages {
	struct page_list list;	/* [o] the hart, interrupts off */
	u32 count;
};

struct zone {
	spinlock_t lock;
	struct page_list free[MAX_ORDER] __protected_by(lock);
	unsigned long nr_blocks[MAX_ORDER] __protected_by(lock);
	unsigned long nr_free __protected_by(lock);	/* read without the lock, as a hint */
	unsigned long managed;				/* lock */
	unsigned long start_pfn, end_pfn;		/* [I] */
	unsigned int node;				/* [I] */
	struct per_cpu_pages *pcp;			/* [I] one a hart */
};

static struct zone zones[MAX_NODES];
static unsigned int nr_zones;

static inline bool page_test(const struct page *p, unsigned int flag)
{
	return READ_ONCE(p->flags) >> flag & 1;
}

static void list_add_block(struct zone *z, struct page *p, unsigned int order) __must_hold(z->lock)
{
	p->flags |= 1u << PG_buddy;
	p->order = order;
	LIST_INSERT_HEAD(&z->free[order], p, lru);
	z->nr_blocks[order]++;
}

static void list_del_block(struct zone *z, struct page *p) __must_hold(z->lock)
{
	p->flags &= ~(1u << PG_buddy);
	LIST_REMOVE(p, lru);
	z->nr_blocks[p->order]--;
}

static void free_one_block(struct zone *z, struct page *p, unsigned int order) __must_hold(z->lock)
{
	unsigned long pfn = page_to_pfn(p);
	u32 node = (u32)p->node << 16;

	z->nr_free += 1UL << order;
	while (order < MAX_ORDER - 1) {
		unsigned long buddy_pfn = pfn ^ (1UL << order);
		struct page *buddy;

		if (buddy_pfn < z->start_pfn || buddy_pfn + (1UL << order) > z->end_pfn)
			break;
		buddy = pfn_to_page(buddy_pfn);
		/* The buddy may be of another zone: banks of nodes may alternate. */
		if (!page_test(buddy, PG_buddy) || buddy->kind != (node | order))
			break;
		list_del_block(z, buddy);
		pfn &= ~(1UL << order);
		order++;
	}
	list_add_block(z, pfn_to_page(pfn), order);
}

/*
 * Below this many free pages the current task gets none of @z. The last 32nd of a zone (low) is kept back, so that an administrator
 * can still look, and kill, whatever users hoard. Of it, a task that has been killed may take the first quarter, to come to its end;
 * an administrator all but the last quarter; a task that is exiting, which gives more than it takes, half of that too; interrupts and
 * kernel threads all. Large blocks are not kept back.
 * Ref: Linux zone watermarks, admin_reserve_kbytes.
 */
static unsigned long zone_floor(const struct zone *z, unsigned int order) __must_hold(z->lock)
{
	unsigned long low = min(z->managed / 32, MAX_RESERVE);

	if (likely(z->nr_free > low + max((unsigned int)PCP_BATCH, 1U << order)) || in_hardirq() || in_softirq())
		return 0;
	if (order > MAX_RESERVE_ORDER)
		return low;
	switch (vm_reserve_right()) {
	case VM_RESERVE_NONE:
		return low;
	case VM_RESERVE_KILLED:
		return low / 4 * 3;
	case VM_RESERVE_ADMIN:
		return low / 4;
	case VM_RESERVE_EXITING:
		return low / 8;
	default:
		return 0;
	}
}

static struct page *take_block(struct zone *z, unsigned int order, unsigned long floor) __must_hold(z->lock)
{
	if (z->nr_free < floor + (1UL << order))
		return NULL;
	for (unsigned int o = order; o < MAX_ORDER; o++) {
		struct page *p = LIST_FIRST(&z->free[o]);

		if (!p)
			continue;
		list_del_block(z, p);
		z->nr_free -= 1UL << order;
		while (o > order) {
			o--;
			list_add_block(z, p + (1UL << o), o);
		}
		return p;
	}
	return NULL;
}

static struct zone *page_zone(const struct page *p)
{
	return &zones[p->node];
}

static void poison_block(struct page *p, unsigned int order)
{
	u64 *w = page_address(p);

	for (unsigned long i = 0; i < (PAGE_SIZE / 8UL) << order; i++)
		w[i] = POISON_FREE;
}

static void check_poison(struct page *p, unsigned int order)
{
	const u64 *w = page_address(p);

	for (unsigned long i = 0; i < (PAGE_SIZE / 8UL) << order; i++)
		if (w[i] != POISON_FREE)
			panic("page %lx: written to while free, offset %lx: %lx",
			      page_to_pfn(p), i * 8, w[i]);
}

bool should_fail_alloc(void)
{
	return current->fail_nth && !in_hardirq() && --current->fail_nth == 0;
}

/* A single page from this hart's list, which is filled from the zone when it is empty. */
static struct page *pcp_alloc(struct zone *z)
{
	unsigned long flags = local_irq_save();
	struct per_cpu_pages *pcp = &z->pcp[smp_processor_id()];
	struct page *p = LIST_FIRST(&pcp->list);

	if (unlikely(!p)) {
		unsigned long floor;

		spin_lock(&z->lock);
		floor = zone_floor(z, 0);
		while (pcp->count < PCP_BATCH && (p = take_block(z, 0, floor))) {
			p->flags |= 1u << PG_pcp;
			LIST_INSERT_HEAD(&pcp->list, p, lru);
			pcp->count++;
		}
		spin_unlock(&z->lock);
		p = LIST_FIRST(&pcp->list);
	}
	if (likely(p)) {
		LIST_REMOVE(p, lru);
		p->flags &= ~(1u << PG_pcp);
		pcp->count--;
	}
	local_irq_restore(flags);
	return p;
}

static void pcp_drain(struct zone *z, struct per_cpu_pages *pcp, u32 keep)
{
	struct page *p;

	spin_lock(&z->lock);
	while (pcp->count > keep && (p = LIST_FIRST(&pcp->list))) {
		LIST_REMOVE(p, lru);
		p->flags &= ~(1u << PG_pcp);
		pcp->count--;
		free_one_block(z, p, 0);
	}
	spin_unlock(&z->lock);
}

void drain_local_pages(void)
{
	unsigned long flags = local_irq_save();

	for (unsigned int i = 0; i < nr_zones; i++)
		pcp_drain(&zones[i], &zones[i].pcp[smp_processor_id()], 0);
	local_irq_restore(flags);
}

static void drain_local(void *unused)
{
	(void)unused;
	drain_local_pages();
}

void drain_all_pages(void)
{
	preempt_disable();
	drain_local(NULL);
	smp_call_function_many(&cpu_online_mask, drain_local, NULL);
	preempt_enable();
}

static unsigned int cpu_node[NR_CPUS];

static struct page *zone_alloc(struct zone *z, unsigned int order)
{
	unsigned long flags;
	struct page *p;

	if (order == 0)
		return pcp_alloc(z);
	spin_lock_irqsave(&z->lock, flags);
	p = take_block(z, order, zone_floor(z, order));
	spin_unlock_irqrestore(&z->lock, flags);
	return p;
}

bool vm_is_short(void)
{
	bool is_short = true;

	for (unsigned int i = 0; is_short && i < nr_zones; i++) {
		struct zone *z = &zones[i];
		unsigned long flags;

		spin_lock_irqsave(&z->lock, flags);
		is_short = z->nr_free <= zone_floor(z, 0) + PCP_BATCH;
		spin_unlock_irqrestore(&z->lock, flags);
	}
	return is_short;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	unsigned int first = cpu_node[smp_processor_id()];
	struct page *p = NULL;

	if (CONFIG_DEBUG && should_fail_alloc())
		return NULL;
	if (order >= MAX_ORDER)
		return NULL;
	for (unsigned int i = 0; !p && i < nr_zones; i++)
		p = zone_alloc(&zones[(first + i) % nr_zones], order);
	if (unlikely(!p))
		return NULL;
	if (CONFIG_DEBUG)
		check_poison(p, order);
	atomic_set(&p->_refcount, 1);
	p->order = order;
	trace_event(TRACE_MM_PAGE_ALLOC, page_to_pfn(p), order);
	if (gfp & __GFP_ZERO)
		for (unsigned long i = 0; i < 1UL << order; i++)
			clear_page(page_address(p + i));
	return p;
}

void __free_pages(struct page *p, unsigned int order)
{
	struct zone *z = page_zone(p);
	unsigned long flags;

	DEBUG_BUG_ON(page_test(p, PG_buddy) || page_test(p, PG_pcp) || page_test(p, PG_reserved));
	DEBUG_BUG_ON(atomic_read(&p->_mapcount));
	trace_event(TRACE_MM_PAGE_FREE, page_to_pfn(p), order);
	p->flags = 0;
	p->mapping = NULL;
	if (CONFIG_DEBUG)
		poison_block(p, order);
	flags = local_irq_save();
	if (order == 0) {
		struct per_cpu_pages *pcp = &z->pcp[smp_processor_id()];

		p->flags = 1u << PG_pcp;
		LIST_INSERT_HEAD(&pcp->list, p, lru);
		if (++pcp->count > PCP_HIGH)
			pcp_drain(z, pcp, PCP_HIGH - PCP_BATCH);
	} else {
		spin_lock(&z->lock);
		free_one_block(z, p, order);
		spin_unlock(&z->lock);
	}
	local_irq_restore(flags);
}

void __put_page(struct page *p)
{
	__free_pages(p, 0);
}

void *get_free_page(gfp_t gfp)
{
	struct page *p = alloc_page(gfp);

	return p ? page_address(p) : NULL;
}

void free_page(void *kva)
{
	__free_pages(virt_to_page(kva), 0);
}

unsigned long nr_free_pages(void)
{
	unsigned long n = 0;
	unsigned int cpu;

	for (unsigned int i = 0; i < nr_zones; i++) {
		n += READ_ONCE(zones[i].nr_free);
		for_each_possible_cpu(cpu)
			n += READ_ONCE(zones[i].pcp[cpu].count);
	}
	return n;
}

unsigned long totalram_pages(void)
{
	unsigned long n = 0;

	for (unsigned int i = 0; i < nr_zones; i++)
		n += READ_ONCE(zones[i].managed);
	return n;
}

int buddyinfo_line(unsigned int i, unsigned long nr[MAX_ORDER])
{
	unsigned long flags;

	if (i >= nr_zones)
		return -1;
	spin_lock_irqsave(&zones[i].lock, flags);
	memcpy(nr, zones[i].nr_blocks, sizeof(zones[i].nr_blocks));
	spin_unlock_irqrestore(&zones[i].lock, flags);
	return zones[i].node;
}

void zone_validate(void)
{
	for (unsigned int i = 0; i < nr_zones; i++) {
		struct zone *z = &zones[i];
		unsigned long flags, free = 0;

		spin_lock_irqsave(&z->lock, flags);
		for (unsigned int o = 0; o < MAX_ORDER; o++) {
			unsigned long n = 0;
			struct page *p;

			LIST_FOREACH(p, &z->free[o], lru) {
				unsigned long pfn = page_to_pfn(p), b = pfn ^ (1UL << o);

				BUG_ON(!page_test(p, PG_buddy) || p->order != o || p->node != i);
				BUG_ON(pfn & ((1UL << o) - 1));
				BUG_ON(o < MAX_ORDER - 1 && b >= z->start_pfn &&
				       b + (1UL << o) <= z->end_pfn &&
				       page_test(pfn_to_page(b), PG_buddy) && pfn_to_page(b)->order == o &&
				       pfn_to_page(b)->node == i);
				n++;
			}
			BUG_ON(n != z->nr_blocks[o]);
			free += n << o;
		}
		BUG_ON(free != z->nr_free);
		spin_unlock_irqrestore(&z->lock, flags);
	}
}

/* Give the frames [@pfn, @end) to their zone @z, by the largest blocks. Return: how many. */
static unsigned long free_pfn_range(struct zone *z, unsigned long pfn, unsigned long end)
{
	unsigned long flags, n = end > pfn ? end - pfn : 0;

	spin_lock_irqsave(&z->lock, flags);
	while (pfn < end) {
		unsigned int order = MAX_ORDER - 1;
		struct page *p = pfn_to_page(pfn);

		while ((pfn & ((1UL << order) - 1)) || pfn + (1UL << order) > end)
			order--;
		for (unsigned long i = 0; i < 1UL << order; i++)
			p[i].flags = 0;
		if (CONFIG_DEBUG)
			poison_block(p, order);
		free_one_block(z, p, order);
		pfn += 1UL << order;
	}
	z->managed += n;
	spin_unlock_irqrestore(&z->lock, flags);
	return n;
}

unsigned long free_reserved_area(void *start, void *end)
{
	unsigned long pfn = PAGE_ALIGN(__pa(start)) >> PAGE_SHIFT, last = __pa(end) >> PAGE_SHIFT;

	return last > pfn ? free_pfn_range(page_zone(pfn_to_page(pfn)), pfn, last) : 0;
}

/* Free the frames of [@pfn, @end) that no reserved range covers, from the @i-th range on. */
static void __init free_unreserved(struct zone *z, unsigned long pfn, unsigned long end, unsigned int i)
{
	for (; i < nr_memblock_reserved && pfn < end; i++) {
		unsigned long r = memblock_reserved[i].base >> PAGE_SHIFT;
		unsigned long r_end = PAGE_ALIGN(memblock_reserved[i].base + memblock_reserved[i].size) >> PAGE_SHIFT;

		if (r >= end || r_end <= pfn)
			continue;
		if (r > pfn)
			free_unreserved(z, pfn, r, i + 1);
		pfn = r_end;
	}
	if (pfn < end)
		free_pfn_range(z, pfn, end);
}

static struct zone *__init find_zone(unsigned int node)
{
	for (unsigned int i = 0; i < nr_zones; i++)
		if (zones[i].node == node)
			return &zones[i];
	return NULL;
}

/* The zone for the memory of @node. Nodes beyond MAX_NODES share the first one's. */
static struct zone *__init node_zone(unsigned int node)
{
	struct zone *z = find_zone(node);

	if (z || nr_zones == MAX_NODES)
		return z ? z : &zones[0];
	zones[nr_zones].node = node;
	zones[nr_zones].start_pfn = ~0UL;
	spin_lock_init(&zones[nr_zones].lock, LOCK_ZONE);
	return &zones[nr_zones++];
}

void __init page_alloc_init(void)
{
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		struct memblock_region *m = &memblock_memory[i];
		struct zone *z = node_zone(m->node);

		z->start_pfn = min(z->start_pfn, (unsigned long)(m->base >> PAGE_SHIFT));
		z->end_pfn = max(z->end_pfn, (unsigned long)((m->base + m->size) >> PAGE_SHIFT));
	}
	for (unsigned int i = 0; i < nr_zones; i++)
		zones[i].pcp = memblock_alloc(sizeof(struct per_cpu_pages) * nr_cpu_ids, 64);
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		struct memblock_region *m = &memblock_memory[i];
		struct zone *z = node_zone(m->node);
		struct page *p = pfn_to_page(m->base >> PAGE_SHIFT);

		for (unsigned long n = m->size >> PAGE_SHIFT; n--; p++) {
			p->flags = 1u << PG_reserved;
			p->node = z - zones;
		}
	}
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		struct memblock_region *m = &memblock_memory[i];

		free_unreserved(node_zone(m->node), m->base >> PAGE_SHIFT,
				(m->base + m->size) >> PAGE_SHIFT, 0);
	}
}

void __init set_cpu_node(unsigned int cpu, unsigned int node)
{
	struct zone *z = find_zone(node);	/* NULL: the node has no memory */

	cpu_node[cpu] = z ? (unsigned int)(z - zones) : 0;
}
