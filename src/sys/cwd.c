/* SPDX-License-Identifier: MIT */
/* Calls on the working directory and the umask. */
#include "sys/sys.h"

#include <string.h>

#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "fs/namei.h"
#include "sys/path.h"
#include "vm/slab.h"

static long set_pwd(struct dentry *d)
{
	struct fs_struct *fs = current->fs;
	struct dentry *old;
	int err = S_ISDIR(d->inode->mode) ? inode_permission(d->inode, 1) : -ENOTDIR;

	if (err) {
		dput(d);
		return err;
	}
	spin_lock(&fs->lock);
	old = fs->pwd;
	fs->pwd = d;
	spin_unlock(&fs->lock);
	dput(old);
	return 0;
}

long sys_chdir(const char __user *filename)
{
	struct dentry *d = at_lookup(AT_FDCWD, filename, 0);

	return IS_ERR(d) ? PTR_ERR(d) : set_pwd(d);
}

long sys_fchdir(unsigned int fd)
{
	struct file *f = fget(fd);
	struct dentry *d;

	if (!f)
		return -EBADF;
	d = f->dentry ? dget(f->dentry) : NULL;
	fput(f);
	return d ? set_pwd(d) : -ENOTDIR;
}

long sys_getcwd(char __user *buf, unsigned long size)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL), *path;
	struct dentry *d;
	long n;

	if (!page)
		return -ENOMEM;
	d = get_pwd(current->fs);
	if (READ_ONCE(d->removed)) {
		n = -ENOENT;
	} else {
		path = d_path(d, page, PATH_MAX);
		n = IS_ERR(path) ? PTR_ERR(path) : (long)strlen(path) + 1;
		if (n > 0 && (u64)n > size)
			n = -ERANGE;
		if (n > 0 && copy_to_user(buf, path, n))
			n = -EFAULT;
	}
	dput(d);
	kfree(page);
	return n;
}

long sys_umask(int mask)
{
	struct fs_struct *fs = current->fs;
	u32 old;

	spin_lock(&fs->lock);
	old = fs->umask;
	fs->umask = mask & 0777;
	spin_unlock(&fs->lock);
	return old;
}
