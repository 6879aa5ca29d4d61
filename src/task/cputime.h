/* SPDX-License-Identifier: MIT */
/* What tasks have used: times, switches, faults. */
#ifndef TASK_CPUTIME_H
#define TASK_CPUTIME_H

#include "abi/resource.h"
#include "abi/time.h"
#include "lib/compiler.h"
#include "time/clock.h"

struct task_struct;

#define NS_PER_USER_HZ (NSEC_PER_SEC / USER_HZ)
#define RUSAGE_BOTH -2		/* of the kernel's own: SELF and CHILDREN, what waiting for a process tells */

/** getrusage - What @p (not released) has used so far, RUSAGE_*. Context: tasklist_lock held. */
void getrusage(struct task_struct *p, int who, struct k_rusage *ru);
/** task_group_times - Of @p's process (not released), ns; neither goes back. Context: tasklist_lock held. */
void task_group_times(struct task_struct *p, u64 *utime, u64 *stime);
/** task_times - User and system time of thread @p, ns; neither goes back. Context: any. */
void task_times(struct task_struct *p, u64 *utime, u64 *stime);
/** reap_accounts - What @p, a child that is reaped, has used goes to the caller's process. Context: tasklist_lock held. */
void reap_accounts(struct task_struct *p);

#endif
