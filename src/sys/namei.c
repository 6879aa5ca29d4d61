/* SPDX-License-Identifier: MIT */
/* Calls that take names. */
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
	p->base = p->name[0] == '/' || !p->name[0] ? NULL : dirfd_base(dirfd);
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

long sys_openat(struct pt_regs *r)
{
	struct at_path p;
	struct file *f;
	int fd = at_get(&p, r->a0, r->a1);

	if (fd)
		return fd;
	f = do_open(p.base, p.name, r->a2 & ~(u64)FMODE_EXEC, r->a3);
	at_put(&p);
	if (IS_ERR(f))
		return PTR_ERR(f);
	fd = fd_install_new(current->files, f, 0, r->a2 & O_CLOEXEC);
	if (fd < 0)
		fput(f);
	return fd;
}

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

	if (type == 0 || type == S_IFREG || type == S_IFIFO)
		return do_mknod(r->a0, r->a1, (type ? type : S_IFREG) | (mode & 07777 & ~current->fs->umask), 0, NULL);
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

/* The two names of link and rename: a0 and a1, a2 and a3. */
static int at_get_both(struct at_path *from, struct at_path *to, const struct pt_regs *r)
{
	int err = at_get(from, r->a0, r->a1);

	if (err)
		return err;
	err = at_get(to, r->a2, r->a3);
	if (err)
		at_put(from);
	return err;
}

long sys_linkat(struct pt_regs *r)
{
	struct at_path from, to;
	int err;

	if (r->a4 & ~(u64)AT_SYMLINK_FOLLOW)
		return -EINVAL;
	err = at_get_both(&from, &to, r);
	if (err)
		return err;
	err = vfs_link(from.base, from.name, to.base, to.name, r->a4 ? LOOKUP_FOLLOW : 0);
	at_put(&to);
	at_put(&from);
	return err;
}

long sys_renameat2(struct pt_regs *r)
{
	unsigned int flags = r->a4;
	struct at_path from, to;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE) || flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	err = at_get_both(&from, &to, r);
	if (err)
		return err;
	err = vfs_rename(from.base, from.name, to.base, to.name, flags);
	at_put(&to);
	at_put(&from);
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

/* By the real ids, for programs that somebody else started: NULL when those are what it acts by anyhow. ERR_PTR. */
static struct cred *access_creds(void)
{
	const struct cred *own = current_cred();
	struct cred *c;

	if (own->fsuid == own->uid && own->fsgid == own->gid)
		return NULL;
	c = prepare_creds();
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->fsuid = c->uid;
	c->fsgid = c->gid;
	c->cap_effective = c->uid ? 0 : c->cap_permitted;
	return c;
}

static long access_check(int dirfd, unsigned long path, int mode, int flags)
{
	struct dentry *d = at_lookup(dirfd, path, flags & ~AT_EACCESS);
	int err;

	if (IS_ERR(d))
		return PTR_ERR(d);
	err = inode_permission(d->inode, mode);
	dput(d);
	return err;
}

static long do_faccessat(int dirfd, unsigned long path, int mode, int flags)
{
	struct cred *c;
	long err;

	if (mode & ~7)
		return -EINVAL;
	c = flags & AT_EACCESS ? NULL : access_creds();
	if (IS_ERR(c))
		return PTR_ERR(c);
	if (c) {
		const struct cred *old = override_creds(c);

		err = access_check(dirfd, path, mode, flags);
		revert_creds(old);
		put_cred(c);
	} else {
		err = access_check(dirfd, path, mode, flags);
	}
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
	d = get_pwd(current->fs);
	if (READ_ONCE(d->removed)) {
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
