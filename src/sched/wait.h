/* SPDX-License-Identifier: MIT */
/* Waiting: wait queues, wake-ups that are put off, completions. */
#ifndef SCHED_WAIT_H
#define SCHED_WAIT_H

#include "sched/sched.h"

struct wait_queue_entry {
	TAILQ_ENTRY(wait_queue_entry) entry;	/* head->lock */
	struct task_struct *task;		/* NULL: a bookmark */
	bool exclusive;				/* wake one of these at a time */
	bool queued;				/* head->lock */
};

struct wait_queue_head {
	spinlock_t lock;
	TAILQ_HEAD(, wait_queue_entry) head __protected_by(lock);
};

/** init_waitqueue_head - An empty queue. Context: nobody else knows it. */
void init_waitqueue_head(struct wait_queue_head *wq);
/** prepare_to_wait - Queue @w and set the state to @state; the condition is tested after it. Context: task. */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *w, unsigned int state);
/** finish_wait - Running again, and @w off the queue. Context: task. */
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *w);
/**
 * __wake_up - Wake all that wait in @state, but of the exclusive ones only @nr (0: all). The lock is let go of now and
 * then: a crowd keeps neither interrupts nor others waiting. Context: any; the condition is set before.
 */
void __wake_up(struct wait_queue_head *wq, unsigned int state, int nr);
#define wake_up(wq)			__wake_up(wq, TASK_NORMAL, 1)
#define wake_up_all(wq)			__wake_up(wq, TASK_NORMAL, 0)
#define wake_up_interruptible(wq)	__wake_up(wq, TASK_INTERRUPTIBLE, 1)

#define ___wait_event(wq, cond, state, excl) ({				\
	struct wait_queue_entry _w = { .task = current, .exclusive = excl }; \
	int _ret = 0;							\
	for (;;) {							\
		prepare_to_wait(wq, &_w, state);			\
		if (cond)						\
			break;						\
		if (signal_pending_state(state, current)) {		\
			_ret = -ERESTARTSYS;				\
			break;						\
		}							\
		schedule();						\
	}								\
	finish_wait(wq, &_w);						\
	_ret; })

#define wait_event(wq, cond) \
	do { if (!(cond)) (void)___wait_event(wq, cond, TASK_UNINTERRUPTIBLE, false); } while (0)
/* 0, or -ERESTARTSYS when a signal came first. */
#define wait_event_interruptible(wq, cond) \
	((cond) ? 0 : ___wait_event(wq, cond, TASK_INTERRUPTIBLE, false))
#define wait_event_interruptible_exclusive(wq, cond) \
	((cond) ? 0 : ___wait_event(wq, cond, TASK_INTERRUPTIBLE, true))
#define wait_event_killable(wq, cond) \
	((cond) ? 0 : ___wait_event(wq, cond, TASK_KILLABLE, false))

/*
 * Tasks that are to be woken once the locks under which they were found are let go of. A task is in one such list at
 * most. If it is in another's already, it stays there: that waker wakes it later than the condition was set here.
 */
struct wake_q_head {
	struct task_struct *first, **last;
};
#define WAKE_Q_TAIL ((struct task_struct *)1UL)
#define DEFINE_WAKE_Q(name) struct wake_q_head name = { WAKE_Q_TAIL, &(name).first }

/** wake_q_add - @p, whose condition is set, shall be woken; a reference is taken over. Context: any. */
void wake_q_add(struct wake_q_head *q, struct task_struct *p);
/** wake_up_q - Wake them all. Context: any. Ref: Linux wake_up_q(). */
void wake_up_q(struct wake_q_head *q);

struct completion {
	unsigned int done;		/* wait.lock */
	struct wait_queue_head wait;
};

/** init_completion - Not complete, nobody waits. Context: nobody else knows it. */
void init_completion(struct completion *c);
/** complete - Let one waiter go on; @c may be gone after it, with the stack of the waiter. Context: any. */
void complete(struct completion *c);
/** complete_all - Let all go on that wait, or will. Context: any. */
void complete_all(struct completion *c);
/** wait_for_completion - Sleep until complete(). Context: task, may sleep. */
void wait_for_completion(struct completion *c);
/**
 * wait_for_completion_killable - wait_for_completion() until a fatal signal.
 * Return: 0, or -ERESTARTSYS: the signal came first. Context: task, may sleep.
 */
int wait_for_completion_killable(struct completion *c) __must_check;

#include "lib/err.h"
#endif
