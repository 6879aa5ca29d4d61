/* SPDX-License-Identifier: MIT */
/*
 * Futexes: wait until a word of user memory changes. A waiter queues under the
 * bucket's lock after it has seen the expected value; a waker changes the word
 * first and takes the lock then, so no wake-up is lost. Ref: futex(2).
 */
#include "futex/futex.h"

#include "futex/futex_priv.h"
#include "sched/sleep.h"
#include "sched/wait.h"
#include "vm/filemap.h"
#include "vm/gup.h"
#include "vm/mm.h"
#include "vm/page.h"
#include "vm/slab.h"
#include "vm/uaccess.h"

#define BUCKETS 256

static struct futex_bucket buckets[BUCKETS];

void __init futex_init(void)
{
	for (int i = 0; i < BUCKETS; i++) {
		spin_lock_init(&buckets[i].lock, LOCK_FUTEX);
		TAILQ_INIT(&buckets[i].head);
	}
}

struct futex_bucket *futex_bucket_of(const struct futex_key *k)
{
	return &buckets[futex_key_hash(k) >> 56];
}

int get_futex_key(u32 __user *uaddr, bool shared, struct futex_key *k)
{
	unsigned long a = (__force unsigned long)uaddr;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	if (a & 3)
		return -EINVAL;
	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	*k = (struct futex_key){ mm->id << 1, a };
	if (!shared)
		return 0;
	down_read(&mm->mmap_lock);
	vma = find_vma(mm, a);
	if (vma && vma->vm_start <= a && (vma->vm_flags & VM_SHARED) && vma->vm_mapping)
		*k = (struct futex_key){ vma->vm_mapping->id << 1 | 1, (vma->vm_pgoff << PAGE_SHIFT) + (a - vma->vm_start) };
	up_read(&mm->mmap_lock);
	return vma && vma->vm_start <= a ? 0 : -EFAULT;
}

void futex_enqueue(struct futex_bucket *b, struct futex_q *q) __must_hold(b->lock)
{
	struct futex_q *at = TAILQ_LAST(&b->head, futex_waiters);

	while (at && at->prio > q->prio)
		at = TAILQ_PREV(at, futex_waiters, list);
	if (at)
		TAILQ_INSERT_AFTER(&b->head, at, q, list);
	else
		TAILQ_INSERT_HEAD(&b->head, q, list);
}

void futex_wake_mark(struct futex_bucket *b, struct futex_q *q, struct wake_q_head *wake_q) __must_hold(b->lock)
{
	struct task_struct *p = get_task_struct(q->task);

	TAILQ_REMOVE(&b->head, q, list);
	smp_store_release(&q->woken, true);
	wake_q_add(wake_q, p);
}

/* Wake up to @nr waiters, at least one, as Linux does. Return: how many; -EINVAL: one waits to be moved to a lock. */
static int wake_key(const struct futex_key *key, int nr, u32 bitset)
{
	struct futex_bucket *b = futex_bucket_of(key);
	struct futex_q *q, *next;
	DEFINE_WAKE_Q(wake_q);
	int n = 0;

	spin_lock(&b->lock);
	for (q = TAILQ_FIRST(&b->head); q; q = next) {
		next = TAILQ_NEXT(q, list);
		if (!key_equal(&q->key, key))
			continue;
		if (q->waiter) {
			n = -EINVAL;
			break;
		}
		if (!(q->bitset & bitset))
			continue;
		futex_wake_mark(b, q, &wake_q);
		if (++n >= nr)
			break;
	}
	spin_unlock(&b->lock);
	wake_up_q(&wake_q);
	return n;
}

int futex_wake(u32 __user *uaddr, bool shared, int nr, u32 bitset)
{
	struct futex_key key;
	int err = bitset ? get_futex_key(uaddr, shared, &key) : -EINVAL;

	return err ? err : wake_key(&key, nr, bitset);
}

/* Change the word as @op says. Return: does its old value compare as @op says? Or -EFAULT, -ENOSYS. */
static int futex_atomic_op(u32 __user *uaddr, u32 op)
{
	int arg = (int)(op << 8) >> 20, cmp = (int)(op << 20) >> 20;
	u32 old, new, seen;

	if (op >> 28 & FUTEX_OP_OPARG_SHIFT)
		arg = (int)(1U << (arg & 31));
	if ((op >> 28 & 7) > FUTEX_OP_XOR || (op >> 24 & 15) > FUTEX_OP_CMP_GE)
		return -ENOSYS;
	if (get_user(old, uaddr))
		return -EFAULT;
	for (;; old = seen) {
		switch (op >> 28 & 7) {
		case FUTEX_OP_SET:	new = arg; break;
		case FUTEX_OP_ADD:	new = old + arg; break;
		case FUTEX_OP_OR:	new = old | arg; break;
		case FUTEX_OP_ANDN:	new = old & ~arg; break;
		default:		new = old ^ arg; break;
		}
		if (cmpxchg_user(uaddr, old, new, &seen))
			return -EFAULT;
		if (seen == old)
			break;
	}
	switch (op >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:	return (int)old == cmp;
	case FUTEX_OP_CMP_NE:	return (int)old != cmp;
	case FUTEX_OP_CMP_LT:	return (int)old < cmp;
	case FUTEX_OP_CMP_LE:	return (int)old <= cmp;
	case FUTEX_OP_CMP_GT:	return (int)old > cmp;
	default:		return (int)old >= cmp;
	}
}

