/* SPDX-License-Identifier: MIT */
/*
 * PI futexes: locks in user memory whose owner inherits the priority of the tasks that wait.
 *
 * User space takes a free lock by itself: 0 becomes its thread id. A thread that finds it
 * taken comes here, and sets FUTEX_WAITERS, so that the owner comes here to unlock; the
 * owner hands the lock over, to the first waiter by priority. A pi_state stands for each
 * lock that has waiters, and is found by its key.
 *
 * User memory is changed under rt_mutex_wait_lock by cmpxchg_user(), which fails where
 * a page is not there; it is brought in without the lock, and all is looked at again.
 * It is changed by tasks that called for it themselves, at the address that they gave.
 *
 * An owner may die with the lock. It need not even have the word in its address space,
 * for a word can name any thread. The lock is then handed over in the kernel, "unclean",
 * and its new owner writes the word on its way out. Until then the pi_state stays, even
 * without waiters, and a thread that comes meanwhile queues, whatever the word says.
 *
 *   owner dies             first waiter                     another one
 *   exit_pi_state():       sleeps                           futex_lock_pi_for():
 *     hand over, unclean   wakes: futex_pi_take_over():       unclean: queue
 *                            word = us | OWNER_DIED | WAITERS?
 *                            clean
 *
 * Ref: Linux kernel/futex/pi.c, Documentation/locking/pi-futex.rst.
 */
#include "futex/futex_priv.h"

#include "lib/err.h"
#include "locks/rtmutex.h"
#include "task/pid.h"
#include "vm/mm.h"
#include "vm/slab.h"
#include "vm/uaccess.h"

struct pi_state {
	LIST_ENTRY(pi_state) hash;	/* states */
	struct rt_mutex lock;		/* never without waiters but in between, or unclean */
	struct futex_key key;
	bool unclean;			/* the owner has yet to write the word */
};

#define STATE_BITS 6
static LIST_HEAD(pi_states, pi_state) states[1 << STATE_BITS] __guarded_by(rt_mutex_wait_lock);

static struct pi_states *states_of(const struct futex_key *key)
{
	return &states[futex_key_hash(key) >> (64 - STATE_BITS)];
}

static struct pi_state *find_state(const struct futex_key *key)
{
	struct pi_state *s;

	LIST_FOREACH(s, states_of(key), hash)
		if (key_equal(&s->key, key))
			return s;
	return NULL;
}

/* A new one, from @a's spare, for the lock that @a->owner has. */
static struct pi_state *begin_state(struct pi_attempt *a)
{
	struct pi_state *s = a->spare;

	a->spare = NULL;
	s->key = a->key;
	rt_mutex_init(&s->lock, LOCK_NONE);
	rt_mutex_set_owner(&s->lock, a->owner);
	LIST_INSERT_HEAD(states_of(&s->key), s, hash);
	return s;
}

/* @s is freed if no task waits for its lock any more. */
static void end_state(struct pi_state *s)
{
	if (!TAILQ_EMPTY(&s->lock.waiters) || s->unclean)
		return;
	rt_mutex_set_owner(&s->lock, NULL);
	LIST_REMOVE(s, hash);
	kfree(s);
}

/* The first waiter of @s has the lock. Context: rt_mutex_wait_lock; the word names the new owner already, unless @unclean. */
static void hand_over(struct pi_state *s, bool unclean)
{
	s->unclean = TAILQ_FIRST(&s->lock.waiters)->unclean = unclean;
	rt_mutex_hand_over(&s->lock);
	end_state(s);
}

/* The word becomes @new if it is @old. Return: 0, -EAGAIN: it is not; -EFAULT. */
static int change_word(const struct futex_key *key, u32 __user *uaddr, u32 old, u32 new)
{
	u32 seen;

	DEBUG_BUG_ON(!(key->object & 1) && key->object != current->mm->id << 1);	/* never in another's memory */
	if (cmpxchg_user(uaddr, old, new, &seen))
		return -EFAULT;
	return seen == old ? 0 : -EAGAIN;
}

/* The word that says that the first waiter of @s owns the lock. */
static u32 next_word(struct pi_state *s)
{
	struct rt_mutex_waiter *w = TAILQ_FIRST(&s->lock.waiters);

	return (u32)w->task->pid | (TAILQ_NEXT(w, list) ? FUTEX_WAITERS : 0);
}

/* @p is the task whose number is in the word; the caller's reference becomes @a's. NULL: there is none. */
static void set_owner(struct pi_attempt *a, struct task_struct *p)
{
	if (a->owner)
		put_task_struct(a->owner);
	a->owner = p;
}

