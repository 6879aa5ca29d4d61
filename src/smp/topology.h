/* SPDX-License-Identifier: MIT */
/* How harts lie to one another, and how much work each can do. Ref: Linux drivers/base/arch_topology.c. */
#ifndef SMP_TOPOLOGY_H
#define SMP_TOPOLOGY_H

#include "smp/smp.h"

#define MAX_NUMA_NODES	8
#define SCHED_CAPACITY_SCALE 1024UL
#define LOCAL_DISTANCE	10
#define REMOTE_DISTANCE	20

/* Where a hart is; [I] after boot. -1: the device tree does not say. */
struct cpu_topology {
	int thread_id, core_id, cluster_id, package_id;	/* core_id and cluster_id are unique only in their package */
	unsigned int node;
	unsigned long capacity;		/* SCHED_CAPACITY_SCALE: as much work in a time as the fastest harts */
};
extern struct cpu_topology cpu_topology[NR_CPUS];

/** init_cpu_topology - From cpu-map, numa-node-id and the distance map of @fdt. Context: boot, harts are known. */
void init_cpu_topology(const void *fdt);
/** node_distance - From node @a to @b. Return: as in the distance map; 10: the same node. Context: any. */
unsigned int node_distance(unsigned int a, unsigned int b);
/** set_node_distance - From @a to @b, both below MAX_NUMA_NODES. Context: before build_sched_domains(). */
void set_node_distance(unsigned int a, unsigned int b, unsigned int distance);
/** cpu_to_node - NUMA node of @cpu. */
static inline unsigned int cpu_to_node(unsigned int cpu)
{
	return cpu_topology[cpu].node;
}

#endif
