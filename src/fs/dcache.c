/* SPDX-License-Identifier: MIT */
#include "fs/dcache.h"

#include <string.h>

#include "fs/inode.h"
#include "sched/sched.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static struct kmem_cache *dentry_cache;
DEFINE_SPINLOCK(dcache_lock, LOCK_DCACHE);

static int dentry_cmp(const struct dentry *a, const struct dentry *b)
{
	return strcmp(a->name, b->name);
}

RB_GENERATE_STATIC(dentry_tree, dentry, link, dentry_cmp)

void __init dcache_init(void)
{
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry));
}

static char *name_dup(struct dentry *d, const char *name)
{
	size_t n = strlen(name) + 1;
	char *p = n <= sizeof(d->inline_name) ? d->inline_name : kmalloc(n, GFP_KERNEL);

	return p ? memcpy(p, name, n) : NULL;
}

struct dentry *d_alloc(struct dentry *parent, const char *name, struct inode *inode)
{
	struct dentry *d = kmem_cache_alloc(dentry_cache, __GFP_ZERO);

	if (!d)
		return NULL;
	d->name = name_dup(d, name);
	if (!d->name) {
		kmem_cache_free(dentry_cache, d);
		return NULL;
	}
	atomic_set(&d->refcount, 1);
	d->d_parent = parent ? dget(parent) : d;
	d->inode = inode;
	RB_INIT(&d->children);
	TAILQ_INIT(&d->listing);
	return d;
}

int d_charge(struct dentry *d)
{
	struct shmem_account *account = vm_account_get();
	int err = shmem_charge(account, SHMEM_NAMES);

	if (err)
		vm_account_put(account);
	else
		d->account = account;
	return err;
}

void dput(struct dentry *d)
{
	while (d && atomic_dec_and_test(&d->refcount)) {
		struct dentry *parent = d->d_parent == d ? NULL : d->d_parent;

		if (d->name != d->inline_name)
			kfree(d->name);
		iput(d->inode);
		if (d->account) {
			shmem_uncharge(d->account, SHMEM_NAMES, 1);
			vm_account_put(d->account);
		}
		kmem_cache_free(dentry_cache, d);
		d = parent;
	}
}

/* Positions are given in order and never twice: a task that lists @dir meanwhile misses no name that stays. */
static void list_last(struct dentry *dir, struct dentry *d)
{
	d->cookie = next_ino() + 2;
	TAILQ_INSERT_TAIL(&dir->listing, d, order);
}

void d_link(struct dentry *d)
{
	lockdep_assert_held_write(&d->d_parent->inode->i_rwsem);
	DEBUG_BUG_ON(d->d_parent->removed);	/* they would hold each other for ever */
	RB_INSERT(dentry_tree, &d->d_parent->children, d);
	list_last(d->d_parent, d);
	d->linked = true;
}

void d_unlink(struct dentry *d)
{
	lockdep_assert_held_write(&d->d_parent->inode->i_rwsem);
	DEBUG_BUG_ON(RB_ROOT(&d->children));
	RB_REMOVE(dentry_tree, &d->d_parent->children, d);
	TAILQ_REMOVE(&d->d_parent->listing, d, order);
	d->linked = false;
	WRITE_ONCE(d->removed, true);
	dput(d);
}

struct dentry *d_find(struct dentry *dir, const char *name)
{
	struct dentry *d = RB_ROOT(&dir->children);

	lockdep_assert_held(&dir->inode->i_rwsem);
	while (d) {
		int c = strcmp(name, d->name);

		if (!c)
			return dget(d);
		d = c < 0 ? RB_LEFT(d, link) : RB_RIGHT(d, link);
	}
	return NULL;
}

struct dentry *d_list_from(struct dentry *dir, u64 pos)
{
	struct dentry *d;

	lockdep_assert_held(&dir->inode->i_rwsem);
	TAILQ_FOREACH(d, &dir->listing, order)
		if (d->cookie >= pos)
			break;
	return d;
}

struct dentry *dget_parent(struct dentry *d)
{
	struct dentry *parent;

	spin_lock(&dcache_lock);
	parent = dget(d->d_parent);
	spin_unlock(&dcache_lock);
	return parent;
}

struct dentry *d_parent(const struct dentry *d)
{
	lockdep_assert_held(&dcache_lock);
	return d->d_parent;
}

bool d_is_ancestor(const struct dentry *a, const struct dentry *d)
{
	while (d != a && d->d_parent != d)
		d = d->d_parent;
	return d == a;
}

