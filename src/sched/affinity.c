/* SPDX-License-Identifier: MIT */
/* Which harts a task may use, and what moves it when it may not stay. Ref: Linux kernel/sched/core.c. */
#include "sched/affinity.h"

#include "lib/err.h"
#include "sched/class.h"
#include "sched/fair.h"
#include "sched/migrate.h"
#include "sched/rq.h"
#include "sched/select.h"
#include "sched/sleep.h"
#include "sched/stop.h"

struct migration_arg {
	struct task_struct *task;
	unsigned int dest;
	enum migrate_reason why;
};

/* On the hart that @task was seen on, in the stop class. */
static int migration_cpu_stop(void *data) __no_lock_analysis
{
	struct migration_arg *arg = data;
	struct task_struct *p = arg->task;
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	if (rq == this_rq() && p->on_rq && cpumask_test_cpu(arg->dest, &p->cpus_mask) &&
	    (arg->why == MIGRATE_EXEC || !cpumask_test_cpu(rq->cpu, &p->cpus_mask)))
		rq = __migrate_task(rq, p, cpu_online(arg->dest) ? arg->dest : select_fallback_rq(p), arg->why);
	task_rq_unlock(rq, p, flags);
	return 0;
}

int sched_setaffinity(struct task_struct *p, const struct cpumask *mask) __no_lock_analysis
{
	struct migration_arg arg = { .task = p, .why = MIGRATE_AFFINITY };
	struct cpumask ok;
	unsigned long flags;
	struct rq *rq;
	unsigned int cpu;
	bool move;

	if (!cpumask_and(&ok, mask, &cpu_online_mask) || (p->flags & PF_NO_SETAFFINITY))
		return -EINVAL;
	rq = task_rq_lock(p, &flags);
	if (p->policy == SCHED_DEADLINE && cpumask_weight(&ok) != cpumask_weight(&cpu_online_mask)) {
		task_rq_unlock(rq, p, flags);
		return -EBUSY;		/* admitted for the whole machine */
	}
	cpumask_and(&p->cpus_mask, mask, &cpu_possible_mask);
	p->nr_cpus_allowed = cpumask_weight(&p->cpus_mask);
	cpu = task_cpu(p);
	arg.dest = cpumask_first(&ok);
	move = p->on_rq && !cpumask_test_cpu(cpu, &ok);
	task_rq_unlock(rq, p, flags);
	/* A sleeping task moves when it is woken. */
	if (move)
		stop_one_cpu(cpu, migration_cpu_stop, &arg);
	return 0;
}

void sched_bind(struct task_struct *p, unsigned int cpu)
{
	unsigned long flags;

	wait_task_inactive(p);
	spin_lock_irqsave(&p->pi_lock, flags);
	p->cpus_mask = (struct cpumask){ 0 };
	cpumask_set_cpu(cpu, &p->cpus_mask);
	p->nr_cpus_allowed = 1;
	detach_task(p);
	WRITE_ONCE(p->thread_info.cpu, cpu);
	set_task_rq(p, cpu);
	attach_task(p);
	spin_unlock_irqrestore(&p->pi_lock, flags);
}

void sched_exec(void)
{
	struct migration_arg arg = { .task = current, .why = MIGRATE_EXEC };
	unsigned long flags;
	unsigned int cpu;

	if (READ_ONCE(this_rq()->nr_running) < 2)
		return;	/* nobody waits for this hart */
	spin_lock_irqsave(&current->pi_lock, flags);
	cpu = smp_processor_id();
	arg.dest = current->sched_class->select_task_rq(current, cpu, WF_EXEC);
	spin_unlock_irqrestore(&current->pi_lock, flags);
	if (arg.dest != cpu)
		stop_one_cpu(cpu, migration_cpu_stop, &arg);
}
