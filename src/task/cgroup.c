/* SPDX-License-Identifier: MIT */
/*
 * Control groups, version 2, with one controller: cpu. A directory of
 * /sys/fs/cgroup is a group; each has a task group of the scheduler's, whether
 * cgroup.subtree_control names the controller or not, and may have tasks and
 * groups both. Groups are known by number: an open file outlives its group.
 * The files are pseudofs/cgroupfs.c's.
 *
 * Ref: Linux Documentation/admin-guide/cgroup-v2.rst.
 */
#include "task/cgroup.h"

#include <string.h>

#include "lib/err.h"
#include "sched/autogroup.h"
#include "sched/group.h"
#include "task/signal_struct.h"
#include "vm/slab.h"

mutex_t cgroup_mutex;
struct cgroup_tree cgroups = TAILQ_HEAD_INITIALIZER(cgroups);
static struct cgroup root_cgroup = { .tg = &root_task_group, .weight = CGROUP_WEIGHT_DFL };

void __init cgroup_init(void)
{
	mutex_init(&cgroup_mutex, LOCK_CGROUP);
	TAILQ_INSERT_TAIL(&cgroups, &root_cgroup, list);
}

struct cgroup *find_cgroup(long id)
{
	struct cgroup *c;

	lockdep_assert_held(&cgroup_mutex);
	TAILQ_FOREACH(c, &cgroups, list)
		if (c->id == id)
			return c;
	return NULL;
}

struct cgroup *find_child(long id, const char *name)
{
	struct cgroup *c;

	lockdep_assert_held(&cgroup_mutex);
	TAILQ_FOREACH(c, &cgroups, list)
		if (c->parent && c->parent->id == id && !strcmp(c->name, name))
			return c;
	return NULL;
}

struct cgroup *task_cgroup(struct task_struct *p)
{
	long id = READ_ONCE(p->exit_cgroup);
	struct task_group *tg;
	struct cgroup *c;

	lockdep_assert_held(&cgroup_mutex);
	if (id >= 0)
		return find_cgroup(id);
	tg = sched_task_cgroup(p);
	TAILQ_FOREACH(c, &cgroups, list)
		if (c->tg == tg)
			break;
	return c;
}

void cgroup_exit(void)
{
	long id = 0;

	if (sched_task_cgroup(current) != &root_task_group) {
		mutex_lock(&cgroup_mutex);
		id = task_cgroup(current)->id;
		mutex_unlock(&cgroup_mutex);
	}
	WRITE_ONCE(current->exit_cgroup, id);
}

int cgroup_path(struct task_struct *p, char *buf, size_t size)
{
	size_t at = size - 1;
	struct cgroup *c;
	int err = 0;

	mutex_lock(&cgroup_mutex);
	c = task_cgroup(p);
	buf[at] = '\0';
	for (; c && c->parent && !err; c = c->parent) {
		size_t n = strlen(c->name);

		if (n + 1 > at) {
			err = -ENAMETOOLONG;
		} else {
			at -= n + 1;
			buf[at] = '/';
			memcpy(buf + at + 1, c->name, n);
		}
	}
	mutex_unlock(&cgroup_mutex);
	if (err)
		return err;
	if (at == size - 1)
		buf[--at] = '/';
	memmove(buf, buf + at, size - at);
	return (int)(size - 1 - at);
}

int cgroup_mkdir(long id, const char *name)
{
	static long last_id;
	struct cgroup *c = kzalloc(sizeof(*c), GFP_KERNEL), *parent;
	int err = -ENOMEM;

	if (!c)
		return -ENOMEM;
	mutex_lock(&cgroup_mutex);
	parent = find_cgroup(id);
	if (!parent) {
		err = -ENODEV;
	} else if (strchr(name, '\n')) {
		err = -EINVAL;		/* /proc/PID/cgroup has a line a group */
	} else if (find_child(id, name)) {
		err = -EEXIST;		/* the directory's lock is not one for all: each look-up makes an inode */
	} else if ((c->tg = sched_create_group(parent->tg))) {
		strcpy(c->name, name);		/* a name's length is checked before it comes here */
		c->parent = parent;
		c->weight = CGROUP_WEIGHT_DFL;
		c->id = ++last_id;
		parent->children++;
		TAILQ_INSERT_TAIL(&cgroups, c, list);
		c = NULL;
		err = 0;
	}
	mutex_unlock(&cgroup_mutex);
	kfree(c);
	return err;
}

int cgroup_rmdir(long id, const char *name)
{
	struct cgroup *c;
	int err = 0;

	mutex_lock(&cgroup_mutex);
	c = find_child(id, name);
	if (!c)
		err = -ENOENT;
	else if (c->children)
		err = -EBUSY;
	else
		err = sched_destroy_group(c->tg);
	if (!err) {
		c->parent->children--;
		TAILQ_REMOVE(&cgroups, c, list);
	}
	mutex_unlock(&cgroup_mutex);
	if (!err)
		kfree(c);
	return err;
}
