/* SPDX-License-Identifier: MIT */
/*
 * Futexes: wait until a word of user memory changes. A waiter queues under the
 * bucket's lock after it has seen the expected value; a waker changes the word
 * first and takes the lock then, so no wake-up is lost. Ref: futex(2).
 */
#include "proc/proc.h"

#include "proc/futex_priv.h"
#include "vm/slab.h"

#define BUCKETS 256

struct futex_q {
	TAILQ_ENTRY(futex_q) list;
	struct task_struct *task;
	struct futex_key key;
	u32 bitset;
	bool woken;		/* bucket lock; read by the waiter with acquire */
	struct futex_bucket *bucket; /* changes with requeue, both locks */
};

struct futex_bucket {
	spinlock_t lock;
	TAILQ_HEAD(, futex_q) head __guarded_by(lock);
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
	u64 h = ((unsigned long)k->object ^ k->offset) * 0x9e3779b97f4a7c15;

	return &buckets[h >> 56];
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
	*k = (struct futex_key){ mm, a };
	if (!shared)
		return 0;
	down_read(&mm->mmap_lock);
	vma = find_vma(mm, a);
	if (vma && vma->vm_start <= a && (vma->vm_flags & VM_SHARED) && vma->vm_mapping)
		*k = (struct futex_key){ vma->vm_mapping, (vma->vm_pgoff << PAGE_SHIFT) + (a - vma->vm_start) };
	up_read(&mm->mmap_lock);
	return vma && vma->vm_start <= a ? 0 : -EFAULT;
}

/* Context: bucket lock. The waiter may return as soon as woken is set. */
static void wake_futex(struct futex_bucket *b, struct futex_q *q) __must_hold(b->lock)
{
	struct task_struct *p = get_task_struct(q->task);

	TAILQ_REMOVE(&b->head, q, list);
	smp_store_release(&q->woken, true);
	wake_up_state(p, TASK_NORMAL);
	put_task_struct(p);
}

