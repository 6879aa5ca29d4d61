/* SPDX-License-Identifier: MIT */
/*
 * The decision of a balance pass: from what each group has, which group to take
 * from, and how much. No locks, no run queues.
 *
 * Groups are first told apart by kind, and by load only where every hart has
 * work. An idle hart beside a group with tasks waiting is thus never hidden by an
 * average ("group imbalance", EuroSys 2016).
 */
#include "sched/lb.h"

enum group_type group_classify(const struct sg_lb_stats *s, bool imbalanced)
{
	if (s->sum_nr_running > s->weight)
		return GROUP_OVERLOADED;
	if (imbalanced)
		return GROUP_IMBALANCED;
	if (s->misfit_capacity)
		return GROUP_MISFIT_TASK;
	return s->sum_nr_running < s->weight ? GROUP_HAS_SPARE : GROUP_FULLY_BUSY;
}

u64 group_avg_load(const struct sg_lb_stats *s)
{
	return s->capacity ? s->load * SCHED_CAPACITY_SCALE / s->capacity : 0;
}

bool group_busier(const struct sg_lb_stats *a, const struct sg_lb_stats *b)
{
	if (a->type != b->type)
		return a->type > b->type;
	if (a->type == GROUP_HAS_SPARE) {
		if (a->idle_cpus != b->idle_cpus)
			return a->idle_cpus < b->idle_cpus;
		return a->sum_nr_running > b->sum_nr_running;
	}
	return group_avg_load(a) > group_avg_load(b);
}

struct lb_decision lb_decide(const struct sg_lb_stats *local, const struct sg_lb_stats *busiest, u64 domain_avg,
			     enum cpu_idle_type idle, unsigned int imbalance_pct)
{
	struct lb_decision none = { MIGRATE_NONE, 0 };
	u64 la = group_avg_load(local), ba = group_avg_load(busiest), over, under;

	if (!busiest->weight || !busiest->sum_nr_running)
		return none;
	if (busiest->type == GROUP_MISFIT_TASK && idle != CPU_NOT_IDLE && local->idle_capacity > busiest->misfit_capacity)
		return (struct lb_decision){ MIGRATE_MISFIT, 1 };
	if (local->idle_cpus && (local->type == GROUP_HAS_SPARE || local->type == GROUP_MISFIT_TASK)) {
		if (busiest->type == GROUP_OVERLOADED || busiest->type == GROUP_IMBALANCED) {
			/* As many as have no hart there, and find one here. */
			unsigned int waiting = busiest->type == GROUP_OVERLOADED ? busiest->sum_nr_running - busiest->weight : 1;

			/* Harts there that idle beside waiting tasks are theirs to fill. */
			waiting = max(waiting, busiest->nr_waiting);
			return (struct lb_decision){ MIGRATE_TASK, max(1u, min(waiting, local->idle_cpus)) };
		}
		if (idle == CPU_NOT_IDLE)
			return none;
		if (busiest->nr_waiting)
			return (struct lb_decision){ MIGRATE_TASK, min(busiest->nr_waiting, max(1u, local->idle_cpus)) };
		/* To spread what runs, but not to slower harts. */
		if (busiest->weight > 1 && local->idle_cpus > busiest->idle_cpus + 1 &&
		    local->capacity * busiest->weight >= busiest->capacity * local->weight)
			return (struct lb_decision){ MIGRATE_SPREAD, (local->idle_cpus - busiest->idle_cpus) / 2 };
		return none;
	}
	if (busiest->type == GROUP_IMBALANCED)
		return (struct lb_decision){ MIGRATE_TASK, 1 };
	if (local->type > busiest->type || busiest->type < GROUP_OVERLOADED)
		return none;
	/* Everybody is busy: even out the load, but not for a trifle. */
	if (la >= ba || la >= domain_avg || ba * 100 <= la * imbalance_pct)
		return none;
	over = (ba - domain_avg) * busiest->capacity / SCHED_CAPACITY_SCALE;
	under = (domain_avg - la) * local->capacity / SCHED_CAPACITY_SCALE;
	return (struct lb_decision){ MIGRATE_LOAD, min(over, under) };
}
