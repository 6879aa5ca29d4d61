/* SPDX-License-Identifier: MIT */
/* The children of a task that ends get another parent. */
#ifndef PROC_REAPER_H
#define PROC_REAPER_H

#include "task/pid.h"

struct orphaned_pgrps;

/** set_child_subreaper - Shall orphans below the current process be its children? Context: task, takes tasklist_lock. */
void set_child_subreaper(bool on);
/**
 * reparent_children - Some of @father's children get another parent. Dead ones that nobody will wait for go to @dead, and
 * their groups, if they become orphaned, to @orphaned.
 * Return: are some left? Context: tasklist_lock held exclusive; it is to be dropped between two calls.
 */
bool reparent_children(struct task_struct *father, struct task_list *dead, struct orphaned_pgrps *orphaned);

#endif
