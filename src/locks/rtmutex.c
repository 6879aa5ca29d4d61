/* SPDX-License-Identifier: MIT */
#include "locks/rtmutex.h"

#include "lib/err.h"
#include "locks/locks_priv.h"
#include "sched/policy.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "sched/upcall.h"

DEFINE_SPINLOCK(rt_mutex_wait_lock, LOCK_RT_MUTEX);

/* Deadlines come into it only between deadline tasks. */
static bool before(const struct task_struct *a, const struct task_struct *b)
{
	return a->prio < b->prio || (a->prio < 0 && b->prio < 0 && (s64)(a->dl.deadline - b->dl.deadline) < 0);
}

static void queue_waiter(struct rt_mutex *m, struct rt_mutex_waiter *w)
{
	struct rt_mutex_waiter *at = TAILQ_LAST(&m->waiters, rt_mutex_waiters);

	/* From the end: a crowd of one priority takes no longer to queue than one does. */
	while (at && before(w->task, at->task))
		at = TAILQ_PREV(at, rt_mutex_waiters, list);
	if (at)
		TAILQ_INSERT_AFTER(&m->waiters, at, w, list);
	else
		TAILQ_INSERT_HEAD(&m->waiters, w, list);
}

/* @p's priority follows from the waiters for its locks; so does that of the owner of the lock that @p waits for, and so on. */
static void adjust_chain(struct task_struct *p)
{
	for (int depth = 0; p && depth < 1024; depth++) {
		struct task_struct *top = NULL;
		struct rt_mutex_waiter *w;
		struct rt_mutex *m;

		TAILQ_FOREACH(m, &p->pi_owned, owned) {
			w = TAILQ_FIRST(&m->waiters);
			if (w && (!top || before(w->task, top)))
				top = w->task;
		}
		rt_mutex_setprio(p, top);
		w = p->pi_blocked_on;
		if (!w)
			return;
		TAILQ_REMOVE(&w->lock->waiters, w, list);
		queue_waiter(w->lock, w);
		p = w->lock->owner;
	}
}

void rt_mutex_adjust_pi(struct task_struct *p)
{
	spin_lock(&rt_mutex_wait_lock);
	adjust_chain(p);
	spin_unlock(&rt_mutex_wait_lock);
}

/* A longer chain of owners is refused, as if it closed: all of it is walked under the lock. */
#define MAX_LOCK_DEPTH 1024

/* Would @p, waiting for @owner, wait for itself? */
static bool deadlock(const struct task_struct *owner, const struct task_struct *p)
{
	for (int depth = 0; owner != p && depth < MAX_LOCK_DEPTH; depth++) {
		if (!owner->pi_blocked_on)
			return false;
		owner = owner->pi_blocked_on->lock->owner;
	}
	return true;
}

void rt_mutex_set_owner(struct rt_mutex *m, struct task_struct *p)
{
	lockdep_assert_held(&rt_mutex_wait_lock);
	if (m->owner)
		TAILQ_REMOVE(&m->owner->pi_owned, m, owned);
	m->owner = p;
	if (p)
		TAILQ_INSERT_TAIL(&p->pi_owned, m, owned);
}

int rt_mutex_start_wait(struct rt_mutex *m, struct rt_mutex_waiter *w, struct task_struct *p)
{
	lockdep_assert_held(&rt_mutex_wait_lock);
	if (deadlock(m->owner, p))
		return -EDEADLK;
	*w = (struct rt_mutex_waiter){ .task = p, .lock = m };
	p->pi_blocked_on = w;
	queue_waiter(m, w);
	adjust_chain(m->owner);
	return 0;
}

int rt_mutex_wait(struct rt_mutex_waiter *w, unsigned int state, u64 expires)
{
	int err = 0;

	for (;;) {
		set_current_state(state);
		if (smp_load_acquire(&w->granted))
			break;
		if (signal_pending_state(state, current)) {
			err = -ERESTARTNOINTR;
			break;
		}
		if (!schedule_timeout(expires)) {
			err = -ETIMEDOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	return err;
}

static void leave_queue(struct rt_mutex_waiter *w)
{
	TAILQ_REMOVE(&w->lock->waiters, w, list);
	w->task->pi_blocked_on = NULL;
	w->lock = NULL;
}

void rt_mutex_stop_wait(struct rt_mutex_waiter *w)
{
	struct task_struct *owner = w->lock->owner;

	lockdep_assert_held(&rt_mutex_wait_lock);
	leave_queue(w);
	adjust_chain(owner);
}

void rt_mutex_grant(struct rt_mutex_waiter *w)
{
	struct task_struct *p = get_task_struct(w->task);

	lockdep_assert_held(&rt_mutex_wait_lock);
	smp_store_release(&w->granted, true);	/* @w is gone after this */
	wake_up_state(p, TASK_NORMAL);
	put_task_struct(p);
}

void rt_mutex_hand_over(struct rt_mutex *m)
{
	struct rt_mutex_waiter *w = TAILQ_FIRST(&m->waiters);
	struct task_struct *old = m->owner, *new = w->task;

	lockdep_assert_held(&rt_mutex_wait_lock);
	leave_queue(w);
	rt_mutex_set_owner(m, new);
	adjust_chain(new);
	rt_mutex_grant(w);
	adjust_chain(old);
}

void rt_mutex_init(struct rt_mutex *m, enum lock_class class)
{
	*m = (struct rt_mutex){ .class = class };
	TAILQ_INIT(&m->waiters);
}

bool rt_mutex_trylock(struct rt_mutex *m)
{
	bool ok;

	spin_lock(&rt_mutex_wait_lock);
	ok = !m->owner;
	if (ok) {
		sleeping_lock_acquire(m, LOCKDEP_NESTED);
		rt_mutex_set_owner(m, current);
	}
	spin_unlock(&rt_mutex_wait_lock);
	return ok;
}

void rt_mutex_lock(struct rt_mutex *m)
{
	struct rt_mutex_waiter w;

	might_sleep();
	sleeping_lock_acquire(m, 0);
	spin_lock(&rt_mutex_wait_lock);
	if (!m->owner) {
		rt_mutex_set_owner(m, current);
		spin_unlock(&rt_mutex_wait_lock);
		return;
	}
	BUG_ON(rt_mutex_start_wait(m, &w, current));
	spin_unlock(&rt_mutex_wait_lock);
	(void)rt_mutex_wait(&w, TASK_UNINTERRUPTIBLE, KTIME_MAX);
}

void rt_mutex_unlock(struct rt_mutex *m)
{
	BUG_ON(m->owner != current);
	sleeping_lock_release(m);
	spin_lock(&rt_mutex_wait_lock);
	if (TAILQ_EMPTY(&m->waiters))
		rt_mutex_set_owner(m, NULL);
	else
		rt_mutex_hand_over(m);
	spin_unlock(&rt_mutex_wait_lock);
}
