/* SPDX-License-Identifier: MIT */
/* What futex.c and futex_pi.c share. */
#ifndef PROC_FUTEX_PRIV_H
#define PROC_FUTEX_PRIV_H

#include "abi/futex.h"
#include "proc/proc.h"

/* What identifies the word: an address space and address, or shared memory and offset. */
struct futex_key {
	const void *object;
	unsigned long offset;
};

/** get_futex_key - Of the word at @uaddr, which @shared says may be in other address spaces too. Return: 0, -EINVAL, -EFAULT. */
int get_futex_key(u32 __user *uaddr, bool shared, struct futex_key *k) __must_check;

static inline bool key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}

/**
 * futex_lock_pi - Take the lock, or wait to be given it, lending the owner our priority.
 * Return: 0, -EAGAIN (@try: it is taken), -EDEADLK, -ESRCH (its owner is no more), -EINVAL (the word is no such
 * lock's), -ETIMEDOUT, -EFAULT, -ENOMEM, or to be restarted. Context: task.
 */
int futex_lock_pi(u32 __user *uaddr, bool shared, u64 expires, bool try);
/** futex_unlock_pi - Hand the lock to the waiter of highest priority. Return: 0, -EPERM: not ours. Context: task. */
int futex_unlock_pi(u32 __user *uaddr, bool shared);

#endif
