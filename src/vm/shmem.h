/* SPDX-License-Identifier: MIT */
/*
 * What is in memory only, and does not go when a process ends: pages of files and of shared memory, and names. It is limited to half
 * of memory, so that processes have the other half, and counted to the user who made it: one may have three quarters of that, all
 * users together seven eighths, and the rest is the administrator's.
 *
 * Ref: Linux mm/shmem.c (size, nr_inodes), Documentation/filesystems/tmpfs.rst.
 */
#ifndef VM_SHMEM_H
#define VM_SHMEM_H

#include "lib/atomic.h"
#include "vm/filemap.h"

struct vm_operations_struct;

enum shmem_kind { SHMEM_PAGES, SHMEM_NAMES, NR_SHMEM_KINDS };

/* What one user has of each kind. */
struct shmem_account {
	atomic_long_t used[NR_SHMEM_KINDS];
};

struct shmem_pool {
	atomic_long_t used;
	long max;			/* [I] after shmem_init(): the limit */
	long users, one;		/* [I] the limit for all users but administrators; for one of those users */
};
extern struct shmem_pool shmem_pools[NR_SHMEM_KINDS];

/**
 * __shmem_charge - The end of shmem_charge(), where there may be too many: @all, with the one of @who that is counted already.
 * Return: 0; or -ENOSPC, and that one is counted no more. Context: task.
 */
int __shmem_charge(struct shmem_account *who, enum shmem_kind kind, long all) __must_check;
/** shmem_charge - @who has one more of @kind. Return: 0; or -ENOSPC, a limit, and @who has not. Context: task. */
static inline int __must_check shmem_charge(struct shmem_account *who, enum shmem_kind kind)
{
	struct shmem_pool *pool = &shmem_pools[kind];
	long all = atomic_inc_return(&pool->used), own = atomic_inc_return(&who->used[kind]);

	return likely(all <= pool->users && own <= pool->one) ? 0 : __shmem_charge(who, kind, all);
}
/** shmem_uncharge - @who has @n less of @kind. Context: any. */
void shmem_uncharge(struct shmem_account *who, enum shmem_kind kind, long n);
/* How many of a kind there may be in all; how many more for anybody; and for one user. */
struct shmem_stat {
	unsigned long max, free, avail;
};
/** shmem_stat - Return: the limits of @kind as they are for @who now. Context: task. */
struct shmem_stat shmem_stat(const struct shmem_account *who, enum shmem_kind kind);
/** shmem_init - Set the limits: half of the memory that is free now, and what is used already. Context: boot, once files are unpacked. */
void shmem_init(void);

extern const struct vm_operations_struct shmem_vm_ops;	/* of regions that map such an object */
extern const struct address_space_operations shmem_aops;
/** mapping_is_shmem - Is @m, NULL or not, shared memory without a file? Context: any. */
static inline bool mapping_is_shmem(const struct address_space *m)
{
	return m && m->a_ops == &shmem_aops;
}
/**
 * shmem_mapping_create - An object of shared memory without a file, for one region, charged to the current user.
 * Return: or NULL: no memory. Context: task.
 */
struct address_space *shmem_mapping_create(void) __must_check;

#endif
