/* SPDX-License-Identifier: MIT */
/*
 * Which harts run nothing above a priority, found without looking at each: a mask
 * and a count for each level. Level 0: no real-time task; level n: priority 100 - n;
 * the last: a deadline task.
 * A hart is added to its new level before it leaves the old one, so a search never
 * misses it; what is found may have changed, and is checked under the run queue's
 * lock. Ref: Linux kernel/sched/cpupri.c.
 */
#include "sched/cpupri.h"

#include "sched/rq.h"
#include "sched/task.h"
#include "smp/smp.h"

struct cpupri_vec {
	atomic_t count;
	struct cpumask mask;
};

static struct cpupri_vec pri_to_cpu[MAX_RT_PRIO + 2];
static int cpu_to_pri[NR_CPUS];	/* that hart's run-queue lock */

void cpupri_init_cpu(unsigned int cpu)
{
	cpumask_set_cpu(cpu, &pri_to_cpu[0].mask);
	atomic_inc(&pri_to_cpu[0].count);
}

void cpupri_set(unsigned int cpu, int prio)
{
	int level = MAX_RT_PRIO - prio, old = cpu_to_pri[cpu];

	lockdep_assert_held(&cpu_rq(cpu)->lock);
	if (level == old)
		return;
	cpumask_set_cpu(cpu, &pri_to_cpu[level].mask);
	atomic_inc(&pri_to_cpu[level].count);
	cpu_to_pri[cpu] = level;
	smp_mb();	/* added before removed; pairs with cpupri_find() */
	atomic_dec(&pri_to_cpu[old].count);
	cpumask_clear_cpu(cpu, &pri_to_cpu[old].mask);
}

bool cpupri_find(struct task_struct *p, struct cpumask *low)
{
	for (int level = 0; level < MAX_RT_PRIO - p->prio; level++) {
		if (!atomic_read(&pri_to_cpu[level].count))
			continue;
		smp_rmb();	/* pairs with cpupri_set() */
		if (cpumask_and(low, &p->cpus_mask, &pri_to_cpu[level].mask) && cpumask_and(low, low, &cpu_online_mask))
			return true;
	}
	return false;
}
