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

/* The directory of @dirfd, with a reference; NULLs: the working directory. */
static int dirfd_base(int dirfd, struct path *base)
{
	struct file *f;
	int err = 0;

	*base = (struct path){ NULL, NULL };
	if (dirfd == AT_FDCWD)
		return 0;
	f = fget(dirfd);
	if (!f)
		return -EBADF;
	if (f->f_path.dentry && S_ISDIR(f->inode->mode))
		*base = path_get(&f->f_path);
	else
		err = -ENOTDIR;
	fput(f);
	return err;
}

int at_get(struct at_path *p, int dirfd, const char __user *uname)
{
	int err;

	p->name = get_path(uname);
	if (IS_ERR(p->name))
		return PTR_ERR(p->name);
	err = dirfd_base(p->name[0] == '/' || !p->name[0] ? AT_FDCWD : dirfd, &p->base);
	if (err)
		kfree(p->name);
	return err;
}

void at_put(struct at_path *p)
{
	path_put(&p->base);
	kfree(p->name);
}

/* The file @dirfd itself. */
static int at_empty(int dirfd, struct path *found)
{
	struct file *f;
	int err = 0;

	if (dirfd == AT_FDCWD)
		return path_lookup(NULL, ".", 0, found);
	f = fget(dirfd);
	if (!f)
		return -EBADF;
	if (f->f_path.dentry)
		*found = path_get(&f->f_path);
	else
		err = -EBADF;
	fput(f);
	return err;
}

int at_lookup(int dirfd, const char __user *uname, unsigned int flags, struct path *found)
{
	struct at_path p;
	int err = at_get(&p, dirfd, uname);

	if (err)
		return err;
	if (!*p.name && (flags & AT_EMPTY_PATH))
		err = at_empty(dirfd, found);
	else
		err = path_lookup(at_base(&p), p.name, flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW, found);
	at_put(&p);
	return err;
}
