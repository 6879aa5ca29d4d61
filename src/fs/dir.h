/* SPDX-License-Identifier: MIT */
/* What dir.c, rename.c and open.c share: changes to directories. */
#ifndef FS_DIR_H
#define FS_DIR_H

#include "fs/namei.h"

/** may_create - May the current task make a name in @dir? Return: 0, -EACCES, -ENOENT: @dir is removed. Context: dir's i_rwsem held. */
int may_create(struct dentry *dir) __must_check;
/** may_delete - May the current task take @victim out of @dir? Return: 0, -EACCES, -EPERM. Context: dir's i_rwsem held. */
int may_delete(struct dentry *dir, struct dentry *victim) __must_check;
/**
 * create_locked - A new object of @mode called @name in @dir, where no such name is; the rest as of vfs_mknod().
 * Return: a reference or ERR_PTR. Context: @dir's i_rwsem held exclusive.
 */
struct dentry *create_locked(struct dentry *dir, const char *name, u32 mode, u64 rdev, const char *link);

#endif
