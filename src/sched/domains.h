/* SPDX-License-Identifier: MIT */
/*
 * The scheduling domains, made of how harts lie to one another: for each hart a
 * list of spans, each wider than the one before, up to the whole machine.
 * A domain's groups are the spans one level down; balancing moves work between
 * groups. Ref: Linux kernel/sched/topology.c.
 */
#ifndef SCHED_DOMAINS_H
#define SCHED_DOMAINS_H

#include "smp/topology.h"

#define NR_CPU_LEVELS	4	/* SMT, CLS, MC, PKG */
#define MAX_SD_LEVELS	(NR_CPU_LEVELS + 3)	/* and up to three of NUMA */
extern bool sched_asym_cpucapacity;	/* [I] some harts are slower than others */

enum cpu_idle_type { CPU_NOT_IDLE, CPU_IDLE, CPU_NEWLY_IDLE, NR_IDLE_TYPES };

#define SD_BALANCE_NEWIDLE	0x0001
#define SD_BALANCE_EXEC		0x0002
#define SD_BALANCE_FORK		0x0004
#define SD_BALANCE_WAKE		0x0008
#define SD_ASYM_CPUCAPACITY	0x0040	/* harts of unequal capacity */
#define SD_SHARE_CPUCAPACITY	0x0080	/* threads of a core */
#define SD_SHARE_LLC		0x0200
#define SD_PREFER_SIBLING	0x1000
#define SD_NUMA			0x4000

/* A group's figures, kept for a while: a pass over a wide domain does not look at each hart. Read and written without lock. */
struct load_sum {
	u64 load;			/* sum of decayed loads */
	unsigned long capacity;		/* of all harts, less what real-time tasks use */
	unsigned int nr_running;	/* tasks, running or waiting */
	unsigned int nr_waiting;	/* fair tasks on a hart beyond its first */
	unsigned int idle_cpus;
	unsigned long misfit_capacity;	/* of the fastest hart that is too slow for what it runs; 0: none is */
};
struct group_load {
	u64 time;			/* ns: of then; 0: never */
	struct load_sum sum;
};

/* One list for all harts of a domain; of overlapping ones (NUMA), one for each node. Written at boot. */
struct sched_group {
	struct sched_group *next;	/* circular */
	struct cpumask span;
	struct cpumask balance_mask;	/* whose idle members may balance for the group */
	unsigned int weight;		/* harts */
	unsigned long capacity;		/* of all of them */
	bool imbalance;			/* [a] affinity kept a level below from balancing */
	struct sched_domain *child;	/* whose span is the same; NULL: a hart alone */
	struct group_load load;		/* what periodic passes know of it */
};

struct lb_stats {
	u64 count, balanced, failed, imbalance_load, imbalance_task, gained, hot_gained, nobusyq, nobusyg;
};

struct sched_domain {
	struct sched_domain *parent, *child;
	struct sched_group *groups;	/* begins with this hart's own */
	struct cpumask span;
	const char *name;
	unsigned int span_weight, level, flags;
	unsigned int slot;		/* which of the levels: one number for all harts; level counts from each hart's lowest */
	unsigned int imbalance_pct;	/* per cent that the busiest must exceed the local group by */
	u64 min_interval, max_interval;	/* ns */
	unsigned int busy_factor;	/* a busy hart balances this much less often */
	/* [o] changed only by the hart that balances for this one */
	u64 last_balance, balance_interval; /* ns */
	unsigned int nr_balance_failed;
	struct lb_stats lb[NR_IDLE_TYPES];
	u64 alb_count, alb_failed, alb_pushed;	/* active balance */
};

DECLARE_PER_CPU(struct sched_domain *, sd_base);	/* lowest level; NULL on one hart */

#define for_each_domain(cpu, sd) for ((sd) = per_cpu(sd_base, cpu); (sd); (sd) = (sd)->parent)

/**
 * build_sched_domains - For all harts online, anew. @verbose: print them (sched_verbose).
 * Context: boot, or all other harts stopped: domains are walked with preemption off.
 */
void build_sched_domains(bool verbose);
/** cpumask_print - @m as "0-3,8", to @buf of @size bytes. Context: any. */
void cpumask_print(char *buf, size_t size, const struct cpumask *m);

#endif
