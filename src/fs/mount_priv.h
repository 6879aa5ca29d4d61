/* SPDX-License-Identifier: MIT */
/* Functions that mount.c and namespace.c share. */
#ifndef FS_MOUNT_PRIV_H
#define FS_MOUNT_PRIV_H

#include "fs/mount.h"

/**
 * mnt_alloc - A mount of @root in @sb, whose reference it takes over, on nothing yet.
 * Return: or NULL: no memory, and it takes over nothing. Context: task.
 */
struct vfsmount *mnt_alloc(struct super_block *sb, struct dentry *root, const char *devname) __must_check;
/** find_mount - What is mounted on @p. Return: or NULL; no reference. Context: dcache_lock held. */
struct vfsmount *find_mount(const struct path *p);

#endif
