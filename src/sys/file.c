/* SPDX-License-Identifier: MIT */
/* Calls on files and descriptors. */
#include "sys/sys.h"

#include <string.h>

#include "fs/upcall.h"
#include "vm/slab.h"

char *get_path(const void __user *p)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	long n;

	if (!buf)
		return ERR_PTR(-ENOMEM);
	n = strncpy_from_user(buf, p, PATH_MAX);
	if (n < 0 || n == PATH_MAX) {
		kfree(buf);
		return ERR_PTR(n < 0 ? n : -ENAMETOOLONG);
	}
	return buf;
}

struct dentry *dirfd_base(int dirfd)
{
	struct file *f;
	struct dentry *d;

	if (dirfd == AT_FDCWD)
		return NULL;
	f = fget(dirfd);
	if (!f)
		return ERR_PTR(-EBADF);
	d = f->dentry && S_ISDIR(f->inode->mode) ? dget(f->dentry) : ERR_PTR(-ENOTDIR);
	fput(f);
	return d;
}

/* A path argument with its base: what most *at() calls begin with. */
struct at_path {
	char *name;
	struct dentry *base;
};

static int at_get(struct at_path *p, int dirfd, unsigned long uaddr)
{
	p->base = NULL;
	p->name = get_path((const void __user *)uaddr);
	if (IS_ERR(p->name))
		return PTR_ERR(p->name);
	p->base = p->name[0] == '/' ? NULL : dirfd_base(dirfd);
	if (IS_ERR(p->base)) {
		kfree(p->name);
		return PTR_ERR(p->base);
	}
	return 0;
}

static void at_put(struct at_path *p)
{
	dput(p->base);
	kfree(p->name);
}

static struct dentry *at_lookup(int dirfd, unsigned long uaddr, unsigned int flags)
{
	struct at_path p;
	struct dentry *d;
	int err = at_get(&p, dirfd, uaddr);

	if (err)
		return ERR_PTR(err);
	if (!*p.name && (flags & AT_EMPTY_PATH)) {
		struct file *f = dirfd == AT_FDCWD ? NULL : fget(dirfd);

		d = f && f->dentry ? dget(f->dentry) : dirfd == AT_FDCWD ? path_lookup(NULL, ".", 0) : ERR_PTR(-EBADF);
		if (f)
			fput(f);
	} else {
		d = path_lookup(p.base, p.name, flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW);
	}
	at_put(&p);
	return d;
}

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

long sys_openat(struct pt_regs *r)
{
	struct at_path p;
	struct file *f;
	int fd = at_get(&p, r->a0, r->a1);

	if (fd)
		return fd;
	f = do_open(p.base, p.name, r->a2, r->a3);
	at_put(&p);
	if (IS_ERR(f))
		return PTR_ERR(f);
	fd = fd_install_new(current->files, f, 0, r->a2 & O_CLOEXEC);
	if (fd < 0)
		fput(f);
	return fd;
}

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
		if (arg >= current->files->max_open)
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

/* ---- Names ---- */

static long do_mknod(int dirfd, unsigned long path, u32 mode, u64 rdev, const char *link)
{
	struct at_path p;
	int err = at_get(&p, dirfd, path);

	if (err)
		return err;
	err = vfs_mknod(p.base, p.name, mode, rdev, link);
	at_put(&p);
	return err;
}

long sys_mknodat(struct pt_regs *r)
{
	u32 mode = r->a2, type = mode & S_IFMT;

	if (type == 0 || type == S_IFREG)
		return do_mknod(r->a0, r->a1, S_IFREG | (mode & 07777 & ~current->fs->umask), 0, NULL);
	if (type != S_IFCHR)
		return type == S_IFDIR ? -EPERM : -EINVAL;
	if (current_euid())
		return -EPERM;
	return do_mknod(r->a0, r->a1, S_IFCHR | (mode & 07777 & ~current->fs->umask), r->a3, NULL);
}

long sys_mkdirat(struct pt_regs *r)
{
	return do_mknod(r->a0, r->a1, S_IFDIR | (r->a2 & 01777 & ~current->fs->umask), 0, NULL);
}

long sys_symlinkat(struct pt_regs *r)
{
	char *target = get_path((const void __user *)r->a0);
	long err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	err = *target ? do_mknod(r->a1, r->a2, S_IFLNK | 0777, 0, target) : -ENOENT;
	kfree(target);
	return err;
}

