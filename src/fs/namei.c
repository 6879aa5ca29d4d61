/* SPDX-License-Identifier: MIT */
/*
 * From names to things, and changes to directories.
 */
#include "fs/fs.h"

#include <string.h>

#include "fs/chrdev.h"
#include "fs/upcall.h"
#include "task/cred.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/upcall.h"

#define MAX_SYMLINKS 40

static struct dentry *get_base(struct dentry *base)
{
	return base ? dget(base) : get_pwd(current->fs);
}

static struct dentry *get_root(void)
{
	struct fs_struct *fs = current->fs;
	struct dentry *d;

	if (!fs)
		return dget(root_dentry);
	spin_lock(&fs->lock);
	d = dget(fs->root);
	spin_unlock(&fs->lock);
	return d;
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
		struct dentry *root = get_root();

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
		d = get_root();
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
static struct dentry *create_locked(struct dentry *dir, const char *name, u32 mode, u64 rdev, const char *link)
{
	struct inode *i;
	struct dentry *d;
	int err;

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
