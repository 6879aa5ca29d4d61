/* SPDX-License-Identifier: MIT */
/* Operations that several file systems share. */
#ifndef FS_LIBFS_H
#define FS_LIBFS_H

struct file_operations;
struct super_block;

extern const struct file_operations dcache_dir_ops;	/* of directories whose names are all dentries */

/** nameless_fill_super - file_system_type.fill_super of inodes without names: there is a root, and nothing in it. Context: boot. */
int nameless_fill_super(struct super_block *sb, char *data);

#endif
