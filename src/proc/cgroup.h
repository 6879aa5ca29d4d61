/* SPDX-License-Identifier: MIT */
/* The tree of control groups, for the file system that shows it. */
#ifndef PROC_CGROUP_H
#define PROC_CGROUP_H

#include "fs/procfs.h"

struct task_struct;

/** cgroup_init - There is the root group. Context: boot. */
void cgroup_init(void);
/** cgroup_exit - The current task is about to leave its control group: it is known by it until it is released. Context: task. */
void cgroup_exit(void);
/** cgroup_path - Path of @p's control group, from the root of the tree. Return: length, or -ENAMETOOLONG. Context: task. */
int cgroup_path(struct task_struct *p, char *buf, size_t size);

extern const struct proc_entry cgroup_root_entries[];
/** cgroup_lookup, cgroup_list - Functions of group @id's directory: see struct proc_entry. Context: task. */
struct dentry *cgroup_lookup(struct dentry *dir, const char *name, long id);
void cgroup_list(struct dir_context *ctx, long id);
/** cgroup_mkdir - A group in group @id. Return: 0, -ENODEV: there is no @id; -EINVAL, -EEXIST, -ENOMEM. Context: task. */
int cgroup_mkdir(long id, const char *name);
/** cgroup_rmdir - It goes. Return: 0, -ENOENT, -EBUSY: it has groups or tasks. Context: task. */
int cgroup_rmdir(long id, const char *name);

/* The root group's directory, for a table of entries: mode and functions. */
#define CGROUP_DIR S_IFDIR | 0755, .entries = cgroup_root_entries, .lookup = cgroup_lookup, .list = cgroup_list, \
	.mkdir = cgroup_mkdir, .rmdir = cgroup_rmdir

#endif
