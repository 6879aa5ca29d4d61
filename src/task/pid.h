/* SPDX-License-Identifier: MIT */
/*
 * Process numbers, what bears them, and the tree of processes. tasklist_lock guards the tree, the thread lists and the
 * lists of pids; a task that holds it, or that is @p itself, may use p->signal and p->sighand. Ref: Linux kernel/pid.c.
 */
#ifndef TASK_PID_H
#define TASK_PID_H

#include "sched/task.h"

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID };
_Static_assert(PIDTYPE_SID + 1 == PIDTYPES, "task.h");

#define PID_MAX_DEFAULT 32768

LIST_HEAD(task_list, task_struct);
struct pid {
	atomic_t count;
	int nr;				/* [I] */
	LIST_ENTRY(pid) hash;		/* pid.c's lock */
	struct task_list tasks[PIDTYPES]; /* tasklist_lock */
};

extern rwlock_t tasklist_lock;
extern struct task_list all_tasks;	/* group leaders; tasklist_lock */

/** alloc_pid - A number that is free, with one reference. Return: it, or ERR_PTR(-EAGAIN): all are taken; -ENOMEM. Context: task. */
struct pid *alloc_pid(void) __must_check;
/** put_pid, get_pid - A reference less, or more; @pid NULL is fine. Context: any. */
void put_pid(struct pid *pid);
static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		atomic_inc(&pid->count);
	return pid;
}
/** pid_nr - Its number; 0 for NULL. Context: any. */
static inline int pid_nr(const struct pid *pid)
{
	return pid ? pid->nr : 0;
}
/**
 * find_get_pid - Reference to pid @nr, or NULL. What bears it is known only under tasklist_lock: look it up there when the
 * two are to agree. Context: any.
 */
struct pid *find_get_pid(int nr);
/** find_task_by_vpid - Task of number @nr, without a reference, or NULL. Context: tasklist_lock held. */
struct task_struct *find_task_by_vpid(int nr);
/** find_get_task_by_vpid - As find_task_by_vpid(), with a reference; takes tasklist_lock. Context: any. */
struct task_struct *find_get_task_by_vpid(int nr);
/** get_task_pid - @p's own pid, or its group's of @type, with a reference. Context: @p is not released; takes tasklist_lock. */
struct pid *get_task_pid(struct task_struct *p, enum pid_type type);
/** attach_pid, detach_pid - @p is one of the tasks of its pids[@type]. Context: tasklist_lock held exclusive. */
void attach_pid(struct task_struct *p, enum pid_type type);
void detach_pid(struct task_struct *p, enum pid_type type);
/** change_pid - @p goes from its pids[@type] to @pid, which gets a reference. Context: tasklist_lock held exclusive. */
void change_pid(struct task_struct *p, enum pid_type type, struct pid *pid);
/** nr_pids - Numbers that are taken. Context: any; it may have changed by now. */
unsigned long nr_pids(void);
/** next_pid - First pid in use at or above @from, or -1. Context: any. */
int next_pid(s64 from);
/** pid_init - The cache of struct pid. Context: boot. */
void pid_init(void);

/*
 * The places of a task that is not released, in the tree. They change, and go, when others will: whoever reads one holds
 * tasklist_lock as long as it uses it, or takes a reference (get_task_pid()).
 */
static inline struct pid *task_tgid(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	return p->group_leader->pids[PIDTYPE_TGID];
}
static inline struct pid *task_pgrp(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	return p->group_leader->pids[PIDTYPE_PGID];
}
static inline struct pid *task_session(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	return p->group_leader->pids[PIDTYPE_SID];
}
static inline int task_pgrp_nr(struct task_struct *p)
{
	return task_pgrp(p)->nr;
}
static inline int task_session_nr(struct task_struct *p)
{
	return task_session(p)->nr;
}
/* The task that waits for @p's group; all threads of a group have one parent. A parent that was released has no sighand. */
static inline struct task_struct *task_parent(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	DEBUG_BUG_ON(p->real_parent != p->group_leader->real_parent || !p->real_parent->sighand);
	return p->real_parent;
}
/* The task that changes the tree is alone. */
static inline void assert_tasklist_write(void)
{
	lockdep_assert_held_write(&tasklist_lock);
}

#endif
