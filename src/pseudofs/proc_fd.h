/* SPDX-License-Identifier: MIT */
/* /proc/PID/fd. */
#ifndef PSEUDOFS_PROC_FD_H
#define PSEUDOFS_PROC_FD_H

#include "fs/file.h"

/** proc_fd_lookup, proc_fd_list - Functions of task @pid's directory fd: see struct proc_entry. Context: task. */
struct dentry *proc_fd_lookup(struct dentry *dir, const char *name, long pid);
void proc_fd_list(struct dir_context *ctx, long pid);

#endif
