/* SPDX-License-Identifier: MIT */
/* Task groups: tasks that share a weight. */
#ifndef SCHED_GROUP_H
#define SCHED_GROUP_H

#include "sched/bandwidth.h"
#include "sched/task.h"

struct rq;

/* Tasks that share a weight. On each hart a queue of its own, queued as one entity on its parent's. */
struct task_group {
	struct task_group *parent;	/* [I] */
	struct cfs_rq **cfs_rq;		/* [I] by hart */
	struct sched_entity **se;	/* [I] by hart; the root's: NULL */
	unsigned long shares;		/* read without lock */
	unsigned long load;		/* [a] weight queued on all harts */
	atomic_t nr_tasks;
	long autogroup;			/* a session's own: its number; else 0. Gone with its last task */
	int autogroup_nice;
	struct cfs_bandwidth bandwidth;
	LIST_ENTRY(task_group) list;	/* task_group_lock */
};

extern struct task_group root_task_group;

/** sched_create_group - A group in @parent, with weight 1024 and no quota. Return: it, or NULL: no memory. Context: task. */
struct task_group *sched_create_group(struct task_group *parent);
/** sched_destroy_group - @tg, with no groups below, goes. Return: 0, or -EBUSY: it has tasks. Context: task. */
int sched_destroy_group(struct task_group *tg);
/** sched_group_nr_tasks - Tasks in @tg, those of groups below not counted. Context: any. */
int sched_group_nr_tasks(const struct task_group *tg);
/** sched_move_task - @p is in @tg from now on. Return: 0. Context: task; tasklist_lock keeps @p, or @p is current; nobody destroys @tg. */
int sched_move_task(struct task_struct *p, struct task_group *tg);
/** sched_cgroup_fork - The new task @p is in the current one's group. Context: tasklist_lock exclusive. */
void sched_cgroup_fork(struct task_struct *p);
/** sched_group_exit - The current task leaves its group for good. Context: task. */
void sched_group_exit(void);
/** sched_group_set_shares - @tg weighs @shares; 1024 is the weight of a task of nice 0. Context: any. */
void sched_group_set_shares(struct task_group *tg, unsigned long shares);
/** sched_group_usage - Run time of all tasks of @tg so far. Return: ns. Context: any. */
u64 sched_group_usage(const struct task_group *tg);
/** unthrottle_offline - @rq's hart leaves: its groups let their tasks go. Context: all others stopped. */
void unthrottle_offline(struct rq *rq);

#endif
