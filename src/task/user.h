/* SPDX-License-Identifier: MIT */
/*
 * What all the tasks of one real user id hold together. Whatever a program can make the kernel
 * keep, and that its address space is not asked for, is counted here against a limit; root's is
 * counted too, and limited where Linux does it.
 *
 * Ref: Linux struct user_struct, kernel/user.c.
 */
#ifndef TASK_USER_H
#define TASK_USER_H

#include <sys/queue.h>

#include "vm/shmem.h"

struct user_struct {
	LIST_ENTRY(user_struct) hash;	/* uidhash_lock */
	atomic_t count;			/* references: credentials, and whatever is counted here */
	u32 uid;			/* [I] */
	atomic_t processes;		/* tasks: RLIMIT_NPROC */
	atomic_t sigpending;		/* signals with information that wait, POSIX timers: RLIMIT_SIGPENDING */
	atomic_long_t pipe_bufs;	/* pages that pipes may hold */
	struct shmem_account shmem;	/* files in memory, shared memory */
	unsigned long oom_pages;	/* oom.c's, a guess: all that its processes hold, */
	u32 oom_round;			/* as of which choice */
	atomic_long_t locked_vm;	/* pages of rings and the like, which cannot be swapped: RLIMIT_MEMLOCK */
};

extern struct user_struct root_user;

/**
 * alloc_uid - The counts of user @uid, made at their first use.
 * Return: them, with a reference, or NULL when there is no memory.
 * Context: task, may sleep.
 */
struct user_struct *alloc_uid(u32 uid) __must_check;

/** get_uid - One reference more. Context: any; the caller has one. */
static inline struct user_struct *get_uid(struct user_struct *u)
{
	atomic_inc(&u->count);
	return u;
}

/** free_last_uid - As free_uid(), of what may be the last one. */
void free_last_uid(struct user_struct *u);

/** free_uid - One reference less; what was counted must have been given back with the last. Context: any. */
static inline void free_uid(struct user_struct *u)
{
	if (!atomic_dec_not_one(&u->count))
		free_last_uid(u);
}

/** user_init - Context: boot. */
void user_init(void);

#endif
