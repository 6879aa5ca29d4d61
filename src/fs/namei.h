/* SPDX-License-Identifier: MIT */
/*
 * From paths to places, and changes of names.
 *
 * A path begins at @base, or NULL: at the current task's working directory; or, with a slash, at its root. It is followed through
 * symbolic links and mounts by one walk (namei.c), and no other code does that.
 */
#ifndef FS_NAMEI_H
#define FS_NAMEI_H

#include "abi/fs.h"
#include "fs/dcache.h"
#include "fs/mount.h"

#define PATH_MAX 4096

struct inode;

#define LOOKUP_FOLLOW 1		/* a symbolic link at the end, too */

/** path_lookup - The place that @path names. Return: 0, and *@found is it with a reference; or errno. Context: task, may sleep. */
int path_lookup(const struct path *base, const char *path, unsigned int flags, struct path *found) __must_check;
/* A path's last component, with which most calls that take a path do something. */
struct last_name {
	char name[NAME_MAX + 1];
	bool slash;		/* it is followed by one: only a directory is meant */
};
/** path_parent - The directory of @path's last component, which is copied to @last. Return, context: as of path_lookup(). */
int path_parent(const struct path *base, const char *path, struct last_name *last, struct path *dir) __must_check;
/** is_dots - Is @name "." or ".."? Context: any. */
bool is_dots(const char *name);
/** lookup_name - The dentry @name in @dir. Return: a reference or ERR_PTR, -ENOENT mostly. Context: @dir's i_rwsem held. */
struct dentry *lookup_name(struct dentry *dir, const char *name);
/** vfs_mknod - Make an object of @mode at @path: a device of @rdev, a symbolic link to @link. Return: 0 or errno. Context: task. */
int vfs_mknod(const struct path *base, const char *path, u32 mode, u64 rdev, const char *link) __must_check;
/** vfs_unlink - Remove the name @path: of a directory, if @dir says so, or of anything else. Return: 0 or errno. Context: task. */
int vfs_unlink(const struct path *base, const char *path, bool dir) __must_check;
/** vfs_link - @new is another name for what @old names. @flags: LOOKUP_FOLLOW. Return: 0 or errno. Context: task. */
int vfs_link(const struct path *old_base, const char *old, const struct path *new_base, const char *new, unsigned int flags) __must_check;
/** vfs_rename - What @old names is called @new. @flags: RENAME_NOREPLACE or RENAME_EXCHANGE. Return: 0 or errno. Context: task. */
int vfs_rename(const struct path *old_base, const char *old, const struct path *new_base, const char *new, unsigned int flags) __must_check;
/** vfs_truncate - @inode's size is @size. Return: 0 or errno. Context: task. */
int vfs_truncate(struct inode *inode, u64 size) __must_check;
/** rename_init - The lock of renaming. Context: boot. */
void rename_init(void);

#endif
