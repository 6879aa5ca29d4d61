/* SPDX-License-Identifier: MIT */
/* Keys, waiters and buckets: shared by the files of this folder. */
#ifndef FUTEX_FUTEX_PRIV_H
#define FUTEX_FUTEX_PRIV_H

#include "abi/futex.h"
#include "futex/futex.h"
#include "locks/rtmutex.h"
#include "sched/wait.h"

/*
 * A key says which word it is, by address space and address, or page cache and offset. Both have numbers that are given
 * once: a key holds no reference, and may outlive the thing that it names; then it is the key of no word.
 */
struct futex_key {
	u64 object;		/* vm_unique_id() * 2, and 1 if it is a page cache's */
	unsigned long offset;
};

/** futex_key_hash - A hash of @k, whose upper bits are to be used. Context: any. */
static inline u64 futex_key_hash(const struct futex_key *k)
{
	return (k->object << 32 ^ k->offset) * 0x9e3779b97f4a7c15;
}

/** get_futex_key - Of the word at @uaddr, which @shared says may be in other address spaces too. Return: 0, -EINVAL, -EFAULT. */
int get_futex_key(u32 __user *uaddr, bool shared, struct futex_key *k) __must_check;

static inline bool key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}

/* A task that waits at a word, on its stack. */
struct futex_q {
	TAILQ_ENTRY(futex_q) list;
	struct task_struct *task;
	struct futex_key key;
	u32 bitset;
	bool woken;		/* or it waits for a lock by now; bucket lock; read by the waiter with acquire */
	struct futex_bucket *bucket; /* changes with requeue, both locks */
	u8 prio;		/* [I] real-time tasks are woken by priority, all others after them */
	struct rt_mutex_waiter *waiter;	/* [I] to be queued for the lock that pi_key tells; or NULL */
	struct futex_key pi_key;	/* [I] */
};

struct futex_bucket {
	spinlock_t lock;
	TAILQ_HEAD(futex_waiters, futex_q) head __protected_by(lock);	/* by prio, then who came first */
};

/** futex_bucket_of - Where those wait whose word has the key. Context: any. */
struct futex_bucket *futex_bucket_of(const struct futex_key *k);
/** futex_enqueue - @q waits in @b, behind those of its prio. Context: the lock of @b held. */
void futex_enqueue(struct futex_bucket *b, struct futex_q *q) __must_hold(b->lock);
/**
 * futex_wake_mark - @q, which may be gone as soon as this sets @q->woken, leaves @b; wake_up_q(@wake_q) wakes its task.
 * Context: the lock of @b held.
 */
void futex_wake_mark(struct futex_bucket *b, struct futex_q *q, struct wake_q_head *wake_q) __must_hold(b->lock);
/** futex_unqueue - Take @q off the bucket that it is on by now. Return: was it woken before? Context: task. */
bool futex_unqueue(struct futex_q *q);
/** futex_wait_setup - Queue @q if the word is @val. Return: 0, -EAGAIN: it is not; -EFAULT. Context: task. */
int futex_wait_setup(u32 __user *uaddr, u32 val, struct futex_q *q) __must_check;

/**
 * futex_wait_requeue_pi - Wait while the word at @uaddr is @val, to be moved to the lock at @uaddr2.
 * Return: 0: the lock is ours; -EAGAIN: the word was not @val, or a signal came; -ETIMEDOUT, -EINVAL, -EFAULT. Context: task.
 */
int futex_wait_requeue_pi(u32 __user *uaddr, bool shared, u32 val, u64 expires, u32 __user *uaddr2);
/**
 * futex_cmp_requeue - Wake @nr_wake that wait at @uaddr, move @nr_requeue more to wait at @uaddr2, or (@pi) for the lock there.
 * @cmp: what the word at @uaddr must be, or NULL.
 * Return: how many were woken or moved; -EAGAIN: the word is not *@cmp; -EINVAL, -EFAULT, or as futex_lock_pi(). Context: task.
 */
int futex_cmp_requeue(u32 __user *uaddr, bool shared, int nr_wake, u32 __user *uaddr2, int nr_requeue, const u32 *cmp, bool pi);

/** futex_fault_in - Bring in the page of the word at @uaddr, to be read or (@write) written. Return: 0, -EFAULT. Context: task. */
int futex_fault_in(u32 __user *uaddr, bool write) __must_check;

/**
 * futex_lock_pi - Take the lock, or wait to be given it, lending the owner our priority.
 * Return: 0, -EAGAIN (@try: it is taken), -EDEADLK, -ESRCH (its owner is no more), -EINVAL (the word is no such
 * lock's), -ETIMEDOUT, -EFAULT, -ENOMEM, or to be restarted. Context: task.
 */
int futex_lock_pi(u32 __user *uaddr, bool shared, u64 expires, bool try);
/** futex_unlock_pi - Hand the lock to the waiter of highest priority. Return: 0, -EPERM: not ours. Context: task. */
int futex_unlock_pi(u32 __user *uaddr, bool shared);

/* Attempts at a lock, for ourselves or for others. */
struct pi_attempt {
	u32 __user *uaddr;
	bool shared;
	bool begun;			/* it must not be left half done: no signal but a fatal one ends it */
	/* From here futex_pi_attempts() fills in. */
	struct futex_key key;
	u32 word;			/* when it was last looked at */
	struct task_struct *owner;	/* the task whose number is in the word, held; or NULL */
	struct pi_state *spare;
};

/**
 * futex_pi_attempts - Call @attempt(@a, @arg) until it neither wants @a->uaddr's page brought in (-EFAULT) nor finds
 * that @a tells what was (-EAGAIN). Return: what it returned last, or an error as futex_lock_pi(). Context: task.
 */
int futex_pi_attempts(struct pi_attempt *a, int (*attempt)(struct pi_attempt *a, void *arg), void *arg);
/**
 * futex_lock_pi_for - The lock for @p, the current task or one that sleeps in rt_mutex_wait(@w), unless @w is NULL.
 * Return: 0: it is @p's; PI_WAITS: @w is queued, or would be; an error. Context: an attempt; rt_mutex_wait_lock held.
 */
int futex_lock_pi_for(struct pi_attempt *a, struct task_struct *p, struct rt_mutex_waiter *w) __must_check;
#define PI_WAITS 1
/**
 * futex_pi_take_over - The lock of @key is granted to @w: if its owner died with it, the word at @uaddr is to tell that it
 * is ours. Return: 0; -EFAULT: it cannot, and the lock is the next one's. Context: task.
 */
int futex_pi_take_over(const struct futex_key *key, u32 __user *uaddr, const struct rt_mutex_waiter *w) __must_check;
/** futex_pi_give_up - @w shall wait no more, if it still does. Return: did it? If not it has the lock. Context: task. */
bool futex_pi_give_up(struct rt_mutex_waiter *w) __must_check;

#endif
