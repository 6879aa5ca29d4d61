/* SPDX-License-Identifier: MIT */
/*
 * Task groups: tasks that share a weight among themselves, and compete with other
 * groups and tasks by that weight. On each hart a group has a queue of its own,
 * and an entity that stands for it on its parent's queue; what that weighs is the
 * group's shares, divided over harts as the group's load is (update_cfs_group()).
 *
 * A task is in one group; the fork of a task too. p->sched_task_group changes under
 * the run queue's lock. A group that has no tasks and no groups below can go.
 *
 * Ref: Linux kernel/sched/core.c, fair.c; Documentation/scheduler/sched-design-CFS.rst.
 */
#include "sched/group.h"

#include "lib/err.h"
#include "sched/bandwidth.h"
#include "sched/change.h"
#include "sched/class.h"
#include "sched/fair.h"
#include "sched/rq.h"
#include "sched/upcall.h"

static struct cfs_rq *root_cfs_rqs[NR_CPUS];	/* set by sched_init_idle() */
static struct sched_entity *root_entities[NR_CPUS];	/* none */
struct task_group root_task_group = {
	.cfs_rq = root_cfs_rqs, .se = root_entities, .shares = NICE_0_LOAD,
	.bandwidth = { .quota = ~0ULL },
};

static DEFINE_SPINLOCK(task_group_lock, LOCK_TASK_GROUP);
static LIST_HEAD(, task_group) task_groups __guarded_by(task_group_lock) = LIST_HEAD_INITIALIZER(task_groups);

static void free_group(struct task_group *tg)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (tg->cfs_rq)
			vm_free(tg->cfs_rq[cpu]);
		if (tg->se)
			vm_free(tg->se[cpu]);
	}
	vm_free(tg->cfs_rq);
	vm_free(tg->se);
	vm_free(tg);
}

struct task_group *sched_create_group(struct task_group *parent)
{
	struct task_group *tg = vm_zalloc(sizeof(*tg));
	unsigned long flags;
	unsigned int cpu;

	if (!tg)
		return NULL;
	tg->parent = parent;
	tg->shares = NICE_0_LOAD;
	init_cfs_bandwidth(&tg->bandwidth);
	tg->cfs_rq = vm_zalloc(nr_cpu_ids * sizeof(*tg->cfs_rq));
	tg->se = vm_zalloc(nr_cpu_ids * sizeof(*tg->se));
	for_each_possible_cpu(cpu) {
		struct cfs_rq *cfs = tg->cfs_rq && tg->se ? vm_zalloc(sizeof(*cfs)) : NULL;
		struct sched_entity *se = cfs ? vm_zalloc(sizeof(*se)) : NULL;

		if (!se) {
			vm_free(cfs);
			free_group(tg);
			return NULL;
		}
		init_cfs_rq(cfs, cpu_rq(cpu), tg);
		se->my_q = cfs;
		se->load.weight = NICE_0_LOAD;
		se->parent = parent->se[cpu];
		se->cfs_rq = parent->cfs_rq[cpu];
		tg->cfs_rq[cpu] = cfs;
		tg->se[cpu] = se;
	}
	spin_lock_irqsave(&task_group_lock, flags);
	LIST_INSERT_HEAD(&task_groups, tg, list);
	spin_unlock_irqrestore(&task_group_lock, flags);
	return tg;
}

int sched_destroy_group(struct task_group *tg)
{
	unsigned long flags;

	if (atomic_read(&tg->nr_tasks))
		return -EBUSY;
	spin_lock_irqsave(&task_group_lock, flags);
	LIST_REMOVE(tg, list);
	spin_unlock_irqrestore(&task_group_lock, flags);
	hrtimer_cancel(&tg->bandwidth.timer);
	free_group(tg);
	return 0;
}

int sched_group_nr_tasks(const struct task_group *tg)
{
	return atomic_read(&tg->nr_tasks);
}

void sched_group_set_shares(struct task_group *tg, unsigned long shares)
{
	WRITE_ONCE(tg->shares, shares);	/* each hart sees it when its group's queue next changes, or at the tick */
}

u64 sched_group_usage(const struct task_group *tg)
{
	unsigned int cpu;
	u64 ns = 0;

	for_each_possible_cpu(cpu)
		ns += READ_ONCE(*(tg->se[cpu] ? &tg->se[cpu]->sum_exec_runtime : &cpu_rq(cpu)->stats.rq_cpu_time));
	return ns;
}

static void set_task_group(struct task_struct *p, struct task_group *tg)
{
	p->sched_task_group = tg;
	set_task_rq(p, task_cpu(p));
	attach_task(p);
}

void sched_cgroup_fork(struct task_struct *p)
{
	set_task_group(p, current->sched_task_group);
	atomic_inc(&p->sched_task_group->nr_tasks);
}

int sched_move_task(struct task_struct *p, struct task_group *tg)
{
	struct sched_change c;
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	struct task_group *old = p->sched_task_group;
	bool leaving = tg == &root_task_group, last;

	if (old == tg || (!leaving && (p->flags & PF_EXITING))) {
		task_rq_unlock(rq, p, flags);
		return 0;	/* there already, or its last steps are nobody's concern */
	}
	c = sched_change_begin(rq, p);
	last = atomic_dec_and_test(&old->nr_tasks);
	atomic_inc(&tg->nr_tasks);
	detach_task(p);
	set_task_group(p, tg);
	c.elsewhere = true;
	sched_change_end(rq, p, &c);
	if (c.running)
		resched_curr(rq);
	else if (c.queued)
		check_preempt_curr(rq, p, 0);
	task_rq_unlock(rq, p, flags);
	if (last && old->autogroup)
		(void)sched_destroy_group(old);
	return 0;
}

void sched_group_exit(void)
{
	if (unlikely(current->sched_task_group != &root_task_group))
		sched_move_task(current, &root_task_group);
	atomic_dec(&root_task_group.nr_tasks);
}

void unthrottle_offline(struct rq *rq) __no_lock_analysis
{
	struct task_group *tg;

	spin_lock(&task_group_lock);
	LIST_FOREACH(tg, &task_groups, list) {
		spin_lock(&rq->lock);
		cfs_rq_let_go(tg->cfs_rq[rq->cpu]);
		spin_unlock(&rq->lock);
	}
	spin_unlock(&task_group_lock);
}
