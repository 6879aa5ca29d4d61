/* SPDX-License-Identifier: MIT */
/* The radix tree: it grows upwards when an index does not fit, and nodes that become empty are freed at once. */
#include "vm/xarray.h"

#include <string.h>

#include "lib/err.h"
#include "vm/slab.h"

#define XA_SHIFT 6
#define XA_SLOTS (1u << XA_SHIFT)

static struct kmem_cache *xa_node_cache;

struct xa_node {
	unsigned int count;
	void *slots[XA_SLOTS];
};

void __init xarray_init(void)
{
	xa_node_cache = kmem_cache_create("xa_node", sizeof(struct xa_node));
}

static unsigned int slot_of(unsigned long index, unsigned int level)
{
	return (index >> (level * XA_SHIFT)) & (XA_SLOTS - 1);
}

/* Can a tree of @height levels hold @index? */
static bool fits(unsigned int height, unsigned long index)
{
	return height * XA_SHIFT >= 64 || index >> (height * XA_SHIFT) == 0;
}

void *xa_load(const struct xarray *xa, unsigned long index)
{
	struct xa_node *n = xa->root;

	if (!n || !fits(xa->height, index))
		return NULL;
	for (unsigned int l = xa->height; l-- > 1; ) {
		n = n->slots[slot_of(index, l)];
		if (!n)
			return NULL;
	}
	return n->slots[slot_of(index, 0)];
}

/* Free the empty nodes on the way to @index, from the last level up. */
static void prune(struct xarray *xa, unsigned long index)
{
	struct xa_node *path[11], *n = xa->root;
	unsigned int lowest = xa->height, l = xa->height;

	while (n && l-- > 0) {
		path[l] = n;
		lowest = l;
		n = l ? n->slots[slot_of(index, l)] : NULL;
	}
	/* cppcheck-suppress uninitvar ; from lowest up the path is known */
	for (l = lowest; l < xa->height && !path[l]->count; l++) {
		kmem_cache_free(xa_node_cache, path[l]);
		if (l + 1 == xa->height) {
			xa->root = NULL;
			xa->height = 0;
			return;
		}
		path[l + 1]->slots[slot_of(index, l + 1)] = NULL;
		path[l + 1]->count--;
	}
}

int xa_store(struct xarray *xa, unsigned long index, void *entry)
{
	struct xa_node *n;

	while (!xa->root || !fits(xa->height, index)) {
		n = kmem_cache_alloc(xa_node_cache, GFP_ATOMIC | __GFP_ZERO);
		if (!n)
			return -ENOMEM;
		if (xa->root) {
			n->slots[0] = xa->root;
			n->count = 1;
		}
		xa->root = n;
		xa->height++;
	}
	n = xa->root;
	for (unsigned int l = xa->height; l-- > 1; ) {
		void **slot = &n->slots[slot_of(index, l)];

		if (!*slot) {
			*slot = kmem_cache_alloc(xa_node_cache, GFP_ATOMIC | __GFP_ZERO);
			if (!*slot) {
				prune(xa, index);
				return -ENOMEM;
			}
			n->count++;
		}
		n = *slot;
	}
	if (!n->slots[slot_of(index, 0)])
		n->count++;
	n->slots[slot_of(index, 0)] = entry;
	return 0;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct xa_node *n = xa->root;
	void *old;

	if (!xa_load(xa, index))
		return NULL;
	for (unsigned int l = xa->height; l-- > 1; )
		n = n->slots[slot_of(index, l)];
	old = n->slots[slot_of(index, 0)];
	n->slots[slot_of(index, 0)] = NULL;
	n->count--;
	prune(xa, index);
	return old;
}

static void *find(struct xa_node *n, unsigned int level, unsigned long *index)
{
	for (unsigned int i = slot_of(*index, level); i < XA_SLOTS; i++) {
		unsigned long span = 1UL << (level * XA_SHIFT);
		void *e = n->slots[i];

		if (e && level) {
			e = find(e, level - 1, index);
			if (e || !*index)
				return e;
			continue;	/* find() has moved *index behind that subtree */
		}
		if (e)
			return e;
		/* To the first index of the next slot. */
		*index = (*index | (span - 1)) + 1;
		if (!*index)
			return NULL;
	}
	return NULL;
}

void *xa_find(const struct xarray *xa, unsigned long *index)
{
	if (!xa->root || !fits(xa->height, *index))
		return NULL;
	return find(xa->root, xa->height - 1, index);
}
