/* SPDX-License-Identifier: MIT */
/* From paths to things. */
#include "fs/namei.h"

#include <string.h>

#include "fs/dcache.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "vm/slab.h"

#define MAX_SYMLINKS 40

static struct dentry *get_base(struct dentry *base)
{
	return base ? dget(base) : get_pwd(current->fs);
}


/* One step from @dir; takes over no reference. */
static struct dentry *lookup_one(struct dentry *dir, const char *name)
{
	struct inode *i = dir->inode;
	struct dentry *d;
	int err;

	if (!S_ISDIR(i->mode))
		return ERR_PTR(-ENOTDIR);
	err = inode_permission(i, 1);
	if (err)
		return ERR_PTR(err);
	if (!strcmp(name, "."))
		return dget(dir);
	if (!strcmp(name, "..")) {
		struct dentry *root = get_root(current->fs);

		d = dir == root ? dget(dir) : dget_parent(dir);
		dput(root);
		return d;
	}
	down_read(&i->i_rwsem);
	d = d_find(dir, name);
	if (!d)
		d = i->i_op && i->i_op->lookup ? i->i_op->lookup(dir, name) : ERR_PTR(-ENOENT);
	up_read(&i->i_rwsem);
	return d;
}

/*
 * Walk @path from @d, whose reference is taken over. With @last, stop before
 * the last component and copy it there.
 */
static struct dentry *walk(struct dentry *d, const char *path, unsigned int flags, struct last_name *last, int *links)
{
	char *name = kmalloc(NAME_MAX + 1, GFP_KERNEL);
	int err = 0;

	if (!name) {
		dput(d);
		return ERR_PTR(-ENOMEM);
	}
	if (*path == '/') {
		dput(d);
		d = get_root(current->fs);
	}
	for (;;) {
		struct dentry *next;
		size_t n;
		bool final, slash;

		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (!n) {
			if (last)
				*last = (struct last_name){ ".", false };	/* the root itself */
			break;
		}
		if (n > NAME_MAX) {
			err = -ENAMETOOLONG;
			break;
		}
		memcpy(name, path, n);
		name[n] = '\0';
		path += n;
		slash = *path == '/';
		final = !path[strspn(path, "/")];
		if (final && last) {
			strcpy(last->name, name);
			last->slash = slash;
			err = S_ISDIR(d->inode->mode) ? inode_permission(d->inode, 1) : -ENOTDIR;
			break;
		}
		next = lookup_one(d, name);
		if (IS_ERR(next)) {
			err = PTR_ERR(next);
			break;
		}
		if (S_ISLNK(next->inode->mode) && (!final || slash || (flags & LOOKUP_FOLLOW))) {
			char *target = kmalloc(PATH_MAX, GFP_KERNEL);
			int len = -ENOMEM;

			if (target)
				len = ++*links > MAX_SYMLINKS ? -ELOOP :
				      next->inode->i_op->readlink(next->inode, target, PATH_MAX - 1);
			dput(next);
			if (len >= 0) {
				target[len] = '\0';
				d = walk(d, target, LOOKUP_FOLLOW, NULL, links);
			}
			kfree(target);
			if (len < 0) {
				err = len;
				break;
			}
			if (IS_ERR(d)) {
				kfree(name);
				return d;
			}
		} else {
			dput(d);
			d = next;
		}
		if (slash && !S_ISDIR(d->inode->mode)) {
			err = -ENOTDIR;
			break;
		}
		if (final)
			break;
	}
	kfree(name);
	if (err) {
		dput(d);
		return ERR_PTR(err);
	}
	return d;
}

struct dentry *path_lookup(struct dentry *base, const char *path, unsigned int flags)
{
	int links = 0;

	if (!*path)
		return ERR_PTR(-ENOENT);
	return walk(get_base(base), path, flags, NULL, &links);
}

struct dentry *path_parent(struct dentry *base, const char *path, struct last_name *last)
{
	int links = 0;

	if (!*path)
		return ERR_PTR(-ENOENT);
	return walk(get_base(base), path, 0, last, &links);
}

bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}
