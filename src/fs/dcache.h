/* SPDX-License-Identifier: MIT */
/*
 * The tree of names.
 *
 * A name (dentry) holds its parent and its inode. Names of a file system in memory are linked: the directory holds them. Those that
 * /proc makes up live as long as they are used, and there may be several of one name, unless something is mounted on one (d_pin()).
 * A directory's set of names is guarded by its inode's i_rwsem.
 */
#ifndef FS_DCACHE_H
#define FS_DCACHE_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "lib/atomic.h"
#include "smp/spinlock.h"

extern spinlock_t dcache_lock;	/* LOCK_DCACHE: names and parents, and where mounts are (mount.c) */

struct inode;
struct shmem_account;

RB_HEAD(dentry_tree, dentry);

struct dentry {
	atomic_t refcount;
	struct dentry *d_parent;	/* itself for a file system's root; LOCK_DCACHE: only dcache.c reads it */
	struct inode *inode;		/* [I] */
	RB_ENTRY(dentry) link;		/* parent's inode i_rwsem */
	TAILQ_ENTRY(dentry) order;	/* parent's inode i_rwsem */
	struct dentry_tree children;	/* own inode i_rwsem: by name */
	TAILQ_HEAD(, dentry) listing;	/* own inode i_rwsem: the same by cookie */
	u64 cookie;			/* directory position; parent's i_rwsem */
	bool linked;			/* in its parent's tree; parent's i_rwsem */
	bool stable;			/* [I] its directory always has a name like it: a mount may be put on it */
	unsigned int d_mounted;		/* how many mounts are on it; LOCK_DCACHE; read without as a hint */
	bool removed;			/* has been in a directory, and is no more: takes no names; parent's and own i_rwsem */
	struct shmem_account *account;	/* [I] the user who pays for the name, a reference; NULL: it is not kept */
	char *name;			/* parent's i_rwsem, or LOCK_DCACHE */
	char inline_name[32];
};

/** d_alloc - A name for @inode (whose reference it takes over) below @parent, not yet linked. Return: or NULL. Context: task. */
struct dentry *d_alloc(struct dentry *parent, const char *name, struct inode *inode) __must_check;
/** d_charge - @d, new, is a name that stays in memory: the current user pays for it. Return: 0 or -ENOSPC. Context: task. */
int d_charge(struct dentry *d) __must_check;
/** dput - A reference less; with the last one @d goes, and its references to parent and inode. NULL is fine. Context: task, may sleep. */
void dput(struct dentry *d);
/** dget - A reference more. Context: any. */
static inline struct dentry *dget(struct dentry *d)
{
	atomic_inc(&d->refcount);
	return d;
}
/**
 * d_link - Put @d in its parent's tree, which takes over the reference. d_unlink - The reverse, for good.
 * Context: parent's i_rwsem held exclusive; the parent has not been removed. d_unlink: a directory's own too, and it is empty.
 */
void d_link(struct dentry *d);
void d_unlink(struct dentry *d);
/** dget_parent - The directory that @d lies in now, with a reference; a root lies in itself. Context: any but interrupts. */
struct dentry *dget_parent(struct dentry *d);
/** d_parent - dget_parent() without a reference. Context: dcache_lock held. */
struct dentry *d_parent(const struct dentry *d);
/** d_is_ancestor - Is @a @d, or does @d lie below it? Context: nothing is renamed (rename_lock), or the answer may be old. */
bool d_is_ancestor(const struct dentry *a, const struct dentry *d);
/** d_find - Child @name of @dir, with a reference. Return: or NULL. Context: @dir's i_rwsem held. */
struct dentry *d_find(struct dentry *dir, const char *name);
/**
 * d_move - Give @d a new parent and name, in the place of @victim, if there is one, which d_unlink() could take.
 * Return: 0 or -ENOMEM, and nothing has changed. Context: rename_lock; both parents' i_rwsem held exclusive.
 */
int d_move(struct dentry *d, struct dentry *new_parent, const char *name, struct dentry *victim) __must_check;
/** d_exchange - Each gets the other's parent and name. Context: as for d_move(); neither lies below the other. */
void d_exchange(struct dentry *a, struct dentry *b);
/**
 * d_pin - Link @d, and what is above it and not linked, so that all who look the path up find @d.
 * Return: 0; -EAGAIN: somebody has linked another dentry, look it up again; -EINVAL: @d's name may go at any time. Context: task.
 */
int d_pin(struct dentry *d) __must_check;
/** d_genocide - Drop all names below @root, which nobody uses any more. Context: task, may sleep. */
void d_genocide(struct dentry *root);
/** d_list_from - The first child in order of positions at @pos or after, or NULL. O(n). Context: @dir's i_rwsem held. */
struct dentry *d_list_from(struct dentry *dir, u64 pos);
/** dcache_init - The cache of names. Context: boot. */
void dcache_init(void);

#endif
