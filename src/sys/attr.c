/* SPDX-License-Identifier: MIT */
/* Calls that change the attributes of an inode: rights, owner, length, times. */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "sys/path.h"
#include "sys/timespec.h"
#include "task/cred.h"

/* Change the attributes in @attr of the file at @p, if @may lets the current task do so. @may can change @attr, too. */
static long change(const struct path *p, struct inode *i, struct iattr *attr, long (*may)(const struct inode *i, struct iattr *attr))
{
	long err = p->mnt ? mnt_want_write(p->mnt) : 0;

	if (err)
		return err;
	down_write(&i->i_rwsem);
	err = may(i, attr);
	if (!err)
		err = notify_change(i, attr);
	up_write(&i->i_rwsem);
	if (p->mnt)
		mnt_drop_write(p->mnt);
	return err;
}

static long change_fd(unsigned int fd, struct iattr *attr, long (*may)(const struct inode *i, struct iattr *attr))
{
	struct file *f = fget(fd);
	long err;

	if (!f)
		return -EBADF;
	err = change(&f->f_path, f->inode, attr, may);
	fput(f);
	return err;
}

static long change_at(int dfd, const char __user *filename, int flags, struct iattr *attr,
		      long (*may)(const struct inode *i, struct iattr *attr))
{
	struct path p;
	long err = at_lookup(dfd, filename, flags, &p);

	if (err)
		return err;
	err = change(&p, p.dentry->inode, attr, may);
	path_put(&p);
	return err;
}

static long may_chmod(const struct inode *i, struct iattr *attr)
{
	if (!proc_may_change(i->uid))
		return -EPERM;
	if (!proc_in_group(i->gid) && !proc_fs_capable())
		attr->mode &= ~S_ISGID;
	return 0;
}

long sys_fchmod(unsigned int fd, umode_t mode)
{
	return change_fd(fd, &(struct iattr){ .valid = ATTR_MODE, .mode = mode }, may_chmod);
}

long sys_fchmodat(int dfd, const char __user *filename, umode_t mode)
{
	return change_at(dfd, filename, 0, &(struct iattr){ .valid = ATTR_MODE, .mode = mode }, may_chmod);
}

/*
 * The owner may give a file to another group of his; a capable task, to anybody. A program loses its set-id bits: the new owner
 * has not granted them.
 */
static long may_chown(const struct inode *i, struct iattr *attr)
{
	bool own_uid = !(attr->valid & ATTR_UID) || attr->uid == i->uid;
	bool own_gid = !(attr->valid & ATTR_GID) || attr->gid == i->gid || proc_in_group(attr->gid);

	if (!proc_fs_capable() && !(proc_may_change(i->uid) && own_uid && own_gid))
		return -EPERM;
	if (S_ISDIR(i->mode))
		return 0;
	attr->valid |= ATTR_MODE;
	attr->mode = i->mode & ~S_ISUID;
	if ((i->mode & 0010) || !(proc_in_group(i->gid) || proc_fs_capable()))
		attr->mode &= ~S_ISGID;
	return 0;
}

static struct iattr owner_attr(u32 user, u32 group)
{
	return (struct iattr){ .valid = (user != ~0u ? ATTR_UID : 0) | (group != ~0u ? ATTR_GID : 0), .uid = user, .gid = group };
}

long sys_fchown(unsigned int fd, u32 user, u32 group)
{
	struct iattr attr = owner_attr(user, group);

	return change_fd(fd, &attr, may_chown);
}

long sys_fchownat(int dfd, const char __user *filename, u32 user, u32 group, int flags)
{
	struct iattr attr = owner_attr(user, group);

	return change_at(dfd, filename, flags, &attr, may_chown);
}

long sys_truncate(const char __user *filename, long length)
{
	struct path p;
	long err;

	if (length < 0)
		return -EINVAL;
	err = at_lookup(AT_FDCWD, filename, 0, &p);
	if (err)
		return err;
	err = inode_permission(p.dentry->inode, MAY_WRITE);
	if (!err)
		err = mnt_want_write(p.mnt);
	if (!err) {
		err = vfs_truncate(p.dentry->inode, length);
		mnt_drop_write(p.mnt);
	}
	path_put(&p);
	return err;
}

static bool valid_utime(const struct k_timespec *t)
{
	return (u64)t->nsec < NSEC_PER_SEC || t->nsec == UTIME_NOW || t->nsec == UTIME_OMIT;
}

/* To the present, as a write does, whoever may write; to another time, the owner alone. */
static long may_touch(const struct inode *i, struct iattr *attr)
{
	(void)attr;
	return proc_may_change(i->uid) ? 0 : inode_permission((struct inode *)i, MAY_WRITE);
}

static long may_utimes(const struct inode *i, struct iattr *attr)
{
	(void)attr;
	return proc_may_change(i->uid) ? 0 : -EPERM;
}

static struct iattr times_attr(const struct k_timespec ts[2])
{
	u64 now = ktime_get_real_ns();
	struct iattr attr = { .valid = (ts[0].nsec != UTIME_OMIT ? ATTR_ATIME : 0) | (ts[1].nsec != UTIME_OMIT ? ATTR_MTIME : 0) };

	attr.atime = ts[0].nsec == UTIME_NOW ? now : ts[0].sec * NSEC_PER_SEC + ts[0].nsec;
	attr.mtime = ts[1].nsec == UTIME_NOW ? now : ts[1].sec * NSEC_PER_SEC + ts[1].nsec;
	return attr;
}

/* Without a name it is the open file. */
long sys_utimensat(int dfd, const char __user *filename, const struct k_timespec __user *utimes, int flags)
{
	struct k_timespec ts[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	struct iattr attr;
	bool touch;

	if (utimes && copy_from_user(ts, utimes, sizeof(ts)))
		return -EFAULT;
	if (!valid_utime(&ts[0]) || !valid_utime(&ts[1]))
		return -EINVAL;
	attr = times_attr(ts);
	if (!attr.valid)
		return 0;
	touch = ts[0].nsec == UTIME_NOW && ts[1].nsec == UTIME_NOW;
	return filename ? change_at(dfd, filename, flags, &attr, touch ? may_touch : may_utimes) :
	       change_fd(dfd, &attr, touch ? may_touch : may_utimes);
}
