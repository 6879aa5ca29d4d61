/* SPDX-License-Identifier: MIT */
/* Inodes: what a file, a directory, a device is, whatever its names. */
#ifndef FS_INODE_H
#define FS_INODE_H

#include "abi/fs.h"
#include "locks/rwsem.h"
#include "vm/filemap.h"

struct dentry;
struct file_operations;
struct inode;
struct path;
struct super_block;

#define MAY_EXEC 1
#define MAY_WRITE 2
#define MAY_READ 4

/* Which of an inode's fields setattr is to change, and to what. */
#define ATTR_MODE 1u
#define ATTR_UID 2u
#define ATTR_GID 4u
#define ATTR_ATIME 8u
#define ATTR_MTIME 16u
struct iattr {
	u32 valid;		/* ATTR_* */
	u32 mode, uid, gid;
	u64 atime, mtime;	/* ns since 1970 */
};

/*
 * What a file system does with its inodes. An operation that is NULL is not there: it fails with -EPERM, but as said here.
 * A directory's run under its i_rwsem, exclusive but for lookup; the caller has looked at the rights of the current task, and that
 * the name is not taken, or is there.
 */
struct inode_operations {
	/* The name that no dentry of @dir has. Return: a new dentry or ERR_PTR; NULL: all names are dentries. */
	struct dentry *(*lookup)(struct dentry *dir, const char *name);
	/* A new file; device or FIFO; directory; symbolic link. Return: its dentry or ERR_PTR. NULL: create fails with -EACCES. */
	struct dentry *(*create)(struct dentry *dir, const char *name, u32 mode);
	struct dentry *(*mknod)(struct dentry *dir, const char *name, u32 mode, u64 rdev);
	struct dentry *(*mkdir)(struct dentry *dir, const char *name, u32 mode);
	struct dentry *(*symlink)(struct dentry *dir, const char *name, const char *text);
	/* Another name for @inode, of the same file system. Return: 0 or errno. */
	int (*link)(struct inode *inode, struct dentry *dir, const char *name);
	/* @d goes out of @dir. @d's i_rwsem is held, too. Return: 0 or errno. */
	int (*unlink)(struct dentry *dir, struct dentry *d);
	int (*rmdir)(struct dentry *dir, struct dentry *d);
	/*
	 * @d comes into @new_dir as @name, where @victim, if not NULL, makes place; with RENAME_EXCHANGE @victim goes to @d's place.
	 * Both directories' i_rwsem are held. Return: 0 or errno.
	 */
	int (*rename)(struct dentry *d, struct dentry *new_dir, const char *name, struct dentry *victim, unsigned int flags);
	/* Is @attr fine? It is done then. NULL: it is. Context: @inode's i_rwsem held exclusive. */
	int (*setattr)(struct inode *inode, const struct iattr *attr);
	/* May the current task, for whom mode and owner say @err, do @mask? NULL: as they say. Context: task. */
	int (*permission)(struct inode *inode, int mask, int err);
	/* Link text of a symbolic link into @buf, whose PATH_MAX bytes it fits into. Return: length or errno. */
	int (*readlink)(struct inode *inode, char *buf, size_t n);
	/*
	 * Where a symbolic link leads whatever its text says: the place with a reference.
	 * NULL: as the text says. Return: 0; -EOPNOTSUPP: as the text says; or errno.
	 */
	int (*follow)(struct inode *inode, struct path *place);
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
	struct super_block *i_sb;	/* [I] lives as long as the inode */
	const struct inode_operations *i_op;	/* [I] never NULL */
	const struct file_operations *i_fop;	/* [I] NULL: cannot be opened */
	struct address_space mapping;	/* a file's pages, if it has a_ops; mapping.size is the file's size */
	void *private;			/* of the file system */
	long private_data;
};

/**
 * new_inode - An inode of @mode in @sb that the current task owns, with one reference and one link, without operations.
 * Return: or NULL: no memory. Context: task.
 */
struct inode *new_inode(struct super_block *sb, u32 mode) __must_check;
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
/** inode_permission - May the current task access @inode by @mask, MAY_*? Return: 0 or errno, -EACCES mostly. Context: task. */
int inode_permission(struct inode *inode, int mask) __must_check;
/**
 * notify_change - Change what @attr says of @inode, and its time of change. Rights have been looked at.
 * Return: 0, or errno of the file system. Context: task; @inode's i_rwsem held exclusive.
 */
int notify_change(struct inode *inode, const struct iattr *attr) __must_check;
/** inode_init - The cache of inodes. Context: boot. */
void inode_init(void);

#endif
