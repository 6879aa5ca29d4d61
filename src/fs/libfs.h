/* SPDX-License-Identifier: MIT */
/* What several file systems have in common. */
#ifndef FS_LIBFS_H
#define FS_LIBFS_H

struct file_operations;

extern const struct file_operations dcache_dir_ops;	/* of directories whose names are all dentries */

#endif
