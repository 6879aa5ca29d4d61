/* SPDX-License-Identifier: MIT */
/* What the scheduler's own files share. */
#ifndef SCHED_SCHED_PRIV_H
#define SCHED_SCHED_PRIV_H

#include "sched/sched.h"
#include "sched/topology.h"

RB_HEAD(dl_timeline, sched_dl_entity);
RB_HEAD(cfs_timeline, sched_entity);

struct cfs_rq {
	struct load_weight load;
	struct sched_avg avg;		/* of all that is queued; see cfs_rq_load_avg() */
	unsigned int nr_running;	/* entities */
	unsigned int h_nr_running;	/* tasks, those of groups below too, but not of throttled ones; read without lock */
	u64 min_vruntime;		/* never goes back */
	struct cfs_timeline tasks_timeline;
	struct sched_entity *leftmost;	/* cached RB_MIN */
	struct sched_entity *curr;	/* running; not in the tree */
	struct sched_entity *next, *last, *skip; /* buddies: run this one, then that one, not that one */
	struct rq *rq;			/* [I] */
	struct task_group *tg;		/* [I] */
	unsigned long tg_load;		/* what of tg->load is ours */
	/* Of a group with a quota. */
	bool has_quota;			/* as its group */
	bool throttled;			/* used up: off its parent's queue */
	s64 runtime_remaining;		/* ns, taken from the group's pool */
	u64 throttled_clock;		/* ns, since when */
	TAILQ_ENTRY(cfs_rq) throttled_list; /* tg->bandwidth.lock */
};

/* "cpu.max": so much run time for all harts in each period. */
struct cfs_bandwidth {
	spinlock_t lock;
	u64 quota, period;		/* ns; quota ~0: no limit */
	u64 runtime;			/* ns left in this period */
	bool timer_active;
	struct hrtimer timer;
	TAILQ_HEAD(, cfs_rq) throttled;
	u64 nr_periods, nr_throttled, throttled_time;
};

/* Tasks that share a weight. On each hart a queue of its own, queued as one entity on its parent's. */
struct task_group {
	struct task_group *parent;	/* [I] */
	struct cfs_rq **cfs_rq;		/* [I] by hart */
	struct sched_entity **se;	/* [I] by hart; the root's: NULL */
	unsigned long shares;		/* read without lock */
	unsigned long load;		/* [a] weight queued on all harts */
	atomic_t nr_tasks;
	long autogroup;			/* a session's own: its number; else 0. Gone with its last task */
	int autogroup_nice;
	struct cfs_bandwidth bandwidth;
	LIST_ENTRY(task_group) list;	/* task_group_lock */
};

extern struct task_group root_task_group;

struct rt_rq {
	TAILQ_HEAD(rt_queue_head, sched_rt_entity) queue[MAX_RT_PRIO];
	unsigned long bitmap[2];	/* priorities with a task */
	unsigned int nr_running;
	int highest_prio;		/* of all queued, MAX_RT_PRIO: none; read without lock */
	u64 time, period_start;		/* ns used in this period, by deadline tasks too; see rt_throttled() */
};

#define DL_NONE	(~0ULL >> 1)

struct dl_rq {
	struct dl_timeline tree;	/* by deadline; the running task too */
	unsigned int nr_queued;
	u64 earliest;			/* deadline, DL_NONE: none; read without lock */
	LIST_HEAD(, sched_dl_entity) throttled;
};

/* Why a task changed harts; counted on the hart that it came to. */
enum migrate_reason {
	MIGRATE_FORK, MIGRATE_EXEC, MIGRATE_WAKE, MIGRATE_NEWIDLE, MIGRATE_PERIODIC, MIGRATE_ACTIVE, MIGRATE_AFFINITY, MIGRATE_RT,
	MIGRATE_DL, MIGRATE_HOTPLUG,
	NR_MIGRATE_REASONS
};

