/* SPDX-License-Identifier: MIT */
/* The users that have tasks, by their number. A user's counts live as long as somebody refers to them. */
#include "task/user.h"

#include <string.h>

#include "smp/spinlock.h"
#include "vm/slab.h"

#define UID_BUCKETS 32

static DEFINE_SPINLOCK(uidhash_lock, LOCK_UID);
static LIST_HEAD(, user_struct) uidhash[UID_BUCKETS] __guarded_by(uidhash_lock);
static struct kmem_cache *user_cache;

struct user_struct root_user = { .count = ATOMIC_INIT(1), .processes = ATOMIC_INIT(1) };

void __init user_init(void)
{
	unsigned long flags;	/* off, and they stay so: the machine is not ready for interrupts yet */

	user_cache = kmem_cache_create("user_struct", sizeof(struct user_struct));
	spin_lock_irqsave(&uidhash_lock, flags);
	LIST_INSERT_HEAD(&uidhash[0], &root_user, hash);
	spin_unlock_irqrestore(&uidhash_lock, flags);
}

/* Those of @uid, with a reference, or NULL. */
static struct user_struct *find_user(u32 uid) __must_hold(uidhash_lock)
{
	struct user_struct *u;

	LIST_FOREACH(u, &uidhash[uid % UID_BUCKETS], hash)
		if (u->uid == uid)
			return get_uid(u);
	return NULL;
}

struct user_struct *alloc_uid(u32 uid)
{
	struct user_struct *new = kmem_cache_alloc(user_cache, GFP_KERNEL), *u;
	unsigned long flags;

	if (!new)
		return NULL;
	memset(new, 0, sizeof(*new));
	atomic_set(&new->count, 1);
	new->uid = uid;
	spin_lock_irqsave(&uidhash_lock, flags);
	u = find_user(uid);
	if (!u) {
		LIST_INSERT_HEAD(&uidhash[uid % UID_BUCKETS], new, hash);
		u = new;
		new = NULL;
	}
	spin_unlock_irqrestore(&uidhash_lock, flags);
	if (new)
		kmem_cache_free(user_cache, new);
	return u;
}

/* Under the lock, so that find_user() finds none that is on its way out. */
void free_last_uid(struct user_struct *u)
{
	unsigned long flags;
	bool last;

	spin_lock_irqsave(&uidhash_lock, flags);
	last = atomic_dec_and_test(&u->count);
	if (last)
		LIST_REMOVE(u, hash);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	if (!last)
		return;
	DEBUG_BUG_ON(atomic_read(&u->shmem.used[SHMEM_PAGES]) || atomic_read(&u->shmem.used[SHMEM_NAMES]));
	DEBUG_BUG_ON(atomic_read(&u->processes) || atomic_read(&u->sigpending) || atomic_read(&u->pipe_bufs) ||
		atomic_read(&u->locked_vm));
	kmem_cache_free(user_cache, u);
}
