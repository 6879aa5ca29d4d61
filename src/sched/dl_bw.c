/* SPDX-License-Identifier: MIT */
/*
 * How much of the harts deadline tasks may have: together 95 % of them all. A task's bandwidth is its runtime in its
 * period.
 */
#include "sched/sched_priv.h"

#include "lib/err.h"

static DEFINE_SPINLOCK(dl_bw_lock, LOCK_DL_BW);
static u64 dl_total_bw __guarded_by(dl_bw_lock);	/* of all admitted tasks, BW_UNIT: one hart */

#define BW_SHIFT	20
#define BW_UNIT		(1UL << BW_SHIFT)
#define DL_MAX_SHARE	95UL	/* per cent */

static u64 dl_bw(const struct sched_dl_entity *dl)
{
	return ((unsigned __int128)dl->dl_runtime << BW_SHIFT) / dl->dl_period;
}

int dl_admit(struct task_struct *p, u64 runtime, u64 deadline, u64 period)
{
	struct sched_dl_entity want = { .dl_runtime = runtime, .dl_deadline = deadline, .dl_period = period };
	u64 old = p->policy == SCHED_DEADLINE ? dl_bw(&p->dl) : 0, new = period ? dl_bw(&want) : 0;
	u64 limit = cpumask_weight(&cpu_online_mask) * BW_UNIT * DL_MAX_SHARE / 100;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&dl_bw_lock, flags);
	if (new > old && dl_total_bw - old + new > limit)
		err = -EBUSY;
	else
		dl_total_bw += new - old;
	spin_unlock_irqrestore(&dl_bw_lock, flags);
	return err;
}

bool dl_cpu_busy(void)
{
	u64 limit = (cpumask_weight(&cpu_online_mask) - 1) * BW_UNIT * DL_MAX_SHARE / 100;
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&dl_bw_lock, flags);
	busy = dl_total_bw > limit;
	spin_unlock_irqrestore(&dl_bw_lock, flags);
	return busy;
}
