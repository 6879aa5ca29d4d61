/* SPDX-License-Identifier: MIT */
/*
 * A task group for each session: what is started in one terminal shares the machine
 * as one with what is started in another. Off unless asked for: "autogroup" on the
 * command line, or /proc/sys/kernel/sched_autogroup_enabled; it is for sessions that
 * begin from then on. Tasks in a control group are that one's.
 *
 * Ref: Linux kernel/sched/autogroup.c.
 */
#include "sched/autogroup.h"

#include "lib/err.h"
#include "sched/fair.h"
#include "sched/group.h"
#include "sched/rq.h"
#include "sched/tunables.h"

u64 sysctl_sched_autogroup_enabled;

struct task_group *sched_autogroup_create(void)
{
	static long last_id;
	struct task_group *tg;

	if (!READ_ONCE(sysctl_sched_autogroup_enabled))
		return NULL;
	tg = sched_create_group(&root_task_group);
	if (tg)
		tg->autogroup = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
	return tg;	/* without memory the session shares its parent's group */
}

struct task_group *sched_task_cgroup(struct task_struct *p)
{
	struct task_group *tg = READ_ONCE(p->sched_task_group);
	unsigned long flags;
	struct rq *rq;

	if (tg == &root_task_group)
		return tg;
	rq = task_rq_lock(p, &flags);	/* which keeps the group */
	tg = p->sched_task_group;
	if (tg->autogroup)
		tg = &root_task_group;
	task_rq_unlock(rq, p, flags);
	return tg;
}

long sched_autogroup_get(struct task_struct *p, int *nice)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	struct task_group *tg = p->sched_task_group;
	long id = tg->autogroup;

	*nice = tg->autogroup_nice;
	task_rq_unlock(rq, p, flags);
	return id;
}

int sched_autogroup_set_nice(struct task_struct *p, int nice)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	struct task_group *tg = p->sched_task_group;
	int err = tg->autogroup ? 0 : -EINVAL;

	if (!err) {
		tg->autogroup_nice = nice;
		sched_group_set_shares(tg, sched_nice_to_weight(nice));
	}
	task_rq_unlock(rq, p, flags);
	return err;
}
