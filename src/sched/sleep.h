/* SPDX-License-Identifier: MIT */
/* To sleep for a time, or until another task sleeps. */
#ifndef SCHED_SLEEP_H
#define SCHED_SLEEP_H

#include "sched/task.h"

/** schedule_timeout - Sleep until woken or @expires, ns (KTIME_MAX: no limit). Return: whether time is left. Context: task, state set. */
bool schedule_timeout(u64 expires);
/** wait_task_inactive - Wait until @p, about to sleep, is off its run queue and hart. Context: task, may sleep. */
void wait_task_inactive(struct task_struct *p);

#endif
