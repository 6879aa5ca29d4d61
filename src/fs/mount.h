/* SPDX-License-Identifier: MIT */
/*
 * Mounts: where file systems lie in the tree of names.
 *
 * A place is a struct path: a dentry, and the mount that it was reached by. The tree of mounts (parents, places) changes under
 * namespace_lock and dcache_lock, so either is enough to read it. The tree has a reference to each mount in it; a mount holds its
 * parent, its place, its file system and the root that it shows of it. Ref: Linux fs/namespace.c.
 */
#ifndef FS_MOUNT_H
#define FS_MOUNT_H

#include <sys/queue.h>

#include "fs/dcache.h"
#include "fs/super.h"

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

/* A mount's own flags. */
#define MNT_NOSUID 1u
#define MNT_NODEV 2u
#define MNT_NOEXEC 4u
#define MNT_UNBINDABLE 8u

struct vfsmount {
	atomic_t mnt_count;
	atomic_t mnt_writers;		/* 1, and one for each mnt_want_write() in force; 0: the mount is read-only */
	unsigned int mnt_flags;		/* MNT_*; namespace_lock; read without */
	int mnt_id;			/* [I] */
	bool mnt_expiring;		/* nobody has used it since umount2(MNT_EXPIRE); racy */
	struct super_block *mnt_sb;	/* [I] a reference */
	struct dentry *mnt_root;	/* [I] a reference */
	char *mnt_devname;		/* [I] mount(2)'s source */
	struct vfsmount *mnt_parent;	/* a reference; itself: it is on nothing; LOCK_DCACHE */
	struct dentry *mnt_mountpoint;	/* a reference; in mnt_parent; LOCK_DCACHE */
	TAILQ_HEAD(, vfsmount) mnt_mounts;	/* those on it; LOCK_DCACHE */
	TAILQ_ENTRY(vfsmount) mnt_child;	/* LOCK_DCACHE */
	struct vfsmount *mnt_copy;	/* while a tree of mounts is copied; namespace_lock */
};

extern struct path root_path;		/* [I] after mount_init(): the root of all */

/**
 * mntget - A reference more. mntput - One less, of whoever used @m; with the last one @m goes. mntput_no_expire - The same of
 * whoever only looked. Context: any; mntput: task, may sleep.
 */
static inline struct vfsmount *mntget(struct vfsmount *m)
{
	atomic_inc(&m->mnt_count);
	return m;
}
void mntput_no_expire(struct vfsmount *m);
static inline void mntput(struct vfsmount *m)
{
	if (unlikely(READ_ONCE(m->mnt_expiring)))
		WRITE_ONCE(m->mnt_expiring, false);
	mntput_no_expire(m);
}
/** path_get, path_put - The same for both that @p consists of; path_put: each may be NULL. Context: as for mntget() and mntput(). */
static inline struct path path_get(const struct path *p)
{
	return (struct path){ mntget(p->mnt), dget(p->dentry) };
}
static inline void path_put(const struct path *p)
{
	dput(p->dentry);
	if (p->mnt)
		mntput(p->mnt);
}
/** path_equal - Is it the same place? Context: any. */
static inline bool path_equal(const struct path *a, const struct path *b)
{
	return a->mnt == b->mnt && a->dentry == b->dentry;
}
/** path_mounted - Is @p the root of its mount? Context: any. */
static inline bool path_mounted(const struct path *p)
{
	return p->dentry == p->mnt->mnt_root;
}
/** follow_mount - While something is mounted on @p, @p is the root of that. __follow_mount: if so. Context: task, may sleep. */
void __follow_mount(struct path *p);
static inline void follow_mount(struct path *p)
{
	if (unlikely(READ_ONCE(p->dentry->d_mounted)))
		__follow_mount(p);
}
/** follow_dotdot - @p is what ".." means there, where @root is the root. Context: task, may sleep. */
void follow_dotdot(struct path *p, const struct path *root);
/**
 * mnt_want_write - Something in @mnt's file system is to be changed through it, until mnt_drop_write().
 * Return: 0 or -EROFS. Context: task.
 */
int mnt_want_write(struct vfsmount *mnt) __must_check;
void mnt_drop_write(struct vfsmount *mnt);
/** mnt_is_readonly - Would mnt_want_write() fail now? Context: any. */
bool mnt_is_readonly(const struct vfsmount *mnt);
/**
 * d_path - The absolute path of @p for the current task into @buf[@n]: from its root, or from the top if that is not above @p.
 * Return: start within @buf, or ERR_PTR(-ENAMETOOLONG). Context: task.
 */
char *d_path(const struct path *p, char *buf, size_t n);
/** d_path_from - The same from @root. *@reached (if not NULL): is @p below @root? Context: task. */
char *d_path_from(const struct path *p, const struct path *root, char *buf, size_t n, bool *reached);
/** d_path_within - The path of @d from the root of its file system; else as d_path(). Context: task. */
char *d_path_within(struct dentry *d, char *buf, size_t n);
/** vfs_statfs - What statfs(2) says of @sb, reached by @mnt (NULL: by no mount). Context: task. */
void vfs_statfs(struct super_block *sb, const struct vfsmount *mnt, struct k_statfs *st);
/** kern_mount - A mount of a new instance of @type, on nothing, which the kernel keeps. Context: boot. */
struct vfsmount *kern_mount(struct file_system_type *type);
/** mount_init - Make root_path, an empty file system of @type. Context: boot. */
void mount_init(struct file_system_type *type);

#endif
