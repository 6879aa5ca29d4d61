/* SPDX-License-Identifier: MIT */
/*
 * Sleeping locks: mutex and reader/writer semaphore, first come, first served.
 * An unlock hands the lock to the next in line before it wakes it, so nobody
 * can overtake. Who is first in line for a mutex does not sleep while the owner runs:
 * two switches cost more than most critical sections.
 */
#include "sched/rq.h"
#include "sched/sched.h"
#include "sched/wait.h"
#include "smp/upcall.h"

#if CONFIG_DEBUG
bool task_holds_lock(const void *lock, bool write)
{
	return held_locks_have(&current->held_locks, lock, write);
}
#endif

struct lock_waiter {
	TAILQ_ENTRY(lock_waiter) list;
	struct task_struct *task;
	bool write;
	bool granted;	/* written under wait_lock, with release; the waiter's stack is its own then */
};

static void grant(struct lock_waiter *w)
{
	struct task_struct *p = w->task;

	get_task_struct(p);
	smp_store_release(&w->granted, true);	/* pairs with wait_granted() */
	wake_up_state(p, TASK_NORMAL);
	put_task_struct(p);
}

static void wait_granted(struct lock_waiter *w)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (smp_load_acquire(&w->granted))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

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
 * The owner is not dereferenced: it may let go and be gone at any time. If it is we, the lock is being handed to us, and
 * owner_cpu may still be who handed it over's.
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

void init_rwsem(struct rw_semaphore *s, enum lock_class class)
{
	spin_lock_init(&s->wait_lock, LOCK_RWSEM);
	s->count = 0;
	s->class = class;
	TAILQ_INIT(&s->waiters);
}

static bool rwsem_try(struct rw_semaphore *s, bool write) __must_hold(s->wait_lock)
{
	if (write ? s->count != 0 : s->count < 0)
		return false;
	s->count = write ? -1 : s->count + 1;
	return true;
}

static void rwsem_down(struct rw_semaphore *s, bool write, u32 how) __no_lock_analysis
{
	struct lock_waiter w = { .task = current, .write = write };

	might_sleep();
	sleeping_lock_acquire(s, how);
	spin_lock(&s->wait_lock);
	if (TAILQ_EMPTY(&s->waiters) && rwsem_try(s, write)) {
		spin_unlock(&s->wait_lock);
		return;
	}
	TAILQ_INSERT_TAIL(&s->waiters, &w, list);
	spin_unlock(&s->wait_lock);
	wait_granted(&w);
}

static void rwsem_wake(struct rw_semaphore *s) __must_hold(s->wait_lock)
{
	struct lock_waiter *w;

	while ((w = TAILQ_FIRST(&s->waiters)) && rwsem_try(s, w->write)) {
		TAILQ_REMOVE(&s->waiters, w, list);
		grant(w);
	}
}

void down_read(struct rw_semaphore *s) __no_lock_analysis
{
	rwsem_down(s, false, LOCKDEP_READ);
}

void down_write(struct rw_semaphore *s) __no_lock_analysis
{
	rwsem_down(s, true, 0);
}

void down_write_nested(struct rw_semaphore *s) __no_lock_analysis
{
	rwsem_down(s, true, LOCKDEP_NESTED);
}

bool down_read_trylock(struct rw_semaphore *s)
{
	bool ok;

	spin_lock(&s->wait_lock);
	ok = TAILQ_EMPTY(&s->waiters) && rwsem_try(s, false);
	spin_unlock(&s->wait_lock);
	if (ok)
		sleeping_lock_acquire(s, LOCKDEP_NESTED | LOCKDEP_READ);
	return ok;
}

void up_read(struct rw_semaphore *s) __no_lock_analysis
{
	sleeping_lock_release(s);
	spin_lock(&s->wait_lock);
	BUG_ON(s->count <= 0);
	s->count--;
	rwsem_wake(s);
	spin_unlock(&s->wait_lock);
}

void up_write(struct rw_semaphore *s) __no_lock_analysis
{
	sleeping_lock_release(s);
	spin_lock(&s->wait_lock);
	BUG_ON(s->count != -1);
	s->count = 0;
	rwsem_wake(s);
	spin_unlock(&s->wait_lock);
}
