/* SPDX-License-Identifier: MIT */
/*
 * The scheduling domains: levels, spans and groups, from where each hart is.
 *
 * Ref: Linux kernel/sched/topology.c.
 */
#include "sched/domains.h"

#include <stdio.h>
#include <string.h>

#include "sched/rq.h"
#include "smp/printk.h"
#include "time/clock.h"

bool sched_asym_cpucapacity;

DEFINE_PER_CPU(struct sched_domain *, sd_base);
static DEFINE_PER_CPU(struct sched_domain, sched_domains[MAX_SD_LEVELS]);
/* The group that a hart leads at each level (slot): that of a span whose first hart it is. */
static DEFINE_PER_CPU(struct sched_group, sched_groups[NR_CPU_LEVELS]);
/* Overlapping domains: groups as seen from each node. */
static struct sched_group numa_groups[MAX_SD_LEVELS - NR_CPU_LEVELS][MAX_NUMA_NODES][MAX_NUMA_NODES];

/*
 * The levels. Each gives the span of a hart; one that adds nothing is left out.
 */
static bool same_package(const struct cpu_topology *a, const struct cpu_topology *b)
{
	return a->node == b->node && a->package_id == b->package_id;
}

static bool same_cluster(const struct cpu_topology *a, const struct cpu_topology *b)
{
	return same_package(a, b) && a->cluster_id == b->cluster_id;
}

static bool same_core(const struct cpu_topology *a, const struct cpu_topology *b)
{
	return a->core_id >= 0 && a->thread_id >= 0 && same_cluster(a, b) && a->core_id == b->core_id;
}

static bool same_node(const struct cpu_topology *a, const struct cpu_topology *b)
{
	return a->node == b->node;
}

static const struct {
	const char *name;
	bool (*near)(const struct cpu_topology *a, const struct cpu_topology *b);
	unsigned int flags;
} levels[NR_CPU_LEVELS] = {
	{ "SMT", same_core, SD_SHARE_CPUCAPACITY | SD_SHARE_LLC },
	{ "CLS", same_cluster, SD_SHARE_LLC },
	{ "MC", same_package, SD_SHARE_LLC | SD_PREFER_SIBLING },
	{ "PKG", same_node, SD_PREFER_SIBLING },
};

static void level_span(unsigned int level, unsigned int cpu, struct cpumask *span)
{
	unsigned int other;

	*span = (struct cpumask){ 0 };
	for_each_online_cpu(other)
		if (other == cpu || levels[level].near(&cpu_topology[cpu], &cpu_topology[other]))
			cpumask_set_cpu(other, span);
}

static void numa_span(unsigned int distance, unsigned int cpu, struct cpumask *span)
{
	unsigned int other;

	*span = (struct cpumask){ 0 };
	for_each_online_cpu(other)
		if (node_distance(cpu_to_node(cpu), cpu_to_node(other)) <= distance)
			cpumask_set_cpu(other, span);
}

