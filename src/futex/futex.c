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
	TAILQ_HEAD(futex_queue, futex_q) head __protected_by(lock);	/* by prio, then who came first */
};

static struct futex_bucket buckets[BUCKETS];

void __init futex_init(void)
{
	for (int i = 0; i < BUCKETS; i++) {
		spin_lock_init(&buckets[i].lock, LOCK_FUTEX);
		TAILQ_INIT(&buckets[i].head);
	}
}

static struct futex_bucket *bucket_of(const struct futex_key *k)
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

static void queue(struct futex_bucket *b, struct futex_q *q) __must_hold(b->lock)
{
	struct futex_q *at = TAILQ_LAST(&b->head, futex_queue);

	while (at && at->prio > q->prio)
		at = TAILQ_PREV(at, futex_queue, list);
	if (at)
		TAILQ_INSERT_AFTER(&b->head, at, q, list);
	else
		TAILQ_INSERT_HEAD(&b->head, q, list);
}

/* Context: bucket lock. The waiter may return as soon as woken is set; it is woken when the lock is let go of. */
static void wake_futex(struct futex_bucket *b, struct futex_q *q, struct wake_q_head *wake_q) __must_hold(b->lock)
{
	struct task_struct *p = get_task_struct(q->task);

	TAILQ_REMOVE(&b->head, q, list);
	smp_store_release(&q->woken, true);
	wake_q_add(wake_q, p);
}

/* At least one, as Linux does. Return: how many; -EINVAL: one that is to be moved to a lock. */
static int wake_key(const struct futex_key *key, int nr, u32 bitset)
{
	struct futex_bucket *b = bucket_of(key);
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
		wake_futex(b, q, &wake_q);
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

/* Return: whether the old value compares as @op says, or an error. */
static int change_word(u32 __user *uaddr, u32 op)
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
		err = change_word(uaddr2, op);
	if (err < 0)
		return err;
	n = wake_key(&k1, nr, ~0u);
	if (n >= 0 && err)
		m = wake_key(&k2, nr2, ~0u);
	return m < 0 ? m : n + m;
}

/* Take @q off whatever bucket it is on. Return: was it woken before? */
static bool unqueue(struct futex_q *q) __no_lock_analysis
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

/* Queue @q if the word is @val. Return: 0, -EAGAIN: it is not; -EFAULT. */
static int wait_setup(u32 __user *uaddr, u32 val, struct futex_q *q)
{
	struct futex_bucket *b = q->bucket = bucket_of(&q->key);
	u32 now;

	q->prio = min(max(current->normal_prio, 0), MAX_RT_PRIO);
	spin_lock(&b->lock);
	/* Under the lock only a page that is there can be read. */
	while (get_user(now, uaddr)) {
		spin_unlock(&b->lock);
		if (futex_fault_in(uaddr, false))
			return -EFAULT;
		spin_lock(&b->lock);
	}
	if (now == val)
		queue(b, q);
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
		err = wait_setup(uaddr, val, &q);
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
	if (unqueue(&q))
		return 0;
	if (err == -ERESTART_RESTARTBLOCK)
		current->restart = (struct restart_block){ .fn = futex_wait_restart, .expires = expires, .uaddr = uaddr, .shared = shared,
							   .val = val, .bitset = bitset };
	return err;
}

/* As futex_wait(), but to be moved to the lock at @uaddr2; 0: it is ours. */
static noinline int futex_wait_requeue_pi(u32 __user *uaddr, bool shared, u32 val, u64 expires, u32 __user *uaddr2)
{
	struct rt_mutex_waiter w = { .task = current };
	struct futex_q q = { .task = current, .bitset = ~0u, .waiter = &w };
	int err = get_futex_key(uaddr2, shared, &q.pi_key);

	if (!err)
		err = get_futex_key(uaddr, shared, &q.key);
	if (!err && key_equal(&q.key, &q.pi_key))
		err = -EINVAL;
	if (!err)
		err = wait_setup(uaddr, val, &q);
	if (err)
		return err;
	err = rt_mutex_wait(&w, TASK_INTERRUPTIBLE, expires);
	if (err && !unqueue(&q))
		return err;
	if (!err || !futex_pi_give_up(&w))
		return futex_pi_take_over(&q.pi_key, uaddr2, &w);
	/* The word has changed: to begin again would tell just that. */
	return err == -ERESTARTNOINTR ? -EAGAIN : err;
}

