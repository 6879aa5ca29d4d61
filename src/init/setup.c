/* SPDX-License-Identifier: MIT */
#include "init/setup.h"

#include <string.h>

#include "init/cmdline.h"
#include "lib/fdt.h"
#include "smp/smp.h"
#include "vm/memblock.h"
#include "vm/page_alloc.h"

phys_addr_t initrd_start, initrd_end;
const char *initrd_problem;

/* A hart is usable unless its node says otherwise, or has no MMU we know. */
static bool __init cpu_usable(const void *fdt, int node)
{
	const char *type = fdt_string(fdt, node, "device_type"), *mmu = fdt_string(fdt, node, "mmu-type");

	return type && !strcmp(type, "cpu") && mmu && fdt_is_available(fdt, node);
}

static bool __init hart_known(unsigned long hart)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (cpuid_to_hartid[cpu] == hart)
			return true;
	return false;
}

void __init setup_smp(const void *fdt, unsigned long boot_hart)
{
	int cpus = fdt_path(fdt, "/cpus");
	long maxcpus = cmdline_uint("maxcpus", NR_CPUS);
	char buf[8];

	if (cmdline_get("nosmp", buf, sizeof(buf)))
		maxcpus = 1;
	cpuid_to_hartid[0] = boot_hart;
	cpumask_set_cpu(0, &cpu_possible_mask);
	cpumask_set_cpu(0, &cpu_online_mask);
	for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n)) {
		unsigned long hart = fdt_number(fdt, n, "reg", ~0UL);

		if (!cpu_usable(fdt, n) || hart == ~0UL || hart_known(hart))
			continue;
		if (nr_cpu_ids >= NR_CPUS || nr_cpu_ids >= maxcpus)
			break;
		cpuid_to_hartid[nr_cpu_ids] = hart;
		cpumask_set_cpu(nr_cpu_ids++, &cpu_possible_mask);
	}
}

/* Why the archive cannot be used where it is, or NULL. Its memory is freed in the end, so it must not overlap anything else. */
static const char *__init check_initrd(void)
{
	for (unsigned int i = 0; i < nr_memblock_reserved; i++) {
		const struct memblock_region *r = &memblock_reserved[i];

		if (initrd_start < r->base + r->size && r->base < initrd_end)
			return "it overlaps the kernel or what is reserved";
	}
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		const struct memblock_region *m = &memblock_memory[i];

		if (initrd_start >= m->base && initrd_end <= m->base + m->size)
			return NULL;
	}
	return "it lies outside of memory";
}

const void *__init setup_memory(const void *fdt, phys_addr_t dtb_pa)
{
	int chosen = fdt_path(fdt, "/chosen"), n;
	const char *args = fdt_string(fdt, chosen, "bootargs");
	u64 base, size;
	void *copy;

	if (args)
		strncpy(saved_command_line, args, sizeof(saved_command_line) - 1);
	for (n = fdt_first_child(fdt, fdt_root(fdt)); n >= 0; n = fdt_next_sibling(fdt, n)) {
		const char *type = fdt_string(fdt, n, "device_type");

		if (!type || strcmp(type, "memory") || !fdt_is_available(fdt, n))
			continue;
		for (int i = 0; !fdt_reg(fdt, n, i, &base, &size); i++)
			memblock_add(base, size, fdt_cell(fdt, n, "numa-node-id", 0, 0));
	}
	n = fdt_path(fdt, "/reserved-memory");
	for (n = n >= 0 ? fdt_first_child(fdt, n) : n; n >= 0; n = fdt_next_sibling(fdt, n))
		for (int i = 0; fdt_is_available(fdt, n) && !fdt_reg(fdt, n, i, &base, &size); i++)
			memblock_reserve(base, size);
	for (int i = 0; !fdt_mem_rsv(fdt, i, &base, &size); i++)
		memblock_reserve(base, size);
	memblock_reserve(0x80000000, 0x200000);	/* firmware, whatever it says of itself */
	memblock_reserve(__pa(_start), _end - _start);
	memblock_reserve(dtb_pa, fdt_size(fdt));
	initrd_start = fdt_number(fdt, chosen, "linux,initrd-start", 0);
	initrd_end = fdt_number(fdt, chosen, "linux,initrd-end", 0);
	if (initrd_end > initrd_start)
		initrd_problem = check_initrd();
	if (initrd_end <= initrd_start || initrd_problem)
		initrd_start = initrd_end = 0;
	else
		memblock_reserve(initrd_start, initrd_end - initrd_start);
	/* Copy the tree: the firmware's may lie outside of memory, where nothing is mapped once paging_init() has run. */
	copy = memblock_alloc(fdt_size(fdt), 8);
	return memcpy(copy, fdt, fdt_size(fdt));
}

void __init setup_nodes(const void *fdt)
{
	int cpus = fdt_path(fdt, "/cpus");

	for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n)) {
		unsigned int cpu;

		for_each_possible_cpu(cpu)
			if (cpuid_to_hartid[cpu] == fdt_number(fdt, n, "reg", ~0UL))
				set_cpu_node(cpu, fdt_cell(fdt, n, "numa-node-id", 0, nr_memblock_memory ?
							   memblock_memory[0].node : 0));
	}
}
