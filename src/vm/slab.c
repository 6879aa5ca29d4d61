/* SPDX-License-Identifier: MIT */
/*
 * A slab is a block of pages cut into objects; free ones are chained through
 * their first word. The cache's lock guards the lists of slabs; a magazine
 * belongs to its hart, with interrupts off.
 *
 * In debug builds a free object is filled with a poison that allocation checks:
 * use after free and double free are caught there.
 */
#include "vm/slab.h"

#include <string.h>

#include "sched/upcall.h"
#include "smp/smp.h"

#define MAGAZINE	16
#define MAX_CACHES	48
#define POISON		0x5a

struct magazine {
	u32 count;
	void *objs[MAGAZINE];
};

struct kmem_cache {
	const char *name;		/* [I] */
	u32 size;			/* [I] */
	u32 order, min_order;		/* [I] of a slab's pages; and of the smallest slab, where memory is in pieces */
	struct magazine *mags;		/* [I] one a hart; the hart's, interrupts off */
	spinlock_t lock;
	LIST_HEAD(, page) partial __protected_by(lock);	/* slabs with a free object */
	unsigned long nr_pages __protected_by(lock);	/* of all slabs */
	unsigned long nr_objs __protected_by(lock);	/* objects that all slabs have room for */
	unsigned long nr_active __protected_by(lock);	/* objects in use or in a magazine */
};

static struct kmem_cache caches[MAX_CACHES];
static atomic_t nr_caches;

static const u16 kmalloc_sizes[] = { 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096 };
static struct kmem_cache *kmalloc_caches[ARRAY_SIZE(kmalloc_sizes)];
static u8 kmalloc_index[4096 / 16 + 1];

struct kmem_cache *kmem_cache_create(const char *name, size_t size)
{
	int i = atomic_inc_return(&nr_caches) - 1;
	struct kmem_cache *c = &caches[i];
	struct page *mags;

	BUG_ON(i >= MAX_CACHES);
	c->name = name;
	c->size = (u32)ALIGN_UP(size, (size_t)16);
	while ((PAGE_SIZE << c->order) / c->size < 4 && c->order < 3)
		c->order++;
	while ((u32)PAGE_SIZE << c->min_order < c->size)
		c->min_order++;
	spin_lock_init(&c->lock, LOCK_SLAB);
	LIST_INIT(&c->partial);
	mags = alloc_pages(__GFP_ZERO, sizeof(struct magazine) * nr_cpu_ids > 2 * PAGE_SIZE ? 3 :
			   sizeof(struct magazine) * nr_cpu_ids > PAGE_SIZE ? 1 : 0);
	BUG_ON(!mags);
	c->mags = page_address(mags);
	return c;
}

static void poison_obj(struct kmem_cache *c, void *obj)
{
	memset((char *)obj + 8, POISON, c->size - 8);
}

static void check_obj(struct kmem_cache *c, void *obj)
{
	const u8 *b = obj;

	for (u32 i = 8; i < c->size; i++)
		if (b[i] != POISON)
			panic("%s object %p: written to while free, offset %u", c->name, obj, i);
}

static u32 objs_of(const struct kmem_cache *c, const struct page *slab)
{
	return (PAGE_SIZE << slab->order) / c->size;
}

/* A new slab; a small one where memory is in pieces: a program that leaves no two pages side by side shall not stop fork(). */
static struct page *new_slab(struct kmem_cache *c) __must_hold(c->lock)
{
	struct page *p = alloc_pages(GFP_ATOMIC, c->order);
	u32 n;
	char *obj;

	if (!p && c->min_order < c->order)
		p = alloc_pages(GFP_ATOMIC, c->min_order);
	if (!p)
		return NULL;
	n = objs_of(c, p);
	for (u32 i = 0; i < 1u << p->order; i++) {
		p[i].flags |= 1u << PG_slab;
		p[i].slab_cache = c;
		p[i].index = (unsigned long)p;	/* the first page of the slab */
	}
	p->inuse = 0;
	p->freelist = NULL;
	obj = (char *)page_address(p) + (n - 1) * c->size;
	for (u32 i = 0; i < n; i++, obj -= c->size) {
		*(void **)obj = p->freelist;
		p->freelist = obj;
		if (CONFIG_DEBUG)
			poison_obj(c, obj);
	}
	LIST_INSERT_HEAD(&c->partial, p, slab_list);
	c->nr_pages += 1u << p->order;
	c->nr_objs += n;
	return p;
}

static void *slab_take(struct kmem_cache *c) __must_hold(c->lock)
{
	struct page *p = LIST_FIRST(&c->partial);
	void *obj;

	if (!p && !(p = new_slab(c)))
		return NULL;
	obj = p->freelist;
	p->freelist = *(void **)obj;
	p->inuse++;
	c->nr_active++;
	if (!p->freelist)
		LIST_REMOVE(p, slab_list);
	return obj;
}

