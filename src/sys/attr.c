/* SPDX-License-Identifier: MIT */
/* Calls that change what an inode says of itself: rights, owner, length, times. */
#include "sys/path.h"

#include "sys/sys.h"
#include "fs/upcall.h"

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

long sys_fchmod(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	long err;

	if (!f)
		return -EBADF;
	err = do_chmod(f->inode, r->a1);
	fput(f);
	return err;
}

long sys_fchmodat(struct pt_regs *r)
{
	struct dentry *d = at_lookup(r->a0, r->a1, 0);
	long err;

	if (IS_ERR(d))
		return PTR_ERR(d);
	err = do_chmod(d->inode, r->a2);
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

long sys_fchown(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	long err;

	if (!f)
		return -EBADF;
	err = do_chown(f->inode, r->a1, r->a2);
	fput(f);
	return err;
}

long sys_fchownat(struct pt_regs *r)
{
	struct dentry *d = at_lookup(r->a0, r->a1, r->a4);
	long err;

	if (IS_ERR(d))
		return PTR_ERR(d);
	err = do_chown(d->inode, r->a2, r->a3);
	dput(d);
	return err;
}

long sys_truncate(struct pt_regs *r)
{
	struct dentry *d;
	long err;

	if ((s64)r->a1 < 0)
		return -EINVAL;
	d = at_lookup(AT_FDCWD, r->a0, 0);
	if (IS_ERR(d))
		return PTR_ERR(d);
	err = inode_permission(d->inode, 2);
	if (!err)
		err = vfs_truncate(d->inode, r->a1);
	dput(d);
	return err;
}

#define UTIME_NOW ((1L << 30) - 1)

#define UTIME_OMIT ((1L << 30) - 2)

long sys_utimensat(struct pt_regs *r)
{
	struct k_timespec ts[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	u64 now = ktime_get_real_ns();
	struct dentry *d = NULL;
	struct file *f = NULL;
	struct inode *i;
	long err = 0;
	bool touch;

	if (r->a2 && copy_from_user(ts, (void __user *)r->a2, sizeof(ts)))
		return -EFAULT;
	for (int k = 0; k < 2; k++)
		if ((u64)ts[k].nsec >= NSEC_PER_SEC && ts[k].nsec != UTIME_NOW && ts[k].nsec != UTIME_OMIT)
			return -EINVAL;
	if (r->a1) {
		d = at_lookup(r->a0, r->a1, r->a3);
		if (IS_ERR(d))
			return PTR_ERR(d);
		i = d->inode;
	} else {
		f = fget(r->a0);
		if (!f)
			return -EBADF;
		i = f->inode;
	}
	/* To the present, as whoever writes does; to another time, its owner alone. */
	touch = ts[0].nsec == UTIME_NOW && ts[1].nsec == UTIME_NOW;
	if (ts[0].nsec == UTIME_OMIT && ts[1].nsec == UTIME_OMIT) {
		err = 0;	/* nothing is asked */
	} else if (!proc_may_change(i->uid) && (!touch || inode_permission(i, 2))) {
		err = touch ? -EACCES : -EPERM;
	} else {
		u64 *out[2] = { &i->atime, &i->mtime };

		for (int k = 0; k < 2; k++)
			if (ts[k].nsec != UTIME_OMIT)
				*out[k] = ts[k].nsec == UTIME_NOW ? now : ts[k].sec * NSEC_PER_SEC + ts[k].nsec;
		i->ctime = now;
	}
	dput(d);
	if (f)
		fput(f);
	return err;
}
