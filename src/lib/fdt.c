/* SPDX-License-Identifier: MIT */
#include "lib/fdt.h"

#include <string.h>

#include "lib/err.h"

#define FDT_MAGIC	0xd00dfeed
#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4
#define FDT_END		9

/* Header words. */
enum { H_MAGIC, H_SIZE, H_STRUCT, H_STRINGS, H_RSV, H_VERSION, H_COMPAT, H_BOOT, H_STRINGS_SIZE, H_STRUCT_SIZE };

static u32 be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static u32 header(const void *fdt, int word)
{
	return be32((const u8 *)fdt + 4 * word);
}

static const u8 *structure(const void *fdt)
{
	return (const u8 *)fdt + header(fdt, H_STRUCT);
}

/*
 * The token at @off, and in *@next the offset behind it. FDT_END for anything
 * that leaves the block: a walk always ends.
 */
static u32 token(const void *fdt, u32 off, u32 *next)
{
	u32 size = header(fdt, H_STRUCT_SIZE), len;
	const u8 *s = structure(fdt), *nul;

	*next = off;
	if (off > size || size - off < 4)
		return FDT_END;
	switch (be32(s + off)) {
	case FDT_BEGIN_NODE:
		nul = memchr(s + off + 4, 0, size - off - 4);
		if (!nul)
			return FDT_END;
		*next = ALIGN_UP((u32)(nul - s) + 1, 4U);
		return FDT_BEGIN_NODE;
	case FDT_PROP:
		if (size - off < 12)
			return FDT_END;
		len = be32(s + off + 4);
		if (len > size - off - 12)
			return FDT_END;
		*next = ALIGN_UP(off + 12 + len, 4U);
		return FDT_PROP;
	case FDT_END_NODE:
		*next = off + 4;
		return FDT_END_NODE;
	case FDT_NOP:
		*next = off + 4;
		return FDT_NOP;
	default:
		return FDT_END;
	}
}

u32 fdt_size(const void *fdt)
{
	return header(fdt, H_MAGIC) == FDT_MAGIC ? header(fdt, H_SIZE) : 0;
}

int fdt_check(const void *fdt, u32 size)
{
	u32 off = 0, next, t, depth = 0, total;
	const u8 *strings;

	if (size < FDT_MIN_HEADER || header(fdt, H_MAGIC) != FDT_MAGIC)
		return -EINVAL;
	total = header(fdt, H_SIZE);
	if (total > size || header(fdt, H_VERSION) < 17 || header(fdt, H_COMPAT) > 17 ||
	    header(fdt, H_STRUCT) > total || header(fdt, H_STRUCT) % 4 ||
	    header(fdt, H_STRUCT_SIZE) > total - header(fdt, H_STRUCT) ||
	    header(fdt, H_STRINGS) > total ||
	    header(fdt, H_STRINGS_SIZE) > total - header(fdt, H_STRINGS) ||
	    header(fdt, H_RSV) > total)
		return -EINVAL;
	strings = (const u8 *)fdt + header(fdt, H_STRINGS);
	do {
		t = token(fdt, off, &next);
		if (t == FDT_PROP) {
			u32 name = be32(structure(fdt) + off + 8);

			if (!depth || name >= header(fdt, H_STRINGS_SIZE) ||
			    !memchr(strings + name, 0, header(fdt, H_STRINGS_SIZE) - name))
				return -EINVAL;
		} else if (t == FDT_BEGIN_NODE) {
			if (!depth && off)
				return -EINVAL;	/* the root comes first, and once */
			depth++;
		} else if (t == FDT_END_NODE && !depth--) {
			return -EINVAL;
		} else if (t == FDT_END) {
			if (depth || !off || header(fdt, H_STRUCT_SIZE) - off < 4 ||
			    be32(structure(fdt) + off) != FDT_END)
				return -EINVAL;
		}
		off = next;
	} while (t != FDT_END);
	return be32(structure(fdt)) == FDT_BEGIN_NODE ? 0 : -EINVAL;
}

int fdt_root(const void *fdt)
{
	(void)fdt;
	return 0;
}

int fdt_next(const void *fdt, int node)
{
	u32 off = node, t;

	token(fdt, off, &off);
	for (;;) {
		u32 at = off;

		t = token(fdt, at, &off);
		if (t == FDT_BEGIN_NODE)
			return at;
		if (t == FDT_END)
			return -ENOENT;
	}
}

int fdt_first_child(const void *fdt, int node)
{
	u32 off = node, t;

	token(fdt, off, &off);
	for (;;) {
		u32 at = off;

		t = token(fdt, at, &off);
		if (t == FDT_BEGIN_NODE)
			return at;
		if (t == FDT_END || t == FDT_END_NODE)
			return -ENOENT;
	}
}

int fdt_next_sibling(const void *fdt, int node)
{
	u32 off = node, t, depth = 0;

	do {
		t = token(fdt, off, &off);
		if (t == FDT_BEGIN_NODE)
			depth++;
		else if (t == FDT_END_NODE)
			depth--;
		else if (t == FDT_END)
			return -ENOENT;
	} while (depth);
	for (;;) {
		u32 at = off;

		t = token(fdt, at, &off);
		if (t == FDT_BEGIN_NODE)
			return at;
		if (t != FDT_NOP)
			return -ENOENT;
	}
}