/* Context: dcache_lock. Return: memory that held the old name, or NULL. */
static char *set_name(struct dentry *d, const char *name, char *long_name)
{
	char *old = d->name != d->inline_name ? d->name : NULL;

	if (!long_name)
		memcpy(d->inline_name, name, strlen(name) + 1);
	d->name = long_name ? long_name : d->inline_name;
	return old;
}

/*
 * Move @d from @from's listing to @to's. In the same directory it keeps its place, so that a task that renames each name it
 * lists comes to an end.
 */
static void list_move(struct dentry *d, struct dentry *from, struct dentry *to)
{
	if (from == to)
		return;
	TAILQ_REMOVE(&from->listing, d, order);
	list_last(to, d);
}

int d_move(struct dentry *d, struct dentry *new_parent, const char *name, struct dentry *victim)
{
	struct dentry *old_parent = d->d_parent;
	size_t n = strlen(name) + 1;
	char *long_name = NULL, *old_name;

	lockdep_assert_held_write(&d->d_parent->inode->i_rwsem);
	lockdep_assert_held_write(&new_parent->inode->i_rwsem);
	DEBUG_BUG_ON(new_parent->removed || d_is_ancestor(d, new_parent));
	if (n > sizeof(d->inline_name)) {
		long_name = kmalloc(n, GFP_KERNEL);
		if (!long_name)
			return -ENOMEM;
		memcpy(long_name, name, n);
	}
	if (victim)
		d_unlink(victim);
	RB_REMOVE(dentry_tree, &old_parent->children, d);
	spin_lock(&dcache_lock);
	old_name = set_name(d, name, long_name);
	d->d_parent = dget(new_parent);
	spin_unlock(&dcache_lock);
	RB_INSERT(dentry_tree, &new_parent->children, d);
	list_move(d, old_parent, new_parent);
	kfree(old_name);
	dput(old_parent);
	return 0;
}

/* Context: dcache_lock. */
static void swap_names(struct dentry *a, struct dentry *b)
{
	char inline_name[sizeof(a->inline_name)];
	char *long_a = a->name != a->inline_name ? a->name : NULL, *long_b = b->name != b->inline_name ? b->name : NULL;

	memcpy(inline_name, a->inline_name, sizeof(inline_name));
	memcpy(a->inline_name, b->inline_name, sizeof(inline_name));
	memcpy(b->inline_name, inline_name, sizeof(inline_name));
	a->name = long_b ? long_b : a->inline_name;
	b->name = long_a ? long_a : b->inline_name;
}

void d_exchange(struct dentry *a, struct dentry *b)
{
	lockdep_assert_held_write(&a->d_parent->inode->i_rwsem);
	lockdep_assert_held_write(&b->d_parent->inode->i_rwsem);
	RB_REMOVE(dentry_tree, &a->d_parent->children, a);
	RB_REMOVE(dentry_tree, &b->d_parent->children, b);
	spin_lock(&dcache_lock);
	swap_names(a, b);
	swap(a->d_parent, b->d_parent);		/* and the references to them */
	spin_unlock(&dcache_lock);
	RB_INSERT(dentry_tree, &a->d_parent->children, a);
	RB_INSERT(dentry_tree, &b->d_parent->children, b);
	list_move(a, b->d_parent, a->d_parent);
	list_move(b, a->d_parent, b->d_parent);
}

/* The topmost of @d and its ancestors that is not linked, with a reference; or NULL: all are. */
static struct dentry *topmost_unlinked(struct dentry *d)
{
	struct dentry *top = NULL;

	spin_lock(&dcache_lock);
	for (; d->d_parent != d && !d->linked; d = d->d_parent)
		top = d;
	if (top)
		dget(top);
	spin_unlock(&dcache_lock);
	return top;
}

int d_pin(struct dentry *d)
{
	struct dentry *top, *other;
	int err = 0;

	while (!err && (top = topmost_unlinked(d))) {
		struct inode *dir = top->d_parent->inode;	/* a dentry that is not linked stays where it is */

		if (!top->stable) {
			err = top->removed ? -ENOENT : -EINVAL;
			dput(top);
			break;
		}
		down_write(&dir->i_rwsem);
		other = d_find(top->d_parent, top->name);
		if (!other)
			d_link(dget(top));
		else if (other != top)
			err = -EAGAIN;
		up_write(&dir->i_rwsem);
		dput(other);
		dput(top);
	}
	return err;
}

void d_genocide(struct dentry *root)
{
	struct dentry *d = root, *parent;

	for (;;) {
		if (RB_ROOT(&d->children)) {
			d = RB_ROOT(&d->children);
			continue;
		}
		if (d == root)
			return;
		parent = d->d_parent;
		down_write(&parent->inode->i_rwsem);
		d_unlink(d);
		up_write(&parent->inode->i_rwsem);
		d = parent;
		cond_resched();
	}
}
