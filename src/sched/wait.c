/* SPDX-License-Identifier: MIT */
#include "sched/wait.h"

#include "sched/sched.h"

void init_waitqueue_head(struct wait_queue_head *wq)
{
	spin_lock_init(&wq->lock, LOCK_WAITQUEUE);
	TAILQ_INIT(&wq->head);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *w, unsigned int state)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	if (!w->queued) {
		/* Exclusive waiters go last, so that a wake-up meets all others first. */
		if (w->exclusive)
			TAILQ_INSERT_TAIL(&wq->head, w, entry);
		else
			TAILQ_INSERT_HEAD(&wq->head, w, entry);
		w->queued = true;
	}
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *w)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&wq->lock, flags);
	if (w->queued)
		TAILQ_REMOVE(&wq->head, w, entry);
	w->queued = false;
	spin_unlock_irqrestore(&wq->lock, flags);
}

#define WAITQUEUE_WALK_BREAK_CNT 64

/* From @mark on, or from the first if it is not queued. Return: is there more, and @mark put before it (NULL: never)? */
static bool wake_up_locked(struct wait_queue_head *wq, unsigned int state, int *nr, struct wait_queue_entry *mark)
	__must_hold(wq->lock)
{
	struct wait_queue_entry *w = TAILQ_FIRST(&wq->head), *next;
	int walked = 0;

	if (mark && mark->queued) {
		w = TAILQ_NEXT(mark, entry);
		TAILQ_REMOVE(&wq->head, mark, entry);
		mark->queued = false;
	}
	for (; w; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (!w->task)
			continue;
		if (wake_up_state(w->task, state) && w->exclusive && *nr && !--*nr)
			return false;
		if (mark && next && ++walked == WAITQUEUE_WALK_BREAK_CNT) {
			TAILQ_INSERT_BEFORE(next, mark, entry);
			mark->queued = true;
			return true;
		}
	}
	return false;
}

void __wake_up(struct wait_queue_head *wq, unsigned int state, int nr)
{
	struct wait_queue_entry mark = { 0 };
	unsigned long flags;
	bool more;

	do {
		spin_lock_irqsave(&wq->lock, flags);
		more = wake_up_locked(wq, state, &nr, &mark);
		spin_unlock_irqrestore(&wq->lock, flags);
	} while (more);
}

void wake_q_add(struct wake_q_head *q, struct task_struct *p)
{
	struct task_struct *none = NULL;

	smp_mb();	/* pairs with try_to_wake_up() of the task that has it in its list already */
	if (!__atomic_compare_exchange_n(&p->wake_q_next, &none, WAKE_Q_TAIL, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
		put_task_struct(p);
		return;
	}
	*q->last = p;
	q->last = &p->wake_q_next;
}

void wake_up_q(struct wake_q_head *q)
{
	struct task_struct *p, *next;

	for (p = q->first; p != WAKE_Q_TAIL; p = next) {
		next = p->wake_q_next;
		WRITE_ONCE(p->wake_q_next, NULL);	/* it may be put into another list, before it is woken here */
		wake_up_state(p, TASK_NORMAL);
		put_task_struct(p);
	}
}

void init_completion(struct completion *c)
{
	c->done = 0;
	init_waitqueue_head(&c->wait);
}

static void complete_n(struct completion *c, unsigned int n)
{
	unsigned long flags;
	int all = 0;

	spin_lock_irqsave(&c->wait.lock, flags);
	c->done = n == ~0U ? n : c->done + n;
	wake_up_locked(&c->wait, TASK_NORMAL | TASK_WAKEKILL, &all, NULL);	/* @c may be gone once the lock is */
	spin_unlock_irqrestore(&c->wait.lock, flags);
}

void complete(struct completion *c)
{
	complete_n(c, 1);
}

void complete_all(struct completion *c)
{
	complete_n(c, ~0U);
}

/*
 * @c often lives on the waiter's stack: the waiter may return only once the
 * completer has left the lock, so it takes the lock itself to look.
 */
static int wait_for_common(struct completion *c, unsigned int state) __no_lock_analysis
{
	struct wait_queue_entry w = { .task = current };
	int ret = 0;

	might_sleep();
	for (;;) {
		prepare_to_wait(&c->wait, &w, state);
		spin_lock_irq(&c->wait.lock);
		if (c->done) {
			if (c->done != ~0U)
				c->done--;
			break;
		}
		if (signal_pending_state(state, current)) {
			ret = -ERESTARTSYS;
			break;
		}
		spin_unlock_irq(&c->wait.lock);
		schedule();
	}
	TAILQ_REMOVE(&c->wait.head, &w, entry);
	__set_current_state(TASK_RUNNING);
	spin_unlock_irq(&c->wait.lock);
	return ret;
}

void wait_for_completion(struct completion *c)
{
	(void)wait_for_common(c, TASK_UNINTERRUPTIBLE);
}

int wait_for_completion_killable(struct completion *c)
{
	return wait_for_common(c, TASK_KILLABLE);
}
