/* SPDX-License-Identifier: MIT */
/* Calls on the working directory and the umask. */
#include "sys/path.h"

#include <string.h>

#include "sys/sys.h"
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

long sys_chdir(struct pt_regs *r)
{
	struct dentry *d = at_lookup(AT_FDCWD, r->a0, 0);

	return IS_ERR(d) ? PTR_ERR(d) : set_pwd(d);
}

long sys_fchdir(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	struct dentry *d;

	if (!f)
		return -EBADF;
	d = f->dentry ? dget(f->dentry) : NULL;
	fput(f);
	return d ? set_pwd(d) : -ENOTDIR;
}

long sys_getcwd(struct pt_regs *r)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *path;
	struct dentry *d;
	long n;

	if (!buf)
		return -ENOMEM;
	d = get_pwd(current->fs);
	if (READ_ONCE(d->removed)) {
		n = -ENOENT;
	} else {
		path = d_path(d, buf, PATH_MAX);
		n = IS_ERR(path) ? PTR_ERR(path) : (long)strlen(path) + 1;
		if (n > 0 && (u64)n > r->a1)
			n = -ERANGE;
		if (n > 0 && copy_to_user((void __user *)r->a0, path, n))
			n = -EFAULT;
	}
	dput(d);
	kfree(buf);
	return n;
}

long sys_umask(struct pt_regs *r)
{
	struct fs_struct *fs = current->fs;
	u32 old;

	spin_lock(&fs->lock);
	old = fs->umask;
	fs->umask = r->a0 & 0777;
	spin_unlock(&fs->lock);
	return old;
}
