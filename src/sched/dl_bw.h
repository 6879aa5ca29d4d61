/* SPDX-License-Identifier: MIT */
/* How much of the harts deadline tasks may have, and what of that nobody uses. */
#ifndef SCHED_DL_BW_H
#define SCHED_DL_BW_H

#include "sched/task.h"

struct sched_param_kernel;

/** dl_admit - Reserve what @attr asks for (NULL: nothing) instead of what @p has. Return: 0 or -EBUSY. Context: any. */
int dl_admit(struct task_struct *p, const struct sched_param_kernel *attr) __must_check;
/** dl_cpu_busy - Would the admitted bandwidth exceed what one hart less can give? Context: any. */
bool dl_cpu_busy(void);
/** dl_bw_sleeps - @p, which sleeps from @now on, does not use what is left of its share. Context: rq->lock held. */
void dl_bw_sleeps(struct task_struct *p, u64 now);
/** dl_bw_slept - Has dl_bw_sleeps() been told of @p, and not yet dl_bw_wakes()? Context: any; without rq->lock, a hint. */
static inline bool dl_bw_slept(const struct task_struct *p)
{
	return READ_ONCE(p->dl.share.state) != DL_BW_USED;
}
/** dl_bw_wakes - @p uses its share again. Context: rq->lock held. */
void dl_bw_wakes(struct task_struct *p);
/**
 * dl_charged - What it costs @dl, which reclaims, to run for @ns from @since on.
 * Return: ns of budget. Context: interrupts off; @dl does not change.
 */
u64 dl_charged(const struct sched_dl_entity *dl, u64 ns, u64 since);
/**
 * dl_lasts - How long @ns of budget last @dl, which reclaims, if nobody sleeps or wakes.
 * Return: ns. Context: interrupts off; @dl does not change.
 */
u64 dl_lasts(const struct sched_dl_entity *dl, u64 ns, u64 now);

#endif
