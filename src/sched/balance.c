/* SPDX-License-Identifier: MIT */
/*
 * Load balancing between harts: which hart looks when. A pass is load_balance.c; its decision is made in lb_decide.c.
 *
 * A busy hart's tick raises the SCHED softirq when a domain is due, and kicks one
 * idle hart when the hart has more than it can run: that hart balances for all
 * idle ones (their ticks are stopped). A hart that runs dry balances for itself
 * before it idles.
 *
 * Ref: Linux kernel/sched/fair.c.
 */
#include "sched/balance.h"

#include "sched/idle.h"
#include "sched/load_balance.h"
#include "sched/rq.h"
#include "smp/upcall.h"
#include "time/hrtimer.h"
#include "time/tick.h"
#include "trap/softirq.h"

static struct cpumask overloaded_mask;	/* [a] harts with more than one runnable task */
static unsigned long nohz_balance_kicked;	/* [a] bit 0: a hart is on its way */

void update_overloaded(struct rq *rq)
{
	lockdep_assert_held(&rq->lock);
	if (rq->nr_running > 1)
		cpumask_set_cpu(rq->cpu, &overloaded_mask);
	else
		cpumask_clear_cpu(rq->cpu, &overloaded_mask);
}

static bool any_overloaded(void)
{
	return cpumask_first(&overloaded_mask) < NR_CPUS;
}

bool newidle_balance(struct rq *rq)
{
	struct sched_domain *sd;

	lockdep_assert_held(&rq->lock);
	if (!any_overloaded())
		return false;
	for_each_domain(rq->cpu, sd)
		if (load_balance(rq, sd, CPU_NEWLY_IDLE) || rq->nr_running)
			break;
	return rq->nr_running;
}

/* Balance @rq at every level that is due. Context: softirq. */
static void rebalance_domains(struct rq *rq, enum cpu_idle_type idle)
{
	u64 now = ktime_get_ns(), next = now + NSEC_PER_SEC;
	struct sched_domain *sd;

	for_each_domain(rq->cpu, sd) {
		u64 interval = sd->balance_interval * (idle == CPU_NOT_IDLE ? sd->busy_factor : 1);

		if (rq->turn || now - sd->last_balance >= interval) {
			if (load_balance(rq, sd, idle))
				idle = CPU_NOT_IDLE;
			sd->last_balance = now;
			interval = sd->balance_interval * (idle == CPU_NOT_IDLE ? sd->busy_factor : 1);
		}
		next = min(next, sd->last_balance + interval);
	}
	if (rq->cpu_capacity < SCHED_CAPACITY_SCALE)
		next = min(next, now + TICK_NSEC);	/* what it runs may outgrow it at any time */
	rq->turn = false;
	WRITE_ONCE(rq->next_balance, next);
}

/* For each idle hart, whose tick is stopped, the pass that it cannot make itself. */
static void nohz_idle_balance(void)
{
	unsigned int cpu;

	clear_bit(0, &nohz_balance_kicked);
	for_each_cpu(cpu, &idle_cpus_mask) {
		struct rq *rq = cpu_rq(cpu);
		struct sched_domain *sd;

		if (!any_overloaded() && !sched_asym_cpucapacity)
			break;
		if (!idle_cpu(cpu))
			continue;
		for_each_domain(cpu, sd)
			if (load_balance(rq, sd, CPU_IDLE))
				break;
	}
}

void nohz_balance_forget(struct rq *rq)
{
	cpumask_clear_cpu(rq->cpu, &idle_cpus_mask);
	if (test_and_clear_bit(0, &rq->nohz_kick))
		clear_bit(0, &nohz_balance_kicked);
}

static void run_rebalance_domains(void)
{
	struct rq *rq = this_rq();

	if (test_and_clear_bit(0, &rq->nohz_kick))
		nohz_idle_balance();
	if (rq->turn || ktime_get_ns() >= rq->next_balance)
		rebalance_domains(rq, idle_cpu(rq->cpu) ? CPU_IDLE : CPU_NOT_IDLE);
}

void trigger_load_balance(struct rq *rq)
{
	unsigned int cpu;

	lockdep_assert_held(&rq->lock);
	if (rq->clock >= READ_ONCE(rq->next_balance))
		raise_softirq_irqoff(SCHED_SOFTIRQ);
	if (rq->nr_running < 2 && !rq_misfit(rq, rq->clock))
		return;
	cpu = cpumask_first(&idle_cpus_mask);
	if (cpu < NR_CPUS && !test_and_set_bit(0, &nohz_balance_kicked)) {
		set_bit(0, &cpu_rq(cpu)->nohz_kick);
		smp_send_reschedule(cpu);
	}
}

void sched_on_ipi(void)
{
	/* A reschedule needs no more: the sender set the flag, and the return path looks at it. */
	if (unlikely(test_bit(0, &this_rq()->nohz_kick)))
		raise_softirq_irqoff(SCHED_SOFTIRQ);
}

static u64 take_turn(struct hrtimer *t)
{
	if (t != &this_rq()->turn_timer)
		return 0;		/* of a hart that has left */
	this_rq()->turn = true;
	raise_softirq_irqoff(SCHED_SOFTIRQ);
	return 0;
}

void __init sched_balance_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		hrtimer_init(&cpu_rq(cpu)->turn_timer, take_turn);
	open_softirq(SCHED_SOFTIRQ, run_rebalance_domains);
}
