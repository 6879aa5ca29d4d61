/* SPDX-License-Identifier: MIT */
/* A process's place in the tree of names: its root and working directory, and its umask. */
#ifndef FS_FS_STRUCT_H
#define FS_FS_STRUCT_H

#include "fs/mount.h"
#include "smp/spinlock.h"

struct fs_struct {
	atomic_t count;
	spinlock_t lock;
	struct path root, pwd;		/* lock; a reference each */
	u32 umask;
};

/** fs_alloc - Root and working directory are the root of all. dup_fs - A copy of @old. Return: or NULL: no memory. Context: task. */
struct fs_struct *fs_alloc(void) __must_check;
struct fs_struct *dup_fs(struct fs_struct *old) __must_check;
/** put_fs - A reference less. Context: task, may sleep. */
void put_fs(struct fs_struct *fs);
/** get_pwd, get_root - The working or root directory of @fs (get_root: NULL, of the kernel), with a reference. Context: task. */
struct path get_pwd(struct fs_struct *fs);
struct path get_root(struct fs_struct *fs);
/** set_fs_pwd, set_fs_root - It is @path from now on, whose reference is taken over. Context: task, may sleep. */
void set_fs_pwd(struct fs_struct *fs, struct path path);
void set_fs_root(struct fs_struct *fs, struct path path);
/** fs_struct_init - The cache of this module. Context: boot. */
void fs_struct_init(void);

#endif
