/* SPDX-License-Identifier: MIT */
/* mount(2) and umount2(2). */
#include "sys/sys.h"

#include <string.h>

#include "abi/mount.h"
#include "fs/namespace.h"
#include "lib/err.h"
#include "sys/path.h"
#include "task/cred.h"
#include "vm/page_alloc.h"
#include "vm/slab.h"

/* A string argument that may be missing: NULL. Return: to be freed by kfree(), or ERR_PTR. */
static char *get_optional(const char __user *s)
{
	return s ? get_path(s) : NULL;
}

/* Options are a string in a page, of which the part that can be read counts. Return: to be freed by kfree(), NULL, or ERR_PTR. */
static char *get_options(const void __user *data)
{
	char *buf;
	size_t left;

	if (!data)
		return NULL;
	buf = kzalloc(PAGE_SIZE + 1, GFP_KERNEL);
	if (!buf)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(buf, data, PAGE_SIZE);
	if (left == PAGE_SIZE) {
		kfree(buf);
		return ERR_PTR(-EFAULT);
	}
	memset(buf + PAGE_SIZE - left, 0, left);
	return buf;
}

static void put_string(char *s)
{
	if (!IS_ERR(s))
		kfree(s);
}

long sys_mount(const char __user *dev_name, const char __user *dir_name, const char __user *type, unsigned long flags,
	       const void __user *data)
{
	char *fs = get_optional(type), *dev = get_optional(dev_name), *options = get_options(data);
	struct path target;
	int err = IS_ERR(fs) ? (int)PTR_ERR(fs) : IS_ERR(dev) ? (int)PTR_ERR(dev) : IS_ERR(options) ? (int)PTR_ERR(options) : 0;

	if (!err)
		err = at_lookup(AT_FDCWD, dir_name, 0, &target);
	if (!err) {
		err = path_mount(dev, &target, fs, flags, options);
		path_put(&target);
	}
	put_string(fs);
	put_string(dev);
	put_string(options);
	return err;
}

long sys_umount2(const char __user *name, int flags)
{
	struct path target;
	int err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = at_lookup(AT_FDCWD, name, flags & UMOUNT_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0, &target);
	return err ? err : path_umount(target, flags);
}