static bool mask_equal(const struct cpumask *a, const struct cpumask *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Put a domain over the top one of @cpu, unless it spans no more than that. */
static void add_domain(unsigned int cpu, unsigned int *nr, unsigned int slot, const char *name, unsigned int flags,
		       const struct cpumask *span)
{
	struct sched_domain *base = per_cpu_ptr(&sched_domains[0], cpu), *sd = base + *nr;
	unsigned int weight = cpumask_weight(span), c;

	for_each_cpu(c, span)
		if (cpu_topology[c].capacity != cpu_topology[cpu].capacity)
			flags |= SD_ASYM_CPUCAPACITY;
	if (weight < 2 || slot >= MAX_SD_LEVELS || (*nr && mask_equal(&sd[-1].span, span)))
		return;
	*sd = (struct sched_domain){
		.child = *nr ? sd - 1 : NULL, .span = *span, .name = name, .span_weight = weight, .level = *nr, .slot = slot,
		.flags = flags | SD_BALANCE_NEWIDLE | SD_BALANCE_EXEC | SD_BALANCE_FORK | SD_BALANCE_WAKE,
		.imbalance_pct = flags & SD_SHARE_CPUCAPACITY ? 110 : flags & SD_SHARE_LLC ? 117 : 125,
		.busy_factor = 16, .min_interval = weight * NSEC_PER_MSEC, .max_interval = 2 * weight * NSEC_PER_MSEC,
		.balance_interval = weight * NSEC_PER_MSEC,
	};
	if (*nr)
		sd[-1].parent = sd;
	(*nr)++;
}

/* The next larger distance that some hart sees; 0: none. @nodes: bit n, node n has harts. */
static unsigned int next_distance(unsigned int than, unsigned int nodes)
{
	unsigned int best = 0, a, b;

	for (a = 0; a < MAX_NUMA_NODES; a++)
		for (b = 0; b < MAX_NUMA_NODES; b++) {
			unsigned int d = node_distance(a, b);

			if ((nodes >> a & 1) && (nodes >> b & 1) && d > than && (!best || d < best))
				best = d;
		}
	return best;
}

static bool mask_subset(const struct cpumask *a, const struct cpumask *of)
{
	struct cpumask both;

	cpumask_and(&both, a, of);
	return mask_equal(&both, a);
}

/* @cpu's group at @sd: the widest of its own domains that lies inside, or the hart alone (NULL). */
static struct sched_domain *child_span(struct sched_domain *sd, unsigned int cpu, struct cpumask *span)
{
	struct sched_domain *d = per_cpu_ptr(&sched_domains[0], cpu), *child = NULL;

	for (; d && d->name && d->span_weight < sd->span_weight && mask_subset(&d->span, &sd->span); d = d->parent)
		child = d;
	*span = child ? child->span : (struct cpumask){ 0 };
	cpumask_set_cpu(cpu, span);
	return child;
}

/*
 * The circular list of groups of @sd, beginning with @cpu's own. Where domains overlap
 * every hart makes the list from where it stands: two harts see different groups, and
 * one list for both would leave out nodes ("scheduling group construction", EuroSys
 * 2016). Where they do not, the first hart's list is everybody's.
 */
static void build_groups(struct sched_domain *sd, unsigned int cpu)
{
	struct cpumask covered = { 0 };
	struct sched_group *first = NULL, *last = NULL;
	unsigned int i = cpu, n = 0, k;

	if (!(sd->flags & SD_NUMA) && cpu != cpumask_first(&sd->span)) {
		struct cpumask span;

		child_span(sd, cpu, &span);
		sd->groups = &per_cpu(sched_groups[sd->slot], cpumask_first(&span));
		return;
	}
	for (k = 0; k < NR_CPUS; k++, i = (i + 1) % NR_CPUS) {
		struct cpumask span;
		struct sched_domain *child;
		struct sched_group *g;
		unsigned int c;

		if (!cpumask_test_cpu(i, &sd->span) || cpumask_test_cpu(i, &covered))
			continue;
		child = child_span(sd, i, &span);
		g = sd->flags & SD_NUMA ? &numa_groups[sd->slot - NR_CPU_LEVELS][cpu_to_node(cpu)][n++] :
		    &per_cpu(sched_groups[sd->slot], cpumask_first(&span));
		g->span = span;
		g->child = child;
		g->load.time = 0;
		g->balance_mask = (struct cpumask){ 0 };
		g->weight = cpumask_weight(&span);
		g->capacity = 0;
		for_each_cpu(c, &span) {
			struct cpumask theirs;

			cpumask_set_cpu(c, &covered);
			g->capacity += cpu_topology[c].capacity;
			if (sd->flags & SD_NUMA)
				(void)child_span(sd, c, &theirs);
			else
				theirs = span;
			if (mask_equal(&theirs, &span))
				cpumask_set_cpu(c, &g->balance_mask);	/* not a hart whose span only overlaps */
		}
		if (last)
			last->next = g;
		else
			first = g;
		last = g;
	}
	last->next = first;
	sd->groups = first;
}

void cpumask_print(char *buf, size_t size, const struct cpumask *m)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned int cpu = cpumask_first(m); cpu < NR_CPUS; cpu = cpumask_next(cpu, m)) {
		unsigned int from = cpu;

		while (cpu + 1 < NR_CPUS && cpumask_test_cpu(cpu + 1, m))
			cpu++;
		n += snprintf(buf + n, size - n, cpu > from ? "%s%u-%u" : "%s%u", n ? "," : "", from, cpu);
		if (n >= size)
			return;
	}
}

static void show_domains(unsigned int cpu)
{
	struct sched_domain *sd;
	char buf[64];

	pr_info("CPU%u attaching sched-domain(s):\n", cpu);
	for_each_domain(cpu, sd) {
		struct sched_group *g = sd->groups;

		cpumask_print(buf, sizeof(buf), &sd->span);
		pr_info(" domain-%u: span=%s level=%s\n", sd->level, buf, sd->name);
		do {
			cpumask_print(buf, sizeof(buf), &g->span);
			pr_info("  group: span=%s weight=%u capacity=%lu\n", buf, g->weight, g->capacity);
			g = g->next;
		} while (g != sd->groups);
	}
}

void build_sched_domains(bool verbose)
{
	unsigned int cpu, distance, nodes = 0;
	struct cpumask span, wider;

	for_each_possible_cpu(cpu) {
		cpu_rq(cpu)->cpu_capacity = cpu_topology[cpu].capacity;
		sched_asym_cpucapacity |= cpu_topology[cpu].capacity != cpu_topology[0].capacity;
		per_cpu(sd_base, cpu) = NULL;
		for (int i = 0; i < MAX_SD_LEVELS; i++)
			per_cpu(sched_domains[i], cpu).name = NULL;
	}

	for_each_online_cpu(cpu)
		nodes |= 1U << cpu_to_node(cpu);
	for_each_online_cpu(cpu) {
		unsigned int nr = 0, slot = NR_CPU_LEVELS;

		for (unsigned int level = 0; level < NR_CPU_LEVELS; level++) {
			level_span(level, cpu, &span);
			if (levels[level].near == same_cluster) {
				level_span(level + 1, cpu, &wider);
				if (mask_equal(&span, &wider))
					continue;	/* a cluster that is the whole package is called MC */
			}
			add_domain(cpu, &nr, level, levels[level].name, levels[level].flags, &span);
		}
		for (distance = next_distance(LOCAL_DISTANCE, nodes); distance; distance = next_distance(distance, nodes)) {
			numa_span(distance, cpu, &span);
			add_domain(cpu, &nr, slot++, "NUMA", SD_NUMA, &span);
		}
	}
	for_each_online_cpu(cpu)
		for (struct sched_domain *sd = per_cpu_ptr(&sched_domains[0], cpu); sd && sd->name; sd = sd->parent)
			build_groups(sd, cpu);
	for_each_online_cpu(cpu) {
		struct sched_domain *sd = per_cpu_ptr(&sched_domains[0], cpu);

		cpu_rq(cpu)->next_balance = sd->name ? 0 : KTIME_MAX;
		if (sd->name)
			smp_store_release(&per_cpu(sd_base, cpu), sd);	/* pairs with for_each_domain() elsewhere */
		if (verbose)
			show_domains(cpu);
	}
}

