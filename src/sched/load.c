/* SPDX-License-Identifier: MIT */
/*
 * What is known of the load of queues and tasks: the averages of pelt.h, read. They are
 * kept where what they average changes, in fair.c.
 *
 * Ref: Linux kernel/sched/fair.c.
 */
#include "sched/load.h"

#include "sched/rq.h"

u64 cfs_rq_load_avg(const struct cfs_rq *cfs, u64 now)
{
	unsigned long weight = READ_ONCE(cfs->load.weight);

	return weight ? pelt_read(&cfs->avg, now, weight, 0).load_sum / pelt_divider(now) : 0;
}

unsigned long cpu_util(const struct rq *rq, u64 now)
{
	return pelt_read(&rq->cfs.avg, now, 0, READ_ONCE(rq->cfs.curr) ? rq->cpu_capacity : 0).util_sum / pelt_divider(now);
}

unsigned long task_util(const struct task_struct *p, u64 now)
{
	const struct rq *rq = task_rq(p);

	return pelt_read(&p->se.avg, now, 0, READ_ONCE(rq->curr) == p ? rq->cpu_capacity : 0).util_sum / pelt_divider(now);
}

unsigned long task_h_load(const struct task_struct *p)
{
	struct sched_avg a = pelt_read(&p->se.avg, task_rq(p)->clock, 1, 0);
	unsigned long load = p->se.load.weight * a.load_sum / pelt_divider(a.last_update);

	lockdep_assert_held(&task_rq(p)->lock);
	for (const struct sched_entity *se = p->se.parent; se; se = se->parent)
		load = load * se->load.weight / max(se->my_q->load.weight, 1UL);
	return max(load, 1UL);
}

bool fair_may_run(const struct task_struct *p, unsigned int cpu)
{
	return !throttled_hierarchy(p->se.cfs_rq) && !throttled_hierarchy(p->sched_task_group->cfs_rq[cpu]);
}
