/* SPDX-License-Identifier: MIT */
/*
 * Weights and places in fair time: what an entity weighs, how far it is ahead of others, where it stands when it is new,
 * has slept, or comes from another queue, and how long it runs at a stretch.
 */
#include "sched/fair_priv.h"

#include "sched/class.h"
#include "sched/rq.h"
#include "sched/tunables.h"

#define WEIGHT_IDLEPRIO 3

/* Weight of each nice level: a step is 1.25 in CPU share. */
static const u32 sched_prio_to_weight[40] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
	1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
	110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
};

unsigned long sched_nice_to_weight(int nice)
{
	return sched_prio_to_weight[nice - MIN_NICE];
}

/* What @se, on its queue or asleep, had beyond those of its queue that had least: ns, not weighted. */
u64 lead_of(const struct sched_entity *se)
{
	s64 ahead = (s64)(READ_ONCE(se->vruntime) - READ_ONCE(se->cfs_rq->min_vruntime));

	return ahead > 0 ? (u64)ahead * se->load.weight / NICE_0_LOAD : 0;
}

/*
 * In a queue of one, the minimum is that one's own vruntime. So the last task that leaves a group's queue takes the distance of
 * the group along.
 */
void detach_task_fair(struct task_struct *p)
{
	struct sched_entity *se = &p->se;
	u64 v = se->vruntime - READ_ONCE(se->cfs_rq->min_vruntime);

	while (se->parent && !READ_ONCE(se->cfs_rq->nr_running))
		se = se->parent;
	p->se.vruntime = se == &p->se ? v : calc_delta_fair(lead_of(se), &p->se);
}

void attach_task_fair(struct task_struct *p)
{
	p->se.vruntime += READ_ONCE(p->se.cfs_rq->min_vruntime);
}

/*
 * @se, in no tree, gets another weight. How far it is ahead of @min_vruntime stands for time that it had, which a heavier
 * entity makes up for sooner. The distance is rounded up, so that a thousand changes a second gain nothing.
 */
void set_weight(struct sched_entity *se, unsigned long weight, u64 min_vruntime)
{
	unsigned long old = se->load.weight;
	s64 ahead;

	se->load.weight = weight;
	if (!old || old == weight)
		return;
	ahead = (s64)(se->vruntime - min_vruntime);
	if (ahead > 0)
		se->vruntime = min_vruntime + (ahead * (s64)old + (s64)weight - 1) / (s64)weight;
	else
		place_entity(se, min_vruntime);
}

void set_load_weight(struct task_struct *p)
{
	bool attached = p->sched_class == &fair_sched_class && p->se.cfs_rq;

	set_weight(&p->se, p->policy == SCHED_IDLE ? WEIGHT_IDLEPRIO : sched_prio_to_weight[p->static_prio - MAX_RT_PRIO],
		   attached ? p->se.cfs_rq->min_vruntime : 0);
}

/* @se's part of @part, in which all shall run once: of each group's part on the way up. */
static u64 part_of(u64 part, const struct cfs_rq *cfs, const struct sched_entity *se)
{
	for (;;) {
		part = part * se->load.weight / (cfs->load.weight + (se->on_rq ? 0 : se->load.weight));
		se = se->parent;
		if (likely(!se))
			return part;
		cfs = se->cfs_rq;
	}
}

/* How long @se runs at a stretch beside others. To switch more often is not worth it: many tasks, or light ones, have longer rounds. */
u64 sched_slice(const struct cfs_rq *cfs, const struct sched_entity *se)
{
	return max(part_of(READ_ONCE(sysctl_sched_latency), cfs, se), READ_ONCE(sysctl_sched_min_granularity));
}

/*
 * A new entity waits its part of a round, but a slice at most; and as long as its parent would, lest forking pay (@se->vruntime
 * is how far the parent was ahead). If child_runs_first is set, it changes places with its parent.
 */
void place_new_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 round = max(READ_ONCE(sysctl_sched_latency), READ_ONCE(sysctl_sched_min_granularity) * (cfs->rq->cfs.h_nr_running + 1));
	struct sched_entity *curr = cfs->curr;

	vruntime_at_least(se, calc_delta_fair(min(part_of(round, cfs, se), sched_slice(cfs, se)), se));
	se->vruntime += cfs->min_vruntime;
	if (unlikely(READ_ONCE(sysctl_sched_child_runs_first)) && curr == &current->se && curr->load.weight == se->load.weight &&
	    (s64)(curr->vruntime - se->vruntime) < 0) {
		u64 v = curr->vruntime;

		curr->vruntime = se->vruntime;
		se->vruntime = v;
		resched_curr(cfs->rq);
	}
}
