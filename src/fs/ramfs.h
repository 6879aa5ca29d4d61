/* SPDX-License-Identifier: MIT */
/* Files and directories in memory. */
#ifndef FS_RAMFS_H
#define FS_RAMFS_H

struct file_operations;

extern const struct file_operations ramfs_file_ops, dir_file_ops;

#endif
