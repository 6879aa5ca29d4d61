/* SPDX-License-Identifier: MIT */
/*
 * How much of the harts deadline tasks may have, and what of that nobody uses.
 *
 * A task's bandwidth is its runtime in its period. Together they have 95 % of all harts at most. A task that sleeps does
 * not use its part; but until its 0-lag time, when it would have used up its budget had it run all the time at its
 * bandwidth, it may wake and go on with it.
 *
 * A task that reclaims (SCHED_FLAG_RECLAIM) may have what is not used, or was never admitted: its budget goes down as fast
 * as the part of a hart that is in use, of the 95 %. Alone it has 95 %. Of several each has in proportion to its bandwidth,
 * and with the tasks that do not reclaim they never have more than 95 % together: GRUB. A hart's part is the mean of all, for
 * tasks are admitted to all harts and go where there is room; what a task has of its own is no more than that at least.
 *
 * While no task reclaims, sleepers are not kept books of: all is taken to be used.
 *
 * Ref: Abeni, Lipari, Parri and Sun, "Multicore CPU reclaiming: parallel or sequential?", SAC 2016; Linux, which goes by
 * what is in use of the hart: Documentation/scheduler/sched-deadline.rst.
 */
#include "sched/dl_bw.h"

#include "lib/err.h"
#include "sched/policy.h"
#include "sched/rq.h"

static DEFINE_SPINLOCK(dl_bw_lock, LOCK_DL_BW);
static u64 dl_total_bw __guarded_by(dl_bw_lock);	/* of all admitted tasks, BW_UNIT: one hart */
static u64 dl_unused_bw __guarded_by(dl_bw_lock);	/* of those that are DL_BW_UNUSED */
static unsigned int dl_reclaiming;			/* tasks; written with dl_bw_lock */
static RB_HEAD(dl_leaving, sched_dl_entity) dl_leaving __guarded_by(dl_bw_lock);

#define BW_SHIFT	20
#define BW_UNIT		(1UL << BW_SHIFT)
#define DL_MAX_BW	(BW_UNIT * 95 / 100)	/* of a hart */

static int leaving_cmp(const struct sched_dl_entity *a, const struct sched_dl_entity *b)
{
	s64 d = (s64)(a->share.zero_lag - b->share.zero_lag);

	return d ? (d < 0 ? -1 : 1) : (a > b) - (a < b);
}

RB_GENERATE_STATIC(dl_leaving, sched_dl_entity, share.node, leaving_cmp)

static void set_used(struct sched_dl_entity *dl) __no_lock_analysis
{
	if (dl->share.state == DL_BW_LEAVING)
		RB_REMOVE(dl_leaving, &dl_leaving, dl);
	else if (dl->share.state == DL_BW_UNUSED)
		dl_unused_bw -= dl->share.bw;
	WRITE_ONCE(dl->share.state, DL_BW_USED);
}

static void set_unused(struct sched_dl_entity *dl) __no_lock_analysis
{
	WRITE_ONCE(dl->share.state, DL_BW_UNUSED);
	dl_unused_bw += dl->share.bw;
}

int dl_admit(struct task_struct *p, const struct sched_param_kernel *attr)
{
	struct sched_dl_entity *dl = &p->dl;
	u64 new = attr ? ((unsigned __int128)attr->runtime << BW_SHIFT) / attr->period : 0;
	bool reclaims = attr && attr->dl_flags & SCHED_FLAG_RECLAIM;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&dl_bw_lock, flags);
	if (new > dl->share.bw && dl_total_bw - dl->share.bw + new > cpumask_weight(&cpu_online_mask) * DL_MAX_BW) {
		err = -EBUSY;
	} else {
		set_used(dl);
		dl_total_bw += new - dl->share.bw;
		WRITE_ONCE(dl_reclaiming, dl_reclaiming + reclaims - dl->share.reclaims);
		dl->share.bw = new;
		dl->share.reclaims = reclaims;
	}
	spin_unlock_irqrestore(&dl_bw_lock, flags);
	return err;
}

bool dl_cpu_busy(void)
{
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&dl_bw_lock, flags);
	busy = dl_total_bw > (cpumask_weight(&cpu_online_mask) - 1) * DL_MAX_BW;
	spin_unlock_irqrestore(&dl_bw_lock, flags);
	return busy;
}

void dl_bw_sleeps(struct task_struct *p, u64 now)
{
	struct sched_dl_entity *dl = &p->dl;
	u64 zero_lag;

	lockdep_assert_held(&task_rq(p)->lock);
	if (!READ_ONCE(dl_reclaiming) || !READ_ONCE(dl->share.bw))
		return;
	zero_lag = dl->deadline - (s64)((__int128)dl->runtime * (s64)dl->dl_period / (s64)dl->dl_runtime);
	spin_lock(&dl_bw_lock);
	set_used(dl);
	if ((s64)(zero_lag - now) <= 0) {
		set_unused(dl);
	} else {
		dl->share.zero_lag = zero_lag;
		WRITE_ONCE(dl->share.state, DL_BW_LEAVING);
		RB_INSERT(dl_leaving, &dl_leaving, dl);
	}
	spin_unlock(&dl_bw_lock);
}

void dl_bw_wakes(struct task_struct *p)
{
	lockdep_assert_held(&task_rq(p)->lock);
	spin_lock(&dl_bw_lock);
	set_used(&p->dl);
	spin_unlock(&dl_bw_lock);
}

/* The part of DL_MAX_BW that counts as used for @dl at the time @at: its own bandwidth at least, and never 0. */
static u64 used_bw(const struct sched_dl_entity *dl, u64 at)
{
	struct sched_dl_entity *gone;
	u64 used;

	spin_lock(&dl_bw_lock);
	while ((gone = RB_MIN(dl_leaving, &dl_leaving)) && (s64)(gone->share.zero_lag - at) <= 0) {
		RB_REMOVE(dl_leaving, &dl_leaving, gone);
		set_unused(gone);
	}
	used = (dl_total_bw - dl_unused_bw) / cpumask_weight(&cpu_online_mask);
	used = max(max(used, dl->share.bw), 1UL);
	spin_unlock(&dl_bw_lock);
	return min(used, DL_MAX_BW);
}

u64 dl_charged(const struct sched_dl_entity *dl, u64 ns, u64 since)
{
	return (ns * used_bw(dl, since) + DL_MAX_BW - 1) / DL_MAX_BW;
}

u64 dl_lasts(const struct sched_dl_entity *dl, u64 ns, u64 now)
{
	return ns * DL_MAX_BW / used_bw(dl, now);
}
