/* SPDX-License-Identifier: MIT */
/* Calls that tell of a file, and of its file system. */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "sys/path.h"

/* Without a path, and with AT_EMPTY_PATH, it is the open file, which need not have a name. */
static int at_stat(int dirfd, const char __user *path, unsigned int flags, struct k_stat *st)
{
	struct path p;
	char first;
	int err;

	if (flags & AT_EMPTY_PATH && dirfd >= 0 && (!path || (!get_user(first, path) && !first))) {
		struct file *f = fget(dirfd);

		if (!f)
			return -EBADF;
		fill_stat(f->inode, st);
		fput(f);
		return 0;
	}
	err = at_lookup(dirfd, path, flags, &p);
	if (err)
		return err;
	fill_stat(p.dentry->inode, st);
	path_put(&p);
	return 0;
}

long sys_newfstatat(int dfd, const char __user *filename, struct k_stat __user *statbuf, int flag)
{
	struct k_stat st;
	int err;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	err = at_stat(dfd, filename, flag, &st);
	return err ? err : copy_to_user(statbuf, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_fstat(unsigned int fd, struct k_stat __user *statbuf)
{
	struct file *f = fget(fd);
	struct k_stat st;

	if (!f)
		return -EBADF;
	fill_stat(f->inode, &st);
	fput(f);
	return copy_to_user(statbuf, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_statx(int dfd, const char __user *filename, unsigned int flags, unsigned int mask, struct k_statx __user *buffer)
{
	struct k_statx x = { 0 };
	struct k_stat st;
	int err;

	if (mask & STATX__RESERVED || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE ||
	    flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	err = at_stat(dfd, filename, flags, &st);
	if (err)
		return err;
	x = (struct k_statx){
		.stx_mask = STATX_BASIC_STATS, .stx_blksize = st.st_blksize, .stx_nlink = st.st_nlink, .stx_uid = st.st_uid,
		.stx_gid = st.st_gid, .stx_mode = st.st_mode, .stx_ino = st.st_ino, .stx_size = st.st_size, .stx_blocks = st.st_blocks,
		.stx_atime = { st.st_atime, (u32)st.st_atime_nsec }, .stx_ctime = { st.st_ctime, (u32)st.st_ctime_nsec },
		.stx_mtime = { st.st_mtime, (u32)st.st_mtime_nsec },
		.stx_rdev_major = MAJOR(st.st_rdev), .stx_rdev_minor = MINOR(st.st_rdev),
		.stx_dev_major = MAJOR(st.st_dev), .stx_dev_minor = MINOR(st.st_dev),
	};
	return copy_to_user(buffer, &x, sizeof(x)) ? -EFAULT : 0;
}

long sys_statfs(const char __user *filename, struct k_statfs __user *buf)
{
	struct k_statfs st;
	struct path p;
	int err = at_lookup(AT_FDCWD, filename, 0, &p);

	if (err)
		return err;
	vfs_statfs(p.dentry->inode->i_sb, p.mnt, &st);
	path_put(&p);
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_fstatfs(unsigned int fd, struct k_statfs __user *buf)
{
	struct file *f = fget(fd);
	struct k_statfs st;

	if (!f)
		return -EBADF;
	vfs_statfs(f->inode->i_sb, f->f_path.mnt, &st);
	fput(f);
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}
