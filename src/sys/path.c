/* SPDX-License-Identifier: MIT */
/* Names that user memory holds. */
#include "sys/path.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "lib/err.h"
#include "smp/tracepoint.h"
#include "sys/sys.h"
#include "vm/slab.h"

char *get_path(const char __user *uname)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	long n;

	if (!buf)
		return ERR_PTR(-ENOMEM);
	n = strncpy_from_user(buf, uname, PATH_MAX);
	if (n < 0 || n == PATH_MAX) {
		kfree(buf);
		return ERR_PTR(n < 0 ? n : -ENAMETOOLONG);
	}
	if (trace_on(TRACE_GETNAME))
		trace_text(TRACE_GETNAME, buf);
	return buf;
}

/* The directory of @dirfd, with a reference; NULL: the working directory. Or ERR_PTR. */
static struct dentry *dirfd_base(int dirfd)
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

int at_get(struct at_path *p, int dirfd, const char __user *uname)
{
	p->base = NULL;
	p->name = get_path(uname);
	if (IS_ERR(p->name))
		return PTR_ERR(p->name);
	p->base = p->name[0] == '/' || !p->name[0] ? NULL : dirfd_base(dirfd);
	if (IS_ERR(p->base)) {
		kfree(p->name);
		return PTR_ERR(p->base);
	}
	return 0;
}

void at_put(struct at_path *p)
{
	dput(p->base);
	kfree(p->name);
}

struct dentry *at_lookup(int dirfd, const char __user *uname, unsigned int flags)
{
	struct at_path p;
	struct dentry *d;
	int err = at_get(&p, dirfd, uname);

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
