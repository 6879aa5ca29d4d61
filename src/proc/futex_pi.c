/* SPDX-License-Identifier: MIT */
/*
 * Priority inheritance: who waits for a lock lends its priority to the owner, and to
 * whom the owner waits for, so that nobody in between keeps the lock from getting free.
 *
 * User space takes a free lock by itself: 0 becomes its thread id. Only who finds it
 * taken comes here, and sets FUTEX_WAITERS, so that the owner comes here to unlock; it
 * hands the lock over, to the first waiter by priority. A state stands for each lock
 * that has waiters, and is known by its key.
 *
 * One lock guards all states: contended locks are few, a chain of owners crosses many.
 * User memory is changed under it by cmpxchg_user(), which fails where a page is not
 * there; it is brought in without the lock, and all is looked at again.
 *
 * Ref: Linux kernel/futex/pi.c, Documentation/locking/pi-futex.rst.
 */
#include "proc/futex_priv.h"

#include "lib/err.h"
#include "sched/upcall.h"
#include "vm/filemap.h"
#include "vm/slab.h"

struct pi_waiter {
	TAILQ_ENTRY(pi_waiter) list;	/* state->waiters, highest priority first */
	struct task_struct *task;
	struct pi_state *state;
	bool granted;			/* pi_futex_lock; read by the waiter with acquire */
};

struct pi_state {
	TAILQ_ENTRY(pi_state) list;	/* states */
	TAILQ_ENTRY(pi_state) owned;	/* owner->pi_owned */
	struct futex_key key;
	bool shared;
	struct task_struct *owner;
	TAILQ_HEAD(, pi_waiter) waiters; /* never empty but in between */
};

static DEFINE_SPINLOCK(pi_futex_lock, LOCK_FUTEX);
static TAILQ_HEAD(, pi_state) states __guarded_by(pi_futex_lock) = TAILQ_HEAD_INITIALIZER(states);

static struct pi_state *find_state(const struct futex_key *key)
{
	struct pi_state *s;

	TAILQ_FOREACH(s, &states, list)
		if (key_equal(&s->key, key))
			return s;
	return NULL;
}

/* Deadlines come into it only between deadline tasks. */
static bool before(const struct task_struct *a, const struct task_struct *b)
{
	return a->prio < b->prio || (a->prio < 0 && b->prio < 0 && (s64)(a->dl.deadline - b->dl.deadline) < 0);
}

static void queue_waiter(struct pi_state *s, struct pi_waiter *w)
{
	struct pi_waiter *at;

	TAILQ_FOREACH(at, &s->waiters, list)
		if (before(w->task, at->task)) {
			TAILQ_INSERT_BEFORE(at, w, list);
			return;
		}
	TAILQ_INSERT_TAIL(&s->waiters, w, list);
}

/* @p's priority follows from who waits for its locks; so does that of whom it waits for, and so on. */
static void adjust_chain(struct task_struct *p)
{
	for (int depth = 0; p && depth < 1024; depth++) {
		struct task_struct *top = NULL;
		struct pi_state *s;
		struct pi_waiter *w;

		TAILQ_FOREACH(s, &p->pi_owned, owned) {
			w = TAILQ_FIRST(&s->waiters);
			if (w && (!top || before(w->task, top)))
				top = w->task;
		}
		rt_mutex_setprio(p, top);
		w = p->pi_blocked_on;
		if (!w)
			return;
		TAILQ_REMOVE(&w->state->waiters, w, list);
		queue_waiter(w->state, w);
		p = w->state->owner;
	}
}

void proc_on_prio_change(struct task_struct *p)
{
	spin_lock(&pi_futex_lock);
	adjust_chain(p);
	spin_unlock(&pi_futex_lock);
}

/* Would waiting for @owner be waiting for ourselves? */
static bool deadlock(struct task_struct *owner)
{
	while (owner != current) {
		if (!owner->pi_blocked_on)
			return false;
		owner = owner->pi_blocked_on->state->owner;
	}
	return true;
}