long sys_unlinkat(struct pt_regs *r)
{
	struct at_path p;
	int err;

	if (r->a2 & ~(u64)AT_REMOVEDIR)
		return -EINVAL;
	err = at_get(&p, r->a0, r->a1);
	if (err)
		return err;
	err = vfs_unlink(p.base, p.name, r->a2 & AT_REMOVEDIR);
	at_put(&p);
	return err;
}

long sys_linkat(struct pt_regs *r)
{
	struct at_path a, b;
	int err;

	if (r->a4 & ~(u64)AT_SYMLINK_FOLLOW)
		return -EINVAL;
	err = at_get(&a, r->a0, r->a1);
	if (err)
		return err;
	err = at_get(&b, r->a2, r->a3);
	if (!err) {
		err = vfs_link(a.base, a.name, b.base, b.name, r->a4 ? LOOKUP_FOLLOW : 0);
		at_put(&b);
	}
	at_put(&a);
	return err;
}

long sys_renameat2(struct pt_regs *r)
{
	struct at_path a, b;
	int err;

	if (r->a4 & ~(u64)RENAME_NOREPLACE)
		return -EINVAL;
	err = at_get(&a, r->a0, r->a1);
	if (err)
		return err;
	err = at_get(&b, r->a2, r->a3);
	if (!err) {
		err = vfs_rename(a.base, a.name, b.base, b.name, r->a4);
		at_put(&b);
	}
	at_put(&a);
	return err;
}

long sys_readlinkat(struct pt_regs *r)
{
	struct dentry *d;
	char *buf;
	int n = r->a3;

	if (n <= 0)
		return -EINVAL;
	d = at_lookup(r->a0, r->a1, AT_SYMLINK_NOFOLLOW);
	if (IS_ERR(d))
		return PTR_ERR(d);
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!buf)
		n = -ENOMEM;
	else if (!S_ISLNK(d->inode->mode))
		n = -EINVAL;
	else
		n = d->inode->i_op->readlink(d->inode, buf, min(n, PATH_MAX));
	if (n > 0 && copy_to_user((void __user *)r->a2, buf, n))
		n = -EFAULT;
	kfree(buf);
	dput(d);
	return n;
}

long sys_newfstatat(struct pt_regs *r)
{
	struct dentry *d;
	struct k_stat st;

	if (r->a3 & ~(u64)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | 0x800))
		return -EINVAL;
	d = at_lookup(r->a0, r->a1, r->a3);
	if (IS_ERR(d))
		return PTR_ERR(d);
	fill_stat(d->inode, &st);
	dput(d);
	return copy_to_user((void __user *)r->a2, &st, sizeof(st)) ? -EFAULT : 0;
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

