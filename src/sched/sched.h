/* SPDX-License-Identifier: MIT */
/* The scheduler, as the rest of the kernel sees it. Ref: Linux include/linux/sched.h. */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include "sched/task.h"

#define set_current_state(s) \
	do { WRITE_ONCE(current->__state, (s)); smp_mb(); } while (0) /* pairs with try_to_wake_up() */
#define __set_current_state(s) WRITE_ONCE(current->__state, (s))

/** sched_init - Run queues; the boot context becomes the idle task of hart 0. Context: boot. */
void sched_init(void);
/** sched_init_idle - Prepare @idle as @cpu's idle task, and the hart's run queue. Context: boot. */
void sched_init_idle(struct task_struct *idle, unsigned int cpu);
/** sched_fork - Scheduler's part of a copied task; policy and nice inherited. Return: 0, or -EAGAIN for SCHED_DEADLINE. */
int sched_fork(struct task_struct *p) __must_check;
/** wake_up_new_task - First enqueue, on the hart that suits it best. Context: task. */
void wake_up_new_task(struct task_struct *p);
/** schedule - Give the hart to another task; sleep if the state says so. Context: task, may sleep. */
void schedule(void);
/** do_task_dead - The current task's last switch. Context: task. */
void do_task_dead(void) __noreturn;
/** schedule_timeout - Sleep until woken or @expires ns (KTIME_MAX: no limit). Return: whether time is left. */
bool schedule_timeout(u64 expires);
/**
 * try_to_wake_up - Make @p runnable if its state is in @state.
 * Return: whether it was woken. Context: any; orders all before it against
 * the sleeper's test of its condition.
 */
bool try_to_wake_up(struct task_struct *p, unsigned int state);
bool wake_up_process(struct task_struct *p);
bool wake_up_state(struct task_struct *p, unsigned int state);
/** kick_process - If @p runs on another hart, make that hart enter the kernel. Context: preemption off. */
void kick_process(struct task_struct *p);
/** wait_task_inactive - Until @p, about to sleep, is off its run queue and hart. Context: task. */
void wait_task_inactive(struct task_struct *p);
/** sched_yield_task - sched_yield(2). */
void sched_yield_task(void);
/** sched_setaffinity - Allow @p only the harts of @mask. Return: 0 or -EINVAL. Context: task, may sleep. */
int sched_setaffinity(struct task_struct *p, const struct cpumask *mask) __must_check;
/** sched_bind - @p, asleep or about to, and woken by nobody else, is hart @cpu's from now on. Context: task, may sleep. */
void sched_bind(struct task_struct *p, unsigned int cpu);
/**
 * rt_mutex_setprio - @p runs with @donor's priority, if that is higher than its own; NULL: with its own.
 * Context: any, @donor stays.
 */
void rt_mutex_setprio(struct task_struct *p, const struct task_struct *donor);
/** set_user_nice - Nice value -20..19. */
void set_user_nice(struct task_struct *p, int nice);
/* What sched_setattr(2) sets, checked: policy SCHED_NORMAL, BATCH, IDLE (rt_priority 0), FIFO or RR (1..99), DEADLINE. */
struct sched_param_kernel {
	unsigned int policy, rt_priority;
	int nice;
	bool reset_on_fork, keep_params; /* keep_params: nothing else is set */
	u32 dl_flags;			/* SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN */
	u64 runtime, deadline, period;	/* ns, SCHED_DEADLINE; else 0 */
};
/**
 * sched_setattr - Give @p the policy of @attr. Whether the caller may is the caller's to check.
 * Return: 0, -EINVAL for a stopper or idle task, -EBUSY when the bandwidth is not there, -EPERM for SCHED_DEADLINE
 * with an affinity. Context: any.
 */
int sched_setattr(struct task_struct *p, const struct sched_param_kernel *attr) __must_check;
void sched_getattr(struct task_struct *p, struct sched_param_kernel *attr);
/** sched_rr_get_interval - Time slice of @p, ns; 0: none (SCHED_FIFO). */
u64 sched_rr_get_interval(struct task_struct *p);
/** task_sched_runtime - CPU time used, ns, to this moment. */
u64 task_sched_runtime(struct task_struct *p);
/** cpu_idle - What idle tasks do. Does not return. */
void cpu_idle(void) __noreturn;
/** idle_cpu - Has @cpu nothing to run? */
bool idle_cpu(unsigned int cpu);
/** nr_running, nr_context_switches - Sums over all harts. */
unsigned long nr_running(void);
unsigned long nr_context_switches(void);

