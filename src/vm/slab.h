/* SPDX-License-Identifier: MIT */
/*
 * Object caches: slabs of equal objects, and before them a magazine a hart, so
 * that most allocations take no lock. Ref: Bonwick, "Magazines and Vmem", 2001.
 */
#ifndef VM_SLAB_H
#define VM_SLAB_H

#include "vm/page_alloc.h"

struct kmem_cache;

/** kmem_cache_create - A cache of @size-byte objects. Return: it; panics when there is no memory for it. Context: boot. */
struct kmem_cache *kmem_cache_create(const char *name, size_t size) __must_check;
/** kmem_cache_alloc - One object, aligned to 16; contents undefined unless __GFP_ZERO. Return: or NULL: no memory. Context: any. */
void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp) __must_check;
/** kmem_cache_free - Give @obj back to @c, from which it came. Context: any. */
void kmem_cache_free(struct kmem_cache *c, void *obj);
/** kmalloc - @size bytes, up to 4 MiB, aligned to 16. Return: or NULL: no memory. Context: any. */
void *kmalloc(size_t size, gfp_t gfp) __must_check;
/** kzalloc - The same, zeroed. */
static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}
/** kfree - Give back what kmalloc() or kzalloc() gave; NULL is fine. Context: any. */
void kfree(const void *p);
/** kmem_drain_local - This hart's magazines go back to the slabs. Context: any. */
void kmem_drain_local(void);
/** kmem_drain - All magazines go back to the slabs, empty slabs to the page allocator. Context: task. */
void kmem_drain(void);
/** kmem_cache_init - The caches behind kmalloc(). Context: boot, after page_alloc_init(). */
void kmem_cache_init(void);
struct slab_stat {
	const char *name;
	size_t size;			/* of an object, bytes */
	unsigned long active, total;	/* objects: in use or in a magazine; that there is room for */
	unsigned long pages;
};
/** slabinfo - What cache @i has, in *@s. Return: false: there is no such cache. Context: any. */
bool slabinfo(unsigned int i, struct slab_stat *s);

#endif
