/* SPDX-License-Identifier: MIT */
/* Which harts a task may use, and what moves it there. */
#ifndef SCHED_AFFINITY_H
#define SCHED_AFFINITY_H

#include "sched/task.h"

/**
 * sched_setaffinity - Allow @p only the harts of @mask. Return: 0, -EINVAL: none is online, or @p is bound,
 * -EBUSY: a deadline task has all harts. Context: task, may sleep.
 */
int sched_setaffinity(struct task_struct *p, const struct cpumask *mask) __must_check;
/** sched_bind - @p, asleep or about to be, and woken by nobody else, is hart @cpu's from now on. Context: task, may sleep. */
void sched_bind(struct task_struct *p, unsigned int cpu);
/** sched_exec - Move the current task to an idle hart: at exec it has little in the caches. Context: task, may sleep. */
void sched_exec(void);

#endif
