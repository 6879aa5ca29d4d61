/* SPDX-License-Identifier: MIT */
/*
 * Run queues: one a hart, with a queue for each class. core.c.
 *
 * Lock order: p->pi_lock, then rq->lock; two rq->locks by hart number.
 */
#ifndef SCHED_RQ_H
#define SCHED_RQ_H

#include "sched/class.h"
#include "sched/deadline.h"
#include "sched/fair.h"
#include "sched/migrate.h"
#include "sched/rt.h"
#include "sched/stats.h"
#include "sched/stop.h"
#include "sched/task.h"
#include "sched/domains.h"

/* One a hart. All fields under lock but those marked [a]. */
struct rq {
	spinlock_t lock;
	unsigned int cpu;		/* [I] */
	unsigned int nr_running;	/* written under lock, read without */
	unsigned int nr_urgent;		/* queued of classes that push and pull: at most one of them can run here */
	u64 clock;			/* ns, see update_rq_clock() */
	unsigned long cpu_capacity;	/* [I] 1024: the fastest harts there are */
	struct cfs_rq cfs;
	TAILQ_HEAD(cfs_tasks, sched_entity) cfs_tasks; /* fair tasks, the one that ran last first */
	struct task_struct *curr;	/* read without lock by idle_cpu() */
	bool picking;			/* curr has been put back, and the lock dropped to look elsewhere for the next */
	struct task_struct *idle, *stop; /* [I] */
	bool stop_queued;
	u64 nr_switches;
	u64 migrations[NR_MIGRATE_REASONS];
	u64 nr_goidle;
	struct rq_stats stats;
	struct mm_struct *prev_mm;	/* borrowed by the last task; see finish_task_switch() */
	u64 idle_start, idle_ns;
	struct cpu_times times;
	u64 next_balance;		/* ns, KTIME_MAX: it has no domain; written by the hart that balances for this one */
	unsigned long nohz_kick;	/* [a] bit 0: balance for all idle harts */
	bool active_balance;		/* the stopper is asked to push the running task ... */
	unsigned int push_cpu;		/* ... there */
	struct cpu_stop_work active_balance_work;
	struct sched_avg avg_rt;	/* util: time of real-time and deadline tasks */
	bool rt_running;		/* one of them runs */
	struct rt_rq rt;
	struct dl_rq dl;
	struct hrtimer hrtick_timer;	/* ends a deadline task's budget, or a fair one's slice */
	struct hrtimer turn_timer;	/* begins the hart's turn to take one of two tasks that share a hart */
	bool turn;			/* [o] the next pass is in that turn */
};

DECLARE_PER_CPU(struct rq, runqueues);
#define cpu_rq(c)	(&per_cpu(runqueues, c))
#define this_rq()	this_cpu_ptr(&runqueues)
#define task_rq(p)	cpu_rq(task_cpu(p))

/* p->on_rq; 0: asleep. */
#define TASK_ON_RQ_QUEUED	1
#define TASK_ON_RQ_MIGRATING	2

/** update_rq_clock - rq->clock becomes now. Context: rq->lock held. */
void update_rq_clock(struct rq *rq);
/** resched_curr - Make the hart of @rq reschedule soon. Context: rq->lock held. */
void resched_curr(struct rq *rq);
/** add_nr_running - @n more tasks are runnable on @rq, or less. Context: as activate_task(). */
void add_nr_running(struct rq *rq, int n);
/** activate_task - Queue @p on @rq. @flags: ENQUEUE_*. Context: rq->lock held, clock up to date. */
void activate_task(struct rq *rq, struct task_struct *p, int flags);
/**
 * deactivate_task - Take @p off @rq: to sleep (DEQUEUE_SLEEP in @flags), or on its way elsewhere.
 * Context: rq->lock held, clock up to date.
 */
void deactivate_task(struct rq *rq, struct task_struct *p, int flags);
/** check_preempt_curr - If @p, just queued on @rq, is better than what runs, reschedule. @flags: WF_*. Context: as activate_task(). */
void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags);
/**
 * task_rq_lock - Lock @p's pi_lock and its run queue, which keeps it there.
 * Return: the run queue. Context: neither lock held; interrupts go off.
 */
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags);
/** task_rq_unlock - Undo task_rq_lock(). Context: both locks. */
void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long flags);

#endif