/** sched_nr_switches, sched_nr_migrations - Of hart @cpu; migrations are of tasks that came to it. Context: any. */
u64 sched_nr_switches(unsigned int cpu);
u64 sched_nr_migrations(unsigned int cpu);

/* Where time went, sampled by the tick; ticks of HZ. Ref: /proc/stat. */
struct cpu_times {
	u64 user, nice, system, idle_ns;
};
/** cpu_times_get - Of hart @cpu, idle time to this moment. */
struct cpu_times cpu_times_get(unsigned int cpu);
/* What /proc/schedstat tells of a hart. */
struct rq_stats {
	u64 yld_count, sched_count, sched_goidle, ttwu_count, ttwu_local;
	u64 rq_cpu_time, run_delay, pcount;	/* ns, ns, time slices */
};
/** sched_rq_stats - Of hart @cpu. */
struct rq_stats sched_rq_stats(unsigned int cpu);
/* What sched/debug tells of a hart's run queue. */
struct rq_debug {
	unsigned int nr_running, fair, rt, dl, curr_pid;
	u64 nr_switches, clock, next_balance, min_vruntime; /* ns */
	unsigned long weight, load_avg, util_avg;
};
/** sched_rq_debug - Of hart @cpu. Context: any. */
void sched_rq_debug(unsigned int cpu, struct rq_debug *d);
/* What /proc/PID/sched tells of a task. */
struct task_sched_stats {
	u64 exec_start, vruntime, sum_exec_runtime;	/* ns */
	u64 nr_migrations;
	unsigned long weight, load_avg, util_avg;	/* util: 1024 is all of a fastest hart */
	u64 load_sum, util_sum, last_update;		/* as sched/pelt.h has them */
	unsigned int policy;
	int prio;
};
/** sched_task_stats - Of @p, to this moment. Context: any. */
void sched_task_stats(struct task_struct *p, struct task_sched_stats *s);
/** get_avenrun - Load averages over 1, 5, 15 minutes, 11 bits of fraction. */
void get_avenrun(unsigned long loads[3]);

/** stop_one_cpu - Run @fn(@arg) on @cpu above every class; waits. Return: fn's, or -ENOENT: @cpu is offline. Context: task. */
int stop_one_cpu(unsigned int cpu, int (*fn)(void *), void *arg);
struct cpu_stop_work {
	TAILQ_ENTRY(cpu_stop_work) list;
	int (*fn)(void *);
	void *arg;
	int ret;
	struct completion *done;	/* NULL: nobody waits */
};
/**
 * stop_one_cpu_nowait - The same without waiting; @w is the stopper's until @fn begins.
 * Return: false: @cpu is offline, and @fn will not run. Context: any, no rq->lock.
 */
bool stop_one_cpu_nowait(unsigned int cpu, int (*fn)(void *), void *arg, struct cpu_stop_work *w);
/**
 * stop_machine - Run @fn(@data) on @cpu, online, with interrupts off, while all other harts stand still.
 * Return: fn's. Context: task, cpu_hotplug_lock.
 */
int stop_machine(unsigned int cpu, int (*fn)(void *), void *data);
/** cpu_stopper_enable - Shall @cpu's stopper take work? Context: any. */
void cpu_stopper_enable(unsigned int cpu, bool on);
/**
 * cpu_down, cpu_up - Take hart @cpu out of use, or into it again; all that runs or waits there goes on elsewhere.
 * Return: 0 (it was so already, too), -EINVAL: no such hart, -EBUSY: it is the last one, or deadline tasks need it,
 * -EIO: the firmware refuses. Context: task, may sleep.
 */
