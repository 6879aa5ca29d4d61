/* SPDX-License-Identifier: MIT */
/*
 * PI futexes: locks in user memory whose owner inherits the priority of who waits.
 *
 * User space takes a free lock by itself: 0 becomes its thread id. Only who finds it
 * taken comes here, and sets FUTEX_WAITERS, so that the owner comes here to unlock; it
 * hands the lock over, to the first waiter by priority. A state stands for each lock
 * that has waiters, and is known by its key.
 *
 * User memory is changed under rt_mutex_wait_lock by cmpxchg_user(), which fails where
 * a page is not there; it is brought in without the lock, and all is looked at again.
 *
 * Ref: Linux kernel/futex/pi.c, Documentation/locking/pi-futex.rst.
 */
#include "proc/futex_priv.h"

#include "lib/err.h"
#include "sched/rtmutex.h"
#include "vm/filemap.h"
#include "vm/slab.h"

struct pi_state {
	TAILQ_ENTRY(pi_state) list;	/* states */
	struct rt_mutex lock;		/* never without waiters but in between */
	struct futex_key key;
	bool shared;
};

static TAILQ_HEAD(, pi_state) states __guarded_by(rt_mutex_wait_lock) = TAILQ_HEAD_INITIALIZER(states);

static struct pi_state *find_state(const struct futex_key *key)
{
	struct pi_state *s;

	TAILQ_FOREACH(s, &states, list)
		if (key_equal(&s->key, key))
			return s;
	return NULL;
}

/* Nobody waits any more. */
static void free_state(struct pi_state *s)
{
	rt_mutex_set_owner(&s->lock, NULL);
	TAILQ_REMOVE(&states, s, list);
	kfree(s);
}

/* To the first waiter. Context: rt_mutex_wait_lock; the word tells of the new owner already. */
static void hand_over(struct pi_state *s)
{
	rt_mutex_hand_over(&s->lock);
	if (TAILQ_EMPTY(&s->lock.waiters))
		free_state(s);
}

/* What the word becomes when the first waiter of @s owns it. */
static u32 next_word(struct pi_state *s)
{
	struct rt_mutex_waiter *w = TAILQ_FIRST(&s->lock.waiters);

	return (u32)w->task->pid | (TAILQ_NEXT(w, list) ? FUTEX_WAITERS : 0);
}

/* @p, held by the caller or NULL, is who stands in the word. */
static void set_owner(struct pi_attempt *a, struct task_struct *p)
{
	if (a->owner)
		put_task_struct(a->owner);
	a->owner = p;
}

int futex_lock_pi_for(struct pi_attempt *a, struct task_struct *p, struct rt_mutex_waiter *w)
{
	u32 word, seen, new;
	struct pi_state *s;
	int err;

	if (get_user(word, a->uaddr))
		return -EFAULT;
	if ((word & FUTEX_TID_MASK) == (u32)p->pid)
		return -EDEADLK;
	s = find_state(&a->key);
	if (!(word & FUTEX_TID_MASK)) {
		if (s)
			return -EINVAL;		/* it has waiters, so an owner: the program wrote over it */
		new = (u32)p->pid | (word & FUTEX_OWNER_DIED);
		if (cmpxchg_user(a->uaddr, word, new, &seen))
			return -EFAULT;
		if (seen != word)
			return -EAGAIN;
		set_owner(a, get_task_struct(p));
		return 0;
	}
	if (!w)
		return PI_WAITS;
	if (!a->owner && word == a->word)
		return -ESRCH;			/* nobody will ever unlock it */
	if (!a->owner || (word & FUTEX_TID_MASK) != (u32)a->owner->pid)
		return -EAGAIN;
	if (s && s->lock.owner != a->owner)
		return -EINVAL;
	if (a->owner->flags & PF_KTHREAD)
		return -EPERM;
	if (a->owner->pi_exited)
		return -ESRCH;
	if (!(word & FUTEX_WAITERS)) {
		if (cmpxchg_user(a->uaddr, word, word | FUTEX_WAITERS, &seen))
			return -EFAULT;
		if (seen != word)
			return -EAGAIN;
	}
	if (!s) {
		s = a->spare;
		a->spare = NULL;
		s->key = a->key;
		s->shared = a->shared;
		rt_mutex_init(&s->lock, LOCK_NONE);
		TAILQ_INSERT_TAIL(&states, s, list);
		rt_mutex_set_owner(&s->lock, a->owner);
	}
	err = rt_mutex_start_wait(&s->lock, w, p);
	if (!err)
		return PI_WAITS;
	if (TAILQ_EMPTY(&s->lock.waiters))
		free_state(s);
	return err;
}

