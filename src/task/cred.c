/* SPDX-License-Identifier: MIT */
/*
 * Credentials: a set is never changed once a task has it; a change makes a copy
 * and swaps it in.
 *
 * A task acts by task->cred, which nobody else reads; others look at
 * task->real_cred, under its cred_lock. The two differ only while the task
 * acts by other rights for a moment. Neither is named outside of this file:
 * see tools/check.py. Ref: Linux kernel/cred.c.
 */
#include "task/cred.h"

#include "abi/fs.h"
#include "task/rlimit.h"
#include "task/user.h"
#include "vm/mm.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static struct kmem_cache *cred_cache;
static struct cred init_cred = {
	.usage = ATOMIC_INIT(3), .cap_effective = ~0UL, .cap_permitted = ~0UL, .user = &root_user,
};

void __init cred_init(void)
{
	cred_cache = kmem_cache_create("cred", sizeof(struct cred));
	init_task.real_cred = init_task.cred = &init_cred;
}

bool capable(int cap)
{
	return current_cred()->cap_effective >> cap & 1;
}

struct shmem_account *vm_account_get(void)
{
	return &get_uid(current_cred()->user)->shmem;
}

void vm_account_put(struct shmem_account *account)
{
	if (account)
		free_uid(container_of(account, struct user_struct, shmem));
}

struct user_struct *proc_get_user(void)
{
	return get_uid(current_cred()->user);
}

bool proc_is_administrator(void)
{
	return capable(CAP_SYS_ADMIN) || capable(CAP_SYS_RESOURCE);
}

enum vm_reserve vm_reserve_right(void)
{
	if (current->flags & PF_KTHREAD)
		return VM_RESERVE_ALL;
	if (current->flags & PF_EXITING)
		return VM_RESERVE_EXITING;
	if (proc_is_administrator())
		return VM_RESERVE_ADMIN;
	return fatal_signal_pending(current) ? VM_RESERVE_KILLED : VM_RESERVE_NONE;
}

struct cred *prepare_creds(void)
{
	struct cred *new = kmem_cache_alloc(cred_cache, GFP_KERNEL);

	if (new) {
		*new = *current_cred();
		atomic_set(&new->usage, 1);
		get_uid(new->user);
	}
	return new;
}

int set_cred_user(struct cred *new, u32 uid)
{
	struct user_struct *user = alloc_uid(uid);

	if (!user)
		return -ENOMEM;
	free_uid(new->user);
	new->user = user;
	new->uid = uid;
	return 0;
}

bool creds_differ(const struct cred *old, const struct cred *new)
{
	return old->euid != new->euid || old->egid != new->egid || old->fsuid != new->fsuid || old->fsgid != new->fsgid ||
	       (new->cap_permitted & ~old->cap_permitted);
}

void commit_creds(struct cred *new)
{
	const struct cred *old = current->cred;

	BUG_ON(old != current->real_cred);
	/* Other tasks that had power over this one have it no more: they neither look into it, nor signal it when they end. */
	if (creds_differ(old, new)) {
		if (current->mm)
			WRITE_ONCE(current->mm->dumpable, 0);
		WRITE_ONCE(current->pdeath_signal, 0);
	}
	/* Root in none of its ids: no capabilities. Ref: capabilities(7). */
	if (new->euid)
		new->cap_effective = 0;
	else
		new->cap_effective = new->cap_permitted;
	if (new->euid && new->uid && new->suid)
		new->cap_permitted = 0;
	if (new->user != old->user) {
		u64 limit = rlimit(RLIMIT_NPROC);

		/* Too many of the new user: told at the next exec, for few programs ask whether setuid() failed. */
		if ((u64)atomic_inc_return(&new->user->processes) > limit && new->uid)
			current->flags |= PF_NPROC_EXCEEDED;
		else
			current->flags &= ~PF_NPROC_EXCEEDED;
		atomic_dec(&old->user->processes);
	}
	get_cred(new);
	spin_lock_irq(&current->cred_lock);
	current->real_cred = current->cred = new;
	spin_unlock_irq(&current->cred_lock);
	put_cred(old);
	put_cred(old);
}

const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	current->cred = new;
	return old;
}

void copy_creds(struct task_struct *p)
{
	DEBUG_BUG_ON(p->cred != p->real_cred);
	spin_lock_init(&p->cred_lock, LOCK_CRED);
	get_cred(get_cred(p->cred));
}

void exit_creds(struct task_struct *p)
{
	DEBUG_BUG_ON(p->cred != p->real_cred);
	atomic_dec(&((struct cred *)p->cred)->usage);	/* not the last one: */
	put_cred(p->real_cred);
}

void put_cred(const struct cred *c)
{
	if (!atomic_dec_and_test(&((struct cred *)c)->usage))
		return;
	free_uid(c->user);
	kmem_cache_free(cred_cache, (void *)c);
}

/* A task's are changed by itself alone: they stay for who is it, whom an interrupt asks for it, and who asks when it is dead. */
static bool creds_stay(struct task_struct *p)
{
	return p == current || smp_load_acquire(&p->exit_state);
}

const struct cred *get_task_cred(struct task_struct *p)
{
	const struct cred *c;
	unsigned long flags;

	spin_lock_irqsave(&p->cred_lock, flags);
	c = get_cred(p->real_cred);
	spin_unlock_irqrestore(&p->cred_lock, flags);
	return c;
}

struct user_struct *get_task_user(struct task_struct *p)
{
	struct user_struct *user;
	unsigned long flags;

	if (creds_stay(p))
		return get_uid(p->real_cred->user);
	spin_lock_irqsave(&p->cred_lock, flags);
	user = get_uid(p->real_cred->user);
	spin_unlock_irqrestore(&p->cred_lock, flags);
	return user;
}

u32 task_uid(struct task_struct *p)
{
	unsigned long flags;
	u32 uid;

	if (creds_stay(p))
		return p->real_cred->uid;
	spin_lock_irqsave(&p->cred_lock, flags);
	uid = p->real_cred->uid;
	spin_unlock_irqrestore(&p->cred_lock, flags);
	return uid;
}

void uncharge_process(struct task_struct *p)
{
	BUG_ON(!p->exit_state);
	atomic_dec(&p->real_cred->user->processes);
}

static bool in_group(const struct cred *c, u32 gid)
{
	if (c->fsgid == gid)
		return true;
	for (u32 i = 0; i < c->ngroups; i++)
		if (c->groups[i] == gid)
			return true;
	return false;
}

int proc_permission(u32 mode, u32 uid, u32 gid, int mask)
{
	const struct cred *c = current_cred();
	u32 bits = c->fsuid == uid ? mode >> 6 : in_group(c, gid) ? mode >> 3 : mode;

	if (!(mask & ~(bits & 7)))
		return 0;
	/* Root reads and writes all, and runs what somebody may run. */
	if (c->fsuid == 0 && (!(mask & 1) || S_ISDIR(mode) || (mode & 0111)))
		return 0;
	return -EACCES;
}

void proc_fs_ids(u32 *uid, u32 *gid)
{
	*uid = current_cred()->fsuid;
	*gid = current_cred()->fsgid;
}

bool proc_in_group(u32 gid)
{
	return in_group(current_cred(), gid);
}

bool proc_fs_capable(void)
{
	return current_cred()->fsuid == 0;
}

bool proc_may_change(u32 uid)
{
	return current_cred()->fsuid == uid || current_cred()->fsuid == 0;
}
