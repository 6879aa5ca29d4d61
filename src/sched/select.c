/* SPDX-License-Identifier: MIT */
/*
 * Where a task goes: for a waking one an idle hart, near and fast enough; for a new
 * one, if none idles, the hart with the fewest tasks for its capacity.
 *
 * Ref: Linux kernel/sched/fair.c, select_task_rq_fair().
 */
#include "sched/select.h"

#include "sched/idle.h"
#include "sched/rq.h"

/*
 * An idle hart of @allowed near @cpu: a whole idle core before a thread of a busy
 * one, the hart itself before others, near before far. No idle hart is passed by
 * for being far: waiting costs more than a cold cache ("overload on wake-up").
 */
int select_idle_sibling(const struct cpumask *allowed, unsigned int cpu)
{
	struct cpumask idle, at;
	struct sched_domain *sd, *smt = per_cpu(sd_base, cpu);
	unsigned int c;

	if (!cpumask_and(&idle, &idle_cpus_mask, allowed))
		return -1;
	if (smt && !(smt->flags & SD_SHARE_CPUCAPACITY))
		smt = NULL;
	for_each_domain(cpu, sd) {
		if (!cpumask_and(&at, &sd->span, &idle))
			continue;
		if (smt && sd != smt)
			for_each_cpu(c, &at) {
				struct cpumask core;

				if (!idle_cpu(c))
					continue;
				cpumask_and(&core, &per_cpu(sd_base, c)->span, &idle_cpus_mask);
				if (cpumask_weight(&core) == per_cpu(sd_base, c)->span_weight)
					return c;
			}
		if (sd == smt && sd->parent)
			continue;	/* a sibling thread only if no core is free */
		for_each_cpu(c, &at)
			if (idle_cpu(c))
				return c;
	}
	if (smt && cpumask_and(&at, &smt->span, &idle))
		for_each_cpu(c, &at)
			if (idle_cpu(c))
				return c;
	return -1;
}

/* Tasks that one more would make of @cpu, for its capacity. */
static unsigned long crowding(unsigned int cpu)
{
	return (READ_ONCE(cpu_rq(cpu)->nr_running) + 1) * SCHED_CAPACITY_SCALE / cpu_rq(cpu)->cpu_capacity;
}

int select_idle_capacity(const struct cpumask *allowed, unsigned int cpu, unsigned long util)
{
	struct cpumask idle;
	unsigned long most = 0;
	int best = -1;
	unsigned int c;

	if (!cpumask_and(&idle, &idle_cpus_mask, allowed))
		return -1;
	if (cpumask_test_cpu(cpu, &idle) && idle_cpu(cpu) && util * 5 <= cpu_rq(cpu)->cpu_capacity * 4)
		return cpu;
	for_each_cpu(c, &idle) {
		unsigned long capacity = cpu_rq(c)->cpu_capacity;

		if (!idle_cpu(c))
			continue;
		if (util * 5 <= capacity * 4)
			return c;
		if (capacity > most) {
			most = capacity;
			best = c;
		}
	}
	return best;
}

/* For fork and exec, when no hart idles. */
unsigned int find_idlest_cpu(const struct cpumask *allowed, unsigned int cpu)
{
	unsigned int best = cpu, c;
	unsigned long least = cpumask_test_cpu(cpu, allowed) && cpu_online(cpu) ? crowding(cpu) : ~0UL;

	for_each_cpu(c, allowed) {
		unsigned long nr = crowding(c);

		if (cpu_online(c) && nr < least) {
			least = nr;
			best = c;
		}
	}
	return best;
}

unsigned int select_fallback_rq(struct task_struct *p)
{
	struct cpumask ok;

	lockdep_assert_held(&p->pi_lock);
	if (!cpumask_and(&ok, &p->cpus_mask, &cpu_online_mask)) {
		/* All its harts are gone: to run is worth more than to run there. */
		p->cpus_mask = cpu_possible_mask;
		p->nr_cpus_allowed = cpumask_weight(&p->cpus_mask);
		ok = cpu_online_mask;
	}
	return find_idlest_cpu(&ok, cpumask_first(&ok));
}
