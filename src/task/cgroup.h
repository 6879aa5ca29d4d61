/* SPDX-License-Identifier: MIT */
/* The tree of control groups. */
#ifndef TASK_CGROUP_H
#define TASK_CGROUP_H

#include "abi/fs.h"
#include "locks/mutex.h"

struct task_group;

#define CGROUP_WEIGHT_DFL	100

struct cgroup {
	TAILQ_ENTRY(cgroup) list;	/* all, by id: a parent before its children */
	struct cgroup *parent;
	long id;			/* 0: the root */
	unsigned int weight, children;
	struct task_group *tg;
	char name[NAME_MAX + 1];
};

extern mutex_t cgroup_mutex;		/* the tree, its groups, and that tasks change groups */
extern TAILQ_HEAD(cgroup_tree, cgroup) cgroups; /* cgroup_mutex */

/** cgroup_init - There is the root group. Context: boot. */
void cgroup_init(void);
/** find_cgroup - Group @id, or NULL. find_child - Group @name in group @id, or NULL. Context: cgroup_mutex held. */
struct cgroup *find_cgroup(long id);
struct cgroup *find_child(long id, const char *name);
/** task_cgroup - Where @p is, or was when it ended; NULL: that one has been taken away since. Context: cgroup_mutex held. */
struct cgroup *task_cgroup(struct task_struct *p);
/** cgroup_exit - The current task is about to leave its control group: it is known by it until it is released. Context: task. */
void cgroup_exit(void);
/** cgroup_path - Path of @p's control group, from the root of the tree. Return: length, or -ENAMETOOLONG. Context: task. */
int cgroup_path(struct task_struct *p, char *buf, size_t size);
/** cgroup_mkdir - A group in group @id. Return: 0, -ENODEV: there is no @id; -EINVAL, -EEXIST, -ENOMEM. Context: task. */
int cgroup_mkdir(long id, const char *name);
/** cgroup_rmdir - It goes. Return: 0, -ENOENT, -EBUSY: it has groups or tasks. Context: task. */
int cgroup_rmdir(long id, const char *name);

#endif
