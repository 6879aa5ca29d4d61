/* SPDX-License-Identifier: MIT */
/*
 * Mutexes. The first task in line does not sleep while the owner runs: two switches cost more than most critical sections.
 */
#include "locks/mutex.h"

#include "lib/err.h"
#include "locks/locks_priv.h"
#include "sched/rq.h"

static void set_owner(mutex_t *m, struct task_struct *p)
{
	m->owner = p;
	WRITE_ONCE(m->owner_cpu, p ? task_cpu(p) : 0);
}

void mutex_init(mutex_t *m, enum lock_class class)
{
	spin_lock_init(&m->wait_lock, LOCK_RWSEM);
	set_owner(m, NULL);
	m->class = class;
	TAILQ_INIT(&m->waiters);
}

/*
 * The owner is not dereferenced: it may let go and be gone at any time. If the owner is the current task, the lock is being
 * handed to it, and owner_cpu may still be that of the last owner.
 */
static bool owner_runs(const mutex_t *m)
{
	const struct task_struct *owner = READ_ONCE(m->owner);

	return owner && (owner == current || READ_ONCE(cpu_rq(READ_ONCE(m->owner_cpu))->curr) == owner);
}

static void mutex_spin_on_owner(mutex_t *m, struct lock_waiter *w)
{
	while (!READ_ONCE(w->granted) && owner_runs(m) && !test_thread_flag(TIF_NEED_RESCHED))
		cpu_relax();
}

void mutex_lock(mutex_t *m) __no_lock_analysis
{
	struct lock_waiter w = { .task = current, .write = true };
	bool first;

	might_sleep();
	sleeping_lock_acquire(m, 0);
	spin_lock(&m->wait_lock);
	DEBUG_BUG_ON(m->owner == current);
	if (!m->owner) {
		set_owner(m, current);
		spin_unlock(&m->wait_lock);
		return;
	}
	first = TAILQ_EMPTY(&m->waiters);
	TAILQ_INSERT_TAIL(&m->waiters, &w, list);
	spin_unlock(&m->wait_lock);
	if (first)
		mutex_spin_on_owner(m, &w);
	wait_granted(&w);
}

int mutex_lock_interruptible(mutex_t *m) __no_lock_analysis
{
	struct lock_waiter w = { .task = current, .write = true };

	might_sleep();
	sleeping_lock_acquire(m, 0);
	spin_lock(&m->wait_lock);
	if (!m->owner) {
		set_owner(m, current);
		spin_unlock(&m->wait_lock);
		return 0;
	}
	TAILQ_INSERT_TAIL(&m->waiters, &w, list);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (w.granted)
			break;
		if (signal_pending(current)) {
			TAILQ_REMOVE(&m->waiters, &w, list);
			spin_unlock(&m->wait_lock);
			__set_current_state(TASK_RUNNING);
			sleeping_lock_release(m);
			return -ERESTARTSYS;
		}
		spin_unlock(&m->wait_lock);
		schedule();
		spin_lock(&m->wait_lock);
	}
	spin_unlock(&m->wait_lock);
	__set_current_state(TASK_RUNNING);
	return 0;
}

void mutex_unlock(mutex_t *m) __no_lock_analysis
{
	struct lock_waiter *w;

	spin_lock(&m->wait_lock);
	BUG_ON(m->owner != current);
	sleeping_lock_release(m);
	w = TAILQ_FIRST(&m->waiters);
	set_owner(m, w ? w->task : NULL);
	if (w) {
		TAILQ_REMOVE(&m->waiters, w, list);
		grant(w);
	}
	spin_unlock(&m->wait_lock);
}
