/* SPDX-License-Identifier: MIT */
/* Reading and writing. */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/namei.h"
#include "vm/slab.h"

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

static int may_rw(const struct file *f, bool write)
{
	if (write ? !may_write(f) : !may_read(f))
		return -EBADF;
	return (write ? (void *)f->f_op->write : (void *)f->f_op->read) ? 0 : -EINVAL;
}

/* Do @n bytes, no more than there is memory, from @pos on lie where a file can have some? (What has no position is at 0.) */
static int rw_verify_area(size_t n, s64 pos)
{
	return unlikely((s64)((u64)pos + n) < 0) ? -EINVAL : 0;
}

static s64 do_transfer(struct file *f, const char __user *buf, size_t n, s64 *pos, bool write)
{
	n = min(n, (size_t)MAX_RW_COUNT);
	return write ? f->f_op->write(f, buf, n, pos) :
		       f->f_op->read(f, (char __user *)buf, n, pos);
}

/* This and do_rw() are made once a direction: they are the shortest of ways. */
static __always_inline s64 vfs_rw(struct file *f, const char __user *buf, size_t n, s64 *pos, bool write)
{
	int err = may_rw(f, write);

	if (!err && !access_ok(buf, n))
		err = -EFAULT;
	if (!err)
		err = rw_verify_area(n, *pos);
	return err ? err : do_transfer(f, buf, n, pos, write);
}

static noinline s64 rw_shared(struct file *f, const char __user *buf, size_t n, bool write)
{
	s64 ret;

	mutex_lock(&f->f_pos_lock);
	ret = vfs_rw(f, buf, n, &f->pos, write);
	mutex_unlock(&f->f_pos_lock);
	return ret;
}

static __always_inline long do_rw(unsigned int fd, const char __user *buf, size_t n, bool write)
{
	struct fd h = fdget(fd);
	s64 ret;

	if (!h.file)
		return -EBADF;
	if (unlikely(fd_shares_pos(&h)))
		ret = rw_shared(h.file, buf, n, write);
	else
		ret = vfs_rw(h.file, buf, n, &h.file->pos, write);
	fdput(h);
	return ret;
}

long sys_read(unsigned int fd, char __user *buf, size_t count)
{
	return do_rw(fd, buf, count, false);
}

long sys_write(unsigned int fd, const char __user *buf, size_t count)
{
	return do_rw(fd, buf, count, true);
}

#define UIO_MAXIOV 1024
#define UIO_FASTIOV 8	/* so many need no memory */

/* Copy @n pieces to @v, all sound before the first is used. Return: bytes in all, at most MAX_RW_COUNT, or errno. */
static s64 import_iovec(struct k_iovec *v, const struct k_iovec __user *uvec, long n)
{
	size_t total = 0;

	if (copy_from_user(v, uvec, n * sizeof(*v)))
		return -EFAULT;
	for (long i = 0; i < n; i++)
		if ((s64)v[i].len < 0)
			return -EINVAL;
	for (long i = 0; i < n; i++) {
		if (!access_ok((void __user *)v[i].base, v[i].len))
			return -EFAULT;
		v[i].len = min(v[i].len, MAX_RW_COUNT - total);
		total += v[i].len;
	}
	return total;
}

static s64 vfs_rwv(struct file *f, const struct k_iovec *v, long n, size_t total, s64 *pos, bool write)
{
	s64 done = 0, ret = rw_verify_area(total, *pos);

	for (long i = 0; !ret && i < n; i++) {
		if (!v[i].len)
			continue;
		ret = do_transfer(f, (const char __user *)v[i].base, v[i].len, pos, write);
		if (ret < 0)
			break;
		done += ret;
		if ((u64)ret < v[i].len)
			break;
		ret = 0;
	}
	return done ? done : ret;
}

static long do_rwv(unsigned int fd, const struct k_iovec __user *uvec, long n, bool write) __no_lock_analysis
{
	struct k_iovec fast[UIO_FASTIOV], *v = fast;
	struct fd h = fdget(fd);
	struct file *f = h.file;
	s64 ret;

	if (!f)
		return -EBADF;
	ret = may_rw(f, write);
	if (!ret && (n < 0 || n > UIO_MAXIOV))
		ret = -EINVAL;
	if (!ret && n > UIO_FASTIOV)
		v = kmalloc(n * sizeof(*v), GFP_KERNEL);
	if (!ret)
		ret = v ? import_iovec(v, uvec, n) : -ENOMEM;
	if (ret >= 0) {
		bool lock = fd_shares_pos(&h);

		if (lock)
			mutex_lock(&f->f_pos_lock);
		ret = vfs_rwv(f, v, n, ret, &f->pos, write);
		if (lock)
			mutex_unlock(&f->f_pos_lock);
	}
	if (v != fast)
		kfree(v);
	fdput(h);
	return ret;
}

long sys_readv(unsigned long fd, const struct k_iovec __user *vec, unsigned long vlen)
{
	return do_rwv((unsigned int)fd, vec, vlen, false);
}

long sys_writev(unsigned long fd, const struct k_iovec __user *vec, unsigned long vlen)
{
	return do_rwv((unsigned int)fd, vec, vlen, true);
}

static long do_prw(unsigned int fd, const char __user *buf, size_t n, s64 pos, bool write)
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

long sys_pread64(unsigned int fd, char __user *buf, size_t count, s64 pos)
{
	return do_prw(fd, buf, count, pos, false);
}

long sys_pwrite64(unsigned int fd, const char __user *buf, size_t count, s64 pos)
{
	return do_prw(fd, buf, count, pos, true);
}

long sys_lseek(unsigned int fd, long offset, unsigned int whence) __no_lock_analysis
{
	struct file *f = fget(fd);
	s64 ret;

	if (!f)
		return -EBADF;
	if (f->f_op->llseek) {
		mutex_lock(&f->f_pos_lock);
		ret = f->f_op->llseek(f, offset, whence);
		mutex_unlock(&f->f_pos_lock);
	} else {
		ret = -ESPIPE;
	}
	fput(f);
	return ret;
}

long sys_ftruncate(unsigned int fd, long length)
{
	struct file *f;
	long err;

	if (length < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	err = may_write(f) ? vfs_truncate(f->inode, length) : -EINVAL;
	fput(f);
	return err;
}