const char *fdt_name(const void *fdt, int node)
{
	return (const char *)structure(fdt) + node + 4;
}

int fdt_subnode(const void *fdt, int node, const char *name)
{
	size_t n = strlen(name);

	for (int c = fdt_first_child(fdt, node); c >= 0; c = fdt_next_sibling(fdt, c)) {
		const char *s = fdt_name(fdt, c);

		if (!strncmp(s, name, n) && (s[n] == '\0' || (s[n] == '@' && !strchr(name, '@'))))
			return c;
	}
	return -ENOENT;
}

int fdt_path(const void *fdt, const char *path)
{
	int node = fdt_root(fdt);
	char name[64];

	while (node >= 0 && *path) {
		size_t n;

		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (!n)
			break;
		if (n >= sizeof(name))
			return -ENOENT;
		memcpy(name, path, n);
		name[n] = '\0';
		node = fdt_subnode(fdt, node, name);
		path += n;
	}
	return node;
}

const void *fdt_getprop(const void *fdt, int node, const char *name, int *len)
{
	const char *strings = (const char *)fdt + header(fdt, H_STRINGS);
	u32 off = node, t;

	token(fdt, off, &off);
	for (;;) {
		const u8 *p = structure(fdt) + off;

		t = token(fdt, off, &off);
		if (t == FDT_PROP) {
			if (!strcmp(strings + be32(p + 8), name)) {
				if (len)
					*len = be32(p + 4);
				return p + 12;
			}
		} else if (t != FDT_NOP) {
			return NULL;
		}
	}
}

u32 fdt_cell(const void *fdt, int node, const char *name, int i, u32 def)
{
	int len;
	const u8 *p = fdt_getprop(fdt, node, name, &len);

	return p && i >= 0 && len / 4 > i ? be32(p + 4 * i) : def;
}

const char *fdt_string(const void *fdt, int node, const char *name)
{
	int len;
	const char *p = fdt_getprop(fdt, node, name, &len);

	return p && len && !p[len - 1] ? p : NULL;
}

bool fdt_is_available(const void *fdt, int node)
{
	const char *status = fdt_string(fdt, node, "status");

	return status ? !strcmp(status, "okay") || !strcmp(status, "ok") : !fdt_getprop(fdt, node, "status", NULL);
}

bool fdt_is_compatible(const void *fdt, int node, const char *what)
{
	int len;
	const char *p = fdt_getprop(fdt, node, "compatible", &len);

	while (p && len > 0) {
		int n = (int)strnlen(p, len) + 1;

		if (n > len)
			return false;
		if (!strcmp(p, what))
			return true;
		p += n;
		len -= n;
	}
	return false;
}

int fdt_parent(const void *fdt, int node)
{
	int at[32], depth = 0;
	u32 off = 0, t;

	for (;;) {
		u32 here = off;

		t = token(fdt, here, &off);
		if (t == FDT_BEGIN_NODE) {
			if ((int)here == node)
				return depth ? at[depth - 1] : -ENOENT;
			if (depth == (int)ARRAY_SIZE(at))
				return -ENOENT;
			at[depth++] = here;
		} else if (t == FDT_END_NODE) {
			if (!depth--)
				return -ENOENT;
		} else if (t == FDT_END) {
			return -ENOENT;
		}
	}
}

static u64 read_cells(const u8 *p, u32 cells)
{
	u64 v = 0;

	while (cells--) {
		v = v << 32 | be32(p);
		p += 4;
	}
	return v;
}

u64 fdt_number(const void *fdt, int node, const char *name, u64 def)
{
	int len;
	const u8 *p = fdt_getprop(fdt, node, name, &len);

	return p && (len == 4 || len == 8) ? read_cells(p, len / 4) : def;
}

int fdt_reg(const void *fdt, int node, int i, u64 *addr, u64 *size)
{
	int parent = fdt_parent(fdt, node), len;
	const u8 *p = fdt_getprop(fdt, node, "reg", &len);
	u32 ac, sc;

	if (!p || parent < 0)
		return -ENOENT;
	ac = fdt_cell(fdt, parent, "#address-cells", 0, 2);
	sc = fdt_cell(fdt, parent, "#size-cells", 0, 1);
	if (ac > 2 || sc > 2 || !ac || i < 0 || (u64)(i + 1) * (ac + sc) * 4 > (u64)len)
		return -ENOENT;
	p += i * (ac + sc) * 4;
	*addr = read_cells(p, ac);
	*size = read_cells(p + ac * 4, sc);
	return 0;
}

int fdt_mem_rsv(const void *fdt, int i, u64 *addr, u64 *size)
{
	u64 off = header(fdt, H_RSV) + 16ULL * i;

	if (i < 0 || off + 16 > header(fdt, H_SIZE))
		return -ENOENT;
	*addr = read_cells((const u8 *)fdt + off, 2);
	*size = read_cells((const u8 *)fdt + off + 8, 2);
	return *size ? 0 : -ENOENT;
}
