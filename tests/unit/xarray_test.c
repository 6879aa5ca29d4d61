/* SPDX-License-Identifier: MIT */
/* The sparse array against a flat one, with allocations that fail now and then. */
#include <string.h>

#include "test.h"

#define VM_SLAB_H	/* the allocator is this file's */
#define GFP_ATOMIC 0
#define __GFP_ZERO 0
struct kmem_cache { int size; };
static long live;
static int fail_every;
static struct kmem_cache *kmem_cache_create(const char *name, unsigned long size)
{
	static struct kmem_cache c;

	(void)name;
	c.size = size;
	return &c;
}
static void *kmem_cache_alloc(struct kmem_cache *c, unsigned int gfp)
{
	(void)gfp;
	if (fail_every && rnd() % fail_every == 0)
		return NULL;
	live++;
	return calloc(1, c->size);
}
static void kmem_cache_free(struct kmem_cache *c, void *p)
{
	(void)c;
	live--;
	free(p);
}

#include "../../src/vm/xarray.c"

#define N 5000
static void *model[N];
static const unsigned long scale[] = { 1, 7, 4099, 1UL << 40 };

int main(void)
{
	xarray_init();
	for (unsigned int s = 0; s < 4; s++)
		for (fail_every = 0; fail_every <= 4; fail_every += 4) {
			struct xarray xa = { 0 };
			unsigned long k;

			memset(model, 0, sizeof(model));
			for (int i = 0; i < 40000; i++) {
				unsigned long at = rnd() % N;

				if (rnd() % 3) {
					void *v = (void *)(unsigned long)(rnd() | 1);

					if (!xa_store(&xa, at * scale[s], v))
						model[at] = v;
				} else {
					CHECK(xa_erase(&xa, at * scale[s]) == model[at]);
					model[at] = NULL;
				}
				at = rnd() % N;
				CHECK(xa_load(&xa, at * scale[s]) == model[at]);
			}
			k = 0;
			for (unsigned long at = 0; at < N; at++) {
				if (!model[at])
					continue;
				CHECK(xa_find(&xa, &k) == model[at] && k == at * scale[s]);
				k++;
			}
			CHECK(!xa_find(&xa, &k));
			for (unsigned long at = 0; at < N; at++)
				xa_erase(&xa, at * scale[s]);
			CHECK(live == 0 && !xa.root && !xa.height);
		}
	pass("store, load, erase and find agree with a flat array; nothing is left");
	return unit_done();
}
