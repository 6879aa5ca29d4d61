/* SPDX-License-Identifier: MIT */
/*
 * File systems: their types, as mount(2) knows them, and their super blocks, one for each instance. Ref: Linux fs/super.c.
 */
#ifndef FS_SUPER_H
#define FS_SUPER_H

#include "abi/fs.h"
#include "fs/dcache.h"
#include "lib/atomic.h"

struct inode;
struct super_block;
struct vfsmount;

#define FS_SINGLE 1u	/* one instance, however often it is mounted: it shows the machine, or the kernel */
#define FS_NOMOUNT 2u	/* of the kernel alone */

struct file_system_type {
	const char *name;
	u32 magic;			/* statfs(2)'s f_type */
	unsigned int flags;		/* FS_* */
	/*
	 * Give the new @sb its root directory and its operations, by the options in @data ("a=b,c"; NULL: none), which may be written
	 * to. Return: 0; or errno, and s_op->put_super frees what @sb has by then. Context: task.
	 */
	int (*fill_super)(struct super_block *sb, char *data);
	struct super_block *only;	/* FS_SINGLE: the instance, or NULL; super.c */
	struct file_system_type *next;	/* super.c */
};

struct super_operations {
	/* The last reference to @inode went; its pages are dropped. NULL: nothing to do. Context: task. */
	void (*evict_inode)(struct inode *inode);
	/* Fill in the fields of statfs(2) but type, name length and flags. NULL: they are 0. Context: task. */
	void (*statfs)(struct super_block *sb, struct k_statfs *st);
	/* Take other options, as fill_super does. NULL: there are none. Return: 0, or errno and nothing has changed. Context: task. */
	int (*remount)(struct super_block *sb, char *data);
	/* Append the options, ",a=b,c", to @buf[@n]. Return: its length, at most @n. NULL: none. Context: task. */
	size_t (*show_options)(struct super_block *sb, char *buf, size_t n);
	/* The last mount has gone, and all names. Context: task. */
	void (*put_super)(struct super_block *sb);
};

struct super_block {
	atomic_t s_active;		/* mounts of it, and the kernel */
	atomic_t s_writers;		/* 1, and one for each mnt_want_write() in force; 0: the file system is read-only */
	u32 s_dev;			/* [I] the minor number of its device; the major is 0 */
	struct file_system_type *s_type;	/* [I] */
	const struct super_operations *s_op;	/* [I] never NULL */
	struct dentry *s_root;		/* [I] */
	struct vfsmount *s_mnt;		/* [I] the kernel's own mount, of a FS_NOMOUNT; or NULL */
	void *s_fs_info;		/* of the file system */
};

/** register_filesystem - @type, which stays, can be mounted. Context: boot. */
void register_filesystem(struct file_system_type *type);
/** get_fs_type - Return: the type called @name, for mount(2), or NULL. Context: any. */
struct file_system_type *get_fs_type(const char *name);
/** next_fs_type - Return: the one after @type (NULL: the first), or NULL. Context: any. */
const struct file_system_type *next_fs_type(const struct file_system_type *type);
/**
 * get_super - An instance of @type by the options @data: a new one, or the only one.
 * Return: a reference for deactivate_super(); or ERR_PTR: -ENOMEM, what fill_super says. Context: task.
 */
struct super_block *get_super(struct file_system_type *type, char *data) __must_check;
/** deactivate_super - A reference less; with the last one the instance goes, and all that it holds. Context: task, may sleep. */
void deactivate_super(struct super_block *sb);
/** super_init - Locks of this module. Context: boot. */
void super_init(void);

#endif
