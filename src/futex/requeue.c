/* SPDX-License-Identifier: MIT */
/*
 * Requeueing: tasks that wait at one word are moved to wait at another, or for a lock
 * with priority inheritance, without being woken in between. A condition variable has
 * its waiters moved to its mutex so. Ref: Linux kernel/futex/requeue.c.
 */
#include "futex/futex_priv.h"
#include "sched/wait.h"
#include "vm/uaccess.h"

int futex_wait_requeue_pi(u32 __user *uaddr, bool shared, u32 val, u64 expires, u32 __user *uaddr2)
{
	struct rt_mutex_waiter w = { .task = current };
	struct futex_q q = { .task = current, .bitset = ~0u, .waiter = &w };
	int err = get_futex_key(uaddr2, shared, &q.pi_key);

	if (!err)
		err = get_futex_key(uaddr, shared, &q.key);
	if (!err && key_equal(&q.key, &q.pi_key))
		err = -EINVAL;
	if (!err)
		err = futex_wait_setup(uaddr, val, &q);
	if (err)
		return err;
	err = rt_mutex_wait(&w, TASK_INTERRUPTIBLE, expires);
	if (err && !futex_unqueue(&q))
		return err;
	if (!err || !futex_pi_give_up(&w))
		return futex_pi_take_over(&q.pi_key, uaddr2, &w);
	/* The word has changed since: a call that began anew would return -EAGAIN, too. */
	return err == -ERESTARTNOINTR ? -EAGAIN : err;
}

struct requeue {
	u32 __user *uaddr;
	struct futex_key k1, k2;
	int nr_wake, nr_requeue;
	const u32 *cmp;			/* the word at uaddr is to be that; or NULL */
	int done;
};

/* Take the locks of both buckets, in the order of their addresses. */
static void lock_two(struct futex_bucket *a, struct futex_bucket *b) __no_lock_analysis
{
	spin_lock(a < b ? &a->lock : &b->lock);
	if (a != b)
		spin_lock_nested(a < b ? &b->lock : &a->lock, true);
}

static void unlock_two(struct futex_bucket *a, struct futex_bucket *b) __no_lock_analysis
{
	if (a != b)
		spin_unlock(a < b ? &b->lock : &a->lock);
	spin_unlock(a < b ? &a->lock : &b->lock);
}

/* Is the word at @r->uaddr still *@r->cmp? Return: 0; -EAGAIN: no; -EFAULT: its page is not there. Context: its bucket's lock. */
static int compare(const struct requeue *r)
{
	u32 now;

	if (!r->cmp)
		return 0;
	if (get_user(now, r->uaddr))
		return -EFAULT;
	return now == *r->cmp ? 0 : -EAGAIN;
}

static int futex_requeue(struct requeue *r) __no_lock_analysis
{
	struct futex_bucket *b1 = futex_bucket_of(&r->k1), *b2 = futex_bucket_of(&r->k2);
	struct futex_q *q, *next;
	DEFINE_WAKE_Q(wake_q);
	int n = 0, err;

	lock_two(b1, b2);
	while ((err = compare(r))) {
		unlock_two(b1, b2);
		if (err != -EFAULT || futex_fault_in(r->uaddr, false))
			return err;
		lock_two(b1, b2);
	}
	for (q = TAILQ_FIRST(&b1->head); q; q = next) {
		next = TAILQ_NEXT(q, list);
		if (!key_equal(&q->key, &r->k1))
			continue;
		if (q->waiter) {
			n = -EINVAL;
			break;
		}
		if (n < r->nr_wake) {
			futex_wake_mark(b1, q, &wake_q);
		} else if (n - r->nr_wake < r->nr_requeue) {
			q->key = r->k2;
			if (b1 != b2) {
				TAILQ_REMOVE(&b1->head, q, list);
				WRITE_ONCE(q->bucket, b2);
				futex_enqueue(b2, q);
			}
		} else {
			break;
		}
		n++;
	}
	unlock_two(b1, b2);
	wake_up_q(&wake_q);
	return n;
}

/* Each waiter that is moved changes priorities along a chain, under rt_mutex_wait_lock, which is dropped after so many. */
#define REQUEUE_PI_BATCH 16

/* Move waiters to the lock, or give it to the first. Return: 0 or an error for user mode; -EAGAIN, -EFAULT: try again. */
static int requeue_pi_attempt(struct pi_attempt *a, void *arg) __no_lock_analysis
{
	struct requeue *r = arg;
	struct futex_bucket *b = futex_bucket_of(&r->k1);
	struct futex_q *q, *next;
	int n = 0, err;

	spin_lock(&b->lock);
	err = a->begun ? 0 : compare(r);
	if (err) {
		spin_unlock(&b->lock);
		if (err == -EFAULT && !futex_fault_in(r->uaddr, false))
			return -EAGAIN;
		r->done = err;
		return 0;
	}
	spin_lock(&rt_mutex_wait_lock);
	for (q = TAILQ_FIRST(&b->head); q && r->done - r->nr_wake < r->nr_requeue; q = next) {
		next = TAILQ_NEXT(q, list);
		if (!key_equal(&q->key, &r->k1))
			continue;
		if (n++ == REQUEUE_PI_BATCH) {
			err = -EAGAIN;
			break;
		}
		err = q->waiter && key_equal(&q->pi_key, &a->key) ? futex_lock_pi_for(a, q->task, q->waiter) : -EINVAL;
		if (err < 0)
			break;
		TAILQ_REMOVE(&b->head, q, list);
		q->woken = true;
		if (err != PI_WAITS)
			rt_mutex_grant(q->waiter);
		err = 0;
		r->done++;
		a->begun = true;
	}
	spin_unlock(&rt_mutex_wait_lock);
	spin_unlock(&b->lock);
	return err;
}

int futex_cmp_requeue(u32 __user *uaddr, bool shared, int nr_wake, u32 __user *uaddr2, int nr_requeue,
				      const u32 *cmp, bool pi)
{
	struct requeue r = { .uaddr = uaddr, .nr_wake = nr_wake, .nr_requeue = nr_requeue, .cmp = cmp };
	struct pi_attempt a = { .uaddr = uaddr2, .shared = shared };
	int err;

	if (nr_wake < 0 || nr_requeue < 0 || (pi && nr_wake != 1))
		return -EINVAL;
	err = get_futex_key(uaddr, shared, &r.k1);
	if (!err)
		err = get_futex_key(uaddr2, shared, &r.k2);
	if (err)
		return err;
	if (!pi)
		return futex_requeue(&r);
	if (key_equal(&r.k1, &r.k2))
		return -EINVAL;
	err = futex_pi_attempts(&a, requeue_pi_attempt, &r);
	return err ? err : r.done;
}
