/* SPDX-License-Identifier: MIT */
/* Inodes: what a file, a directory, a device is, whatever its names. */
#ifndef FS_INODE_H
#define FS_INODE_H

#include "abi/fs.h"
#include "sched/wait.h"
#include "vm/filemap.h"

struct dentry;
struct file_operations;
struct inode;

struct inode_operations {
	/* A new name in @dir, or ERR_PTR(-ENOENT); NULL: names are in memory. Context: dir's i_rwsem shared. */
	struct dentry *(*lookup)(struct dentry *dir, const char *name);
	/* Make or remove a directory; NULL: names are not made here. Context: @dir's i_rwsem exclusive. */
	int (*mkdir)(struct inode *dir, const char *name);
	int (*rmdir)(struct inode *dir, const char *name);
	/* May the current task, for whom mode and owner say @err, do @mask? NULL: as they say. Context: task. */
	int (*permission)(struct inode *inode, int mask, int err);
	/* Link text of a symbolic link into @buf. Return: length or errno. */
	int (*readlink)(struct inode *inode, char *buf, size_t n);
	/* Last reference went. */
	void (*evict)(struct inode *inode);
};

struct inode {
	atomic_t refcount;
	u32 mode, uid, gid;		/* i_rwsem */
	u32 nlink;			/* i_rwsem */
	u64 ino, rdev;			/* [I] */
	u64 atime, mtime, ctime;	/* ns since 1970; i_rwsem, or racy */
	struct rw_semaphore i_rwsem;	/* names in a directory; size of a file */
	const struct inode_operations *i_op;
	const struct file_operations *i_fop;
	struct address_space mapping;	/* a file's pages; mapping.size is the file's size */
	void *private;			/* link text; /proc's entry */
	long private_data;
};

/** new_inode - An inode of @mode that the current task owns, with one reference and one link. Return: or NULL. Context: task. */
struct inode *new_inode(u32 mode) __must_check;
/** iput - A reference less; with the last one the inode and its pages go. Context: task, may sleep. */
void iput(struct inode *inode);
/** iget - A reference more. Context: any. */
static inline struct inode *iget(struct inode *i)
{
	atomic_inc(&i->refcount);
	return i;
}
/** inode_touch - @inode and its contents change now. Context: any. */
void inode_touch(struct inode *inode);
/** fill_stat - What stat(2) says of @inode, as it is at some moment. Context: any. */
void fill_stat(const struct inode *inode, struct k_stat *st);
/** next_ino - A number that no inode has had. Context: any. */
u64 next_ino(void);
/**
 * inode_remove_privs - A task that changes a program takes from it the rights that it gives, unless the task is capable.
 * Context: task; @inode's i_rwsem held exclusive. Ref: Linux file_remove_privs().
 */
void inode_remove_privs(struct inode *inode);
/** inode_permission - May the current task access @inode by @mask: 4 read, 2 write, 1 execute? Return: 0 or -EACCES. Context: task. */
int inode_permission(struct inode *inode, int mask) __must_check;
/** fs_init - Caches, and the root directory. Context: boot. */
void fs_init(void);

#endif