int cpu_down(unsigned int cpu);
int cpu_up(unsigned int cpu);
/** cpu_hotplug_init - Context: boot. */
void cpu_hotplug_init(void);
/* Task groups (group.c, bandwidth.c). */
struct task_group;
extern struct task_group root_task_group;
/** sched_create_group - A group in @parent, with weight 1024 and no quota, or NULL. Context: task. */
struct task_group *sched_create_group(struct task_group *parent);
/** sched_destroy_group - It has no groups below. Return: 0, or -EBUSY: it has tasks. Context: task. */
int sched_destroy_group(struct task_group *tg);
/** sched_group_nr_tasks - Tasks in it, those of groups below not counted. */
int sched_group_nr_tasks(const struct task_group *tg);
/** sched_move_task - @p is in @tg from now on. Return: 0. Context: task, tasklist_lock held or @p current; nobody destroys @tg. */
int sched_move_task(struct task_struct *p, struct task_group *tg);
/** sched_cgroup_fork - The new task @p is in the current one's group. Context: tasklist_lock exclusive. */
void sched_cgroup_fork(struct task_struct *p);
/** sched_group_exit - The current task leaves its group for good. */
void sched_group_exit(void);
/** sched_group_set_shares - 1024 is the weight of a task of nice 0. */
void sched_group_set_shares(struct task_group *tg, unsigned long shares);
/** sched_autogroup_create - A group for the session that begins, or NULL: not wanted, or no memory. Context: task. */
struct task_group *sched_autogroup_create(void);
/** sched_task_cgroup - The control group's that @p is in; a session's own group is not one. Context: any. */
struct task_group *sched_task_cgroup(struct task_struct *p);
/** sched_autogroup_get - Number and nice value of @p's session's group; 0: it is in none. Context: any. */
long sched_autogroup_get(struct task_struct *p, int *nice);
/** sched_autogroup_set_nice - -20..19. Return: 0, -EINVAL: it is in none. Context: any. */
int sched_autogroup_set_nice(struct task_struct *p, int nice) __must_check;
/** sched_group_usage - Run time of all its tasks so far, ns. */
u64 sched_group_usage(const struct task_group *tg);
struct sched_group_bandwidth {
	u64 quota, period;		/* ns; quota ~0: no limit */
	u64 nr_periods, nr_throttled, throttled_time; /* ns */
};
/** sched_group_set_bandwidth - Of run time, on all harts, @quota ns each @period ns. Context: task, interrupts on. */
void sched_group_set_bandwidth(struct task_group *tg, u64 quota, u64 period);
void sched_group_get_bandwidth(struct task_group *tg, struct sched_group_bandwidth *out);
/** sched_exec - The task has little in the caches at exec: a good moment to change harts. Context: task. */
void sched_exec(void);
/** trace_process_exit, trace_process_exec - Trace points of the current task. Context: task. */
void trace_process_exit(void);
void trace_process_exec(const char *filename);
/** sched_balance_init - Context: boot. */
void sched_balance_init(void);
/** cpu_stopper_set - @p is @cpu's stopper thread. cpu_stopper_thread - its body. */
void cpu_stopper_set(unsigned int cpu, struct task_struct *p);
int cpu_stopper_thread(void *unused);

/* Called on the last reference. */
void __put_task_struct(struct task_struct *p);	/* src/proc */
static inline void put_task_struct(struct task_struct *p)
{
	if (atomic_dec_and_test(&p->usage))
		__put_task_struct(p);
}

/** fpu_save - Put @p's live floating point registers, if dirty, into its thread. Context: @p is current. */
void fpu_save(struct task_struct *p);
/** fpu_restore - Load them again. */
void fpu_restore(struct task_struct *p);

/* Before there is anything to switch to, boot code runs through sleeping locks with interrupts off. */
extern bool scheduler_running;
extern atomic_t nr_cpu_timers;	/* groups of threads for which the tick calls proc_on_tick() */
#define might_sleep() DEBUG_BUG_ON(scheduler_running && in_atomic())
/* The debug build's checker: the current task takes or releases @l, which has a class. */
#if CONFIG_DEBUG
#define sleeping_lock_acquire(l, how)	held_locks_add(&current->held_locks, l, (l)->class, how)
#define sleeping_lock_release(l)	held_locks_remove(&current->held_locks, l)
#else
#define sleeping_lock_acquire(l, how)	((void)(how))
#define sleeping_lock_release(l)	((void)0)
#endif
#define cond_resched() \
	do { if (test_thread_flag(TIF_NEED_RESCHED)) schedule(); } while (0)

#endif
