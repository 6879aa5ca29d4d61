/* SPDX-License-Identifier: MIT */
/* The tree of control groups, for the file system that shows it. */
#ifndef PROC_CGROUP_H
#define PROC_CGROUP_H

#include "fs/procfs.h"

extern const struct proc_entry cgroup_root_entries[];
struct dentry *cgroup_lookup(struct dentry *dir, const char *name, long id);
void cgroup_list(struct dir_context *ctx, long id);
int cgroup_mkdir(long id, const char *name);
int cgroup_rmdir(long id, const char *name);

/* The root group's directory, for a table of entries: mode and functions. */
#define CGROUP_DIR S_IFDIR | 0755, .entries = cgroup_root_entries, .lookup = cgroup_lookup, .list = cgroup_list, \
	.mkdir = cgroup_mkdir, .rmdir = cgroup_rmdir

#endif
