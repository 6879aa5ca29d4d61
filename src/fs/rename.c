/* SPDX-License-Identifier: MIT */
/*
 * Renaming.
 *
 * Names move only under rename_lock, so what lies above what stays as it is seen. Then come the locks of the
 * directories: the upper one first, as with all who take a directory and then what is in it (unlink, link); of two
 * strangers either, for nobody else holds two such. Last comes what is replaced: it lies in the new directory, and
 * is not above the old one.
 * Ref: Linux Documentation/filesystems/directory-locking.rst.
 */
#include "fs/namei.h"

#include "fs/dcache.h"
#include "fs/inode.h"
#include "vm/slab.h"

static mutex_t rename_lock;

void __init rename_init(void)
{
	mutex_init(&rename_lock, LOCK_RENAME);
}

struct renaming {
	struct dentry *od, *nd;			/* old and new directory */
	struct dentry *src, *dst;		/* what is renamed; what is there already, or NULL */
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
	if ((is_dir(r->src) && r->src->inode->i_op) || (is_dir(r->dst) && r->dst->inode->i_op))
		return -EBUSY;		/* a mount */
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
		err = r->nd->removed ? -ENOENT : inode_permission(r->nd->inode, 3);
	if (!err && r->dst && !exchange && is_dir(r->src) != is_dir(r->dst))
		err = is_dir(r->src) ? -ENOTDIR : -EISDIR;
	if (!err && is_dir(r->src) && r->od != r->nd)
		err = inode_permission(r->src->inode, 2);
	if (!err && exchange && is_dir(r->dst) && r->od != r->nd)
		err = inode_permission(r->dst->inode, 2);
	return err;
}

static int replace(const struct renaming *r) __no_lock_analysis
{
	struct dentry *dst = r->dst;
	bool dir = is_dir(r->src);
	int err = 0;

	if (dst)
		down_write_nested(&dst->inode->i_rwsem);
	if (dst && RB_ROOT(&dst->children))
		err = -ENOTEMPTY;
	if (!err)
		err = d_move(r->src, r->nd, r->new.name, dst);
	if (!err && dst)
		dst->inode->nlink = dir ? 0 : dst->inode->nlink - 1;
	if (dst)
		up_write(&dst->inode->i_rwsem);
	if (!err) {
		r->od->inode->nlink -= dir;
		r->nd->inode->nlink += dir && !dst;
	}
	return err;
}

static void exchange(const struct renaming *r)
{
	int more = is_dir(r->src) - is_dir(r->dst);

	d_exchange(r->src, r->dst);
	r->od->inode->nlink -= more;
	r->nd->inode->nlink += more;
}

/* Context: rename_lock, both directories' i_rwsem exclusive. */
static int rename_locked(struct renaming *r)
{
	int err;

	if (is_dots(r->old.name) || is_dots(r->new.name))
		return r->flags & RENAME_NOREPLACE && !is_dots(r->old.name) ? -EEXIST : -EBUSY;
	r->src = d_find(r->od, r->old.name);
	r->dst = d_find(r->nd, r->new.name);
	err = check_places(r);
	if (err || (r->dst && r->dst->inode == r->src->inode))
		return err;	/* two names of one file: nothing to do */
	err = may_rename(r);
	if (err)
		return err;
	if (r->flags & RENAME_EXCHANGE)
		exchange(r);
	else
		err = replace(r);
	if (!err) {
		inode_touch(r->od->inode);
		inode_touch(r->nd->inode);
	}
	return err;
}

static int do_rename(struct renaming *r)
{
	int err;

	if (r->od->inode->i_op || r->nd->inode->i_op)
		return r->od->inode->i_op && r->nd->inode->i_op ? -EPERM : -EXDEV;
	mutex_lock(&rename_lock);
	lock_parents(r->od, r->nd);
	err = rename_locked(r);
	unlock_parents(r->od, r->nd);
	mutex_unlock(&rename_lock);
	dput(r->src);
	dput(r->dst);
	return err;
}

int vfs_rename(struct dentry *old_base, const char *old, struct dentry *new_base, const char *new, unsigned int flags)
{
	struct renaming *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int err = 0;

	if (!r)
		return -ENOMEM;
	r->flags = flags;
	r->od = path_parent(old_base, old, &r->old);
	if (IS_ERR(r->od)) {
		err = PTR_ERR(r->od);
		kfree(r);
		return err;
	}
	r->nd = path_parent(new_base, new, &r->new);
	if (IS_ERR(r->nd)) {
		err = PTR_ERR(r->nd);
	} else {
		err = do_rename(r);
		dput(r->nd);
	}
	dput(r->od);
	kfree(r);
	return err;
}
