/* SPDX-License-Identifier: MIT */
/*
 * Object caches: slabs of equal objects, and before them a magazine a hart, so
 * that most allocations take no lock. Ref: Bonwick, "Magazines and Vmem", 2001.
 */
#ifndef VM_SLAB_H
#define VM_SLAB_H

#include "vm/page_alloc.h"

struct kmem_cache;

/** kmem_cache_create - A cache of @size-byte objects. Return: it, or NULL. Context: task or boot. */
struct kmem_cache *kmem_cache_create(const char *name, size_t size) __must_check;
/** kmem_cache_alloc - One object, contents undefined unless __GFP_ZERO, or NULL. Context: any. */
void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp) __must_check;
/** kmem_cache_free - Context: any. */
void kmem_cache_free(struct kmem_cache *c, void *obj);
/** kmalloc - @size bytes, aligned to 16, or NULL; up to 4 MiB. kzalloc: zeroed. Context: any. */
void *kmalloc(size_t size, gfp_t gfp) __must_check;
static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}
/** kfree - NULL is fine. Context: any. */
void kfree(const void *p);
/** kmem_drain_local - This hart's magazines go back to the slabs. Context: any. */
void kmem_drain_local(void);
/** kmem_drain - All magazines go back to the slabs, empty slabs to the page allocator. Context: task. */
void kmem_drain(void);
/** kmem_cache_init - Context: boot, after page_alloc_init(). */
void kmem_cache_init(void);
/** slabinfo - Cache @i: name, object size, objects in use and in all, pages. Return: false at the end. */
struct slab_stat {
	const char *name;
	size_t size;
	unsigned long active, total, pages;
};
bool slabinfo(unsigned int i, struct slab_stat *s);

#endif
