/* SPDX-License-Identifier: MIT */
/* Changes to directories: names that are made, removed, given to what has one. */
#include "fs/namei.h"

#include <string.h>

#include "fs/chrdev.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/pipe.h"
#include "fs/ramfs.h"
#include "task/cred.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static const struct inode_operations symlink_ops;

static int ramfs_readlink(struct inode *i, char *buf, size_t n)
{
	n = min(n, strlen(i->private));
	memcpy(buf, i->private, n);
	return (int)n;
}

/* Text longer than this counts as a page. Ref: Linux SHORT_SYMLINK_LEN. */
#define SHORT_SYMLINK_LEN 128

static int symlink_init(struct inode *i, const char *text)
{
	size_t n = strlen(text) + 1;

	if (n > SHORT_SYMLINK_LEN && shmem_charge(i->mapping.account, SHMEM_PAGES))
		return -ENOSPC;
	i->private = kmalloc(n, GFP_KERNEL);
	if (!i->private) {
		if (n > SHORT_SYMLINK_LEN)
			shmem_uncharge(i->mapping.account, SHMEM_PAGES, 1);
		return -ENOMEM;
	}
	memcpy(i->private, text, n);
	i->mapping.size = n - 1;
	i->i_op = &symlink_ops;
	return 0;
}

static void symlink_evict(struct inode *i)
{
	if (i->mapping.size >= SHORT_SYMLINK_LEN)
		shmem_uncharge(i->mapping.account, SHMEM_PAGES, 1);
	kfree(i->private);
}

static const struct inode_operations symlink_ops = {
	.readlink = ramfs_readlink,
	.evict = symlink_evict,
};

/* A new object of @mode in @dir, linked. Context: dir's i_rwsem exclusive. */
struct dentry *create_locked(struct dentry *dir, const char *name, u32 mode, u64 rdev, const char *link)
{
	struct inode *i;
	struct dentry *d;
	int err;

	lockdep_assert_held_write(&dir->inode->i_rwsem);
	if (dir->inode->i_op || dir->removed)
		return ERR_PTR(dir->inode->i_op ? -EACCES : -ENOENT);
	err = inode_permission(dir->inode, 3);
	if (err)
		return ERR_PTR(err);
	i = new_inode(mode);
	if (!i)
		return ERR_PTR(-ENOMEM);
	i->mapping.account = vm_account_get();
	if (dir->inode->mode & S_ISGID) {
		i->gid = dir->inode->gid;	/* the folder is a group's */
		i->mode |= S_ISDIR(mode) ? S_ISGID : 0;
	}
	if (S_ISDIR(mode)) {
		i->i_fop = &dir_file_ops;
		i->nlink = 2;
	} else if (S_ISREG(mode)) {
		i->i_fop = &ramfs_file_ops;
	} else if (S_ISCHR(mode)) {
		i->rdev = rdev;
		i->i_fop = chrdev_ops(rdev);
	} else if (S_ISFIFO(mode)) {
		err = fifo_init(i);
	} else if (S_ISLNK(mode)) {
		err = symlink_init(i, link);
	}
	d = err ? NULL : d_alloc(dir, name, i);
	if (!d) {
		iput(i);
		return ERR_PTR(err ? err : -ENOMEM);
	}
	err = d_charge(d);
	if (err) {
		dput(d);
		return ERR_PTR(err);
	}
	d_link(dget(d));
	if (S_ISDIR(mode))
		dir->inode->nlink++;
	inode_touch(dir->inode);
	return d;
}

int vfs_mknod(struct dentry *base, const char *path, u32 mode, u64 rdev, const char *link)
{
	struct last_name *last = kmalloc(sizeof(*last), GFP_KERNEL);
	struct dentry *dir, *d;
	int err = 0;

	if (!last)
		return -ENOMEM;
	dir = path_parent(base, path, last);
	if (IS_ERR(dir)) {
		kfree(last);
		return PTR_ERR(dir);
	}
	down_write(&dir->inode->i_rwsem);
	d = d_find(dir, last->name);
	if (!d && dir->inode->i_op && dir->inode->i_op->lookup) {
		d = dir->inode->i_op->lookup(dir, last->name);
		if (IS_ERR(d))
			d = NULL;
	}
	if (d || is_dots(last->name)) {
		err = -EEXIST;
	} else if (last->slash && !S_ISDIR(mode)) {
		err = -ENOENT;
	} else if (S_ISDIR(mode) && dir->inode->i_op && dir->inode->i_op->mkdir) {
		err = inode_permission(dir->inode, 3);
		if (!err)
			err = dir->inode->i_op->mkdir(dir->inode, last->name);
	} else {
		d = create_locked(dir, last->name, mode, rdev, link);
		if (IS_ERR(d)) {
			err = PTR_ERR(d);
			d = NULL;
		}
	}
	up_write(&dir->inode->i_rwsem);
	dput(d);
	dput(dir);
	kfree(last);
	return err;
}

