/* SPDX-License-Identifier: MIT */
/*
 * The fair class: CFS. Each entity's vruntime grows with its run time divided
 * by its weight; the leftmost in the tree, the one that has had least, runs
 * next. min_vruntime follows the leftmost and never goes back; newcomers and
 * sleepers are placed by it.
 *
 * vruntimes are compared by signed difference: they may wrap.
 *
 * Ref: Linux kernel/sched/fair.c before EEVDF.
 */
#include "sched/fair.h"

#include "sched/bandwidth.h"
#include "sched/class.h"
#include "sched/fair_priv.h"
#include "sched/idle.h"
#include "sched/load.h"
#include "sched/rq.h"
#include "sched/rt.h"
#include "sched/select.h"
#include "sched/tunables.h"
#include "time/tick.h"

u64 sysctl_sched_latency = 6 * NSEC_PER_MSEC, sysctl_sched_min_granularity = 3 * NSEC_PER_MSEC;
u64 sysctl_sched_wakeup_granularity = NSEC_PER_MSEC;
u64 sysctl_sched_child_runs_first;
u64 sysctl_sched_feature[NR_SCHED_FEATURES] = { [0 ... NR_SCHED_FEATURES - 1] = 1 };

static void update_curr_fair(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	struct sched_entity *se = &curr->se;

	if (curr->sched_class == &fair_sched_class)
		for_each_sched_entity(se)
			update_curr(se->cfs_rq);
}

static void init_rq_fair(struct rq *rq)
{
	init_cfs_rq(&rq->cfs, rq, &root_task_group);
	root_task_group.cfs_rq[rq->cpu] = &rq->cfs;
	TAILQ_INIT(&rq->cfs_tasks);
}

static void enqueue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	TAILQ_INSERT_HEAD(&rq->cfs_tasks, &p->se, group_node);
	if (!enqueue_hierarchy(&p->se, 1, flags))
		add_nr_running(rq, -1);	/* the caller counted it, but its group may not run */
}

static void dequeue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	TAILQ_REMOVE(&rq->cfs_tasks, &p->se, group_node);
	if (!dequeue_hierarchy(&p->se, 1, flags))
		add_nr_running(rq, 1);
}

static void yield_task_fair(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;

	for_each_sched_entity(se)
		if (se->cfs_rq->nr_running > 1)
			se->cfs_rq->skip = se;
}

static void set_next_buddy(struct sched_entity *se)
{
	for_each_sched_entity(se)
		se->cfs_rq->next = se;
}

static void set_last_buddy(struct sched_entity *se)
{
	for_each_sched_entity(se)
		if (se->on_rq)		/* not a throttled group's that is on its way out */
			se->cfs_rq->last = se;
}

static unsigned int depth_of(const struct sched_entity *se)
{
	unsigned int n = 0;

	while ((se = se->parent))
		n++;
	return n;
}

/* The ancestors of the two that are queued side by side. */
static void find_matching_se(struct sched_entity **a, struct sched_entity **b)
{
	unsigned int da = depth_of(*a), db = depth_of(*b);

	for (; da > db; da--)
		*a = (*a)->parent;
	for (; db > da; db--)
		*b = (*b)->parent;
	while ((*a)->cfs_rq != (*b)->cfs_rq) {
		*a = (*a)->parent;
		*b = (*b)->parent;
	}
}

static void check_preempt_wakeup(struct rq *rq, struct task_struct *p, int flags)
{
	struct sched_entity *se = &rq->curr->se, *pse = &p->se;

	if (rq->curr == p || !se->on_rq)
		return;
	if (unlikely(throttled_hierarchy(pse->cfs_rq)))
		return;
	if (unlikely(rq->curr->policy == SCHED_IDLE && p->policy != SCHED_IDLE)) {
		resched_curr(rq);
		return;
	}
	if (unlikely(p->policy != SCHED_NORMAL || !sched_feat(WAKEUP_PREEMPTION)))
		return;		/* batch and idle tasks interrupt no other */
	if (unlikely(se->cfs_rq != pse->cfs_rq))
		find_matching_se(&se, &pse);
	update_curr(se->cfs_rq);
	if (!wakeup_preempt_entity(se, pse))
		return;
	if (flags & WF_TTWU)
		set_next_buddy(&p->se);
	/* On a crowded hart what it was doing is worth coming back to, for its cache. */
	if (rq->cfs.h_nr_running * READ_ONCE(sysctl_sched_min_granularity) > READ_ONCE(sysctl_sched_latency))
		set_last_buddy(&rq->curr->se);
	resched_curr(rq);
}