static int start_wait(struct pi_state *s, struct rt_mutex_waiter *w, struct task_struct *p)
{
	int err = rt_mutex_start_wait(&s->lock, w, p);

	if (!err)
		return PI_WAITS;
	end_state(s);
	return err;
}

int futex_lock_pi_for(struct pi_attempt *a, struct task_struct *p, struct rt_mutex_waiter *w)
{
	struct pi_state *s;
	u32 word;
	int err;

	lockdep_assert_held(&rt_mutex_wait_lock);
	if (get_user(word, a->uaddr))
		return -EFAULT;
	s = find_state(&a->key);
	if (s && s->unclean)
		return w ? start_wait(s, w, p) : PI_WAITS;
	if ((word & FUTEX_TID_MASK) == (u32)p->pid)
		return -EDEADLK;
	if (!(word & FUTEX_TID_MASK)) {
		if (s)
			return -EINVAL;		/* it has waiters, so an owner: the program wrote over it */
		return change_word(&a->key, a->uaddr, word, (u32)p->pid | (word & FUTEX_OWNER_DIED));
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
	/* The word is written even if it has the bit: a task that may not write it may not wait for the lock. */
	err = change_word(&a->key, a->uaddr, word, word | FUTEX_WAITERS);
	return err ? err : start_wait(s ? s : begin_state(a), w, p);
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

/* The word that we were to write for the lock of @key cannot be written: the next one tries, if there is one. */
static void pass_on(const struct futex_key *key)
{
	struct pi_state *s;

	spin_lock(&rt_mutex_wait_lock);
	s = find_state(key);
	if (TAILQ_EMPTY(&s->lock.waiters)) {
		s->unclean = false;
		end_state(s);
	} else {
		hand_over(s, true);
	}
	spin_unlock(&rt_mutex_wait_lock);
}

bool futex_pi_give_up(struct rt_mutex_waiter *w)
{
	bool waits;

	spin_lock(&rt_mutex_wait_lock);
	waits = !w->granted;
	if (waits) {
		struct pi_state *s = container_of(w->lock, struct pi_state, lock);

		rt_mutex_stop_wait(w);
		end_state(s);
	}
	spin_unlock(&rt_mutex_wait_lock);
	return waits;
}

int futex_pi_take_over(const struct futex_key *key, u32 __user *uaddr, const struct rt_mutex_waiter *w)
{
	int err = -EAGAIN;

	if (likely(!w->unclean))
		return 0;
	while (err == -EAGAIN) {
		struct pi_state *s;
		u32 word, new;

		spin_lock(&rt_mutex_wait_lock);
		s = find_state(key);
		BUG_ON(!s || !s->unclean || s->lock.owner != current);
		new = (u32)current->pid | FUTEX_OWNER_DIED | (TAILQ_EMPTY(&s->lock.waiters) ? 0 : FUTEX_WAITERS);
		err = get_user(word, uaddr) ? -EFAULT : change_word(key, uaddr, word, new);
		if (!err) {
			s->unclean = false;
			end_state(s);
		}
		spin_unlock(&rt_mutex_wait_lock);
		if (err == -EFAULT && !futex_fault_in(uaddr, true))
			err = -EAGAIN;
	}
	if (err)
		pass_on(key);
	return err;
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
	return ret && futex_pi_give_up(&w) ? ret : futex_pi_take_over(&a.key, uaddr, &w);
}

int futex_unlock_pi(u32 __user *uaddr, bool shared)
{
	struct futex_key key;
	int err = get_futex_key(uaddr, shared, &key);

	while (!err || err == -EAGAIN) {
		struct pi_state *s;
		u32 word;

		if (get_user(word, uaddr))
			return -EFAULT;
		if ((word & FUTEX_TID_MASK) != (u32)current->pid)
			return -EPERM;
		spin_lock(&rt_mutex_wait_lock);
		s = find_state(&key);
		err = s && s->lock.owner != current ? -EINVAL : change_word(&key, uaddr, word, s ? next_word(s) : 0);
		if (!err && s)
			hand_over(s, false);
		spin_unlock(&rt_mutex_wait_lock);
		if (!err)
			break;
		if (err == -EFAULT)
			err = futex_fault_in(uaddr, true);
	}
	return err;
}

void exit_pi_state(struct task_struct *p)
{
	struct rt_mutex *m;

	spin_lock(&rt_mutex_wait_lock);
	p->pi_exited = p->flags & PF_EXITING;	/* not when execve() calls us */
	while ((m = TAILQ_FIRST(&p->pi_owned))) {
		hand_over(container_of(m, struct pi_state, lock), true);
		/* There may be many: the lock is dropped in between, for others that wait for it. */
		spin_unlock(&rt_mutex_wait_lock);
		spin_lock(&rt_mutex_wait_lock);
	}
	spin_unlock(&rt_mutex_wait_lock);
}
