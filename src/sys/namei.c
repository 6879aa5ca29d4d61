/* SPDX-License-Identifier: MIT */
/* Calls that make, change and remove names. */
#include "sys/sys.h"

#include "fs/fs_struct.h"
#include "fs/namei.h"
#include "sys/path.h"
#include "task/cred.h"
#include "vm/slab.h"

static long do_mknod(int dirfd, const char __user *path, u32 mode, u64 rdev, const char *link)
{
	struct at_path p;
	int err = at_get(&p, dirfd, path);

	if (err)
		return err;
	err = vfs_mknod(at_base(&p), p.name, mode, rdev, link);
	at_put(&p);
	return err;
}

long sys_mknodat(int dfd, const char __user *filename, umode_t mode, unsigned int dev)
{
	u32 type = mode & S_IFMT;

	if (type == 0 || type == S_IFREG || type == S_IFIFO)
		return do_mknod(dfd, filename, (type ? type : S_IFREG) | (mode & 07777 & ~current->fs->umask), 0, NULL);
	if (type != S_IFCHR)
		return type == S_IFDIR ? -EPERM : -EINVAL;
	if (current_euid())
		return -EPERM;
	return do_mknod(dfd, filename, S_IFCHR | (mode & 07777 & ~current->fs->umask), dev, NULL);
}

long sys_mkdirat(int dfd, const char __user *filename, umode_t mode)
{
	return do_mknod(dfd, filename, S_IFDIR | (mode & 01777 & ~current->fs->umask), 0, NULL);
}

long sys_symlinkat(const char __user *target, int newdfd, const char __user *linkpath)
{
	char *link = get_path(target);
	long err;

	if (IS_ERR(link))
		return PTR_ERR(link);
	err = *link ? do_mknod(newdfd, linkpath, S_IFLNK | 0777, 0, link) : -ENOENT;
	kfree(link);
	return err;
}

long sys_unlinkat(int dfd, const char __user *filename, int flags)
{
	struct at_path p;
	int err;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	err = at_get(&p, dfd, filename);
	if (err)
		return err;
	err = vfs_unlink(at_base(&p), p.name, flags & AT_REMOVEDIR);
	at_put(&p);
	return err;
}

/* The two names of link and rename. */
static int at_get_both(struct at_path *from, int olddfd, const char __user *oldname,
		       struct at_path *to, int newdfd, const char __user *newname)
{
	int err = at_get(from, olddfd, oldname);

	if (err)
		return err;
	err = at_get(to, newdfd, newname);
	if (err)
		at_put(from);
	return err;
}

long sys_linkat(int olddfd, const char __user *oldname, int newdfd, const char __user *newname, int flags)
{
	struct at_path from, to;
	int err;

	if (flags & ~AT_SYMLINK_FOLLOW)
		return -EINVAL;
	err = at_get_both(&from, olddfd, oldname, &to, newdfd, newname);
	if (err)
		return err;
	err = vfs_link(at_base(&from), from.name, at_base(&to), to.name, flags ? LOOKUP_FOLLOW : 0);
	at_put(&to);
	at_put(&from);
	return err;
}

long sys_renameat2(int olddfd, const char __user *oldname, int newdfd, const char __user *newname, unsigned int flags)
{
	struct at_path from, to;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE) || flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	err = at_get_both(&from, olddfd, oldname, &to, newdfd, newname);
	if (err)
		return err;
	err = vfs_rename(at_base(&from), from.name, at_base(&to), to.name, flags);
	at_put(&to);
	at_put(&from);
	return err;
}

long sys_readlinkat(int dfd, const char __user *filename, char __user *buf, int bufsiz)
{
	struct path p;
	char *link;
	int n;

	if (bufsiz <= 0)
		return -EINVAL;
	n = at_lookup(dfd, filename, AT_SYMLINK_NOFOLLOW, &p);
	if (n)
		return n;
	link = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!link)
		n = -ENOMEM;
	else if (!S_ISLNK(p.dentry->inode->mode))
		n = -EINVAL;
	else
		n = min(p.dentry->inode->i_op->readlink(p.dentry->inode, link, PATH_MAX), bufsiz);
	if (n > 0 && copy_to_user(buf, link, n))
		n = -EFAULT;
	kfree(link);
	path_put(&p);
	return n;
}
