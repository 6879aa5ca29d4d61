/* SPDX-License-Identifier: MIT */
/* Balancing: what is counted of a group, and what is decided from it. Pure: no locks, no run queues. */
#ifndef SCHED_LB_H
#define SCHED_LB_H

#include "sched/domains.h"

enum group_type { GROUP_HAS_SPARE, GROUP_FULLY_BUSY, GROUP_MISFIT_TASK, GROUP_IMBALANCED, GROUP_OVERLOADED };

/* What is read of a hart's run queue. */
struct hart_load {
	u64 load;
	unsigned long capacity;		/* less what real-time tasks use */
	unsigned int nr_running, nr_fair; /* tasks, running or waiting */
	unsigned long misfit_capacity;	/* its capacity, if it is too slow for what it runs; else 0 */
};

struct sg_lb_stats {
	enum group_type type;
	unsigned int weight;		/* harts */
	struct load_sum sum;
	unsigned long idle_capacity;	/* of the hart that balances, if it idles */
};

/* What to move: nothing, tasks, load, or what runs: to spread over wider spans, or to a faster hart. */
enum migration_type { MIGRATE_NONE, MIGRATE_TASK, MIGRATE_LOAD, MIGRATE_SPREAD, MIGRATE_MISFIT };

struct lb_decision {
	enum migration_type type;
	u64 imbalance;			/* tasks, or load */
};

/** load_sum_hart - Add a hart's figures to @s. Context: any. */
void load_sum_hart(struct load_sum *s, const struct hart_load *h);
/** load_sum_add - Add another group's figures to @s. Context: any. */
void load_sum_add(struct load_sum *s, const struct load_sum *other);
/** group_classify - Kind of a group; @imbalanced: affinity hindered a pass below it. */
enum group_type group_classify(const struct sg_lb_stats *s, bool imbalanced);
/** group_avg_load - Load for a capacity of 1024, a fastest hart's. */
u64 group_avg_load(const struct sg_lb_stats *s);
/** group_busier - Is @a more worth taking from than @b? */
bool group_busier(const struct sg_lb_stats *a, const struct sg_lb_stats *b);
/** lb_decide - What the harts of @local shall take from @busiest; @domain_avg: load a hart over all groups. */
struct lb_decision lb_decide(const struct sg_lb_stats *local, const struct sg_lb_stats *busiest, u64 domain_avg,
			     enum cpu_idle_type idle, unsigned int imbalance_pct);

#endif
