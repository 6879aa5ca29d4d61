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

void load_sum_hart(struct load_sum *s, const struct hart_load *h)
{
	s->load += h->load;
	s->capacity += h->capacity;
	s->nr_running += h->nr_running;
	s->nr_waiting += h->nr_running > 1 ? min(h->nr_fair, h->nr_running - 1) : 0;
	s->idle_cpus += !h->nr_running;
	s->misfit_capacity = max(s->misfit_capacity, h->misfit_capacity);
}

void load_sum_add(struct load_sum *s, const struct load_sum *other)
{
	s->load += other->load;
	s->capacity += other->capacity;
	s->nr_running += other->nr_running;
	s->nr_waiting += other->nr_waiting;
	s->idle_cpus += other->idle_cpus;
	s->misfit_capacity = max(s->misfit_capacity, other->misfit_capacity);
}

enum group_type group_classify(const struct sg_lb_stats *s, bool imbalanced)
{
	if (s->sum.nr_running > s->weight)
		return GROUP_OVERLOADED;
	if (imbalanced)
		return GROUP_IMBALANCED;
	if (s->sum.misfit_capacity)
		return GROUP_MISFIT_TASK;
	return s->sum.nr_running < s->weight ? GROUP_HAS_SPARE : GROUP_FULLY_BUSY;
}

u64 group_avg_load(const struct sg_lb_stats *s)
{
	return s->sum.capacity ? s->sum.load * SCHED_CAPACITY_SCALE / s->sum.capacity : 0;
}

bool group_busier(const struct sg_lb_stats *a, const struct sg_lb_stats *b)
{
	if (a->type != b->type)
		return a->type > b->type;
	if (a->type == GROUP_HAS_SPARE) {
		if (a->sum.idle_cpus != b->sum.idle_cpus)
			return a->sum.idle_cpus < b->sum.idle_cpus;
		return a->sum.nr_running > b->sum.nr_running;
	}
	return group_avg_load(a) > group_avg_load(b);
}

struct lb_decision lb_decide(const struct sg_lb_stats *local, const struct sg_lb_stats *busiest, u64 domain_avg,
			     enum cpu_idle_type idle, unsigned int imbalance_pct)
{
	struct lb_decision none = { MIGRATE_NONE, 0 };
	u64 local_load = group_avg_load(local), busiest_load = group_avg_load(busiest), over, under;

	if (!busiest->weight || !busiest->sum.nr_running)
		return none;
	if (busiest->type == GROUP_MISFIT_TASK && idle != CPU_NOT_IDLE && local->idle_capacity > busiest->sum.misfit_capacity)
		return (struct lb_decision){ MIGRATE_MISFIT, 1 };
	if (local->sum.idle_cpus && (local->type == GROUP_HAS_SPARE || local->type == GROUP_MISFIT_TASK)) {
		if (busiest->type == GROUP_OVERLOADED || busiest->type == GROUP_IMBALANCED) {
			/* As many as have no hart there, and find one here. */
			unsigned int waiting = busiest->type == GROUP_OVERLOADED ? busiest->sum.nr_running - busiest->weight : 1;

			/* Harts there that idle beside waiting tasks are theirs to fill. */
			waiting = max(waiting, busiest->sum.nr_waiting);
			return (struct lb_decision){ MIGRATE_TASK, max(1u, min(waiting, local->sum.idle_cpus)) };
		}
		if (idle == CPU_NOT_IDLE)
			return none;
		if (busiest->sum.nr_waiting)
			return (struct lb_decision){ MIGRATE_TASK, min(busiest->sum.nr_waiting, max(1u, local->sum.idle_cpus)) };
		/* To spread what runs, but not to slower harts. */
		if (busiest->weight > 1 && local->sum.idle_cpus > busiest->sum.idle_cpus + 1 &&
		    local->sum.capacity * busiest->weight >= busiest->sum.capacity * local->weight)
			return (struct lb_decision){ MIGRATE_SPREAD, (local->sum.idle_cpus - busiest->sum.idle_cpus) / 2 };
		return none;
	}
	/* Others of this hart's group may have more than they can run, that must stay there: this one idles. */
	if (busiest->type == GROUP_IMBALANCED || (idle != CPU_NOT_IDLE && busiest->sum.nr_waiting))
		return (struct lb_decision){ MIGRATE_TASK, 1 };
	if (local->type > busiest->type || busiest->type < GROUP_OVERLOADED)
		return none;
	/* Everybody is busy: even out the load, but not for a trifle. */
	if (local_load >= busiest_load || local_load >= domain_avg || busiest_load * 100 <= local_load * imbalance_pct)
		return none;
	over = (busiest_load - domain_avg) * busiest->sum.capacity / SCHED_CAPACITY_SCALE;
	under = (domain_avg - local_load) * local->sum.capacity / SCHED_CAPACITY_SCALE;
	return (struct lb_decision){ MIGRATE_LOAD, min(over, under) };
}
