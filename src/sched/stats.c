/* SPDX-License-Identifier: MIT */
/*
 * What the scheduler tells of harts and tasks: counts, times, and the figures of
 * /proc/schedstat, /proc/PID/sched and the scheduler's debug files.
 */
#include "sched/stats.h"

#include "sched/class.h"
#include "sched/load.h"
#include "sched/rq.h"
#include "time/clock.h"

u64 task_sched_runtime(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq;
	u64 ns;

	/* The time of a task that does not run stays what it is; pairs with finish_task_switch(). */
	if (!smp_load_acquire(&p->on_cpu))
		return READ_ONCE(p->se.sum_exec_runtime);
	rq = task_rq_lock(p, &flags);
	if (rq->curr == p) {
		update_rq_clock(rq);
		p->sched_class->update_curr(rq);
	}
	ns = p->se.sum_exec_runtime;
	task_rq_unlock(rq, p, flags);
	return ns;
}

unsigned long nr_running(void)
{
	unsigned long n = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		n += READ_ONCE(cpu_rq(cpu)->nr_running);
	return n;
}

unsigned long nr_context_switches(void)
{
	unsigned long n = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(cpu_rq(cpu)->nr_switches);
	return n;
}

u64 sched_nr_switches(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->nr_switches);
}

u64 sched_nr_migrations(unsigned int cpu)
{
	u64 n = 0;

	for (int i = 0; i < NR_MIGRATE_REASONS; i++)
		n += i == MIGRATE_FORK ? 0 : READ_ONCE(cpu_rq(cpu)->migrations[i]);
	return n;
}

struct rq_stats sched_rq_stats(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	struct rq_stats s;
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	s = rq->stats;
	s.sched_count = rq->nr_switches;
	s.sched_goidle = rq->nr_goidle;
	spin_unlock_irqrestore(&rq->lock, flags);
	return s;
}

void sched_rq_debug(unsigned int cpu, struct rq_debug *d)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	update_rq_clock(rq);
	*d = (struct rq_debug){
		.nr_running = rq->nr_running, .fair = rq->cfs.h_nr_running, .rt = rq->rt.nr_running, .dl = rq->dl.nr_queued,
		.curr_pid = rq->curr->pid, .nr_switches = rq->nr_switches, .clock = rq->clock, .next_balance = rq->next_balance,
		.min_vruntime = rq->cfs.min_vruntime, .weight = rq->cfs.load.weight, .load_avg = cfs_rq_load_avg(&rq->cfs, rq->clock),
		.util_avg = cpu_util(rq, rq->clock),
	};
	spin_unlock_irqrestore(&rq->lock, flags);
}

struct cpu_times cpu_times_get(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	struct cpu_times t;
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	t = rq->times;
	t.idle_ns = rq->idle_ns;
	if (rq->curr == rq->idle && rq->idle_start)
		t.idle_ns += ktime_get_ns() - rq->idle_start;
	spin_unlock_irqrestore(&rq->lock, flags);
	return t;
}

void sched_task_stats(struct task_struct *p, struct task_sched_stats *s)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	bool fair = p->sched_class == &fair_sched_class, runs = rq->curr == p;
	struct sched_avg a;

	update_rq_clock(rq);
	if (runs)
		p->sched_class->update_curr(rq);
	a = pelt_read(&p->se.avg, rq->clock, fair && p->se.on_rq, fair && runs ? rq->cpu_capacity : 0);
	*s = (struct task_sched_stats){
		.exec_start = p->se.exec_start, .vruntime = p->se.vruntime, .sum_exec_runtime = p->se.sum_exec_runtime,
		.nr_migrations = p->se.nr_migrations, .weight = p->se.load.weight,
		.load_avg = p->se.load.weight * a.load_sum / pelt_divider(rq->clock), .util_avg = a.util_sum / pelt_divider(rq->clock),
		.load_sum = a.load_sum, .util_sum = a.util_sum, .last_update = a.last_update, .policy = p->policy, .prio = p->prio,
	};
	task_rq_unlock(rq, p, flags);
}
