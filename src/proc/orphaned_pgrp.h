/* SPDX-License-Identifier: MIT */
/* Orphaned process groups. */
#ifndef PROC_ORPHANED_PGRP_H
#define PROC_ORPHANED_PGRP_H

#include "sched/task.h"

struct pid;

#define REPARENT_BATCH 32	/* children that move under one hold of tasklist_lock */

/* Groups whose stopped jobs are to be told that nobody in their session will let them go on. */
struct orphaned_pgrps {
	struct pid *pgrp[REPARENT_BATCH + 1];	/* the exiting one's own, too */
	unsigned int nr;
};

/**
 * is_orphaned_pgrp - Has the group no member with a parent in the session outside it? @ignored does not count.
 * Context: tasklist_lock held.
 */
bool is_orphaned_pgrp(struct pid *pgrp, struct task_struct *ignored);
/**
 * note_orphaned_pgrp - Put @p's group into @orphaned if the end of @parent, its parent until now, orphans it and it has stopped
 * members. @parent NULL: it is @p that ends. Context: tasklist_lock held exclusive.
 */
void note_orphaned_pgrp(struct orphaned_pgrps *orphaned, struct task_struct *p, struct task_struct *parent);
/** kill_orphaned_pgrps - Tell all of them, and forget them: a signal to each member takes its time. Context: task, no lock. */
void kill_orphaned_pgrps(struct orphaned_pgrps *orphaned);

#endif
