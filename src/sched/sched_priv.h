/* SPDX-License-Identifier: MIT */
/* What the scheduler's own files share. */
#ifndef SCHED_SCHED_PRIV_H
#define SCHED_SCHED_PRIV_H

#include "sched/sched.h"

RB_HEAD(cfs_timeline, sched_entity);

struct cfs_rq {
	struct load_weight load;
	unsigned int nr_running;
	u64 min_vruntime;		/* never goes back */
	struct cfs_timeline tasks_timeline;
	struct sched_entity *leftmost;	/* cached RB_MIN */
	struct sched_entity *curr;	/* running; not in the tree */
	struct sched_entity *next, *skip; /* buddies: run this one, not that one */
};

/* One a hart. All fields under lock but those marked [a]. */
struct rq {
	spinlock_t lock;
	unsigned int cpu;		/* [I] */
	unsigned int nr_running;	/* written under lock, read without */
	u64 clock;			/* ns, see update_rq_clock() */
	struct cfs_rq cfs;
	struct task_struct *curr;	/* read without lock by idle_cpu() */
	struct task_struct *idle, *stop; /* [I] */
	bool stop_queued;
	u64 nr_switches;
	struct mm_struct *prev_mm;	/* borrowed by the last task; see finish_task_switch() */
	u64 idle_start, idle_ns;
	struct cpu_times times;
};

DECLARE_PER_CPU(struct rq, runqueues);
#define cpu_rq(c)	(&per_cpu(runqueues, c))
#define this_rq()	this_cpu_ptr(&runqueues)
#define task_rq(p)	cpu_rq(task_cpu(p))

#define ENQUEUE_WAKEUP	1
#define ENQUEUE_MIGRATED 2
#define ENQUEUE_INITIAL	4
#define DEQUEUE_SLEEP	1

#define WF_FORK	1
#define WF_TTWU	2

/* A scheduling class. All under rq->lock unless said otherwise. */
struct sched_class {
	const struct sched_class *next;	/* the next lower class */
	void (*enqueue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*yield_task)(struct rq *rq);
	void (*check_preempt_curr)(struct rq *rq, struct task_struct *p, int flags);
	struct task_struct *(*pick_next_task)(struct rq *rq);
	void (*put_prev_task)(struct rq *rq, struct task_struct *p);
	/* p->pi_lock held, not rq->lock. */
	unsigned int (*select_task_rq)(struct task_struct *p, unsigned int cpu, int flags);
	void (*task_tick)(struct rq *rq, struct task_struct *p);
	void (*update_curr)(struct rq *rq);
};

extern const struct sched_class stop_sched_class, fair_sched_class, idle_sched_class;
#define sched_class_highest (&stop_sched_class)

extern struct cpumask idle_cpus_mask;	/* [a] harts in their idle task */

/** update_rq_clock - rq->clock becomes now. */
void update_rq_clock(struct rq *rq);
/** resched_curr - Make the hart of @rq reschedule soon. Context: rq->lock. */
void resched_curr(struct rq *rq);
void activate_task(struct rq *rq, struct task_struct *p, int flags);
void deactivate_task(struct rq *rq, struct task_struct *p, int flags);
void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags);
/** set_task_cpu - @p belongs to @cpu from now on. Context: pi_lock and off all queues, or both rq locks. */
void set_task_cpu(struct task_struct *p, unsigned int cpu);
/** task_rq_lock - Lock @p's run queue and pi_lock against its moving. */
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags);
void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long flags);
/** init_cfs_rq, set_load_weight, task_fork_fair - fair.c. */
void init_cfs_rq(struct cfs_rq *cfs);
void set_load_weight(struct task_struct *p);
void place_new_entity(struct rq *rq, struct task_struct *p);
/**
 * newidle_balance - @rq has nothing to run: pull one task from the longest queue.
 * Drops and retakes rq->lock. Return: whether something is queued now.
 */
bool newidle_balance(struct rq *rq);
/** kick_idle_cpu - Tell an idle hart that @rq has more than it can run. Context: rq->lock. */
void kick_idle_cpu(struct rq *rq);
/** schedule_idle - schedule() for the idle task, whose preemption is off. */
void schedule_idle(void);
/** calc_global_load_tick - loadavg.c; from the tick of hart 0. */
void calc_global_load_tick(void);

/* switch.S */
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);
void ret_from_fork(void);

#endif
