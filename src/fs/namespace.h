/* SPDX-License-Identifier: MIT */
/* The tree of mounts and its changes: mount(2), umount2(2). Ref: Linux fs/namespace.c; mount(2). */
#ifndef FS_NAMESPACE_H
#define FS_NAMESPACE_H

#include "fs/mount.h"

/**
 * path_mount - mount(2): @flags MS_*. @type, @devname and @data may be NULL; @data may be written to.
 * Return: 0 or errno. Context: task, may sleep.
 */
int path_mount(const char *devname, const struct path *target, const char *type, unsigned long flags, char *data) __must_check;
/**
 * path_umount - umount2(2) by a task that may: @flags MNT_*. Takes over the reference to @target.
 * Return: 0 or errno. Context: task, may sleep.
 */
int path_umount(struct path target, unsigned int flags) __must_check;
/** kern_mount_at - Mount a file system of @type on the directory @path, which is made if it is not there. Context: boot. */
void kern_mount_at(const char *type, const char *path);
/**
 * for_each_mount - Call @fn with each mount, parents first, until it returns false; @path is its place as seen from @root; mounts
 * that cannot be seen from there are left out. Return: 0 or -ENOMEM. Context: task; @fn: namespace_lock.
 */
int for_each_mount(const struct path *root, bool (*fn)(struct vfsmount *m, const char *path, void *arg), void *arg) __must_check;
/** namespace_init - Locks of this module. Context: boot. */
void namespace_init(void);

#endif
