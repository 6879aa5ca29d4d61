/* SPDX-License-Identifier: MIT */
/*
 * A sparse array of pointers by unsigned long index: a radix tree, 64 ways a
 * level. The caller locks. Ref: Linux xarray, whose names these are.
 */
#ifndef VM_XARRAY_H
#define VM_XARRAY_H

#include "lib/compiler.h"

struct xa_node;
struct xarray {
	struct xa_node *root;
	unsigned int height;	/* levels; 0: empty */
};

/** xarray_init - Context: boot. */
void xarray_init(void);
/** xa_load - What is stored at @index, or NULL. */
void *xa_load(const struct xarray *xa, unsigned long index);
/** xa_store - Store @entry, not NULL, at @index. Return: 0 or -ENOMEM. */
int xa_store(struct xarray *xa, unsigned long index, void *entry) __must_check;
/** xa_erase - Take out and return what was at @index. */
void *xa_erase(struct xarray *xa, unsigned long index);
/** xa_find - First entry at *@index or after, *@index set to its place; NULL: none. */
void *xa_find(const struct xarray *xa, unsigned long *index);

#endif