static void set_owner(struct pi_state *s, struct task_struct *p)
{
	if (s->owner)
		TAILQ_REMOVE(&s->owner->pi_owned, s, owned);
	s->owner = p;
	if (p)
		TAILQ_INSERT_TAIL(&p->pi_owned, s, owned);
}

/* Nobody waits any more. */
static void free_state(struct pi_state *s)
{
	set_owner(s, NULL);
	TAILQ_REMOVE(&states, s, list);
	kfree(s);
}

/* @w waits no more, whether it was given the lock or gave up. Context: pi_futex_lock. */
static void leave_queue(struct pi_waiter *w)
{
	struct pi_state *s = w->state;

	TAILQ_REMOVE(&s->waiters, w, list);
	w->task->pi_blocked_on = NULL;
	w->state = NULL;
}

/* To the first waiter. Context: pi_futex_lock; the word tells of the new owner already. */
static void hand_over(struct pi_state *s)
{
	struct pi_waiter *w = TAILQ_FIRST(&s->waiters);
	struct task_struct *old = s->owner, *new = get_task_struct(w->task);

	leave_queue(w);
	if (TAILQ_EMPTY(&s->waiters))
		free_state(s);
	else
		set_owner(s, new);
	adjust_chain(new);
	smp_store_release(&w->granted, true);	/* @w is gone after this */
	wake_up_state(new, TASK_NORMAL);
	put_task_struct(new);
	adjust_chain(old);
}

/* What the word becomes when the first waiter of @s owns it. */
static u32 next_word(struct pi_state *s)
{
	struct pi_waiter *w = TAILQ_FIRST(&s->waiters);

	return (u32)w->task->pid | (TAILQ_NEXT(w, list) ? FUTEX_WAITERS : 0);
}

static int fault_in(u32 __user *uaddr)
{
	struct page *page;

	down_read(&current->mm->mmap_lock);
	page = get_user_page(current->mm, (__force unsigned long)uaddr, true);
	up_read(&current->mm->mmap_lock);
	if (IS_ERR(page))
		return -EFAULT;
	put_page(page);
	return 0;
}

/*
 * One attempt under the lock. Return: 0: it is ours; 1: @w is queued; 2: it is taken, and @try; -EFAULT: the
 * page is to be brought in; -EAGAIN: the word, or @owner, who stands in it, has changed; an error.
 */
static int lock_pi_locked(u32 __user *uaddr, const struct futex_key *key, bool shared, bool try, struct pi_waiter *w,
			  struct task_struct *owner, struct pi_state **spare)
{
	u32 word, seen, new;
	struct pi_state *s;

	if (get_user(word, uaddr))
		return -EFAULT;
	if ((word & FUTEX_TID_MASK) == (u32)current->pid)
		return -EDEADLK;
	s = find_state(key);
	if (!(word & FUTEX_TID_MASK)) {
		if (s)
			return -EINVAL;		/* it has waiters, so an owner: the program wrote over it */
		new = (u32)current->pid | (word & FUTEX_OWNER_DIED);
		if (cmpxchg_user(uaddr, word, new, &seen))
			return -EFAULT;
		return seen == word ? 0 : -EAGAIN;
	}
	if (try)
		return 2;
	if (!owner || (word & FUTEX_TID_MASK) != (u32)owner->pid)
		return -EAGAIN;
	if (s && s->owner != owner)
		return -EINVAL;
	if (owner->flags & PF_KTHREAD)
		return -EPERM;
	if (owner->pi_exited)
		return -ESRCH;
	if (deadlock(owner))
		return -EDEADLK;
	if (!(word & FUTEX_WAITERS)) {
		if (cmpxchg_user(uaddr, word, word | FUTEX_WAITERS, &seen))
			return -EFAULT;
		if (seen != word)
			return -EAGAIN;
	}
	if (!s) {
		s = *spare;
		*spare = NULL;
		s->key = *key;
		s->shared = shared;
		TAILQ_INIT(&s->waiters);
		TAILQ_INSERT_TAIL(&states, s, list);
		set_owner(s, owner);
	}
	w->state = s;
	current->pi_blocked_on = w;
	queue_waiter(s, w);
	adjust_chain(owner);
	return 1;
}

