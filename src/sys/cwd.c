/* SPDX-License-Identifier: MIT */
/* Calls on the working directory, the root and the umask. */
#include "sys/sys.h"

#include <string.h>

#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "sys/path.h"
#include "task/cred.h"
#include "vm/slab.h"

/* May the current task make @p its working or root directory? */
static int may_enter(const struct path *p)
{
	struct inode *i = p->dentry->inode;

	return S_ISDIR(i->mode) ? inode_permission(i, MAY_EXEC) : -ENOTDIR;
}

long sys_chdir(const char __user *filename)
{
	struct path p;
	int err = at_lookup(AT_FDCWD, filename, 0, &p);

	if (err)
		return err;
	err = may_enter(&p);
	if (err)
		path_put(&p);
	else
		set_fs_pwd(current->fs, p);
	return err;
}

long sys_fchdir(unsigned int fd)
{
	struct file *f = fget(fd);
	int err;

	if (!f)
		return -EBADF;
	err = f->f_path.dentry ? may_enter(&f->f_path) : -ENOTDIR;
	if (!err)
		set_fs_pwd(current->fs, path_get(&f->f_path));
	fput(f);
	return err;
}

long sys_chroot(const char __user *filename)
{
	struct path p;
	int err = at_lookup(AT_FDCWD, filename, 0, &p);

	if (err)
		return err;
	err = may_enter(&p);
	if (!err && !capable(CAP_SYS_CHROOT))
		err = -EPERM;
	if (err)
		path_put(&p);
	else
		set_fs_root(current->fs, p);
	return err;
}

/* A directory that is not below the root is told as such: a program that trusts its root is not led astray. */
static long put_path(const struct path *p, char *page, char __user *buf, unsigned long size)
{
	static const char unreachable[] = "(unreachable)";
	size_t n = sizeof(unreachable) - 1, len;
	struct path root = get_root(current->fs);
	bool reached;
	char *path = d_path_from(p, &root, page + n, PATH_MAX - n, &reached);

	path_put(&root);
	if (IS_ERR(path))
		return PTR_ERR(path);
	if (!reached) {
		path -= n;
		memcpy(path, unreachable, n);
	}
	len = strlen(path) + 1;
	if (len > size)
		return -ERANGE;
	return copy_to_user(buf, path, len) ? -EFAULT : (long)len;
}

long sys_getcwd(char __user *buf, unsigned long size)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);
	struct path p;
	long n;

	if (!page)
		return -ENOMEM;
	p = get_pwd(current->fs);
	n = READ_ONCE(p.dentry->removed) ? -ENOENT : put_path(&p, page, buf, size);
	path_put(&p);
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
