/* SPDX-License-Identifier: MIT */
/* A task group for each session. */
#ifndef SCHED_AUTOGROUP_H
#define SCHED_AUTOGROUP_H

#include "sched/task.h"

/** sched_autogroup_create - A group for the session that begins. Return: it, or NULL: not wanted, or no memory. Context: task. */
struct task_group *sched_autogroup_create(void);
/** sched_task_cgroup - The control group that @p is in; a session's own group is not one. Context: any. */
struct task_group *sched_task_cgroup(struct task_struct *p);
/** sched_autogroup_get - Number and nice value (to @nice) of the group of @p's session. Return: 0: it is in none. Context: any. */
long sched_autogroup_get(struct task_struct *p, int *nice);
/**
 * sched_autogroup_set_nice - The group of @p's session weighs as a task of nice value @nice, -20..19.
 * Return: 0, -EINVAL: @p is in none. Context: any.
 */
int sched_autogroup_set_nice(struct task_struct *p, int nice) __must_check;

#endif
