/* SPDX-License-Identifier: MIT */
/* Which harts run nothing above a priority. */
#ifndef SCHED_CPUPRI_H
#define SCHED_CPUPRI_H

#include "smp/smp.h"

struct task_struct;

/** cpupri_init_cpu - @cpu runs no real-time task. Context: boot. */
void cpupri_init_cpu(unsigned int cpu);
/** cpupri_set - @cpu's highest priority is @prio (MAX_RT_PRIO: no real-time task, -1: a deadline task). Context: its rq->lock held. */
void cpupri_set(unsigned int cpu, int prio);
/** cpupri_find - Harts that @p may use and that run the least, all below @p, to @low. Return: whether there are any. Context: any. */
bool cpupri_find(struct task_struct *p, struct cpumask *low);

#endif