static void slab_give(struct kmem_cache *c, void *obj) __must_hold(c->lock)
{
	struct page *p = (struct page *)virt_to_page(obj)->index;

	if (!p->freelist)
		LIST_INSERT_HEAD(&c->partial, p, slab_list);
	*(void **)obj = p->freelist;
	p->freelist = obj;
	c->nr_active--;
	if (--p->inuse)
		return;
	LIST_REMOVE(p, slab_list);
	c->nr_pages -= 1u << p->order;
	c->nr_objs -= objs_of(c, p);
	for (u32 i = 0; i < 1u << p->order; i++)
		p[i].flags = 0;
	__free_pages(p, p->order);
}

void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp)
{
	unsigned long flags;
	struct magazine *m;
	void *obj = NULL;

	if (CONFIG_DEBUG && should_fail_alloc())
		return NULL;
	flags = local_irq_save();
	m = &c->mags[smp_processor_id()];
	if (unlikely(!m->count)) {
		spin_lock(&c->lock);
		while (m->count < MAGAZINE / 2 && (obj = slab_take(c)))
			m->objs[m->count++] = obj;
		spin_unlock(&c->lock);
	}
	obj = likely(m->count) ? m->objs[--m->count] : NULL;
	local_irq_restore(flags);
	if (CONFIG_DEBUG && obj)
		check_obj(c, obj);
	if (obj && (gfp & __GFP_ZERO))
		memset(obj, 0, c->size);
	return obj;
}

static void magazine_flush(struct kmem_cache *c, struct magazine *m, u32 keep)
{
	spin_lock(&c->lock);
	while (m->count > keep)
		slab_give(c, m->objs[--m->count]);
	spin_unlock(&c->lock);
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	unsigned long flags = local_irq_save();
	struct magazine *m = &c->mags[smp_processor_id()];

	if (CONFIG_DEBUG) {
		BUG_ON(virt_to_page(obj)->slab_cache != c);
		for (u32 i = 0; i < m->count; i++)
			if (m->objs[i] == obj)
				panic("%s object %p: freed twice", c->name, obj);
		poison_obj(c, obj);
	}
	if (unlikely(m->count == MAGAZINE))
		magazine_flush(c, m, MAGAZINE / 2);
	m->objs[m->count++] = obj;
	local_irq_restore(flags);
}

void kmem_drain_local(void)
{
	unsigned long flags = local_irq_save();

	for (int i = 0; i < atomic_read(&nr_caches); i++)
		magazine_flush(&caches[i], &caches[i].mags[smp_processor_id()], 0);
	local_irq_restore(flags);
}

static void drain_local(void *unused)
{
	(void)unused;
	kmem_drain_local();
}

void kmem_drain(void)
{
	preempt_disable();
	drain_local(NULL);
	smp_call_function_many(&cpu_online_mask, drain_local, NULL);
	preempt_enable();
}

void *kmalloc(size_t size, gfp_t gfp)
{
	struct page *p;
	unsigned int order = 0;

	if (likely(size <= 4096))
		return kmem_cache_alloc(kmalloc_caches[kmalloc_index[(size + 15) / 16]], gfp);
	while ((size_t)PAGE_SIZE << order < size)
		order++;
	p = alloc_pages(gfp, order);
	return p ? page_address(p) : NULL;
}

void kfree(const void *ptr)
{
	struct page *p;

	if (!ptr)
		return;
	p = virt_to_page(ptr);
	if (likely(p->flags & 1u << PG_slab))
		kmem_cache_free(p->slab_cache, (void *)ptr);
	else
		__free_pages(p, p->order);
}

bool slabinfo(unsigned int i, struct slab_stat *s)
{
	struct kmem_cache *c = &caches[i];
	unsigned long flags;

	if (i >= (unsigned int)atomic_read(&nr_caches))
		return false;
	spin_lock_irqsave(&c->lock, flags);
	*s = (struct slab_stat){ c->name, c->size, c->nr_active, c->nr_objs, c->nr_pages };
	spin_unlock_irqrestore(&c->lock, flags);
	return true;
}

void __init kmem_cache_init(void)
{
	static const char *const names[] = {
		"kmalloc-16", "kmalloc-32", "kmalloc-64", "kmalloc-96", "kmalloc-128", "kmalloc-192",
		"kmalloc-256", "kmalloc-512", "kmalloc-1k", "kmalloc-2k", "kmalloc-4k",
	};
	unsigned int k = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(kmalloc_sizes); i++)
		kmalloc_caches[i] = kmem_cache_create(names[i], kmalloc_sizes[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(kmalloc_index); i++) {
		if (i * 16 > kmalloc_sizes[k])
			k++;
		kmalloc_index[i] = k;
	}
}

void *vm_zalloc(unsigned long size)
{
	return kzalloc(size, GFP_KERNEL);
}

void vm_free(void *p)
{
	kfree(p);
}
