/* SPDX-License-Identifier: MIT */
/* Calls on descriptors and open files. */
#include "sys/sys.h"

#include "fs/upcall.h"

long sys_close(struct pt_regs *r)
{
	return fd_close(current->files, r->a0);
}

long sys_dup(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	int fd;

	if (!f)
		return -EBADF;
	fd = fd_install_new(current->files, f, 0, false);
	if (fd < 0)
		fput(f);
	return fd;
}

long sys_dup3(struct pt_regs *r)
{
	struct file *f;
	int fd;

	if ((r->a2 & ~O_CLOEXEC) || (u32)r->a0 == (u32)r->a1)
		return -EINVAL;
	f = fget(r->a0);
	if (!f)
		return -EBADF;
	fd = fd_replace(current->files, r->a1, f, r->a2 & O_CLOEXEC);
	fput(f);
	return fd;
}

long sys_fcntl(struct pt_regs *r)
{
	unsigned int fd = r->a0;
	unsigned long arg = r->a2;
	struct file *f = fget(fd);
	long ret = -EINVAL;

	if (!f)
		return -EBADF;
	switch (r->a1) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (arg >= proc_max_open())
			break;
		ret = fd_install_new(current->files, f, arg, r->a1 == F_DUPFD_CLOEXEC);
		if (ret >= 0)
			return ret;	/* the reference is the new descriptor's */
		break;
	case F_GETFD:
		ret = fd_get_flags(fd);
		break;
	case F_SETFD:
		ret = fd_set_flags(fd, arg & FD_CLOEXEC);
		break;
	case F_GETFL:
		ret = f->flags | O_LARGEFILE;
		break;
	case F_SETFL:
		WRITE_ONCE(f->flags, (f->flags & ~(O_APPEND | O_NONBLOCK)) | (arg & (O_APPEND | O_NONBLOCK)));
		ret = 0;
		break;
	case F_SETPIPE_SZ:
		ret = pipe_set_size(f, (unsigned int)arg);
		break;
	case F_GETPIPE_SZ:
		ret = pipe_get_size(f);
		break;
	}
	fput(f);
	return ret;
}

long sys_ioctl(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	long ret;

	if (!f)
		return -EBADF;
	ret = f->f_op->ioctl ? f->f_op->ioctl(f, r->a1, r->a2) : -ENOTTY;
	fput(f);
	return ret;
}

long sys_pipe2(struct pt_regs *r)
{
	struct files_struct *files = current->files;
	bool cloexec = r->a1 & O_CLOEXEC;
	struct file *ends[2];
	int fd[2], err;

	if (r->a1 & ~(u64)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = pipe_create(ends, r->a1);
	if (err)
		return err;
	fd[0] = fd_install_new(files, ends[0], 0, cloexec);
	if (fd[0] < 0) {
		fput(ends[0]);
		fput(ends[1]);
		return fd[0];
	}
	fd[1] = fd_install_new(files, ends[1], 0, cloexec);
	if (fd[1] < 0) {
		(void)!fd_close(files, fd[0]);
		fput(ends[1]);
		return fd[1];
	}
	if (copy_to_user((void __user *)r->a0, fd, sizeof(fd))) {
		(void)!fd_close(files, fd[0]);
		(void)!fd_close(files, fd[1]);
		return -EFAULT;
	}
	return 0;
}

/* Nothing is behind the page cache: what is written is there. */
long sys_sync(struct pt_regs *r)
{
	(void)r;
	return 0;
}

long sys_fsync(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	bool seekable;

	if (!f)
		return -EBADF;
	seekable = S_ISREG(f->inode->mode) || S_ISDIR(f->inode->mode);
	fput(f);
	return seekable ? 0 : -EINVAL;
}

long sys_fdatasync(struct pt_regs *r)
{
	return sys_fsync(r);
}
