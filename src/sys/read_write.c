/* SPDX-License-Identifier: MIT */
/* Reading and writing. */
#include "sys/sys.h"

static bool may_read(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_WRONLY;
}

static bool may_write(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}

/* Linux cuts transfers to this. */
#define MAX_RW_COUNT (0x7fffffffUL & PAGE_MASK)

static s64 vfs_rw(struct file *f, unsigned long buf, size_t n, s64 *pos, bool write)
{
	if (write ? !may_write(f) : !may_read(f))
		return -EBADF;
	if (!(write ? (void *)f->f_op->write : (void *)f->f_op->read))
		return -EINVAL;
	n = min(n, (size_t)MAX_RW_COUNT);
	if (!access_ok((void __user *)buf, n))
		return -EFAULT;
	return write ? f->f_op->write(f, (const char __user *)buf, n, pos) :
		       f->f_op->read(f, (char __user *)buf, n, pos);
}

static long do_rw(unsigned int fd, unsigned long buf, size_t n, bool write) __no_lock_analysis
{
	struct fd h = fdget(fd);
	struct file *f = h.file;
	bool lock;
	s64 ret;

	if (!f)
		return -EBADF;
	lock = fd_shares_pos(&h);
	if (lock)
		mutex_lock(&f->f_pos_lock);
	ret = vfs_rw(f, buf, n, &f->pos, write);
	if (lock)
		mutex_unlock(&f->f_pos_lock);
	fdput(h);
	return ret;
}

long sys_read(struct pt_regs *r)
{
	return do_rw(r->a0, r->a1, r->a2, false);
}

long sys_write(struct pt_regs *r)
{
	return do_rw(r->a0, r->a1, r->a2, true);
}

static long do_rwv(unsigned int fd, const struct k_iovec __user *uvec, long n, bool write) __no_lock_analysis
{
	struct fd h = fdget(fd);
	struct file *f = h.file;
	s64 done = 0, ret = 0;
	bool lock;

	if (!f)
		return -EBADF;
	if (n < 0 || n > 1024) {
		fdput(h);
		return -EINVAL;
	}
	lock = fd_shares_pos(&h);
	if (lock)
		mutex_lock(&f->f_pos_lock);
	for (long i = 0; i < n; i++) {
		struct k_iovec v;

		if (copy_from_user(&v, &uvec[i], sizeof(v))) {
			ret = -EFAULT;
			break;
		}
		if (!v.len)
			continue;
		ret = vfs_rw(f, v.base, v.len, &f->pos, write);
		if (ret < 0)
			break;
		done += ret;
		if ((u64)ret < v.len)
			break;
	}
	if (lock)
		mutex_unlock(&f->f_pos_lock);
	fdput(h);
	return done ? done : ret;
}

long sys_readv(struct pt_regs *r)
{
	return do_rwv(r->a0, (const struct k_iovec __user *)r->a1, r->a2, false);
}

long sys_writev(struct pt_regs *r)
{
	return do_rwv(r->a0, (const struct k_iovec __user *)r->a1, r->a2, true);
}

static long do_prw(unsigned int fd, unsigned long buf, size_t n, s64 pos, bool write)
{
	struct file *f;
	s64 ret;

	if (pos < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	ret = f->f_op->llseek ? vfs_rw(f, buf, n, &pos, write) : -ESPIPE;
	fput(f);
	return ret;
}

long sys_pread64(struct pt_regs *r)
{
	return do_prw(r->a0, r->a1, r->a2, r->a3, false);
}

long sys_pwrite64(struct pt_regs *r)
{
	return do_prw(r->a0, r->a1, r->a2, r->a3, true);
}

long sys_lseek(struct pt_regs *r) __no_lock_analysis
{
	struct file *f = fget(r->a0);
	s64 ret;

	if (!f)
		return -EBADF;
	if (f->f_op->llseek) {
		mutex_lock(&f->f_pos_lock);
		ret = f->f_op->llseek(f, r->a1, r->a2);
		mutex_unlock(&f->f_pos_lock);
	} else {
		ret = -ESPIPE;
	}
	fput(f);
	return ret;
}

long sys_ftruncate(struct pt_regs *r)
{
	struct file *f;
	long err;

	if ((s64)r->a1 < 0)
		return -EINVAL;
	f = fget(r->a0);
	if (!f)
		return -EBADF;
	err = may_write(f) ? vfs_truncate(f->inode, r->a1) : -EINVAL;
	fput(f);
	return err;
}