int may_delete(struct dentry *dir, struct dentry *victim)
{
	int err = inode_permission(dir->inode, 3);

	lockdep_assert_held(&dir->inode->i_rwsem);
	if (err)
		return err;
	if ((dir->inode->mode & S_ISVTX) && !proc_may_change(victim->inode->uid) &&
	    !proc_may_change(dir->inode->uid))
		return -EPERM;
	return 0;
}

/* Take @d out of @dir, if it is a directory as wanted and nothing is in it. Context: @dir's i_rwsem exclusive. */
static int unlink_locked(struct dentry *dir, struct dentry *d, bool want_dir)
{
	int err = 0;

	if (want_dir != S_ISDIR(d->inode->mode))
		return want_dir ? -ENOTDIR : -EISDIR;
	if (want_dir && d->inode->i_op)
		return -EBUSY;
	down_write_nested(&d->inode->i_rwsem);	/* after its parent's */
	if (RB_ROOT(&d->children)) {
		err = -ENOTEMPTY;
	} else {
		d->inode->nlink = want_dir ? 0 : d->inode->nlink - 1;
		dir->inode->nlink -= want_dir;
		d_unlink(d);
		inode_touch(dir->inode);
	}
	up_write(&d->inode->i_rwsem);
	return err;
}

int vfs_unlink(struct dentry *base, const char *path, bool want_dir)
{
	struct last_name *last = kmalloc(sizeof(*last), GFP_KERNEL);
	struct dentry *dir, *d = NULL;
	int err = 0;

	if (!last)
		return -ENOMEM;
	dir = path_parent(base, path, last);
	if (IS_ERR(dir)) {
		kfree(last);
		return PTR_ERR(dir);
	}
	down_write(&dir->inode->i_rwsem);
	if (!strcmp(last->name, "."))
		err = want_dir ? -EINVAL : -EISDIR;
	else if (!strcmp(last->name, ".."))
		err = want_dir ? -ENOTEMPTY : -EISDIR;
	else if (dir->inode->i_op && (!want_dir || !dir->inode->i_op->rmdir))
		err = -EPERM;
	else if (dir->inode->i_op)
		err = inode_permission(dir->inode, 3);
	else if (!(d = d_find(dir, last->name)))
		err = -ENOENT;
	else if (last->slash && !S_ISDIR(d->inode->mode))
		err = -ENOTDIR;
	else
		err = may_delete(dir, d);
	if (!err)
		err = dir->inode->i_op ? dir->inode->i_op->rmdir(dir->inode, last->name) : unlink_locked(dir, d, want_dir);
	up_write(&dir->inode->i_rwsem);
	dput(d);
	dput(dir);
	kfree(last);
	return err;
}

/* Another name for @i, which still has one. Context: @dir's i_rwsem exclusive. */
static int link_locked(struct inode *i, struct dentry *dir, const char *name)
{
	struct dentry *d = d_alloc(dir, name, iget(i));
	int err = d ? d_charge(d) : -ENOMEM;

	down_write_nested(&i->i_rwsem);		/* a file's, after a directory's */
	if (d && !i->nlink)
		err = -ENOENT;
	if (!err) {
		i->nlink++;
		d_link(d);
		inode_touch(dir->inode);
	}
	up_write(&i->i_rwsem);
	if (!d)
		iput(i);
	else if (err)
		dput(d);
	return err;
}

int vfs_link(struct dentry *old_base, const char *old, struct dentry *new_base, const char *new,
	     unsigned int flags)
{
	struct last_name *last = kmalloc(sizeof(*last), GFP_KERNEL);
	struct dentry *src, *dir, *d;
	int err = 0;

	if (!last)
		return -ENOMEM;
	src = path_lookup(old_base, old, flags);
	if (IS_ERR(src)) {
		kfree(last);
		return PTR_ERR(src);
	}
	dir = path_parent(new_base, new, last);
	if (IS_ERR(dir)) {
		dput(src);
		kfree(last);
		return PTR_ERR(dir);
	}
	down_write(&dir->inode->i_rwsem);
	d = d_find(dir, last->name);
	if (d || is_dots(last->name))
		err = -EEXIST;
	else if (last->slash)
		err = -ENOENT;
	else if (S_ISDIR(src->inode->mode))
		err = -EPERM;
	else if (dir->inode->i_op || (src->inode->i_op && !S_ISFIFO(src->inode->mode)))
		err = src->inode->i_op == &symlink_ops ? -EPERM : -EXDEV;
	else if (dir->removed)
		err = -ENOENT;
	else
		err = inode_permission(dir->inode, 3);
	dput(d);
	if (!err)
		err = link_locked(src->inode, dir, last->name);
	up_write(&dir->inode->i_rwsem);
	dput(dir);
	dput(src);
	kfree(last);
	return err;
}
