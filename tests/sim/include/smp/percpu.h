/* SPDX-License-Identifier: MIT */
/* Per-hart data of virtual harts: the host linker names the bounds of a section. Stands before src/smp/percpu.h. */
#ifndef SMP_PERCPU_H
#define SMP_PERCPU_H

#include "lib/cpumask.h"
#include "smp/preempt.h"

extern unsigned long __per_cpu_offset[NR_CPUS];
extern char __start_percpu_sim[], __stop_percpu_sim[];

#define DEFINE_PER_CPU(type, name)	__section("percpu_sim") __typeof__(type) name
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name

#define per_cpu_ptr(p, cpu) ((__typeof__(p))((unsigned long)(p) + __per_cpu_offset[cpu]))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))
#define this_cpu_ptr(p)		per_cpu_ptr(p, smp_processor_id())
#define this_cpu(var)		(*this_cpu_ptr(&(var)))

#endif