static int wait_for_grant(struct pi_waiter *w, u64 expires)
{
	int err = 0;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (smp_load_acquire(&w->granted))
			break;
		if (signal_pending(current)) {
			err = -ERESTARTNOINTR;
			break;
		}
		if (!schedule_timeout(expires)) {
			err = -ETIMEDOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	if (!err)
		return 0;
	spin_lock(&pi_futex_lock);
	if (w->granted) {
		err = 0;
	} else {
		struct pi_state *s = w->state;
		struct task_struct *owner = s->owner;

		leave_queue(w);
		if (TAILQ_EMPTY(&s->waiters))
			free_state(s);
		adjust_chain(owner);
	}
	spin_unlock(&pi_futex_lock);
	return err;
}

int futex_lock_pi(u32 __user *uaddr, bool shared, u64 expires, bool try)
{
	struct pi_waiter w = { .task = current };
	struct futex_key key;
	struct pi_state *spare = kzalloc(sizeof(*spare), GFP_KERNEL);
	int err = get_futex_key(uaddr, shared, &key);

	if (!err && !spare)
		err = -ENOMEM;
	while (!err) {
		struct task_struct *owner = NULL;
		u32 word = 0;

		if (signal_pending(current)) {
			err = -ERESTARTNOINTR;
			break;
		}
		if (!get_user(word, uaddr) && (word & FUTEX_TID_MASK)) {
			owner = find_get_task_by_vpid(word & FUTEX_TID_MASK);
			if (!owner && !try) {
				u32 again;

				/* Unless it has changed since, nobody will ever unlock it. */
				err = get_user(again, uaddr) ? -EFAULT : again == word ? -ESRCH : 0;
				continue;
			}
		}
		spin_lock(&pi_futex_lock);
		err = lock_pi_locked(uaddr, &key, shared, try, &w, owner, &spare);
		spin_unlock(&pi_futex_lock);
		if (owner)
			put_task_struct(owner);
		if (err == -EFAULT)
			err = fault_in(uaddr);
		else if (err == -EAGAIN)
			err = 0;
		else
			break;
	}
	kfree(spare);
	return err == 1 ? wait_for_grant(&w, expires) : err == 2 ? -EAGAIN : err;
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
		spin_lock(&pi_futex_lock);
		s = find_state(&key);
		if (s && s->owner != current) {
			spin_unlock(&pi_futex_lock);
			return -EINVAL;
		}
		err = cmpxchg_user(uaddr, word, s ? next_word(s) : 0, &seen);
		if (!err && seen == word) {
			if (s)
				hand_over(s);
			spin_unlock(&pi_futex_lock);
			return 0;
		}
		spin_unlock(&pi_futex_lock);
		if (err)
			err = fault_in(uaddr);
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
	struct pi_state *s;
	int tries = 0;

	spin_lock(&pi_futex_lock);
	p->pi_exited = p->flags & PF_EXITING;	/* else it is exec */
	while ((s = TAILQ_FIRST(&p->pi_owned))) {
		if (write_dead_word(s, next_word(s) | FUTEX_OWNER_DIED) && tries++ < 3) {
			u32 __user *uaddr = (__force u32 __user *)s->key.offset;

			spin_unlock(&pi_futex_lock);
			(void)!fault_in(uaddr);
			spin_lock(&pi_futex_lock);
			continue;
		}
		hand_over(s);
	}
	spin_unlock(&pi_futex_lock);
}
