/* SPDX-License-Identifier: MIT */
/* The idle class, and which harts idle. */
#ifndef SCHED_IDLE_H
#define SCHED_IDLE_H

#include "smp/smp.h"

extern struct cpumask idle_cpus_mask;	/* [a] harts in their idle task */

/** cpu_idle - What idle tasks do. Context: idle task. */
void cpu_idle(void) __noreturn;
/** idle_cpu - Has @cpu nothing to run? Context: any; without lock, a hint. */
bool idle_cpu(unsigned int cpu);

#endif
