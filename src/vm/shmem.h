/* SPDX-License-Identifier: MIT */
/*
 * What is in memory and nowhere else, and whom no process's end gives back: pages of files and of
 * shared memory, and names. It is limited, so that processes always have the other half of
 * memory, and counted to the user who made it, so that no user takes all of it: a user
 * may have three quarters, users together seven eighths, and the rest is the administrator's.
 *
 * Ref: Linux mm/shmem.c (size, nr_inodes), Documentation/filesystems/tmpfs.rst.
 */
#ifndef VM_SHMEM_H
#define VM_SHMEM_H

#include "lib/atomic.h"

struct address_space;
struct vm_operations_struct;

enum shmem_kind { SHMEM_PAGES, SHMEM_NAMES, NR_SHMEM_KINDS };

/* A user's part. */
struct shmem_account {
	atomic_long_t used[NR_SHMEM_KINDS];
};

struct shmem_pool {
	atomic_long_t used;
	long max, users, one;		/* [I] after shmem_init(): for all; for all but administrators; for one of those */
};
extern struct shmem_pool shmem_pools[NR_SHMEM_KINDS];

/* Beyond a limit of users. */
int __shmem_charge(struct shmem_account *who, enum shmem_kind kind, long all) __must_check;
/** shmem_charge - One more of @kind is @who's. Return: 0, or -ENOSPC and it is not. Context: task. */
static inline int __must_check shmem_charge(struct shmem_account *who, enum shmem_kind kind)
{
	struct shmem_pool *pool = &shmem_pools[kind];
	long all = atomic_inc_return(&pool->used), own = atomic_inc_return(&who->used[kind]);

	return likely(all <= pool->users && own <= pool->one) ? 0 : __shmem_charge(who, kind, all);
}
/** shmem_uncharge - @n less. Context: any. */
void shmem_uncharge(struct shmem_account *who, enum shmem_kind kind, long n);
/** shmem_stat - How many of @kind there may be, how many more, and how many more for @who. Context: task. */
struct shmem_stat {
	unsigned long max, free, avail;
};
struct shmem_stat shmem_stat(const struct shmem_account *who, enum shmem_kind kind);
/** shmem_init - From now on there are limits: half of the memory that is free now, and what is used already. Context: boot. */
void shmem_init(void);
extern const struct vm_operations_struct shmem_vm_ops;
/** shmem_mapping_create - Shared anonymous memory with one region. NULL: no memory. */
struct address_space *shmem_mapping_create(void) __must_check;

#endif
