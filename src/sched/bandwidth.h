/* SPDX-License-Identifier: MIT */
/* Quotas of task groups ("cpu.max"): so much run time for all harts in each period. */
#ifndef SCHED_BANDWIDTH_H
#define SCHED_BANDWIDTH_H

#include <sys/queue.h>

#include "smp/spinlock.h"
#include "time/hrtimer.h"

struct cfs_rq;
struct task_group;

struct cfs_bandwidth {
	spinlock_t lock;
	u64 quota, period;		/* ns; quota ~0: no limit */
	u64 runtime;			/* ns left in this period */
	bool timer_active;
	struct hrtimer timer;
	TAILQ_HEAD(, cfs_rq) throttled;
	u64 nr_periods, nr_throttled, throttled_time;
};

struct sched_group_bandwidth {
	u64 quota, period;		/* ns; quota ~0: no limit */
	u64 nr_periods, nr_throttled, throttled_time; /* ns */
};

/** sched_group_set_bandwidth - @tg has @quota ns of run time, on all harts, each @period ns. Context: task, interrupts on. */
void sched_group_set_bandwidth(struct task_group *tg, u64 quota, u64 period);
/** sched_group_get_bandwidth - Quota and counts of @tg, to @out. Context: any. */
void sched_group_get_bandwidth(struct task_group *tg, struct sched_group_bandwidth *out);
/** init_cfs_bandwidth - No limit. Context: any; nobody else knows @b. */
void init_cfs_bandwidth(struct cfs_bandwidth *b);
/** account_cfs_rq_runtime - @cfs, which has a quota, ran @delta ns. Context: rq->lock held. */
void account_cfs_rq_runtime(struct cfs_rq *cfs, u64 delta);
/** cfs_rq_exhausted - Does @cfs have nothing left, nor its pool? If so it waits for the next period. Context: rq->lock held. */
bool cfs_rq_exhausted(struct cfs_rq *cfs);
/** cfs_rq_let_go - @cfs is not throttled, nor will be if it does not run, whatever its pool has. Context: rq->lock held. */
void cfs_rq_let_go(struct cfs_rq *cfs);

#endif
