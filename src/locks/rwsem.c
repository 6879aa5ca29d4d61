/* SPDX-License-Identifier: MIT */
#include "locks/rwsem.h"

#include "locks/locks_priv.h"

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
