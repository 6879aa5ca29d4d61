/* SPDX-License-Identifier: MIT */
/*
 * Renaming.
 *
 * Names move only under rename_lock: under it, a directory that lies above another stays above it. Then come the locks of
 * the two directories: the upper one first, as unlink and link lock a directory and then a name in it. If neither is above
 * the other, their order does not matter, for no other code holds two such. Last comes the lock of the name that is
 * replaced: it lies in the new directory, and is not above the old one.
 * Ref: Linux Documentation/filesystems/directory-locking.rst.
 */
#include "fs/dir.h"

#include "fs/inode.h"
#include "locks/mutex.h"
#include "vm/slab.h"

static mutex_t rename_lock;

void __init rename_init(void)
{
	mutex_init(&rename_lock, LOCK_RENAME);
}

struct renaming {
	struct path old_dir, new_dir;
	struct dentry *od, *nd;			/* their dentries */
	struct dentry *src, *dst;		/* the name that is renamed; the one that has the new name already, or NULL */
	struct last_name old, new;
	unsigned int flags;
};

static void lock_parents(struct dentry *a, struct dentry *b) __no_lock_analysis
{
	if (d_is_ancestor(b, a))
		swap(a, b);
	down_write(&a->inode->i_rwsem);
	if (a != b)
		down_write_nested(&b->inode->i_rwsem);
}

static void unlock_parents(struct dentry *a, struct dentry *b) __no_lock_analysis
{
	up_write(&a->inode->i_rwsem);
	if (a != b)
		up_write(&b->inode->i_rwsem);
}

static bool is_dir(const struct dentry *d)
{
	return d && S_ISDIR(d->inode->mode);
}

/* Does it make sense? In Linux's order. */
static int check_places(const struct renaming *r)
{
	bool exchange = r->flags & RENAME_EXCHANGE;

	if (!r->src)
		return -ENOENT;
	if (r->dst && r->flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (!r->dst && exchange)
		return -ENOENT;
	if (!is_dir(r->src) && (r->old.slash || (!exchange && r->new.slash)))
		return -ENOTDIR;
	if (exchange && !is_dir(r->dst) && r->new.slash)
		return -ENOTDIR;
	if (r->src->d_mounted || (r->dst && r->dst->d_mounted))
		return -EBUSY;
	if (is_dir(r->src) && d_is_ancestor(r->src, r->nd))
		return -EINVAL;
	if (is_dir(r->dst) && d_is_ancestor(r->dst, r->od))
		return exchange ? -EINVAL : -ENOTEMPTY;
	return 0;
}

/* May the current task? A directory that changes its parent is written to: its ".." changes. */
static int may_rename(const struct renaming *r)
{
	bool exchange = r->flags & RENAME_EXCHANGE;
	int err = may_delete(r->od, r->src);

	if (!err && r->dst)
		err = may_delete(r->nd, r->dst);
	else if (!err)
		err = may_create(r->nd);
	if (!err && r->dst && !exchange && is_dir(r->src) != is_dir(r->dst))
		err = is_dir(r->src) ? -ENOTDIR : -EISDIR;
	if (!err && is_dir(r->src) && r->od != r->nd)
		err = inode_permission(r->src->inode, MAY_WRITE);
	if (!err && exchange && is_dir(r->dst) && r->od != r->nd)
		err = inode_permission(r->dst->inode, MAY_WRITE);
	return err;
}

/* The file system's part. What is replaced is locked last, and seen to be no place of a mount. */
static int move_name(const struct renaming *r) __no_lock_analysis
{
	const struct inode_operations *op = r->od->inode->i_op;
	bool lock = r->dst && !(r->flags & RENAME_EXCHANGE);
	int err;

	if (!op->rename)
		return -EPERM;
	if (lock)
		down_write_nested(&r->dst->inode->i_rwsem);
	err = lock && r->dst->d_mounted ? -EBUSY : op->rename(r->src, r->nd, r->new.name, r->dst, r->flags);
	if (lock)
		up_write(&r->dst->inode->i_rwsem);
	return err;
}

/* Context: rename_lock, both directories' i_rwsem exclusive. */
static int rename_locked(struct renaming *r)
{
	int err;

	if (is_dots(r->old.name) || is_dots(r->new.name))
		return r->flags & RENAME_NOREPLACE && !is_dots(r->old.name) ? -EEXIST : -EBUSY;
	r->src = lookup_name(r->od, r->old.name);
	r->dst = lookup_name(r->nd, r->new.name);
	if (IS_ERR(r->dst) && PTR_ERR(r->dst) == -ENOENT)
		r->dst = NULL;
	if (IS_ERR(r->src) || IS_ERR(r->dst))
		return PTR_ERR(IS_ERR(r->src) ? r->src : r->dst);
	err = check_places(r);
	if (err || (r->dst && r->dst->inode == r->src->inode))
		return err;	/* two names of one file: nothing to do */
	err = may_rename(r);
	return err ? err : move_name(r);
}

static int do_rename(struct renaming *r)
{
	int err;

	if (r->old_dir.mnt != r->new_dir.mnt)
		return -EXDEV;
	err = mnt_want_write(r->old_dir.mnt);
	if (err)
		return err;
	r->od = r->old_dir.dentry;
	r->nd = r->new_dir.dentry;
	mutex_lock(&rename_lock);
	lock_parents(r->od, r->nd);
	err = rename_locked(r);
	unlock_parents(r->od, r->nd);
	mutex_unlock(&rename_lock);
	mnt_drop_write(r->old_dir.mnt);
	dput(IS_ERR(r->src) ? NULL : r->src);
	dput(IS_ERR(r->dst) ? NULL : r->dst);
	return err;
}

int vfs_rename(const struct path *old_base, const char *old, const struct path *new_base, const char *new, unsigned int flags)
{
	struct renaming *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int err;

	if (!r)
		return -ENOMEM;
	r->flags = flags;
	err = path_parent(old_base, old, &r->old, &r->old_dir);
	if (!err)
		err = path_parent(new_base, new, &r->new, &r->new_dir);
	if (!err)
		err = do_rename(r);
	path_put(&r->new_dir);
	path_put(&r->old_dir);
	kfree(r);
	return err;
}
