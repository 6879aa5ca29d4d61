/* SPDX-License-Identifier: MIT */
/* Calls that change what an inode says of itself: rights, owner, length, times. */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "sys/path.h"
#include "sys/timespec.h"
#include "task/cred.h"

static long do_chmod(struct inode *i, u32 mode)
{
	if (!proc_may_change(i->uid))
		return -EPERM;
	if (i->i_op && !S_ISREG(i->mode) && !S_ISDIR(i->mode))
		return -EPERM;
	down_write(&i->i_rwsem);
	if (!proc_in_group(i->gid) && !proc_fs_capable())
		mode &= ~S_ISGID;
	i->mode = (i->mode & S_IFMT) | (mode & 07777);
	up_write(&i->i_rwsem);
	return 0;
}

long sys_fchmod(unsigned int fd, umode_t mode)
{
	struct file *f = fget(fd);
	long err;

	if (!f)
		return -EBADF;
	err = do_chmod(f->inode, mode);
	fput(f);
	return err;
}

long sys_fchmodat(int dfd, const char __user *filename, umode_t mode)
{
	struct dentry *d = at_lookup(dfd, filename, 0);
	long err;

	if (IS_ERR(d))
		return PTR_ERR(d);
	err = do_chmod(d->inode, mode);
	dput(d);
	return err;
}

/* The owner may give it to another group of his; the capable, to anybody. Context: i_rwsem. */
static bool may_chown(const struct inode *i, u32 uid, u32 gid)
{
	if (proc_fs_capable())
		return true;
	return proc_may_change(i->uid) && (uid == ~0u || uid == i->uid) && (gid == ~0u || gid == i->gid || proc_in_group(gid));
}

static long do_chown(struct inode *i, u32 uid, u32 gid)
{
	long err = 0;

	down_write(&i->i_rwsem);
	if (!may_chown(i, uid, gid)) {
		err = -EPERM;
	} else {
		/* A program gives no rights of who did not ask for that. */
		if (!S_ISDIR(i->mode)) {
			i->mode &= ~S_ISUID;
			if ((i->mode & 0010) || !(proc_in_group(i->gid) || proc_fs_capable()))
				i->mode &= ~S_ISGID;
		}
		if (uid != ~0u)
			i->uid = uid;
		if (gid != ~0u)
			i->gid = gid;
	}
	up_write(&i->i_rwsem);
	return err;
}

long sys_fchown(unsigned int fd, u32 user, u32 group)
{
	struct file *f = fget(fd);
	long err;

	if (!f)
		return -EBADF;
	err = do_chown(f->inode, user, group);
	fput(f);
	return err;
}

long sys_fchownat(int dfd, const char __user *filename, u32 user, u32 group, int flags)
{
	struct dentry *d = at_lookup(dfd, filename, flags);
	long err;

	if (IS_ERR(d))
		return PTR_ERR(d);
	err = do_chown(d->inode, user, group);
	dput(d);
	return err;
}

long sys_truncate(const char __user *filename, long length)
{
	struct dentry *d;
	long err;

	if (length < 0)
		return -EINVAL;
	d = at_lookup(AT_FDCWD, filename, 0);
	if (IS_ERR(d))
		return PTR_ERR(d);
	err = inode_permission(d->inode, 2);
	if (!err)
		err = vfs_truncate(d->inode, length);
	dput(d);
	return err;
}

static bool valid_utime(const struct k_timespec *t)
{
	return (u64)t->nsec < NSEC_PER_SEC || t->nsec == UTIME_NOW || t->nsec == UTIME_OMIT;
}

/* To the present, as a write does, whoever may write; to another time, the owner alone. */
static long do_utimes(struct inode *i, const struct k_timespec ts[2])
{
	bool touch = ts[0].nsec == UTIME_NOW && ts[1].nsec == UTIME_NOW;
	u64 now = ktime_get_real_ns(), *out[2] = { &i->atime, &i->mtime };

	if (ts[0].nsec == UTIME_OMIT && ts[1].nsec == UTIME_OMIT)
		return 0;
	if (!proc_may_change(i->uid) && (!touch || inode_permission(i, 2)))
		return touch ? -EACCES : -EPERM;
	for (int k = 0; k < 2; k++)
		if (ts[k].nsec != UTIME_OMIT)
			*out[k] = ts[k].nsec == UTIME_NOW ? now : ts[k].sec * NSEC_PER_SEC + ts[k].nsec;
	i->ctime = now;
	return 0;
}

/* Without a name it is the open file. */
long sys_utimensat(int dfd, const char __user *filename, const struct k_timespec __user *utimes, int flags)
{
	struct k_timespec ts[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	struct dentry *d;
	struct file *f;
	long err;

	if (utimes && copy_from_user(ts, utimes, sizeof(ts)))
		return -EFAULT;
	if (!valid_utime(&ts[0]) || !valid_utime(&ts[1]))
		return -EINVAL;
	if (filename) {
		d = at_lookup(dfd, filename, flags);
		if (IS_ERR(d))
			return PTR_ERR(d);
		err = do_utimes(d->inode, ts);
		dput(d);
		return err;
	}
	f = fget(dfd);
	if (!f)
		return -EBADF;
	err = do_utimes(f->inode, ts);
	fput(f);
	return err;
}
