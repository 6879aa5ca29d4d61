/* SPDX-License-Identifier: MIT */
/* A process's place in the tree of names. */
#include "fs/fs_struct.h"

#include "fs/dcache.h"
#include "vm/slab.h"

static struct kmem_cache *fs_cache;

void __init fs_struct_init(void)
{
	fs_cache = kmem_cache_create("fs_cache", sizeof(struct fs_struct));
}

struct fs_struct *fs_alloc(void)
{
	struct fs_struct *fs = kmem_cache_alloc(fs_cache, GFP_KERNEL);

	if (!fs)
		return NULL;
	atomic_set(&fs->count, 1);
	spin_lock_init(&fs->lock, LOCK_FS);
	fs->root = dget(root_dentry);
	fs->pwd = dget(root_dentry);
	fs->umask = 022;
	return fs;
}

struct fs_struct *dup_fs(struct fs_struct *old)
{
	struct fs_struct *fs = kmem_cache_alloc(fs_cache, GFP_KERNEL);

	if (!fs)
		return NULL;
	atomic_set(&fs->count, 1);
	spin_lock_init(&fs->lock, LOCK_FS);
	spin_lock(&old->lock);
	fs->root = dget(old->root);
	fs->pwd = dget(old->pwd);
	fs->umask = old->umask;
	spin_unlock(&old->lock);
	return fs;
}

struct dentry *get_pwd(struct fs_struct *fs)
{
	struct dentry *d;

	spin_lock(&fs->lock);
	d = dget(fs->pwd);
	spin_unlock(&fs->lock);
	return d;
}

struct dentry *get_root(struct fs_struct *fs)
{
	struct dentry *d;

	if (!fs)
		return dget(root_dentry);
	spin_lock(&fs->lock);
	d = dget(fs->root);
	spin_unlock(&fs->lock);
	return d;
}

void put_fs(struct fs_struct *fs)
{
	if (!atomic_dec_and_test(&fs->count))
		return;
	dput(fs->root);
	dput(fs->pwd);
	kmem_cache_free(fs_cache, fs);
}
