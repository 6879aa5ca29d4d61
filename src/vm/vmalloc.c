/* SPDX-License-Identifier: MIT */
/*
 * The vmalloc area: a list of areas by address, first fit. Each area has room behind it that is not mapped. An area's first page
 * notes the area, so that vfree() need not search.
 */
#include "vm/vmalloc.h"

#include "locks/mutex.h"
#include "vm/kernel_map.h"
#include "vm/slab.h"

/* Areas of the vmalloc range, by address. */
struct vm_area {
	TAILQ_ENTRY(vm_area) list;
	unsigned long start, size;	/* bytes; the guard is part of it */
	unsigned int nr_pages;		/* mapped and owned; 0 for MMIO */
};

static TAILQ_HEAD(, vm_area) areas = TAILQ_HEAD_INITIALIZER(areas);
static mutex_t vmalloc_lock;

/* Room of @size bytes at a multiple of @align, which is a power of two: the first that fits. NULL: none, or no memory. */
static struct vm_area *get_area(size_t size, size_t align)
{
	struct vm_area *a, *n = kmalloc(sizeof(*n), GFP_KERNEL);
	unsigned long start = VMALLOC_START + align;

	if (!n)
		return NULL;
	mutex_lock(&vmalloc_lock);
	TAILQ_FOREACH(a, &areas, list) {
		if (start + size <= a->start)
			break;
		start = ALIGN_UP(a->start + a->size, align);
	}
	if (!a && (start + size > VMALLOC_END || start + size < start)) {
		mutex_unlock(&vmalloc_lock);
		kfree(n);
		return NULL;
	}
	n->start = start;
	n->size = size;
	n->nr_pages = 0;
	if (a)
		TAILQ_INSERT_BEFORE(a, n, list);
	else
		TAILQ_INSERT_TAIL(&areas, n, list);
	mutex_unlock(&vmalloc_lock);
	return n;
}

/* Unmap and free the pages of @a, and free @a. */
static void put_area(struct vm_area *a)
{
	for (unsigned int i = 0; i < a->nr_pages; i++) {
		pte_t *e = kernel_pte(a->start + i * PAGE_SIZE, 0, false);

		/* The frame stays noted in the entry, to be freed after the flush. */
		WRITE_ONCE(*e, *e & ~_PAGE_PRESENT);
	}
	flush_tlb_kernel();
	for (unsigned int i = 0; i < a->nr_pages; i++) {
		pte_t *e = kernel_pte(a->start + i * PAGE_SIZE, 0, false);
		struct page *p = pfn_to_page(pte_pfn(*e));

		WRITE_ONCE(*e, 0);
		put_page(p);
	}
	mutex_lock(&vmalloc_lock);
	TAILQ_REMOVE(&areas, a, list);
	mutex_unlock(&vmalloc_lock);
	kfree(a);
}

void *vmalloc_aligned(size_t size, size_t align, size_t guard)
{
	unsigned long n = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct vm_area *a = get_area(n * PAGE_SIZE + guard, align);

	if (!a)
		return NULL;
	while (a->nr_pages < n) {
		unsigned long va = a->start + a->nr_pages * PAGE_SIZE;
		struct page *p = alloc_page(GFP_KERNEL);
		pte_t *e;

		mutex_lock(&vmalloc_lock);	/* two areas may share a table */
		e = p ? kernel_pte(va, 0, true) : NULL;
		mutex_unlock(&vmalloc_lock);
		if (!e) {
			if (p)
				put_page(p);
			put_area(a);
			return NULL;
		}
		p->index = (unsigned long)a;
		WRITE_ONCE(*e, mk_pte_pfn(page_to_pfn(p), PAGE_KERNEL));
		a->nr_pages++;
	}
	smp_wmb();	/* entries before the address is known; a hart with a stale walk faults, and do_kern_addr_fault() tries again */
	return (void *)a->start;
}

void *vmalloc(size_t size)
{
	return size ? vmalloc_aligned(size, PAGE_SIZE, PAGE_SIZE) : NULL;
}

void vfree(void *p)
{
	struct vm_area *a;
	pte_t *e;

	if (!p)
		return;
	e = kernel_pte((unsigned long)p, 0, false);
	BUG_ON(!e || !pte_present(*e));
	a = (struct vm_area *)pfn_to_page(pte_pfn(*e))->index;
	BUG_ON(a->start != (unsigned long)p);
	put_area(a);
}

void *ioremap(phys_addr_t pa, u64 size)
{
	unsigned long off = pa & ~PAGE_MASK;
	struct vm_area *a;
	int err;

	size = PAGE_ALIGN(size + off);
	a = get_area(size + PAGE_SIZE, PAGE_SIZE);
	if (!a)
		return NULL;
	mutex_lock(&vmalloc_lock);	/* two areas may share a table */
	err = map_range(a->start, pa - off, size, PAGE_KERNEL);
	mutex_unlock(&vmalloc_lock);
	if (err) {
		put_area(a);
		return NULL;
	}
	local_flush_tlb_all();
	return (void *)(a->start + off);
}

void __init vmalloc_init(void)
{
	mutex_init(&vmalloc_lock, LOCK_VMALLOC);
}
