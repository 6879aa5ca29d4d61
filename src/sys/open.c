/* SPDX-License-Identifier: MIT */
/* openat(2), and may it be opened? */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "sys/path.h"
#include "task/cred.h"

long sys_openat(int dfd, const char __user *filename, int flags, umode_t mode)
{
	struct at_path p;
	struct file *f;
	int fd = at_get(&p, dfd, filename);

	if (fd)
		return fd;
	f = do_open(at_base(&p), p.name, flags & ~FMODE_EXEC, mode);
	at_put(&p);
	if (IS_ERR(f))
		return PTR_ERR(f);
	fd = fd_install_new(current->files, f, 0, flags & O_CLOEXEC);
	if (fd < 0)
		fput(f);
	return fd;
}

/* Credentials with the real ids as those for files, as access(2) wants. Return: NULL: they are the same; or ERR_PTR. */
static struct cred *access_creds(void)
{
	const struct cred *own = current_cred();
	struct cred *c;

	if (own->fsuid == own->uid && own->fsgid == own->gid)
		return NULL;
	c = prepare_creds();
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->fsuid = c->uid;
	c->fsgid = c->gid;
	c->cap_effective = c->uid ? 0 : c->cap_permitted;
	return c;
}

static long access_check(int dirfd, const char __user *path, int mode, int flags)
{
	struct path p;
	int err = at_lookup(dirfd, path, flags & ~AT_EACCESS, &p);
	u32 type;

	if (err)
		return err;
	type = p.dentry->inode->mode;
	if (mode & MAY_EXEC && S_ISREG(type) && p.mnt->mnt_flags & MNT_NOEXEC)
		err = -EACCES;
	if (!err)
		err = inode_permission(p.dentry->inode, mode);
	if (!err && mode & MAY_WRITE && (S_ISREG(type) || S_ISDIR(type) || S_ISLNK(type)) && mnt_is_readonly(p.mnt))
		err = -EROFS;
	path_put(&p);
	return err;
}

static long do_faccessat(int dirfd, const char __user *path, int mode, int flags)
{
	struct cred *c;
	long err;

	if (mode & ~7)
		return -EINVAL;
	c = flags & AT_EACCESS ? NULL : access_creds();
	if (IS_ERR(c))
		return PTR_ERR(c);
	if (c) {
		const struct cred *old = override_creds(c);

		err = access_check(dirfd, path, mode, flags);
		revert_creds(old);
		put_cred(c);
	} else {
		err = access_check(dirfd, path, mode, flags);
	}
	return err;
}

long sys_faccessat(int dfd, const char __user *filename, int mode)
{
	return do_faccessat(dfd, filename, mode, 0);
}

long sys_faccessat2(int dfd, const char __user *filename, int mode, int flags)
{
	if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return do_faccessat(dfd, filename, mode, flags);
}