static noinline int futex_wake_op(u32 __user *uaddr, bool shared, int nr, u32 __user *uaddr2, int nr2, u32 op)
{
	struct futex_key k1, k2;
	int n, m = 0, err = get_futex_key(uaddr, shared, &k1);

	if (!err)
		err = get_futex_key(uaddr2, shared, &k2);
	if (!err)
		err = futex_atomic_op(uaddr2, op);
	if (err < 0)
		return err;
	n = wake_key(&k1, nr, ~0u);
	if (n >= 0 && err)
		m = wake_key(&k2, nr2, ~0u);
	return m < 0 ? m : n + m;
}

bool futex_unqueue(struct futex_q *q) __no_lock_analysis
{
	for (;;) {
		struct futex_bucket *b = READ_ONCE(q->bucket);
		bool woken;

		spin_lock(&b->lock);
		if (b != q->bucket) {
			spin_unlock(&b->lock);
			continue;
		}
		woken = q->woken;
		if (!woken)
			TAILQ_REMOVE(&b->head, q, list);
		spin_unlock(&b->lock);
		return woken;
	}
}

int futex_fault_in(u32 __user *uaddr, bool write)
{
	struct page *page;

	down_read(&current->mm->mmap_lock);
	page = get_user_page(current->mm, (__force unsigned long)uaddr, write);
	up_read(&current->mm->mmap_lock);
	if (IS_ERR(page))
		return -EFAULT;
	put_page(page);
	return 0;
}

int futex_wait_setup(u32 __user *uaddr, u32 val, struct futex_q *q)
{
	struct futex_bucket *b = q->bucket = futex_bucket_of(&q->key);
	u32 now;

	q->prio = min(max(current->normal_prio, 0), MAX_RT_PRIO);
	spin_lock(&b->lock);
	/* With the lock held no page can be brought in: that is done without it, and the word read again. */
	while (get_user(now, uaddr)) {
		spin_unlock(&b->lock);
		if (futex_fault_in(uaddr, false))
			return -EFAULT;
		spin_lock(&b->lock);
	}
	if (now == val)
		futex_enqueue(b, q);
	spin_unlock(&b->lock);
	return now == val ? 0 : -EAGAIN;
}

static int futex_wait(u32 __user *uaddr, bool shared, u32 val, u64 expires, u32 bitset);

static long futex_wait_restart(struct task_struct *p)
{
	return futex_wait(p->restart.uaddr, p->restart.shared, p->restart.val, p->restart.expires, p->restart.bitset);
}

static int futex_wait(u32 __user *uaddr, bool shared, u32 val, u64 expires, u32 bitset)
{
	struct futex_q q = { .task = current, .bitset = bitset };
	int err;

	if (!bitset)
		return -EINVAL;
	err = get_futex_key(uaddr, shared, &q.key);
	if (!err)
		err = futex_wait_setup(uaddr, val, &q);
	if (err)
		return err;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (smp_load_acquire(&q.woken)) {
			err = 0;
			break;
		}
		if (signal_pending(current)) {
			err = expires < KTIME_MAX ? -ERESTART_RESTARTBLOCK : -ERESTARTSYS;
			break;
		}
		if (!schedule_timeout(expires)) {
			err = -ETIMEDOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	if (futex_unqueue(&q))
		return 0;
	if (err == -ERESTART_RESTARTBLOCK)
		current->restart = (struct restart_block){ .fn = futex_wait_restart, .expires = expires, .uaddr = uaddr, .shared = shared,
							   .val = val, .bitset = bitset };
	return err;
}

long do_futex(u32 __user *uaddr, int op, u32 val, u64 expires, u32 __user *uaddr2, u32 val2, u32 val3)
{
	bool shared = !(op & FUTEX_PRIVATE_FLAG), clock = op & FUTEX_CLOCK_REALTIME;

	op &= ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
	if (clock && op != FUTEX_WAIT_BITSET && op != FUTEX_WAIT_REQUEUE_PI && op != FUTEX_LOCK_PI2)
		return -ENOSYS;
	switch (op) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, shared, val, expires, ~0u);
	case FUTEX_WAIT_BITSET:
		return futex_wait(uaddr, shared, val, expires, val3);
	case FUTEX_WAKE:
		return futex_wake(uaddr, shared, val, ~0u);
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, shared, val, val3);
	case FUTEX_REQUEUE:
		return futex_cmp_requeue(uaddr, shared, val, uaddr2, val2, NULL, false);
	case FUTEX_CMP_REQUEUE:
		return futex_cmp_requeue(uaddr, shared, val, uaddr2, val2, &val3, false);
	case FUTEX_CMP_REQUEUE_PI:
		return futex_cmp_requeue(uaddr, shared, val, uaddr2, val2, &val3, true);
	case FUTEX_WAIT_REQUEUE_PI:
		return futex_wait_requeue_pi(uaddr, shared, val, expires, uaddr2);
	case FUTEX_WAKE_OP:
		return futex_wake_op(uaddr, shared, val, uaddr2, val2, val3);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(uaddr, shared, expires, false);
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(uaddr, shared, expires, true);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(uaddr, shared);
	}
	return -ENOSYS;
}
