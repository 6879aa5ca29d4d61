/* SPDX-License-Identifier: MIT */
/* What a task asks of the scheduler: to yield, its policy, its nice value; and what waiters lend it. */
#ifndef SCHED_POLICY_H
#define SCHED_POLICY_H

#include "sched/task.h"

/** sched_yield_task - sched_yield(2): let equals run first. Context: task. */
void sched_yield_task(void);
/**
 * rt_mutex_setprio - @p runs with @donor's priority, if that is higher than its own; NULL: with its own.
 * Context: any, @donor stays.
 */
void rt_mutex_setprio(struct task_struct *p, const struct task_struct *donor);
/** set_user_nice - @p's nice value is @nice, -20..19, from now on. Context: any. */
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
/** sched_getattr - What @p's policy is, to @attr. Context: any. */
void sched_getattr(struct task_struct *p, struct sched_param_kernel *attr);
/** sched_rr_get_interval - Time slice of @p. Return: ns; 0: none (SCHED_FIFO). Context: any. */
u64 sched_rr_get_interval(struct task_struct *p);

/**
 * __setscheduler_prio - Priority and class that follow from policy, rt_priority and nice.
 * Context: rq->lock, @p off its queue; or @p is new.
 */
void __setscheduler_prio(struct task_struct *p);

#endif
