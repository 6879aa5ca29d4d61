/* SPDX-License-Identifier: MIT */
/* Calls that tell of a file, and of its file system. */
#include "sys/path.h"

#include "sys/sys.h"
#include "vm/shmem.h"

/* Without a path, and with AT_EMPTY_PATH, it is the open file, which need not have a name. */
static int at_stat(int dirfd, unsigned long path, unsigned int flags, struct k_stat *st)
{
	struct dentry *d;
	char first;

	if (flags & AT_EMPTY_PATH && dirfd >= 0 && (!path || (!get_user(first, (char __user *)path) && !first))) {
		struct file *f = fget(dirfd);

		if (!f)
			return -EBADF;
		fill_stat(f->inode, st);
		fput(f);
		return 0;
	}
	d = at_lookup(dirfd, path, flags);
	if (IS_ERR(d))
		return PTR_ERR(d);
	fill_stat(d->inode, st);
	dput(d);
	return 0;
}

long sys_newfstatat(struct pt_regs *r)
{
	struct k_stat st;
	int err;

	if (r->a3 & ~(u64)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	err = at_stat(r->a0, r->a1, r->a3, &st);
	return err ? err : copy_to_user((void __user *)r->a2, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_fstat(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	struct k_stat st;

	if (!f)
		return -EBADF;
	fill_stat(f->inode, &st);
	fput(f);
	return copy_to_user((void __user *)r->a1, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_statx(struct pt_regs *r)
{
	unsigned int flags = r->a2, mask = r->a3;
	struct k_statx x = { 0 };
	struct k_stat st;
	int err;

	if (mask & STATX__RESERVED || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE ||
	    flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	err = at_stat(r->a0, r->a1, flags, &st);
	if (err)
		return err;
	x = (struct k_statx){
		.stx_mask = STATX_BASIC_STATS, .stx_blksize = st.st_blksize, .stx_nlink = st.st_nlink, .stx_uid = st.st_uid,
		.stx_gid = st.st_gid, .stx_mode = st.st_mode, .stx_ino = st.st_ino, .stx_size = st.st_size, .stx_blocks = st.st_blocks,
		.stx_atime = { st.st_atime, st.st_atime_nsec }, .stx_ctime = { st.st_ctime, st.st_ctime_nsec },
		.stx_mtime = { st.st_mtime, st.st_mtime_nsec }, .stx_rdev_major = st.st_rdev >> 8, .stx_rdev_minor = st.st_rdev & 0xff,
		.stx_dev_major = st.st_dev >> 8, .stx_dev_minor = st.st_dev & 0xff,
	};
	return copy_to_user((void __user *)r->a4, &x, sizeof(x)) ? -EFAULT : 0;
}

static long do_statfs(unsigned long out)
{
	const struct shmem_account *who = &current_cred()->user->shmem;
	struct shmem_stat pages = shmem_stat(who, SHMEM_PAGES), names = shmem_stat(who, SHMEM_NAMES);
	struct k_statfs s = {
		.f_type = 0x858458f6, .f_bsize = PAGE_SIZE, .f_frsize = PAGE_SIZE, .f_namelen = NAME_MAX,
		.f_blocks = pages.max, .f_bfree = pages.free, .f_bavail = pages.avail, .f_files = names.max, .f_ffree = names.free,
	};

	return copy_to_user((void __user *)out, &s, sizeof(s)) ? -EFAULT : 0;
}

long sys_statfs(struct pt_regs *r)
{
	struct dentry *d = at_lookup(AT_FDCWD, r->a0, 0);

	if (IS_ERR(d))
		return PTR_ERR(d);
	dput(d);
	return do_statfs(r->a1);
}

long sys_fstatfs(struct pt_regs *r)
{
	struct file *f = fget(r->a0);

	if (!f)
		return -EBADF;
	fput(f);
	return do_statfs(r->a1);
}
