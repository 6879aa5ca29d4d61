/* SPDX-License-Identifier: MIT */
/* Where a task goes: placement of what wakes and of what is new. */
#ifndef SCHED_SELECT_H
#define SCHED_SELECT_H

#include "smp/smp.h"

struct task_struct;

/** select_idle_sibling - An idle hart of @allowed, near @cpu. Return: it; -1: none. Context: any. */
int select_idle_sibling(const struct cpumask *allowed, unsigned int cpu);
/**
 * select_idle_capacity - An idle hart of @allowed that has room for @util: @cpu, another, or else the fastest.
 * Return: it; -1: none. Context: any.
 */
int select_idle_capacity(const struct cpumask *allowed, unsigned int cpu, unsigned long util);
/** find_idlest_cpu - The hart of @allowed with the fewest tasks for its capacity. Return: it; @cpu if none has fewer. Context: any. */
unsigned int find_idlest_cpu(const struct cpumask *allowed, unsigned int cpu);
/** select_fallback_rq - An online hart for @p; if it may use none, it may use all from now on. Return: it. Context: p->pi_lock held. */
unsigned int select_fallback_rq(struct task_struct *p);

#endif
