/* SPDX-License-Identifier: MIT */
/* The scheduler's numbers that may change at run time; each is read where it is used. Ref: Linux Documentation/scheduler. */
#ifndef SCHED_TUNABLES_H
#define SCHED_TUNABLES_H

#include "abi/types.h"
#include "lib/compiler.h"

/*
 * Fair class, ns. Linux's defaults before scaling by the number of harts, but for the granularity: that is Linux's for eight.
 * Eight tasks on one hart lose 13 % with 0.75 ms, to translations that are looked up anew.
 */
extern u64 sysctl_sched_latency;		/* in which each runnable task runs once */
extern u64 sysctl_sched_min_granularity;	/* but not for less than this */
extern u64 sysctl_sched_wakeup_granularity;	/* how much sooner a task that wakes must be due, to interrupt */
extern u64 sysctl_sched_child_runs_first;	/* 0 or 1: after a fork */
extern u64 sysctl_sched_autogroup_enabled;	/* 0 or 1: a session that begins now has a task group of its own */
/*
 * Features of the classes that can be switched off, to see what they are good for; each is on at first. By Linux's names, in
 * /sys/kernel/debug/sched/features.
 */
#define SCHED_FEATURES(_)						\
	_(HRTICK)		/* a slice ends between two ticks */	\
	_(HRTICK_DL)		/* a deadline task's budget too */	\
	_(WAKEUP_PREEMPTION)	/* a task that wakes may interrupt */
#define SCHED_FEAT_ENUM(name) SCHED_FEAT_##name,
enum sched_feature { SCHED_FEATURES(SCHED_FEAT_ENUM) NR_SCHED_FEATURES };
extern u64 sysctl_sched_feature[NR_SCHED_FEATURES];	/* 0 or 1 */
#define sched_feat(name) READ_ONCE(sysctl_sched_feature[SCHED_FEAT_##name])
/* Real-time class, ns. */
extern u64 sysctl_sched_rt_period, sysctl_sched_rt_runtime; /* runtime ~0: no limit */
extern u64 sysctl_sched_rr_timeslice;
/* Balancing. */
extern u64 sysctl_sched_migration_cost;	/* ns: a task that ran so lately is cache hot */
extern u64 sysctl_sched_nr_migrate;		/* tasks looked at under one lock */

#endif
