/* SPDX-License-Identifier: MIT */
/*
 * /proc: files whose text is made when they are first read. A directory's
 * names come from a table, or from a lookup of its owner's.
 */
#ifndef PSEUDOFS_PROCFS_H
#define PSEUDOFS_PROCFS_H

#include "abi/mount.h"
#include "fs/file.h"
#include "fs/super.h"


/* Text in the making; overflow is remembered, and the maker is called again with more room. */
struct seq_file {
	char *buf;
	size_t size, count;
	bool overflow;
};

/** seq_printf, seq_write - More text. What does not fit is noted, and the text made again with more room. Context: task. */
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
void seq_write(struct seq_file *m, const void *data, size_t n);

#define PROC_LIST_MAX 0x7fffffffL	/* lists may count with an int */

struct proc_entry {
	const char *name;
	u32 mode;
	/* Make the text; @data as given to proc_new_dentry(). Return: 0 or errno. Context: task. */
	int (*show)(struct seq_file *m, long data);
	/* Or a stream: */
	const struct file_operations *stream;
	/* Link text of a symbolic link. */
	int (*readlink)(long data, char *buf, size_t n);
	/* Where the link leads, whatever its text says: the place with a reference. NULL: as the text says. Return: 0 or errno. */
	int (*follow)(long data, struct path *place);
	/* Opened with O_TRUNC: a file that collects lines drops them. */
	void (*truncate)(long data);
	/* Take the @n bytes that were written, which a NUL follows. Return: 0 or errno. */
	int (*write)(long data, const char *text, size_t n);
	/* Its owner, and that of its entries that have no such function; NULL: root. */
	void (*owner)(long data, u32 mode, u32 *uid, u32 *gid);
	/* As inode_operations.permission, of this entry alone. */
	int (*permission)(long data, int mask, int err);
	/* A directory's own lookup, and listing from position 256 to 256 + PROC_LIST_MAX, beside @entries. */
	struct dentry *(*lookup)(struct dentry *dir, const char *name, long data);
	void (*list)(struct dir_context *ctx, long data);
	/* Make or remove a directory in it. Return: 0 or errno. */
	int (*mkdir)(long data, const char *name);
	int (*rmdir)(long data, const char *name);
	const struct proc_entry *entries;	/* ends with a NULL name */
};

/** proc_new_dentry - A name in /proc for @e. Return: dentry or ERR_PTR. */
struct dentry *proc_new_dentry(struct dentry *dir, const struct proc_entry *e, const char *name, long data);

/* A file system of such entries; PSEUDO_FS() fills its type in. */
struct pseudo_fs {
	struct file_system_type type;
	const struct proc_entry *root;
};
#define PSEUDO_FS(fs_name, fs_magic, fs_root) {									\
	.type = { .name = fs_name, .magic = fs_magic, .flags = FS_SINGLE, .fill_super = pseudo_fill_super },	\
	.root = fs_root,											\
}
/** pseudo_fill_super - file_system_type.fill_super of a pseudo_fs. There are no options. Context: task. */
int pseudo_fill_super(struct super_block *sb, char *data);

#endif
