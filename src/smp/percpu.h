/* SPDX-License-Identifier: MIT */
/*
 * Per-hart data: one template in the image, one copy a hart at boot.
 * The pointer from this_cpu_ptr() is good while preemption is off.
 */
#ifndef SMP_PERCPU_H
#define SMP_PERCPU_H

#include "lib/cpumask.h"
#include "smp/preempt.h"

extern unsigned long __per_cpu_offset[NR_CPUS];

#define DEFINE_PER_CPU(type, name)	__section(".data.percpu") __typeof__(type) name
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name

#define per_cpu_ptr(p, cpu) ((__typeof__(p))((unsigned long)(p) + __per_cpu_offset[cpu]))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))
#define this_cpu_ptr(p)		per_cpu_ptr(p, smp_processor_id())
#define this_cpu(var)		(*this_cpu_ptr(&(var)))

/** setup_per_cpu_area - Make @cpu's copy of the template at @area. Context: boot. */
void setup_per_cpu_area(unsigned int cpu, void *area);
/** per_cpu_area_size - Bytes that setup_per_cpu_area() needs. */
unsigned long per_cpu_area_size(void);

#endif
