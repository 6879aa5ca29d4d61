/* SPDX-License-Identifier: MIT */
/* Opening files. */
#include "fs/file.h"

#include "fs/dir.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "lib/err.h"
#include "sched/sched.h"
#include "vm/slab.h"

/* The file that open() has found or made. */
struct opening {
	struct path path;		/* references */
	bool created;
};

/* The name @last in @dir, created if it is not there; with O_EXCL it must not be. Return: a reference or ERR_PTR. */
static struct dentry *open_or_create(struct opening *o, const struct path *dir, const struct last_name *last, u32 flags, u32 mode)
{
	struct inode *i = dir->dentry->inode;
	struct dentry *d;
	int readonly;

	if (last->slash || is_dots(last->name))
		return ERR_PTR(-EISDIR);
	readonly = mnt_want_write(dir->mnt);
	down_write(&i->i_rwsem);
	d = lookup_name(dir->dentry, last->name);
	if (!IS_ERR(d) && flags & O_EXCL) {
		dput(d);
		d = ERR_PTR(-EEXIST);
	} else if (IS_ERR(d) && PTR_ERR(d) == -ENOENT) {
		d = readonly ? ERR_PTR(readonly) : create_locked(dir->dentry, last->name, S_IFREG | mode, 0, NULL);
		o->created = !IS_ERR(d);
	}
	up_write(&i->i_rwsem);
	if (!readonly)
		mnt_drop_write(dir->mnt);
	return d;
}

static int find_or_create(struct opening *o, const struct path *base, const char *path, u32 flags, u32 mode)
{
	struct last_name *last = kmalloc(sizeof(*last), GFP_KERNEL);
	struct dentry *d;
	struct path dir;
	int err = last ? path_parent(base, path, last, &dir) : -ENOMEM;

	if (err) {
		kfree(last);
		return err;
	}
	d = open_or_create(o, &dir, last, flags, mode & 07777 & ~current->fs->umask);
	if (IS_ERR(d)) {
		err = PTR_ERR(d);
	} else if (S_ISLNK(d->inode->mode)) {
		/* The name is a symbolic link: open its target, which must exist. */
		dput(d);
		err = flags & O_NOFOLLOW ? -ELOOP : path_lookup(base, path, LOOKUP_FOLLOW, &o->path);
	} else {
		o->path = (struct path){ mntget(dir.mnt), d };
		follow_mount(&o->path);
	}
	path_put(&dir);
	kfree(last);
	return err;
}

static bool is_device(const struct inode *i)
{
	return S_ISCHR(i->mode) || S_ISBLK(i->mode);
}

/* May the current task open it as @flags say? */
static int may_open(const struct opening *o, u32 flags)
{
	static const u8 need[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE, MAY_READ | MAY_WRITE };
	const struct vfsmount *mnt = o->path.mnt;
	struct inode *i = o->path.dentry->inode;

	if (S_ISLNK(i->mode))
		return -ELOOP;
	if (S_ISDIR(i->mode) && ((flags & O_ACCMODE) || (flags & O_CREAT)))
		return -EISDIR;
	if (!S_ISDIR(i->mode) && (flags & O_DIRECTORY))
		return -ENOTDIR;
	if ((is_device(i) && mnt->mnt_flags & MNT_NODEV) || (flags & FMODE_EXEC && mnt->mnt_flags & MNT_NOEXEC))
		return -EACCES;
	if (!i->i_fop)
		return -ENXIO;
	if (o->created)
		return 0;
	return inode_permission(i, flags & FMODE_EXEC ? MAY_EXEC : need[flags & O_ACCMODE] | (flags & O_TRUNC ? MAY_WRITE : 0));
}

/* Is the file system itself written to? Not by a device or a FIFO. If so, the mount has to stay writable while the file is open. */
static bool writes_to_mount(const struct inode *i, u32 flags)
{
	return ((flags & O_ACCMODE) || (flags & O_TRUNC)) && (S_ISREG(i->mode) || S_ISDIR(i->mode));
}

/* Make an open file of @o, whose references it takes over. */
static struct file *open_path(struct opening *o, u32 flags)
{
	struct inode *i = o->path.dentry->inode;
	bool writer = writes_to_mount(i, flags);
	int err = may_open(o, flags);
	struct file *f;

	if (!err && writer)
		err = mnt_want_write(o->path.mnt);
	if (err) {
		path_put(&o->path);
		return ERR_PTR(err);
	}
	if (flags & O_TRUNC && i->mapping.a_ops)
		err = vfs_truncate(i, 0);
	f = err ? ERR_PTR(err) :
	    alloc_file(iget(i), &o->path, flags & ~(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC), i->i_fop);
	if (IS_ERR(f)) {
		if (!err)
			iput(i);
		if (writer)
			mnt_drop_write(o->path.mnt);
		path_put(&o->path);
		return f;
	}
	f->f_writer = writer;
	return f;
}

struct file *do_open(const struct path *base, const char *path, u32 flags, u32 mode)
{
	struct opening o = { 0 };
	struct file *f;
	int err;

	if (flags & O_CREAT)
		err = find_or_create(&o, base, path, flags, mode);
	else
		err = path_lookup(base, path, flags & O_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &o.path);
	if (err)
		return ERR_PTR(err);
	f = open_path(&o, flags);
	if (IS_ERR(f))
		return f;
	err = f->f_op->open ? f->f_op->open(f->inode, f) : 0;
	if (err) {
		f->f_op = NULL;	/* no release for what was not opened */
		fput(f);
		return ERR_PTR(err);
	}
	f->flags &= ~O_NOCTTY;		/* open() asked for it */
	if ((flags & O_TRUNC) && f->f_op->truncate)
		f->f_op->truncate(f);
	return f;
}
