/* SPDX-License-Identifier: MIT */
#include "fs/fs.h"

#include <string.h>

#include "vm/slab.h"

struct dentry *root_dentry;
static struct kmem_cache *dentry_cache;
static DEFINE_SPINLOCK(dcache_lock, LOCK_DCACHE);	/* parents and names, against d_move() */

static int dentry_cmp(const struct dentry *a, const struct dentry *b)
{
	return strcmp(a->name, b->name);
}

RB_GENERATE_STATIC(dentry_tree, dentry, link, dentry_cmp)

void __init dcache_init(void)
{
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry));
}

static char *name_dup(struct dentry *d, const char *name)
{
	size_t n = strlen(name) + 1;
	char *p = n <= sizeof(d->inline_name) ? d->inline_name : kmalloc(n, GFP_KERNEL);

	return p ? memcpy(p, name, n) : NULL;
}

struct dentry *d_alloc(struct dentry *parent, const char *name, struct inode *inode)
{
	struct dentry *d = kmem_cache_alloc(dentry_cache, __GFP_ZERO);

	if (!d)
		return NULL;
	d->name = name_dup(d, name);
	if (!d->name) {
		kmem_cache_free(dentry_cache, d);
		return NULL;
	}
	atomic_set(&d->refcount, 1);
	d->parent = parent ? dget(parent) : d;
	d->inode = inode;
	RB_INIT(&d->children);
	return d;
}

void dput(struct dentry *d)
{
	while (d && atomic_dec_and_test(&d->refcount)) {
		struct dentry *parent = d->parent == d ? NULL : d->parent;

		if (d->name != d->inline_name)
			kfree(d->name);
		iput(d->inode);
		kmem_cache_free(dentry_cache, d);
		d = parent;
	}
}

void d_link(struct dentry *d)
{
	RB_INSERT(dentry_tree, &d->parent->children, d);
	d->cookie = next_ino() + 2;
	d->linked = true;
}

void d_unlink(struct dentry *d)
{
	RB_REMOVE(dentry_tree, &d->parent->children, d);
	d->linked = false;
	dput(d);
}

struct dentry *d_find(struct dentry *dir, const char *name)
{
	struct dentry *d = RB_ROOT(&dir->children);

	while (d) {
		int c = strcmp(name, d->name);

		if (!c)
			return dget(d);
		d = c < 0 ? RB_LEFT(d, link) : RB_RIGHT(d, link);
	}
	return NULL;
}

struct dentry *d_next_child(struct dentry *dir, struct dentry *prev)
{
	return prev ? RB_NEXT(dentry_tree, &dir->children, prev) : RB_MIN(dentry_tree, &dir->children);
}

int d_move(struct dentry *d, struct dentry *new_parent, const char *name)
{
	struct dentry *old_parent = d->parent;
	size_t n = strlen(name) + 1;
	char *long_name = NULL, *old_name = NULL;

	if (n > sizeof(d->inline_name)) {
		long_name = kmalloc(n, GFP_KERNEL);
		if (!long_name)
			return -ENOMEM;
		memcpy(long_name, name, n);
	}
	RB_REMOVE(dentry_tree, &old_parent->children, d);
	spin_lock(&dcache_lock);
	if (d->name != d->inline_name)
		old_name = d->name;
	if (!long_name)
		memcpy(d->inline_name, name, n);
	d->name = long_name ? long_name : d->inline_name;
	d->parent = dget(new_parent);
	spin_unlock(&dcache_lock);
	RB_INSERT(dentry_tree, &new_parent->children, d);
	kfree(old_name);
	dput(old_parent);
	return 0;
}

char *d_path(struct dentry *d, char *buf, size_t n)
{
	static const char deleted[] = " (deleted)";
	char *p = buf + n;
	bool gone = d->parent != d && !d->linked && !d->parent->inode->i_op;

	*--p = '\0';
	if (gone) {
		p -= sizeof(deleted) - 1;
		memcpy(p, deleted, sizeof(deleted) - 1);
	}
	spin_lock(&dcache_lock);
	if (d->parent == d)
		*--p = '/';
	for (; d->parent != d; d = d->parent) {
		size_t len = strlen(d->name);

		if (len + 1 > (size_t)(p - buf)) {
			spin_unlock(&dcache_lock);
			return ERR_PTR(-ENAMETOOLONG);
		}
		p -= len;
		memcpy(p, d->name, len);
		*--p = '/';
	}
	spin_unlock(&dcache_lock);
	return p;
}
