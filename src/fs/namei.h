/* SPDX-License-Identifier: MIT */
/* From paths to things, and changes of names. Each function: Context: task, may sleep; no lock of files held. */
#ifndef FS_NAMEI_H
#define FS_NAMEI_H

#include "fs/dcache.h"

#define NAME_MAX 255
#define PATH_MAX 4096

struct inode;

#define LOOKUP_FOLLOW 1

/** path_lookup - What @path from directory @base (NULL: working directory) names. Return: a reference or ERR_PTR. Context: task. */
struct dentry *path_lookup(struct dentry *base, const char *path, unsigned int flags);
/* A path's last component, with which most calls that take a path do something. */
struct last_name {
	char name[NAME_MAX + 1];
	bool slash;		/* it is followed by one: only a directory is meant */
};
/** is_dots - Is @name "." or ".."? Context: any. */
bool is_dots(const char *name);
/** path_parent - The directory of @path's last component, copied to @last. Return: a reference or ERR_PTR. Context: task. */
struct dentry *path_parent(struct dentry *base, const char *path, struct last_name *last);
/** may_delete - May the current task take @victim out of @dir? Return: 0, -EACCES, -EPERM. Context: dir's i_rwsem held. */
int may_delete(struct dentry *dir, struct dentry *victim) __must_check;
/**
 * create_locked - A new object of @mode called @name in @dir, linked; the rest as of vfs_mknod().
 * Return: a reference or ERR_PTR. Context: @dir's i_rwsem held exclusive.
 */
struct dentry *create_locked(struct dentry *dir, const char *name, u32 mode, u64 rdev, const char *link);
/** vfs_mknod - Make an object of @mode at @path: a device of @rdev, a symbolic link to @link. Return: 0 or errno. Context: task. */
int vfs_mknod(struct dentry *base, const char *path, u32 mode, u64 rdev, const char *link) __must_check;
/** vfs_unlink - Remove the name @path: of a directory, if @dir says so, or of anything else. Return: 0 or errno. Context: task. */
int vfs_unlink(struct dentry *base, const char *path, bool dir) __must_check;
/** vfs_link - @new is another name for what @old names. @flags: LOOKUP_FOLLOW. Return: 0 or errno. Context: task. */
int vfs_link(struct dentry *old_base, const char *old, struct dentry *new_base, const char *new, unsigned int flags) __must_check;
/** vfs_rename - What @old names is called @new. @flags: RENAME_NOREPLACE or RENAME_EXCHANGE. Return: 0 or errno. Context: task. */
int vfs_rename(struct dentry *old_base, const char *old, struct dentry *new_base, const char *new, unsigned int flags) __must_check;
/** vfs_truncate - @inode's size is @size. Return: 0 or errno. Context: task. */
int vfs_truncate(struct inode *inode, u64 size) __must_check;
/** rename_init - The lock of renaming. Context: boot. */
void rename_init(void);

#endif