/* @se does not run alone: has it had its slice? Return: in how many ns to ask again, of @se or of its successor. */
static noinline u64 check_preempt_tick(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 ran = se->sum_exec_runtime - se->prev_sum_exec_runtime, least = READ_ONCE(sysctl_sched_min_granularity);
	u64 ideal = sched_slice(cfs, se);

	if (ran < ideal && (ran < least || !cfs->leftmost || (s64)(se->vruntime - cfs->leftmost->vruntime) <= (s64)ideal))
		return ideal - ran;
	resched_curr(cfs->rq);
	return least;
}

static void task_tick_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;
	u64 again = TICK_NSEC;

	if (unlikely(rq->rt.nr_running))
		rt_unthrottle(rq);
	for_each_sched_entity(se) {
		update_curr(se->cfs_rq);
		update_cfs_group(se);
		if (se->cfs_rq->nr_running > 1)
			again = min(again, check_preempt_tick(se->cfs_rq, se));
	}
	if (again < TICK_NSEC && sched_feat(HRTICK))
		hrtimer_start(&rq->hrtick_timer, rq->clock + again);
}

/* For a waking task an idle hart, best its own; for a new one, failing that, the hart with the fewest tasks. */
static unsigned int select_task_rq_fair(struct task_struct *p, unsigned int prev, int flags)
{
	bool new = flags & (WF_FORK | WF_EXEC);
	int cpu;

	if (unlikely(sched_asym_cpucapacity))
		cpu = select_idle_capacity(&p->cpus_mask, prev, new ? SCHED_CAPACITY_SCALE / 2 : task_util(p, ktime_get_ns()));
	else if (!new && cpumask_test_cpu(prev, &p->cpus_mask) && idle_cpu(prev))
		cpu = prev;
	else
		cpu = select_idle_sibling(&p->cpus_mask, prev);
	if (cpu >= 0)
		return cpu;
	return new ? find_idlest_cpu(&p->cpus_mask, prev) : prev;
}

/* While @p is of another class it keeps its distance from the others, which go on meanwhile. */
static void switched_from_fair(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	if (!p->on_rq)
		place_entity(&p->se, p->se.cfs_rq->min_vruntime);	/* as if it had been woken: how long it slept is forgotten */
	detach_task_fair(p);
}

static void switching_to_fair(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	attach_task_fair(p);
}

/* @p, detached, is as far ahead as the current task. */
static void task_fork_fair(struct task_struct *p)
{
	struct rq *rq;

	local_irq_disable();	/* and we stay on this hart */
	rq = this_rq();
	spin_lock(&rq->lock);
	if (current->sched_class == &fair_sched_class) {
		update_rq_clock(rq);
		update_curr_fair(rq);
		update_min_vruntime(current->se.cfs_rq);	/* alone it leads nobody */
		p->se.vruntime = calc_delta_fair(lead_of(&current->se), &p->se);
	}
	spin_unlock_irq(&rq->lock);
}

static void switched_to_fair(struct rq *rq, struct task_struct *p)
{
	if (rq->curr == p)
		resched_curr(rq);
	else
		check_preempt_curr(rq, p, 0);
}

static void prio_changed_fair(struct rq *rq, struct task_struct *p, int oldprio)
{
	if (rq->curr != p)
		check_preempt_curr(rq, p, 0);
	else if (p->prio > oldprio && rq->cfs.h_nr_running > 1)
		resched_curr(rq);
}

static u64 get_rr_interval_fair(struct rq *rq, struct task_struct *p)
{
	return rq->cfs.load.weight ? sched_slice(p->se.cfs_rq, &p->se) : 0;
}

const struct sched_class fair_sched_class = {
	.next = &idle_sched_class,
	.enqueue_task = enqueue_task_fair,
	.dequeue_task = dequeue_task_fair,
	.yield_task = yield_task_fair,
	.check_preempt_curr = check_preempt_wakeup,
	.pick_next_task = pick_next_task_fair,
	.put_prev_task = put_prev_task_fair,
	.set_next_task = set_next_task_fair,
	.select_task_rq = select_task_rq_fair,
	.task_tick = task_tick_fair,
	.hrtick = task_tick_fair,
	.update_curr = update_curr_fair,
	.init_rq = init_rq_fair,
	.detach_task = detach_task_fair,
	.attach_task = attach_task_fair,
	.task_fork = task_fork_fair,
	.switched_from = switched_from_fair,
	.switching_to = switching_to_fair,
	.switched_to = switched_to_fair,
	.prio_changed = prio_changed_fair,
	.get_rr_interval = get_rr_interval_fair,
};