int futex_pi_attempts(struct pi_attempt *a, int (*attempt)(struct pi_attempt *a, void *arg), void *arg)
{
	int err = get_futex_key(a->uaddr, a->shared, &a->key);

	a->owner = NULL;
	a->spare = NULL;
	while (!err) {
		/* An attempt that is not the last may have used it, and others freed what it was used for. */
		if (!a->spare && !(a->spare = kzalloc(sizeof(*a->spare), GFP_KERNEL))) {
			err = -ENOMEM;
			break;
		}
		if (a->begun ? fatal_signal_pending(current) : signal_pending(current)) {
			err = -ERESTARTNOINTR;
			break;
		}
		a->word = 0;
		if (!get_user(a->word, a->uaddr) && (a->word & FUTEX_TID_MASK))
			set_owner(a, find_get_task_by_vpid(a->word & FUTEX_TID_MASK));
		err = attempt(a, arg);
		set_owner(a, NULL);
		if (err == -EFAULT)
			err = futex_fault_in(a->uaddr, true);
		else if (err == -EAGAIN)
			err = 0;
		else
			break;
	}
	kfree(a->spare);
	return err;
}

bool futex_pi_give_up(struct rt_mutex_waiter *w)
{
	bool waits;

	spin_lock(&rt_mutex_wait_lock);
	waits = !w->granted;
	if (waits) {
		struct pi_state *s = container_of(w->lock, struct pi_state, lock);

		rt_mutex_stop_wait(w);
		if (TAILQ_EMPTY(&s->lock.waiters))
			free_state(s);
	}
	spin_unlock(&rt_mutex_wait_lock);
	return waits;
}

static int lock_pi_attempt(struct pi_attempt *a, void *w)
{
	int ret;

	spin_lock(&rt_mutex_wait_lock);
	ret = futex_lock_pi_for(a, current, w);
	spin_unlock(&rt_mutex_wait_lock);
	return ret;
}

int futex_lock_pi(u32 __user *uaddr, bool shared, u64 expires, bool try)
{
	struct pi_attempt a = { .uaddr = uaddr, .shared = shared };
	struct rt_mutex_waiter w;
	int ret = futex_pi_attempts(&a, lock_pi_attempt, try ? NULL : &w);

	if (ret != PI_WAITS)
		return ret;
	if (try)
		return -EAGAIN;
	ret = rt_mutex_wait(&w, TASK_INTERRUPTIBLE, expires);
	return ret && futex_pi_give_up(&w) ? ret : 0;
}

int futex_unlock_pi(u32 __user *uaddr, bool shared)
{
	struct futex_key key;
	int err = get_futex_key(uaddr, shared, &key);

	while (!err) {
		struct pi_state *s;
		u32 word, seen;

		if (get_user(word, uaddr))
			return -EFAULT;
		if ((word & FUTEX_TID_MASK) != (u32)current->pid)
			return -EPERM;
		spin_lock(&rt_mutex_wait_lock);
		s = find_state(&key);
		if (s && s->lock.owner != current) {
			spin_unlock(&rt_mutex_wait_lock);
			return -EINVAL;
		}
		err = cmpxchg_user(uaddr, word, s ? next_word(s) : 0, &seen);
		if (!err && seen == word) {
			if (s)
				hand_over(s);
			spin_unlock(&rt_mutex_wait_lock);
			return 0;
		}
		spin_unlock(&rt_mutex_wait_lock);
		if (err)
			err = futex_fault_in(uaddr, true);
	}
	return err;
}

/* The word of a lock whose owner dies: to be found by its key, for the owner's own address is not known. */
static int write_dead_word(struct pi_state *s, u32 new)
{
	struct page *page;
	u32 seen;

	if (!s->shared || s->key.object == current->mm) {
		u32 __user *uaddr = (__force u32 __user *)s->key.offset;

		for (u32 old = current->pid | FUTEX_WAITERS; ; old = seen) {
			int err = cmpxchg_user(uaddr, old, new, &seen);

			if (err || seen == old)
				return err;
		}
	}
	page = find_get_page((struct address_space *)s->key.object, s->key.offset >> PAGE_SHIFT);
	if (page) {
		WRITE_ONCE(*(u32 *)((char *)page_address(page) + (s->key.offset & ~PAGE_MASK)), new);
		put_page(page);
	}
	return 0;
}

void exit_pi_state(struct task_struct *p)
{
	struct rt_mutex *m;
	int tries = 0;

	spin_lock(&rt_mutex_wait_lock);
	p->pi_exited = p->flags & PF_EXITING;	/* else it is exec */
	while ((m = TAILQ_FIRST(&p->pi_owned))) {
		struct pi_state *s = container_of(m, struct pi_state, lock);

		if (write_dead_word(s, next_word(s) | FUTEX_OWNER_DIED) && tries++ < 3) {
			u32 __user *uaddr = (__force u32 __user *)s->key.offset;

			spin_unlock(&rt_mutex_wait_lock);
			(void)!futex_fault_in(uaddr, true);
			spin_lock(&rt_mutex_wait_lock);
			continue;
		}
		hand_over(s);
	}
	spin_unlock(&rt_mutex_wait_lock);
}
