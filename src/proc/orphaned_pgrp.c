/* SPDX-License-Identifier: MIT */
/*
 * Orphaned process groups: no member has a parent in the session, but outside the group, so
 * nobody would ever let a stopped one go on. A group that becomes one by an exit, and has stopped
 * members, is told by SIGHUP and SIGCONT. Ref: POSIX, exit(); Linux kernel/exit.c.
 */
#include "proc/orphaned_pgrp.h"

#include "proc/kill.h"
#include "task/pid.h"
#include "task/signal_struct.h"

bool is_orphaned_pgrp(struct pid *pgrp, struct task_struct *ignored)
{
	struct task_struct *p;

	lockdep_assert_held(&tasklist_lock);
	LIST_FOREACH(p, &pgrp->tasks[PIDTYPE_PGID], pid_links[PIDTYPE_PGID]) {
		struct task_struct *parent = task_parent(p);

		if (p == ignored || (p->exit_state && thread_group_empty(p)) || parent->tgid <= 1)
			continue;
		if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(p))
			return false;
	}
	return true;
}

static bool has_stopped_jobs(struct pid *pgrp)
{
	struct task_struct *p;

	LIST_FOREACH(p, &pgrp->tasks[PIDTYPE_PGID], pid_links[PIDTYPE_PGID])
		if (p->signal->flags & SIGNAL_STOP_STOPPED)
			return true;
	return false;
}

/* @p's exit, or its parent's, may orphan its group. Context: tasklist_lock exclusive. */
void note_orphaned_pgrp(struct orphaned_pgrps *orphaned, struct task_struct *p, struct task_struct *parent)
{
	struct pid *pgrp = task_pgrp(p);
	struct task_struct *ignored = parent ? NULL : p;

	assert_tasklist_write();
	if (!parent)
		parent = task_parent(p);
	if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(p) &&
	    is_orphaned_pgrp(pgrp, ignored) && has_stopped_jobs(pgrp))
		orphaned->pgrp[orphaned->nr++] = get_pid(pgrp);
}

/* A signal to each member takes its time: it is done with interrupts on. */
void kill_orphaned_pgrps(struct orphaned_pgrps *orphaned)
{
	while (orphaned->nr) {
		struct pid *pgrp = orphaned->pgrp[--orphaned->nr];

		kill_pgrp(pgrp, SIGHUP);
		kill_pgrp(pgrp, SIGCONT);
		put_pid(pgrp);
	}
}
