/* SPDX-License-Identifier: MIT */
/*
 * A sparse array of pointers by unsigned long index: a radix tree, 64 ways a
 * level. Context of all: any; the caller locks. Ref: Linux xarray, whose names these are.
 */
#ifndef VM_XARRAY_H
#define VM_XARRAY_H

#include "lib/compiler.h"

struct xa_node;
struct xarray {
	struct xa_node *root;
	unsigned int height;	/* levels; 0: empty */
};

/** xarray_init - The cache of nodes. Context: boot. */
void xarray_init(void);
/** xa_load - Return: what is stored at @index, or NULL. */
void *xa_load(const struct xarray *xa, unsigned long index);
/** xa_store - Store @entry, not NULL, at @index, over what is there. Return: 0, or -ENOMEM and nothing has changed. */
int xa_store(struct xarray *xa, unsigned long index, void *entry) __must_check;
/** xa_erase - Take out what is stored at @index. Return: it, or NULL: nothing was. */
void *xa_erase(struct xarray *xa, unsigned long index);
/** xa_find - The first entry at *@index or behind; *@index becomes its place. Return: or NULL: there is none. */
void *xa_find(const struct xarray *xa, unsigned long *index);

#endif
