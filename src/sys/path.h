/* SPDX-License-Identifier: MIT */
/*
 * Names that user memory holds: how calls that take one begin, and how they end.
 */
#ifndef SYS_PATH_H
#define SYS_PATH_H

#include "fs/file.h"


/**
 * get_path - Copy the name @uname from user memory.
 * Return: a buffer of PATH_MAX bytes, to be given to kfree(), or ERR_PTR: -EFAULT, -ENAMETOOLONG, -ENOMEM.
 * Context: task, may sleep.
 */
char *get_path(const char __user *uname);

/* The name argument of a call, with the directory that it begins at: what most *at() calls begin with. */
struct at_path {
	char *name;
	struct path base;	/* a reference; or NULLs: the working directory, or the name says it */
};

/**
 * at_get - Fill @p from the arguments @dirfd and @uname. at_put() gives back what it holds.
 * Return: 0, or what get_path() says, -EBADF, -ENOTDIR (@dirfd); then @p holds nothing.
 * Context: task, may sleep.
 */
int at_get(struct at_path *p, int dirfd, const char __user *uname) __must_check;
void at_put(struct at_path *p);

/** at_base - Where @p's name begins, for path_lookup() and its kin. Context: any. */
static inline const struct path *at_base(const struct at_path *p)
{
	return p->base.dentry ? &p->base : NULL;
}
/**
 * at_lookup - The place that the arguments @dirfd and @uname name.
 * @flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH (no name: it is @dirfd itself); others are not looked at.
 * Return: 0, and *@found is it with a reference; or what at_get() and path_lookup() say.
 * Context: task, may sleep.
 */
int at_lookup(int dirfd, const char __user *uname, unsigned int flags, struct path *found) __must_check;

#endif
