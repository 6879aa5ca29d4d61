/* SPDX-License-Identifier: MIT */
#include "sched/topology.h"

#include <stdio.h>
#include <string.h>

#include "lib/fdt.h"
#include "smp/printk.h"

struct cpu_topology cpu_topology[NR_CPUS];
static unsigned int distances[MAX_NUMA_NODES][MAX_NUMA_NODES];

unsigned int node_distance(unsigned int a, unsigned int b)
{
	return a < MAX_NUMA_NODES && b < MAX_NUMA_NODES ? distances[a][b] : REMOTE_DISTANCE;
}

void set_node_distance(unsigned int a, unsigned int b, unsigned int distance)
{
	distances[a][b] = distance;
}

static int cpu_of_phandle(const void *fdt, u32 phandle)
{
	int cpus = fdt_path(fdt, "/cpus");
	unsigned int cpu;

	for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n))
		if (fdt_cell(fdt, n, "phandle", 0, 0) == phandle)
			for_each_possible_cpu(cpu)
				if (cpuid_to_hartid[cpu] == fdt_number(fdt, n, "reg", ~0UL))
					return cpu;
	return -1;
}

/* "thread3" with @what "thread": 3. Anything else: -1. */
static int numbered(const char *name, const char *what)
{
	size_t n = strlen(what);
	int v = 0;

	if (strncmp(name, what, n) || !name[n])
		return -1;
	for (name += n; *name; name++) {
		if (*name < '0' || *name > '9' || v > 100000)
			return -1;
		v = v * 10 + *name - '0';
	}
	return v;
}

/* A leaf of cpu-map has a "cpu" property. Clusters of clusters count as the innermost. */
static void parse_cpu_map(const void *fdt, int node, struct cpu_topology at, int depth)
{
	u32 phandle = fdt_cell(fdt, node, "cpu", 0, 0);
	int cpu = phandle ? cpu_of_phandle(fdt, phandle) : -1;

	if (cpu >= 0) {
		at.node = cpu_topology[cpu].node;
		at.capacity = cpu_topology[cpu].capacity;
		cpu_topology[cpu] = at;
	}
	for (int n = fdt_first_child(fdt, node); n >= 0 && depth < 8; n = fdt_next_sibling(fdt, n)) {
		const char *name = fdt_name(fdt, n);
		struct cpu_topology sub = at;
		int v;

		if ((v = numbered(name, "socket")) >= 0)
			sub.package_id = v;
		else if ((v = numbered(name, "cluster")) >= 0)
			sub.cluster_id = v;
		else if ((v = numbered(name, "core")) >= 0)
			sub.core_id = v;
		else if ((v = numbered(name, "thread")) >= 0)
			sub.thread_id = v;
		else
			continue;
		parse_cpu_map(fdt, n, sub, depth + 1);
	}
}

/* Of the fastest hart each has so much; if one's is not told, none is believed. */
static void __init normalize_capacity(void)
{
	unsigned long most = 0, least = ~0UL;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		most = max(most, cpu_topology[cpu].capacity);
		least = min(least, cpu_topology[cpu].capacity);
	}
	if (most && !least)
		pr_warn("cpu_capacity: partial information, all harts taken for equal\n");
	for_each_possible_cpu(cpu)
		cpu_topology[cpu].capacity = least ? max(cpu_topology[cpu].capacity * SCHED_CAPACITY_SCALE / most, 1UL) :
					     SCHED_CAPACITY_SCALE;
}

void __init init_cpu_topology(const void *fdt)
{
	struct cpu_topology none = { -1, -1, -1, 0, 0, 0 };
	int cpus = fdt_path(fdt, "/cpus"), map = fdt_path(fdt, "/distance-map"), len;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		cpu_topology[cpu] = none;
		for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n))
			if (cpuid_to_hartid[cpu] == fdt_number(fdt, n, "reg", ~0UL)) {
				cpu_topology[cpu].node = fdt_cell(fdt, n, "numa-node-id", 0, 0) % MAX_NUMA_NODES;
				cpu_topology[cpu].capacity = fdt_cell(fdt, n, "capacity-dmips-mhz", 0, 0);
			}
	}
	normalize_capacity();
	if (fdt_path(fdt, "/cpus/cpu-map") >= 0)
		parse_cpu_map(fdt, fdt_path(fdt, "/cpus/cpu-map"), none, 0);
	for (int a = 0; a < MAX_NUMA_NODES; a++)
		for (int b = 0; b < MAX_NUMA_NODES; b++)
			set_node_distance(a, b, a == b ? LOCAL_DISTANCE : REMOTE_DISTANCE);
	if (map >= 0 && fdt_getprop(fdt, map, "distance-matrix", &len))
		for (int i = 0; i + 2 < len / 4; i += 3) {
			u32 a = fdt_cell(fdt, map, "distance-matrix", i, 0), b = fdt_cell(fdt, map, "distance-matrix", i + 1, 0);

			if (a < MAX_NUMA_NODES && b < MAX_NUMA_NODES && a != b)
				distances[a][b] = distances[b][a] = fdt_cell(fdt, map, "distance-matrix", i + 2, REMOTE_DISTANCE);
		}
}
