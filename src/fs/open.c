/* SPDX-License-Identifier: MIT */
/* Opening files. */
#include "fs/file.h"

#include <string.h>

#include "fs/dcache.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "fs/upcall.h"
#include "sched/sched.h"
#include "vm/slab.h"

int vfs_truncate(struct inode *i, u64 size)
{
	if (S_ISDIR(i->mode))
		return -EISDIR;
	if (!S_ISREG(i->mode) || i->i_op)
		return -EINVAL;
	down_write(&i->i_rwsem);
	if (size > i->mapping.size && proc_file_room(size - 1, 1) < 0) {
		up_write(&i->i_rwsem);
		return -EFBIG;
	}
	if (size < i->mapping.size) {
		WRITE_ONCE(i->mapping.size, size);
		truncate_pages(&i->mapping, size);
	} else {
		WRITE_ONCE(i->mapping.size, size);
	}
	inode_touch(i);
	inode_remove_privs(i);
	up_write(&i->i_rwsem);
	return 0;
}

/* The name @last in @dir, created if @flags say so. */
static struct dentry *open_last(struct dentry *dir, const struct last_name *last, u32 flags, u32 mode, bool *created)
{
	struct dentry *d;

	if (last->slash || is_dots(last->name))
		return ERR_PTR(-EISDIR);
	down_write(&dir->inode->i_rwsem);
	d = d_find(dir, last->name);
	if (!d && dir->inode->i_op && dir->inode->i_op->lookup)
		d = dir->inode->i_op->lookup(dir, last->name);
	if (IS_ERR(d) && PTR_ERR(d) == -ENOENT)
		d = NULL;
	if (d && !IS_ERR(d) && (flags & O_EXCL)) {
		dput(d);
		d = ERR_PTR(-EEXIST);
	} else if (!d) {
		d = create_locked(dir, last->name, S_IFREG | mode, 0, NULL);
		*created = true;
	}
	up_write(&dir->inode->i_rwsem);
	return d;
}

struct file *do_open(struct dentry *base, const char *path, u32 flags, u32 mode)
{
	static const u8 need[] = { 4, 2, 6, 6 };
	bool created = false;
	struct dentry *d;
	struct file *f;
	struct inode *i;
	int err = 0;

	if (flags & O_CREAT) {
		struct last_name *last = kmalloc(sizeof(*last), GFP_KERNEL);
		struct dentry *dir;

		if (!last)
			return ERR_PTR(-ENOMEM);
		dir = path_parent(base, path, last);
		if (IS_ERR(dir)) {
			kfree(last);
			return ERR_PTR(PTR_ERR(dir));
		}
		d = open_last(dir, last, flags, mode & 07777 & ~current->fs->umask, &created);
		dput(dir);
		kfree(last);
		if (!IS_ERR(d) && S_ISLNK(d->inode->mode)) {
			/* An existing link: what it points at, which must exist too. */
			dput(d);
			d = flags & O_NOFOLLOW ? ERR_PTR(-ELOOP) : path_lookup(base, path, LOOKUP_FOLLOW);
		}
	} else {
		d = path_lookup(base, path, flags & O_NOFOLLOW ? 0 : LOOKUP_FOLLOW);
	}
	if (IS_ERR(d))
		return ERR_PTR(PTR_ERR(d));
	i = d->inode;
	if (S_ISLNK(i->mode))
		err = -ELOOP;
	else if (S_ISDIR(i->mode) && ((flags & O_ACCMODE) || (flags & O_CREAT)))
		err = -EISDIR;
	else if (!S_ISDIR(i->mode) && (flags & O_DIRECTORY))
		err = -ENOTDIR;
	else if (!i->i_fop)
		err = -ENXIO;
	else if (!created)
		err = inode_permission(i, flags & FMODE_EXEC ? 1 : need[flags & O_ACCMODE] | (flags & O_TRUNC ? 2 : 0));
	if (!err && (flags & O_TRUNC) && S_ISREG(i->mode) && !i->i_op)
		err = vfs_truncate(i, 0);
	if (err) {
		dput(d);
		return ERR_PTR(err);
	}
	f = alloc_file(iget(i), d, flags & ~(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC), i->i_fop);
	if (IS_ERR(f)) {
		iput(i);
		dput(d);
		return f;
	}
	if (f->f_op->open) {
		err = f->f_op->open(i, f);
		if (err) {
			f->f_op = NULL;	/* no release for what was not opened */
			fput(f);
			return ERR_PTR(err);
		}
	}
	f->flags &= ~O_NOCTTY;		/* open() asked for it */
	if ((flags & O_TRUNC) && f->f_op->truncate)
		f->f_op->truncate(f);
	return f;
}
