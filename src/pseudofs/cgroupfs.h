/* SPDX-License-Identifier: MIT */
/* /sys/fs/cgroup. */
#ifndef PSEUDOFS_CGROUPFS_H
#define PSEUDOFS_CGROUPFS_H

#include "proc/cgroup.h"
#include "pseudofs/procfs.h"

extern const struct proc_entry cgroup_root_entries[];
/** cgroup_lookup, cgroup_list - Functions of group @id's directory: see struct proc_entry. Context: task. */
struct dentry *cgroup_lookup(struct dentry *dir, const char *name, long id);
void cgroup_list(struct dir_context *ctx, long id);

/* The root group's directory, for a table of entries: mode and functions. */
#define CGROUP_DIR S_IFDIR | 0755, .entries = cgroup_root_entries, .lookup = cgroup_lookup, .list = cgroup_list, \
	.mkdir = cgroup_mkdir, .rmdir = cgroup_rmdir

#endif
