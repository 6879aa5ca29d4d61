/* SPDX-License-Identifier: MIT */
/* Calls on descriptors and open files. */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/pipe.h"
#include "task/rlimit.h"

long sys_close(unsigned int fd)
{
	return fd_close(current->files, fd);
}

long sys_dup(unsigned int fd)
{
	struct file *f = fget(fd);
	int copy;

	if (!f)
		return -EBADF;
	copy = fd_install_new(current->files, f, 0, false);
	if (copy < 0)
		fput(f);
	return copy;
}

long sys_dup3(unsigned int oldfd, unsigned int newfd, int flags)
{
	struct file *f;
	int fd;

	if ((flags & ~O_CLOEXEC) || oldfd == newfd)
		return -EINVAL;
	f = fget(oldfd);
	if (!f)
		return -EBADF;
	fd = fd_replace(current->files, newfd, f, flags & O_CLOEXEC);
	fput(f);
	return fd;
}

long sys_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct file *f = fget(fd);
	long ret = -EINVAL;

	if (!f)
		return -EBADF;
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (arg >= proc_max_open())
			break;
		ret = fd_install_new(current->files, f, (unsigned int)arg, cmd == F_DUPFD_CLOEXEC);
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
		ret = pipe_set_size(f, arg);
		break;
	case F_GETPIPE_SZ:
		ret = pipe_get_size(f);
		break;
	}
	fput(f);
	return ret;
}

long sys_ioctl(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = f->f_op->ioctl ? f->f_op->ioctl(f, cmd, arg) : -ENOTTY;
	fput(f);
	return ret;
}

long sys_pipe2(int __user *fildes, int flags)
{
	struct files_struct *files = current->files;
	bool cloexec = flags & O_CLOEXEC;
	struct file *ends[2];
	int fd[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = pipe_create(ends, flags);
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
	if (copy_to_user(fildes, fd, sizeof(fd))) {
		(void)!fd_close(files, fd[0]);
		(void)!fd_close(files, fd[1]);
		return -EFAULT;
	}
	return 0;
}

/* No file system has a disk behind its page cache: data that was written is where it belongs. */
long sys_sync(void)
{
	return 0;
}

long sys_fsync(unsigned int fd)
{
	struct file *f = fget(fd);
	bool seekable;

	if (!f)
		return -EBADF;
	seekable = S_ISREG(f->inode->mode) || S_ISDIR(f->inode->mode);
	fput(f);
	return seekable ? 0 : -EINVAL;
}

long sys_fdatasync(unsigned int fd)
{
	return sys_fsync(fd);
}
