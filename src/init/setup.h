/* SPDX-License-Identifier: MIT */
/* The machine as the firmware's device tree tells of it: harts, memory, nodes, an archive. Devices are src/dev/probe.h's. */
#ifndef INIT_SETUP_H
#define INIT_SETUP_H

#include "riscv/memlayout.h"

extern phys_addr_t initrd_start, initrd_end;	/* of the archive; equal: there is none, or none that is used */
extern const char *initrd_problem;		/* why it is not used, or NULL */

/**
 * setup_memory - Note memory, what of it is reserved, the archive and the command line.
 * @fdt: the tree, checked, which is at @dtb_pa.
 * Return: a copy of it, to be used from now on. Context: boot, first of all.
 */
const void *setup_memory(const void *fdt, phys_addr_t dtb_pa);
/** setup_smp - Number the harts of @fdt, @boot_hart first, as many as maxcpus= and NR_CPUS allow. Context: boot. */
void setup_smp(const void *fdt, unsigned long boot_hart);
/** setup_nodes - Which node of memory each hart belongs to. Context: boot, after setup_smp(). */
void setup_nodes(const void *fdt);

#endif