struct requeue {
	u32 __user *uaddr;
	struct futex_key k1, k2;
	int nr_wake, nr_requeue;
	const u32 *cmp;			/* the word at uaddr is to be that; or NULL */
	int done;
};

/* Both buckets, by address. */
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

/* Has the word not changed? Return: 0, -EAGAIN, or -EFAULT: it is not there. Context: its bucket's lock. */
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
	struct futex_bucket *b1 = bucket_of(&r->k1), *b2 = bucket_of(&r->k2);
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
			wake_futex(b1, q, &wake_q);
		} else if (n - r->nr_wake < r->nr_requeue) {
			q->key = r->k2;
			if (b1 != b2) {
				TAILQ_REMOVE(&b1->head, q, list);
				WRITE_ONCE(q->bucket, b2);
				queue(b2, q);
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

/* Each one moves priorities along a chain, under locks that all share: let others have them now and then. */
#define REQUEUE_PI_BATCH 16

/* Who waits shall wait for the lock now, or has it. Return: 0 or an error, to be told; or what to try again for. */
static int requeue_pi_attempt(struct pi_attempt *a, void *arg) __no_lock_analysis
{
	struct requeue *r = arg;
	struct futex_bucket *b = bucket_of(&r->k1);
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

static noinline int futex_cmp_requeue(u32 __user *uaddr, bool shared, int nr_wake, u32 __user *uaddr2, int nr_requeue,
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

struct robust_list_head {
	u64 list;
	s64 futex_offset;
	u64 list_op_pending;
};

/*
 * One lock of a dead owner: mark it, wake a waiter; those of a @pi lock are exit_pi_state()'s. One whose list operation
 * was @pending, and which is not ours, may have been given up, perhaps taken by somebody who did not see that others wait,
 * and the wake-up for it not yet been sent, or been sent to us: somebody else is to have it.
 * Return: 0, or -EFAULT: the list is not to be trusted any more.
 */
static int handle_futex_death(u64 uaddr, bool pi, bool pending)
{
	u32 __user *word = (__force u32 __user *)uaddr;
	u32 old, seen;

	if (uaddr & 3 || get_user(old, word))
		return -EFAULT;
	if (pending && !pi && (old & FUTEX_TID_MASK) != (u32)current->pid) {
		(void)!futex_wake(word, true, 1, ~0u);
		return 0;
	}
	for (; (old & FUTEX_TID_MASK) == (u32)current->pid; old = seen) {
		if (cmpxchg_user(word, old, (old & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen))
			return -EFAULT;
		if (seen != old)
			continue;
		if (!pi && (old & FUTEX_WAITERS))
			(void)!futex_wake(word, true, 1, ~0u);
		break;
	}
	return 0;
}

/* Locks that a list may have: it may be endless. */
#define ROBUST_LIST_LIMIT 2048

void exit_robust_list(struct task_struct *p)
{
	struct robust_list_head head;
	u64 entry, next = 0;
	bool pi;

	if (copy_from_user(&head, p->robust_list, sizeof(head)))
		return;
	pi = head.list & 1;
	entry = head.list & ~1UL;
	for (int n = 0; n < ROBUST_LIST_LIMIT && entry != (__force u64)p->robust_list; n++) {
		/* Before the lock is free, and with it the entry. */
		int err = get_user(next, (u64 __user *)entry);

		if (entry != (head.list_op_pending & ~1UL) && handle_futex_death(entry + head.futex_offset, pi, false))
			return;
		if (err)
			return;
		pi = next & 1;
		entry = next & ~1UL;
	}
	if (head.list_op_pending & ~1UL)
		(void)handle_futex_death((head.list_op_pending & ~1UL) + head.futex_offset, head.list_op_pending & 1, true);
}
