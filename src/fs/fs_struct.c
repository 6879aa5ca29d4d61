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
	fs->root = path_get(&root_path);
	fs->pwd = path_get(&root_path);
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
	fs->root = path_get(&old->root);
	fs->pwd = path_get(&old->pwd);
	fs->umask = old->umask;
	spin_unlock(&old->lock);
	return fs;
}

struct path get_pwd(struct fs_struct *fs)
{
	struct path p;

	spin_lock(&fs->lock);
	p = path_get(&fs->pwd);
	spin_unlock(&fs->lock);
	return p;
}

struct path get_root(struct fs_struct *fs)
{
	struct path p;

	if (!fs)
		return path_get(&root_path);
	spin_lock(&fs->lock);
	p = path_get(&fs->root);
	spin_unlock(&fs->lock);
	return p;
}

static void set_place(struct fs_struct *fs, struct path *place, struct path p)
{
	struct path old;

	spin_lock(&fs->lock);
	old = *place;
	*place = p;
	spin_unlock(&fs->lock);
	path_put(&old);
}

void set_fs_pwd(struct fs_struct *fs, struct path path)
{
	set_place(fs, &fs->pwd, path);
}

void set_fs_root(struct fs_struct *fs, struct path path)
{
	set_place(fs, &fs->root, path);
}

void put_fs(struct fs_struct *fs)
{
	if (!atomic_dec_and_test(&fs->count))
		return;
	path_put(&fs->root);
	path_put(&fs->pwd);
	kmem_cache_free(fs_cache, fs);
}
