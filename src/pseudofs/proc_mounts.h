/* SPDX-License-Identifier: MIT */
/* /proc/PID/mounts, mountinfo, cwd, root. */
#ifndef PSEUDOFS_PROC_MOUNTS_H
#define PSEUDOFS_PROC_MOUNTS_H

#include "fs/mount.h"

struct seq_file;

/** proc_show_mounts, proc_show_mountinfo - The mounts that task @pid can see from its root. Return: 0 or errno. Context: task. */
int proc_show_mounts(struct seq_file *m, long pid);
int proc_show_mountinfo(struct seq_file *m, long pid);
/** proc_link_cwd, proc_link_root - The path of task @pid's directory into @buf[@n]. Return: length or errno. Context: task. */
int proc_link_cwd(long pid, char *buf, size_t n);
int proc_link_root(long pid, char *buf, size_t n);
/** proc_follow_cwd, proc_follow_root - The same place itself, with a reference. Return: 0 or errno. Context: task. */
int proc_follow_cwd(long pid, struct path *found);
int proc_follow_root(long pid, struct path *found);
/** proc_link_of - @p's path into @buf[@n], not terminated. Return: length or errno. Context: task. */
int proc_link_of(const struct path *p, char *buf, size_t n);

#endif