static long do_statfs(unsigned long out)
{
	struct k_statfs s = {
		.f_type = 0x858458f6, .f_bsize = PAGE_SIZE, .f_frsize = PAGE_SIZE, .f_namelen = NAME_MAX,
		.f_blocks = totalram_pages(), .f_bfree = nr_free_pages(), .f_bavail = nr_free_pages(),
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

static long do_faccessat(int dirfd, unsigned long path, int mode, int flags)
{
	struct dentry *d;
	int err;

	if (mode & ~7)
		return -EINVAL;
	d = at_lookup(dirfd, path, flags & ~AT_EACCESS);
	if (IS_ERR(d))
		return PTR_ERR(d);
	if (flags & AT_EACCESS) {
		err = inode_permission(d->inode, mode);
	} else {
		/* By the real ids. */
		struct cred *c = prepare_creds();
		const struct cred *old = current->cred;

		if (!c) {
			dput(d);
			return -ENOMEM;
		}
		c->fsuid = c->uid;
		c->fsgid = c->gid;
		current->cred = c;
		err = inode_permission(d->inode, mode);
		current->cred = old;
		put_cred(c);
	}
	dput(d);
	return err;
}

long sys_faccessat(struct pt_regs *r)
{
	return do_faccessat(r->a0, r->a1, r->a2, 0);
}

long sys_faccessat2(struct pt_regs *r)
{
	if (r->a3 & ~(u64)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return do_faccessat(r->a0, r->a1, r->a2, r->a3);
}

static long set_pwd(struct dentry *d)
{
	struct fs_struct *fs = current->fs;
	struct dentry *old;
	int err = S_ISDIR(d->inode->mode) ? inode_permission(d->inode, 1) : -ENOTDIR;

	if (err) {
		dput(d);
		return err;
	}
	spin_lock(&fs->lock);
	old = fs->pwd;
	fs->pwd = d;
	spin_unlock(&fs->lock);
	dput(old);
	return 0;
}

long sys_chdir(struct pt_regs *r)
{
	struct dentry *d = at_lookup(AT_FDCWD, r->a0, 0);

	return IS_ERR(d) ? PTR_ERR(d) : set_pwd(d);
}

long sys_fchdir(struct pt_regs *r)
{
	struct file *f = fget(r->a0);
	struct dentry *d;

	if (!f)
		return -EBADF;
	d = f->dentry ? dget(f->dentry) : NULL;
	fput(f);
	return d ? set_pwd(d) : -ENOTDIR;
}

long sys_getcwd(struct pt_regs *r)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *path;
	struct dentry *d;
	long n;

	if (!buf)
		return -ENOMEM;
	spin_lock(&current->fs->lock);
	d = dget(current->fs->pwd);
	spin_unlock(&current->fs->lock);
	if (d->parent != d && !d->linked && !d->inode->i_op) {
		n = -ENOENT;
	} else {
		path = d_path(d, buf, PATH_MAX);
		n = IS_ERR(path) ? PTR_ERR(path) : (long)strlen(path) + 1;
		if (n > 0 && (u64)n > r->a1)
			n = -ERANGE;
		if (n > 0 && copy_to_user((void __user *)r->a0, path, n))
			n = -EFAULT;
	}
	dput(d);
	kfree(buf);
	return n;
}

static long do_chmod(struct inode *i, u32 mode)
{
	if (!proc_may_change(i->uid))
		return -EPERM;
	if (i->i_op && !S_ISREG(i->mode) && !S_ISDIR(i->mode))
		return -EPERM;
	down_write(&i->i_rwsem);
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

static long do_chown(struct inode *i, u32 uid, u32 gid)
{
	if (current_cred()->fsuid && (uid != ~0u || (gid != ~0u && gid != current_cred()->fsgid)))
		return -EPERM;
	if (!proc_may_change(i->uid))
		return -EPERM;
	down_write(&i->i_rwsem);
	if (uid != ~0u)
		i->uid = uid;
	if (gid != ~0u)
		i->gid = gid;
	i->mode &= ~(S_ISUID | S_ISGID);
	up_write(&i->i_rwsem);
	return 0;
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
	if (!proc_may_change(i->uid) && inode_permission(i, 2)) {
		err = -EACCES;
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

long sys_umask(struct pt_regs *r)
{
	struct fs_struct *fs = current->fs;
	u32 old;

	spin_lock(&fs->lock);
	old = fs->umask;
	fs->umask = r->a0 & 0777;
	spin_unlock(&fs->lock);
	return old;
}

/* ---- Directories ---- */

struct dents_context {
	struct dir_context ctx;
	char *buf;
	size_t size, used;
	size_t last;		/* offset of the last entry, whose d_off is the position after it */
	bool any, full;
};

static bool emit_dirent(struct dir_context *ctx, const char *name, u64 ino, u32 mode)
{
	struct dents_context *c = container_of(ctx, struct dents_context, ctx);
	size_t n = strlen(name), len = ALIGN_UP(offsetof(struct k_dirent64, d_name) + n + 1, 8UL);
	struct k_dirent64 *d = (struct k_dirent64 *)(c->buf + c->used);

	/* The entry before this one ends at the position that this one starts from. */
	if (c->any)
		((struct k_dirent64 *)(c->buf + c->last))->d_off = ctx->pos;
	if (c->size - c->used < len) {
		c->full = true;
		return false;
	}
	memset(d, 0, len);
	d->d_ino = ino;
	d->d_reclen = len;
	d->d_type = (mode & S_IFMT) >> 12;
	memcpy(d->d_name, name, n);
	c->last = c->used;
	c->used += len;
	c->any = true;
	return true;
}

long sys_getdents64(struct pt_regs *r) __no_lock_analysis
{
	struct file *f = fget(r->a0);
	struct dents_context c = { .ctx = { .emit = emit_dirent }, .size = min(r->a2, 32768UL) };
	long ret;

	if (!f)
		return -EBADF;
	if (!f->f_op->iterate) {
		fput(f);
		return -ENOTDIR;
	}
	c.buf = kmalloc(max(c.size, 64UL), GFP_KERNEL);
	if (!c.buf) {
		fput(f);
		return -ENOMEM;
	}
	mutex_lock(&f->f_pos_lock);
	c.ctx.pos = f->pos;
	ret = f->f_op->iterate(f, &c.ctx);
	if (c.any)
		((struct k_dirent64 *)(c.buf + c.last))->d_off = c.ctx.pos;
	if (!ret)
		ret = c.any ? (long)c.used : c.full ? -EINVAL : 0;
	if (ret > 0 && copy_to_user((void __user *)r->a1, c.buf, ret))
		ret = -EFAULT;
	if (ret >= 0)
		f->pos = c.ctx.pos;
	mutex_unlock(&f->f_pos_lock);
	kfree(c.buf);
	fput(f);
	return ret;
}

/* ---- Waiting for events ---- */

#define POLL_MAX 1024

static int poll_scan(struct k_pollfd *fds, u32 n, struct file **files, struct poll_table *pt)
{
	int ready = 0;

	for (u32 i = 0; i < n; i++) {
		u32 mask = 0, want = (u16)fds[i].events | POLLERR | POLLHUP;

		if (fds[i].fd >= 0) {
			if (!files[i])
				mask = POLLNVAL;
			else if (files[i]->f_op->poll)
				mask = files[i]->f_op->poll(files[i], pt) & want;
			else
				mask = (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM) & want;
		}
		fds[i].revents = mask;
		ready += mask != 0;
	}
	return ready;
}

static long do_poll(struct k_pollfd *fds, u32 n, u64 expires)
{
	struct poll_table pt = { .max = n };
	struct file **files = kzalloc(max(n, 1u) * (sizeof(*files) + sizeof(*pt.entries)), GFP_KERNEL);
	long ret;

	if (!files)
		return -ENOMEM;
	pt.entries = (struct poll_entry *)(files + n);
	for (u32 i = 0; i < n; i++)
		files[i] = fds[i].fd >= 0 ? fget(fds[i].fd) : NULL;
	ret = poll_scan(fds, n, files, expires ? &pt : NULL);
	while (!ret && expires) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = poll_scan(fds, n, files, NULL);	/* after the state: a wake-up between is not lost */
		if (!ret && signal_pending(current))
			ret = -ERESTARTNOHAND;
		if (!ret && !schedule_timeout(expires)) {
			__set_current_state(TASK_RUNNING);
			ret = poll_scan(fds, n, files, NULL);
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	for (u32 i = 0; i < pt.nr; i++)
		finish_wait(pt.entries[i].wq, &pt.entries[i].wait);
	for (u32 i = 0; i < n; i++)
		if (files[i])
			fput(files[i]);
	kfree(files);
	return ret;
}

long sys_ppoll(struct pt_regs *r)
{
	u32 n = r->a1;
	u64 expires = KTIME_MAX, ns;
	struct k_pollfd *fds;
	long ret;

	if (n > POLL_MAX)
		return -EINVAL;
	if (r->a2) {
		int err = get_timespec((void __user *)r->a2, &ns);

		if (err)
			return err;
		expires = ns ? ktime_get_ns() + ns : 0;
	}
	fds = kmalloc(max(n, 1u) * sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	if (copy_from_user(fds, (void __user *)r->a0, n * sizeof(*fds))) {
		kfree(fds);
		return -EFAULT;
	}
	if (r->a3) {
		u64 mask;

		if (r->a4 != 8 || get_user(mask, (u64 __user *)r->a3)) {
			kfree(fds);
			return r->a4 != 8 ? -EINVAL : -EFAULT;
		}
		current->saved_sigmask = current->blocked;
		set_current_blocked(mask);
		current->restore_sigmask = true;
	}
	ret = do_poll(fds, n, expires);
	if (r->a3 && ret != -ERESTARTNOHAND) {
		current->restore_sigmask = false;
		set_current_blocked(current->saved_sigmask);
	}
	if (ret >= 0 && copy_to_user((void __user *)r->a0, fds, n * sizeof(*fds)))
		ret = -EFAULT;
	kfree(fds);
	return ret;
}
