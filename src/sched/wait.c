/* SPDX-License-Identifier: MIT */
#include "sched/wait.h"

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

static void wake_up_locked(struct wait_queue_head *wq, unsigned int state, int nr) __must_hold(wq->lock)
{
	struct wait_queue_entry *w, *next;

	for (w = TAILQ_FIRST(&wq->head); w; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (wake_up_state(w->task, state) && w->exclusive && nr && !--nr)
			return;
	}
}

void __wake_up(struct wait_queue_head *wq, unsigned int state, int nr)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	wake_up_locked(wq, state, nr);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void init_completion(struct completion *c)
{
	c->done = 0;
	init_waitqueue_head(&c->wait);
}

static void complete_n(struct completion *c, unsigned int n)
{
	unsigned long flags;

	spin_lock_irqsave(&c->wait.lock, flags);
	c->done = n == ~0U ? n : c->done + n;
	wake_up_locked(&c->wait, TASK_NORMAL | TASK_WAKEKILL, 0);
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