int futex_wake(u32 __user *uaddr, bool shared, int nr, u32 bitset)
{
	struct futex_key key;
	struct futex_bucket *b;
	struct futex_q *q, *next;
	int n = 0, err;

	if (!bitset)
		return -EINVAL;
	err = get_futex_key(uaddr, shared, &key);
	if (err)
		return err;
	b = bucket_of(&key);
	spin_lock(&b->lock);
	for (q = TAILQ_FIRST(&b->head); q && n < nr; q = next) {
		next = TAILQ_NEXT(q, list);
		if (key_equal(&q->key, &key) && (q->bitset & bitset)) {
			wake_futex(b, q);
			n++;
		}
	}
	spin_unlock(&b->lock);
	return n;
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

static int futex_wait(u32 __user *uaddr, bool shared, u32 val, u64 expires, u32 bitset)
{
	struct futex_q q = { .task = current, .bitset = bitset };
	struct futex_bucket *b;
	struct page *page;
	u32 now;
	int err;

	if (!bitset)
		return -EINVAL;
	err = get_futex_key(uaddr, shared, &q.key);
	if (err)
		return err;
	/* The word is read under the bucket's lock, where no fault may happen: pin its page. */
	down_read(&current->mm->mmap_lock);
	page = get_user_page(current->mm, (__force unsigned long)uaddr, false);
	if (IS_ERR(page)) {
		up_read(&current->mm->mmap_lock);
		return -EFAULT;
	}
	b = q.bucket = bucket_of(&q.key);
	spin_lock(&b->lock);
	now = READ_ONCE(*(u32 *)((char *)page_address(page) +
				 ((__force unsigned long)uaddr & ~PAGE_MASK)));
	if (now == val)
		TAILQ_INSERT_TAIL(&b->head, &q, list);
	spin_unlock(&b->lock);
	up_read(&current->mm->mmap_lock);
	put_page(page);
	if (now != val)
		return -EAGAIN;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (smp_load_acquire(&q.woken)) {
			err = 0;
			break;
		}
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		if (!schedule_timeout(expires)) {
			err = -ETIMEDOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	return unqueue(&q) ? 0 : err;
}

static int futex_requeue(u32 __user *uaddr, bool shared, int nr_wake, u32 __user *uaddr2, int nr_requeue,
			 const u32 *cmp) __no_lock_analysis
{
	struct futex_key k1, k2;
	struct futex_bucket *b1, *b2;
	struct futex_q *q, *next;
	int n = 0, err = get_futex_key(uaddr, shared, &k1);
	u32 now;

	if (!err)
		err = get_futex_key(uaddr2, shared, &k2);
	if (err)
		return err;
	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	if (cmp) {
		if (get_user(now, uaddr))
			return -EFAULT;
		if (now != *cmp)
			return -EAGAIN;
	}
	b1 = bucket_of(&k1);
	b2 = bucket_of(&k2);
	/* Two buckets: by address. */
	spin_lock(b1 < b2 ? &b1->lock : &b2->lock);
	if (b1 != b2)
		spin_lock_nested(b1 < b2 ? &b2->lock : &b1->lock, true);
	for (q = TAILQ_FIRST(&b1->head); q; q = next) {
		next = TAILQ_NEXT(q, list);
		if (!key_equal(&q->key, &k1))
			continue;
		if (n < nr_wake) {
			wake_futex(b1, q);
		} else if (n - nr_wake < nr_requeue) {
			TAILQ_REMOVE(&b1->head, q, list);
			q->key = k2;
			WRITE_ONCE(q->bucket, b2);
			TAILQ_INSERT_TAIL(&b2->head, q, list);
		} else {
			break;
		}
		n++;
	}
	if (b1 != b2)
		spin_unlock(b1 < b2 ? &b2->lock : &b1->lock);
	spin_unlock(b1 < b2 ? &b1->lock : &b2->lock);
	return n;
}

long do_futex(u32 __user *uaddr, int op, u32 val, u64 expires, u32 __user *uaddr2, u32 val2, u32 val3)
{
	bool shared = !(op & FUTEX_PRIVATE_FLAG);

	switch (op & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, shared, val, expires, ~0u);
	case FUTEX_WAIT_BITSET:
		return futex_wait(uaddr, shared, val, expires, val3);
	case FUTEX_WAKE:
		return futex_wake(uaddr, shared, val, ~0u);
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, shared, val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(uaddr, shared, val, uaddr2, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(uaddr, shared, val, uaddr2, val2, &val3);
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

/* One lock of a dead owner: mark it, wake a waiter. Those of a @pi lock are exit_pi_state()'s. */
static void handle_futex_death(u64 uaddr, bool pi)
{
	u32 __user *word = (__force u32 __user *)uaddr;
	u32 old, seen;

	if (uaddr & 3 || get_user(old, word))
		return;
	for (; (old & FUTEX_TID_MASK) == (u32)current->pid; old = seen) {
		if (cmpxchg_user(word, old, (old & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen))
			return;
		if (seen == old) {
			if (!pi && (old & FUTEX_WAITERS))
				(void)!futex_wake(word, true, 1, ~0u);
			return;
		}
	}
}

void exit_robust_list(struct task_struct *p)
{
	struct robust_list_head head;
	u64 entry;
	bool pi;

	if (copy_from_user(&head, p->robust_list, sizeof(head)))
		return;
	pi = head.list & 1;
	entry = head.list & ~1UL;
	for (int n = 0; n < 2048 && entry != (__force u64)p->robust_list; n++) {
		u64 next;

		if (entry != (head.list_op_pending & ~1UL))
			handle_futex_death(entry + head.futex_offset, pi);
		if (get_user(next, (u64 __user *)entry))
			break;
		pi = next & 1;
		entry = next & ~1UL;
	}
	if (head.list_op_pending)
		handle_futex_death((head.list_op_pending & ~1UL) + head.futex_offset, head.list_op_pending & 1);
}
