/* SPDX-License-Identifier: MIT */
/*
 * A reader of flattened device trees. The blob is the firmware's and is not
 * trusted: every access is checked against its size, so a malformed one yields
 * errors and never a wild read. Nodes are byte offsets into the structure block.
 * Source: Devicetree Specification 0.4, chapter 5.
 */
#ifndef LIB_FDT_H
#define LIB_FDT_H

#include "lib/compiler.h"

#define FDT_MIN_HEADER 40

/** fdt_size - Bytes that the blob at @fdt claims, from its header alone; 0 when it is none. */
u32 fdt_size(const void *fdt);
/**
 * fdt_check - Is the blob of @size bytes well formed as a whole?
 * Return: 0 or -EINVAL. The functions below need a blob that passed.
 */
int fdt_check(const void *fdt, u32 size) __must_check;
/** fdt_root - The root node. */
int fdt_root(const void *fdt);
/** fdt_first_child, fdt_next_sibling - Node offset, or -ENOENT. */
int fdt_first_child(const void *fdt, int node);
int fdt_next_sibling(const void *fdt, int node);
/** fdt_name - Name with unit address, NUL-terminated. */
const char *fdt_name(const void *fdt, int node);
/** fdt_subnode - Child called @name, its unit address left out or not; -ENOENT. */
int fdt_subnode(const void *fdt, int node, const char *name);
/** fdt_path - Node at absolute @path; -ENOENT. */
int fdt_path(const void *fdt, const char *path);
/** fdt_getprop - Value and its *@len (may be NULL), or NULL. */
const void *fdt_getprop(const void *fdt, int node, const char *name, int *len);
/** fdt_cell - 32-bit cell @i of property @name, or @def when it has none. */
u32 fdt_cell(const void *fdt, int node, const char *name, int i, u32 def);
/** fdt_string - String property, or NULL when missing or not terminated. */
const char *fdt_string(const void *fdt, int node, const char *name);
/** fdt_number - Property @name as one number, of as many cells as it has: one or two; else @def. */
u64 fdt_number(const void *fdt, int node, const char *name, u64 def);
/** fdt_is_available - Is the node to be used? Its "status" is "okay" or "ok", or it has none. */
bool fdt_is_available(const void *fdt, int node);
/** fdt_is_compatible - Does "compatible" list @what? */
bool fdt_is_compatible(const void *fdt, int node, const char *what);
/** fdt_next - Next node in document order, any depth; start with the root; -ENOENT at the end. */
int fdt_next(const void *fdt, int node);
/** fdt_parent - The node above; -ENOENT for the root. */
int fdt_parent(const void *fdt, int node);
/** fdt_reg - Entry @i of "reg" by the parent's cell counts. Return: 0 or -ENOENT. */
int fdt_reg(const void *fdt, int node, int i, u64 *addr, u64 *size);
/** fdt_mem_rsv - Entry @i of the memory reservation block. Return: 0 or -ENOENT. */
int fdt_mem_rsv(const void *fdt, int i, u64 *addr, u64 *size);

#endif
