/* SPDX-License-Identifier: MIT */
/* Files of tunable numbers, for the file systems that have them. */
#ifndef PSEUDOFS_SYSCTL_H
#define PSEUDOFS_SYSCTL_H

#include "pseudofs/procfs.h"

enum sysctl_table { SYSCTL_KERNEL, SYSCTL_SCHED, SYSCTL_FS, SYSCTL_DEBUG };

extern const struct proc_entry sysctl_root_entries[];	/* /proc/sys */
/** sysctl_lookup, sysctl_list - A directory's functions for the files of @table. */
struct dentry *sysctl_lookup(struct dentry *dir, const char *name, enum sysctl_table table);
void sysctl_list(struct dir_context *ctx, enum sysctl_table table);

/** sched_features_show, sched_features_write - /sys/kernel/debug/sched/features: NAME or NO_NAME. Ref: Linux sched/features.h. */
int sched_features_show(struct seq_file *m, long unused);
int sched_features_write(long unused, const char *text, size_t n);

#endif
