/* SPDX-License-Identifier: MIT */
/* Calls that make, change and remove names. */
#include "sys/path.h"

#include "sys/sys.h"
#include "vm/slab.h"

static long do_mknod(int dirfd, unsigned long path, u32 mode, u64 rdev, const char *link)
{
	struct at_path p;
	int err = at_get(&p, dirfd, path);

	if (err)
		return err;
	err = vfs_mknod(p.base, p.name, mode, rdev, link);
	at_put(&p);
	return err;
}

long sys_mknodat(struct pt_regs *r)
{
	u32 mode = r->a2, type = mode & S_IFMT;

	if (type == 0 || type == S_IFREG || type == S_IFIFO)
		return do_mknod(r->a0, r->a1, (type ? type : S_IFREG) | (mode & 07777 & ~current->fs->umask), 0, NULL);
	if (type != S_IFCHR)
		return type == S_IFDIR ? -EPERM : -EINVAL;
	if (current_euid())
		return -EPERM;
	return do_mknod(r->a0, r->a1, S_IFCHR | (mode & 07777 & ~current->fs->umask), r->a3, NULL);
}

long sys_mkdirat(struct pt_regs *r)
{
	return do_mknod(r->a0, r->a1, S_IFDIR | (r->a2 & 01777 & ~current->fs->umask), 0, NULL);
}

long sys_symlinkat(struct pt_regs *r)
{
	char *target = get_path((const void __user *)r->a0);
	long err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	err = *target ? do_mknod(r->a1, r->a2, S_IFLNK | 0777, 0, target) : -ENOENT;
	kfree(target);
	return err;
}

long sys_unlinkat(struct pt_regs *r)
{
	struct at_path p;
	int err;

	if (r->a2 & ~(u64)AT_REMOVEDIR)
		return -EINVAL;
	err = at_get(&p, r->a0, r->a1);
	if (err)
		return err;
	err = vfs_unlink(p.base, p.name, r->a2 & AT_REMOVEDIR);
	at_put(&p);
	return err;
}

/* The two names of link and rename: a0 and a1, a2 and a3. */
static int at_get_both(struct at_path *from, struct at_path *to, const struct pt_regs *r)
{
	int err = at_get(from, r->a0, r->a1);

	if (err)
		return err;
	err = at_get(to, r->a2, r->a3);
	if (err)
		at_put(from);
	return err;
}

long sys_linkat(struct pt_regs *r)
{
	struct at_path from, to;
	int err;

	if (r->a4 & ~(u64)AT_SYMLINK_FOLLOW)
		return -EINVAL;
	err = at_get_both(&from, &to, r);
	if (err)
		return err;
	err = vfs_link(from.base, from.name, to.base, to.name, r->a4 ? LOOKUP_FOLLOW : 0);
	at_put(&to);
	at_put(&from);
	return err;
}

long sys_renameat2(struct pt_regs *r)
{
	unsigned int flags = r->a4;
	struct at_path from, to;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE) || flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	err = at_get_both(&from, &to, r);
	if (err)
		return err;
	err = vfs_rename(from.base, from.name, to.base, to.name, flags);
	at_put(&to);
	at_put(&from);
	return err;
}

long sys_readlinkat(struct pt_regs *r)
{
	struct dentry *d;
	char *buf;
	int n = r->a3;

	if (n <= 0)
		return -EINVAL;
	d = at_lookup(r->a0, r->a1, AT_SYMLINK_NOFOLLOW);
	if (IS_ERR(d))
		return PTR_ERR(d);
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!buf)
		n = -ENOMEM;
	else if (!S_ISLNK(d->inode->mode))
		n = -EINVAL;
	else
		n = d->inode->i_op->readlink(d->inode, buf, min(n, PATH_MAX));
	if (n > 0 && copy_to_user((void __user *)r->a2, buf, n))
		n = -EFAULT;
	kfree(buf);
	dput(d);
	return n;
}
