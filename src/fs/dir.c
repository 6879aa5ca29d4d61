/* SPDX-License-Identifier: MIT */
/*
 * Changes to directories: names are made and removed, and an inode gets another name.
 *
 * Rules that hold in any file system are applied here: rights, mounts, names that exist already, and the order in which errors come.
 * The rest is the file system's (inode_operations).
 */
#include "fs/dir.h"

#include <string.h>

#include "fs/inode.h"
#include "lib/err.h"
#include "task/cred.h"
#include "vm/slab.h"

/* A path whose last component is to be made or removed. */
struct change {
	struct path dir;
	struct last_name last;
	int readonly;			/* 0, and mnt_want_write() is to be undone; or -EROFS */
};

static struct change *begin_change(const struct path *base, const char *path)
{
	struct change *c = kmalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return ERR_PTR(-ENOMEM);
	err = path_parent(base, path, &c->last, &c->dir);
	if (err) {
		kfree(c);
		return ERR_PTR(err);
	}
	c->readonly = mnt_want_write(c->dir.mnt);
	return c;
}

static void end_change(struct change *c)
{
	if (!c->readonly)
		mnt_drop_write(c->dir.mnt);
	path_put(&c->dir);
	kfree(c);
}

int may_create(struct dentry *dir)
{
	lockdep_assert_held(&dir->inode->i_rwsem);
	return dir->removed ? -ENOENT : inode_permission(dir->inode, MAY_WRITE | MAY_EXEC);
}

int may_delete(struct dentry *dir, struct dentry *victim)
{
	int err = inode_permission(dir->inode, MAY_WRITE | MAY_EXEC);

	lockdep_assert_held(&dir->inode->i_rwsem);
	if (err)
		return err;
	if ((dir->inode->mode & S_ISVTX) && !proc_may_change(victim->inode->uid) &&
	    !proc_may_change(dir->inode->uid))
		return -EPERM;
	return 0;
}

struct dentry *create_locked(struct dentry *dir, const char *name, u32 mode, u64 rdev, const char *link)
{
	const struct inode_operations *op = dir->inode->i_op;
	int err = may_create(dir);

	lockdep_assert_held_write(&dir->inode->i_rwsem);
	if (err)
		return ERR_PTR(err);
	switch (mode & S_IFMT) {
	case S_IFREG:
		return op->create ? op->create(dir, name, mode) : ERR_PTR(-EACCES);
	case S_IFDIR:
		return op->mkdir ? op->mkdir(dir, name, mode) : ERR_PTR(-EPERM);
	case S_IFLNK:
		return op->symlink ? op->symlink(dir, name, link) : ERR_PTR(-EPERM);
	}
	return op->mknod ? op->mknod(dir, name, mode, rdev) : ERR_PTR(-EPERM);
}

/* Is the name @c not taken, and can it be made? Context: the directory's i_rwsem exclusive. */
static int may_make(const struct change *c, bool dir)
{
	struct dentry *d = is_dots(c->last.name) ? NULL : lookup_name(c->dir.dentry, c->last.name);

	if (!d)
		return -EEXIST;
	if (!IS_ERR(d)) {
		dput(d);
		return -EEXIST;
	}
	if (PTR_ERR(d) != -ENOENT)
		return PTR_ERR(d);
	return c->last.slash && !dir ? -ENOENT : c->readonly;
}

int vfs_mknod(const struct path *base, const char *path, u32 mode, u64 rdev, const char *link)
{
	struct change *c = begin_change(base, path);
	struct dentry *dir, *d;
	int err;

	if (IS_ERR(c))
		return PTR_ERR(c);
	dir = c->dir.dentry;
	down_write(&dir->inode->i_rwsem);
	err = may_make(c, S_ISDIR(mode));
	d = err ? NULL : create_locked(dir, c->last.name, mode, rdev, link);
	if (IS_ERR(d)) {
		err = PTR_ERR(d);
		d = NULL;
	}
	up_write(&dir->inode->i_rwsem);
	dput(d);
	end_change(c);
	return err;
}

/* Take @d out of @dir, if it is a directory as wanted and the file system lets it go. Context: @dir's i_rwsem exclusive. */
static int unlink_locked(struct dentry *dir, struct dentry *d, bool want_dir)
{
	const struct inode_operations *op = dir->inode->i_op;
	int err = may_delete(dir, d);

	if (err)
		return err;
	if (want_dir != S_ISDIR(d->inode->mode))
		return want_dir ? -ENOTDIR : -EISDIR;
	if (want_dir ? !op->rmdir : !op->unlink)
		return -EPERM;
	down_write_nested(&d->inode->i_rwsem);	/* after its parent's */
	if (d->d_mounted)
		err = -EBUSY;
	else
		err = want_dir ? op->rmdir(dir, d) : op->unlink(dir, d);
	if (!err && d->linked)
		d_unlink(d);
	up_write(&d->inode->i_rwsem);
	return err;
}

int vfs_unlink(const struct path *base, const char *path, bool want_dir)
{
	struct change *c = begin_change(base, path);
	struct dentry *dir, *d = NULL;
	int err = 0;

	if (IS_ERR(c))
		return PTR_ERR(c);
	dir = c->dir.dentry;
	down_write(&dir->inode->i_rwsem);
	if (!strcmp(c->last.name, "."))
		err = want_dir ? -EINVAL : -EISDIR;
	else if (!strcmp(c->last.name, ".."))
		err = want_dir ? -ENOTEMPTY : -EISDIR;
	else if (c->readonly)
		err = c->readonly;
	else if (IS_ERR(d = lookup_name(dir, c->last.name)))
		err = PTR_ERR(d);
	else if (c->last.slash && !S_ISDIR(d->inode->mode))
		err = -ENOTDIR;
	else
		err = unlink_locked(dir, d, want_dir);
	up_write(&dir->inode->i_rwsem);
	dput(IS_ERR(d) ? NULL : d);
	end_change(c);
	return err;
}

/* Another name for @src, which still has one. Context: @dir's i_rwsem exclusive. */
static int link_locked(const struct change *c, const struct path *src)
{
	struct inode *dir = c->dir.dentry->inode, *i = src->dentry->inode;
	int err = may_make(c, false);

	if (!err && src->mnt != c->dir.mnt)
		err = -EXDEV;
	if (!err)
		err = may_create(c->dir.dentry);
	if (!err && (!dir->i_op->link || S_ISDIR(i->mode)))
		err = -EPERM;
	if (err)
		return err;
	down_write_nested(&i->i_rwsem);		/* a file's, after a directory's */
	err = i->nlink ? dir->i_op->link(i, c->dir.dentry, c->last.name) : -ENOENT;
	up_write(&i->i_rwsem);
	return err;
}

int vfs_link(const struct path *old_base, const char *old, const struct path *new_base, const char *new, unsigned int flags)
{
	struct change *c;
	struct path src;
	int err = path_lookup(old_base, old, flags, &src);

	if (err)
		return err;
	c = begin_change(new_base, new);
	if (IS_ERR(c)) {
		path_put(&src);
		return PTR_ERR(c);
	}
	down_write(&c->dir.dentry->inode->i_rwsem);
	err = link_locked(c, &src);
	up_write(&c->dir.dentry->inode->i_rwsem);
	end_change(c);
	path_put(&src);
	return err;
}