/* One a hart. All fields under lock but those marked [a]. */
struct rq {
	spinlock_t lock;
	unsigned int cpu;		/* [I] */
	unsigned int nr_running;	/* written under lock, read without */
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
	u64 next_balance;		/* ns, KTIME_MAX: it has no domain; written by who balances for the hart */
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

#define NICE_0_LOAD 1024

/* p->on_rq; 0: asleep. */
#define TASK_ON_RQ_QUEUED	1
#define TASK_ON_RQ_MIGRATING	2

#define ENQUEUE_WAKEUP	1
#define ENQUEUE_MIGRATED 2
#define ENQUEUE_INITIAL	4
#define ENQUEUE_HEAD	8	/* before its equals */
#define ENQUEUE_COMES	16	/* from another group or class */
#define DEQUEUE_SLEEP	1

#define WF_FORK	1
#define WF_TTWU	2
#define WF_EXEC	4

/* A scheduling class. All under rq->lock unless said otherwise. */
struct sched_class {
	const struct sched_class *next;	/* the next lower class */
	void (*enqueue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*yield_task)(struct rq *rq);
	void (*check_preempt_curr)(struct rq *rq, struct task_struct *p, int flags);
	struct task_struct *(*pick_next_task)(struct rq *rq);
	void (*put_prev_task)(struct rq *rq, struct task_struct *p);
	void (*set_next_task)(struct rq *rq, struct task_struct *p);	/* @p runs: what pick_next_task() does to its choice */
	/* p->pi_lock held, not rq->lock. */
	unsigned int (*select_task_rq)(struct task_struct *p, unsigned int cpu, int flags);
	void (*task_tick)(struct rq *rq, struct task_struct *p);
	void (*hrtick)(struct rq *rq, struct task_struct *p);		/* hrtick_timer expired while @p runs; NULL: it means nothing */
	void (*update_curr)(struct rq *rq);
	/* Optional. */
	void (*task_woken)(struct rq *rq, struct task_struct *p);	/* may drop and retake rq->lock */
	void (*switched_from)(struct rq *rq, struct task_struct *p); /* @p, off its queue, was of this class until now */
	void (*switching_to)(struct rq *rq, struct task_struct *p); /* @p is of this class now, and not yet queued */
	void (*switched_to)(struct rq *rq, struct task_struct *p);	/* @p, queued here, came from another class */
	void (*prio_changed)(struct rq *rq, struct task_struct *p, int oldprio);
	u64 (*get_rr_interval)(struct rq *rq, struct task_struct *p);	/* ns */
};

extern const struct sched_class stop_sched_class, dl_sched_class, rt_sched_class, fair_sched_class, idle_sched_class;
#define sched_class_highest (&stop_sched_class)

extern struct cpumask idle_cpus_mask;	/* [a] harts in their idle task */
extern unsigned int tick_do_timer_cpu;	/* whose tick counts for all; changed while all others are stopped */

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
/** hrtick_rq_init - The timer that ends a slice or a budget between ticks. Context: boot. */
void hrtick_rq_init(struct rq *rq);
/** init_cfs_rq, set_load_weight - fair.c. */
void init_cfs_rq(struct cfs_rq *cfs, struct rq *rq, struct task_group *tg);
/** set_task_rq - @p's entity belongs to its group's queue on @cpu. Context: off all queues. */
void set_task_rq(struct task_struct *p, unsigned int cpu);
/**
 * detach_task_fair, attach_task_fair - From now on, until it is attached to its (perhaps another) queue, @p's vruntime is its
 * distance from the minimum. It is detached, too, while it is of another class. Context: off all queues; attach: rq->lock.
 */
void detach_task_fair(struct task_struct *p);
void attach_task_fair(struct task_struct *p);
/** task_fork_fair - @p, new and detached, is as far ahead as the current task. Context: task, no lock. */
void task_fork_fair(struct task_struct *p);
/** reweight_entity - @se weighs @weight from now on, queued or not. Context: rq->lock. */
void reweight_entity(struct cfs_rq *cfs, struct sched_entity *se, unsigned long weight);
/** task_h_load - What of the root queue's load is @p's. Context: rq->lock. */
unsigned long task_h_load(const struct task_struct *p);
/** cfs_rq_load_avg - Sum of the decayed loads of what is queued on @cfs, at @now. cpu_util - Capacity of @rq lately used. Context: any. */
u64 cfs_rq_load_avg(const struct cfs_rq *cfs, u64 now);
unsigned long cpu_util(const struct rq *rq, u64 now);
/** task_util - Capacity that @p lately used, at @now. Context: any. */
unsigned long task_util(const struct task_struct *p, u64 now);
/** throttled_hierarchy - Is @cfs, or a group that it is in, throttled? Context: rq->lock. */
bool throttled_hierarchy(const struct cfs_rq *cfs);
/** throttle_cfs_rq, unthrottle_cfs_rq - Off its parent's queue, and back. Context: rq->lock. */
void throttle_cfs_rq(struct cfs_rq *cfs);
void unthrottle_cfs_rq(struct cfs_rq *cfs);
/** init_cfs_bandwidth - No limit. account_cfs_rq_runtime - @cfs, with a quota, ran @delta ns. bandwidth.c. */
void init_cfs_bandwidth(struct cfs_bandwidth *b);
void account_cfs_rq_runtime(struct cfs_rq *cfs, u64 delta);
/** cfs_rq_exhausted - Does @cfs have nothing left, nor its pool? If so it waits for the next period. Context: rq->lock. */
bool cfs_rq_exhausted(struct cfs_rq *cfs);
/** cfs_rq_let_go - @cfs is not throttled, nor will be if it does not run, whatever its pool has. Context: rq->lock. */
void cfs_rq_let_go(struct cfs_rq *cfs);
/** unthrottle_offline - @rq's hart leaves: its groups let their tasks go. Context: all others stopped. */
void unthrottle_offline(struct rq *rq);

/* A queued or running task leaves its class's books for a change, and comes back. Context: rq->lock. */
struct sched_change {
	bool queued, running;
	bool comes;			/* back from another class, or in another group */
};
struct sched_change sched_change_begin(struct rq *rq, struct task_struct *p);
void sched_change_end(struct rq *rq, struct task_struct *p, struct sched_change c, int oldprio);
void set_load_weight(struct task_struct *p);
/** sched_nice_to_weight - Of -20..19. */
unsigned long sched_nice_to_weight(int nice);
/** __setscheduler_prio - Priority and class that follow from policy, rt_priority and nice. Context: rq->lock, off its queue. */
void __setscheduler_prio(struct task_struct *p);
/** init_rt_rq, push_rt_tasks, pull_rt_task - rt.c. The latter two drop and retake rq->lock. */
void init_rt_rq(struct rt_rq *rt);
void push_rt_tasks(struct rq *rq);
/** pull_rt_task - @rq is to run something below @prev, which was real-time: is there better elsewhere? */
void pull_rt_task(struct rq *rq, struct task_struct *prev);
/** rt_unthrottle - Real-time tasks of @rq wait while a fair one runs: it ends with their period. Context: rq->lock, clock up to date. */
void rt_unthrottle(struct rq *rq);
/** rt_update_cpupri - After a change of @rq's deadline or real-time tasks. Context: rq->lock. */
void rt_update_cpupri(struct rq *rq);
/** init_dl_rq, push_dl_tasks, pull_dl_task - deadline.c. The latter two drop and retake rq->lock. */
void init_dl_rq(struct rq *rq);
void push_dl_tasks(struct rq *rq);
void pull_dl_task(struct rq *rq);
/** dl_admit - Reserve what @attr asks for (NULL: nothing) instead of what @p has. Return: 0 or -EBUSY. */
int dl_admit(struct task_struct *p, const struct sched_param_kernel *attr) __must_check;
/** dl_bw_sleeps - @p, which sleeps from now on, does not use what is left of its share. Context: rq->lock. */
void dl_bw_sleeps(struct task_struct *p, u64 now);
/** dl_bw_slept - Has it been told of, and nothing since? dl_bw_wakes - It uses its share again. Context: rq->lock. */
static inline bool dl_bw_slept(const struct task_struct *p)
{
	return READ_ONCE(p->dl.share.state) != DL_BW_USED;
}
void dl_bw_wakes(struct task_struct *p);
/** dl_charged - Budget that it costs @dl, which reclaims, to run for @ns from @since on. Context: rq->lock. */
u64 dl_charged(const struct sched_dl_entity *dl, u64 ns, u64 since);
/** dl_lasts - For how long @ns of budget are enough for @dl, which reclaims, if nobody sleeps or wakes. Context: rq->lock. */
u64 dl_lasts(const struct sched_dl_entity *dl, u64 ns, u64 now);
/**
 * dl_lend - @p has @donor's deadline and budget, if @donor (NULL: nobody), which waits for it, has a deadline before @p's own.
 * Context: @p's rq->lock, @p in no queue.
 */
void dl_lend(struct task_struct *p, const struct task_struct *donor);
/** dl_policy_changed - Who has no deadline of its own any more goes by what is lent. Context: the same. */
void dl_policy_changed(struct task_struct *p);
/** dl_task_dead - @p has run for the last time: its bandwidth is free, its timer gone. Context: no lock. */
void dl_task_dead(struct task_struct *p);
/** add_nr_running - Context: rq->lock. */
void add_nr_running(struct rq *rq, int n);
/** cpupri_init_cpu, cpupri_set - @cpu's highest real-time priority is @prio (MAX_RT_PRIO: none). Context: its rq->lock. */
void cpupri_init_cpu(unsigned int cpu);
void cpupri_set(unsigned int cpu, int prio);
/** cpupri_find - Harts that @p may use and that run the least, all below @p. Return: whether there are any. */
bool cpupri_find(struct task_struct *p, struct cpumask *low);
/** double_lock_balance - Lock @other too, lower hart number first; may drop and retake @rq->lock. */
void double_lock_balance(struct rq *rq, struct rq *other);
/** move_queued_task - @p, queued on @src and not running, goes to @dst. Context: both locks. */
void move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p, enum migrate_reason why);
/** __migrate_task - @p, on @rq's queue and not running, goes to @cpu. Return: its queue, locked; @rq is not any more. Context: pi_lock. */
struct rq *__migrate_task(struct rq *rq, struct task_struct *p, unsigned int cpu, enum migrate_reason why);
/** select_fallback_rq - An online hart for @p, whatever it takes. Context: pi_lock. */
unsigned int select_fallback_rq(struct task_struct *p);
/** dl_first_throttled - A deadline task that belongs to @rq and waits for its next period. Context: rq->lock. */
struct task_struct *dl_first_throttled(struct rq *rq);
/** dl_cpu_busy - Would the admitted bandwidth exceed what one hart less can give? */
bool dl_cpu_busy(void);
/** nohz_balance_forget - @rq's hart leaves: whoever kicked it shall kick another. Context: all others stopped. */
void nohz_balance_forget(struct rq *rq);
/** sched_cpu_dying - @cpu, this hart, is about to leave. Context: stop_machine(). */
void sched_cpu_dying(unsigned int cpu);
/** newidle_balance - @rq has nothing to run: pull. Drops and retakes rq->lock. Return: whether something is queued now. */
bool newidle_balance(struct rq *rq);
/** trigger_load_balance - A domain may be due, or an idle hart to be kicked. Context: tick, rq->lock. */
void trigger_load_balance(struct rq *rq);
/** rt_runs - From now on a real-time or deadline task runs, or (@runs false) none. Context: rq->lock, clock up to date. */
static inline void rt_runs(struct rq *rq, bool runs)
{
	pelt_update(&rq->avg_rt, rq->clock, 0, rq->rt_running ? rq->cpu_capacity : 0);
	WRITE_ONCE(rq->rt_running, runs);
}

/** update_overloaded - rq->nr_running has become 1 or 2. Context: rq->lock. */
void update_overloaded(struct rq *rq);
/** select_idle_sibling - An idle hart of @allowed, near @cpu; -1: none. Context: any. */
int select_idle_sibling(const struct cpumask *allowed, unsigned int cpu);
/** select_idle_capacity - An idle hart of @allowed that has room for @util: @cpu, or another; else the fastest; -1: none. */
int select_idle_capacity(const struct cpumask *allowed, unsigned int cpu, unsigned long util);
/** find_idlest_cpu - The hart of @allowed with the fewest tasks for its capacity; @cpu if none has fewer. */
unsigned int find_idlest_cpu(const struct cpumask *allowed, unsigned int cpu);
static inline struct task_struct *task_of(struct sched_entity *se)
{
	return container_of(se, struct task_struct, se);
}

/** schedule_idle - schedule() for the idle task, whose preemption is off. */
void schedule_idle(void);
/** calc_global_load_tick - loadavg.c; from the tick of tick_do_timer_cpu, at @now ns. */
void calc_global_load_tick(u64 now);

/* switch.S */
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);
void ret_from_fork(void);

#endif
