/* SPDX-License-Identifier: MIT */
/* What the scheduler tells of harts and tasks. */
#ifndef SCHED_STATS_H
#define SCHED_STATS_H

#include "sched/task.h"

/* Where time went, sampled by the tick. Ref: /proc/stat. */
struct cpu_times {
	u64 user, nice, system;		/* ticks of HZ */
	u64 idle_ns;
};
/* What /proc/schedstat tells of a hart. */
struct rq_stats {
	u64 yld_count, sched_count, sched_goidle, ttwu_count, ttwu_local;
	u64 rq_cpu_time, run_delay, pcount;	/* ns, ns, time slices */
};
/* What sched/debug tells of a hart's run queue. */
struct rq_debug {
	unsigned int nr_running, fair, rt, dl, curr_pid;
	u64 nr_switches, clock, next_balance, min_vruntime; /* ns */
	unsigned long weight, load_avg, util_avg;
};
/* What /proc/PID/sched tells of a task. */
struct task_sched_stats {
	u64 exec_start, vruntime, sum_exec_runtime;	/* ns */
	u64 nr_migrations;
	unsigned long weight, load_avg, util_avg;	/* util: 1024 is all of a fastest hart */
	u64 load_sum, util_sum, last_update;		/* as sched/pelt.h has them */
	unsigned int policy;
	int prio;
};

/** task_sched_runtime - CPU time that @p used. Return: ns, to this moment. Context: any. */
u64 task_sched_runtime(struct task_struct *p);
/** nr_running - Runnable tasks of all harts online. Context: any. */
unsigned long nr_running(void);
/** nr_context_switches - Switches of all harts since boot. Context: any. */
unsigned long nr_context_switches(void);
/** sched_nr_switches - Switches of hart @cpu since boot. Context: any. */
u64 sched_nr_switches(unsigned int cpu);
/** sched_nr_migrations - Tasks that came to hart @cpu from another. Context: any. */
u64 sched_nr_migrations(unsigned int cpu);
/** cpu_times_get - Where hart @cpu's time went, idle time to this moment. Context: any. */
struct cpu_times cpu_times_get(unsigned int cpu);
/** sched_rq_stats - Counts of hart @cpu. Context: any. */
struct rq_stats sched_rq_stats(unsigned int cpu);
/** sched_rq_debug - State of hart @cpu's run queue, to @d. Context: any. */
void sched_rq_debug(unsigned int cpu, struct rq_debug *d);
/** sched_task_stats - Figures of @p, to this moment, to @s. Context: any. */
void sched_task_stats(struct task_struct *p, struct task_sched_stats *s);

#endif
