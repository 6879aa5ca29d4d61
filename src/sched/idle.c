/* SPDX-License-Identifier: MIT */
/* The idle class: one task a hart, never queued, waits for an interrupt. */
#include "sched/idle.h"

#include "sched/class.h"
#include "trace/critical.h"
#include "sched/rq.h"
#include "sched/sched.h"
#include "smp/turns.h"
#include "time/clock.h"
#include "time/tick.h"

struct cpumask idle_cpus_mask;

bool idle_cpu(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->curr) == rq->idle && !READ_ONCE(rq->nr_running);
}

static void no_queue(struct rq *rq, struct task_struct *p, int flags)
{
	(void)rq, (void)p, (void)flags;
	BUG();
}

static void nothing(struct rq *rq)
{
	(void)rq;
}

static void check_preempt_curr_idle(struct rq *rq, struct task_struct *p, int flags)
{
	(void)p, (void)flags;
	resched_curr(rq);
}

static void set_next_task_idle(struct rq *rq, struct task_struct *p)
{
	(void)p;
	rq->idle_start = rq->clock;
}

static struct task_struct *pick_next_task_idle(struct rq *rq)
{
	set_next_task_idle(rq, rq->idle);
	rq->nr_goidle++;
	return rq->idle;
}

static void put_prev_task_idle(struct rq *rq, struct task_struct *p)
{
	(void)p;
	if (rq->idle_start)
		rq->idle_ns += rq->clock - rq->idle_start;
	rq->idle_start = 0;
}

static unsigned int select_task_rq_idle(struct task_struct *p, unsigned int cpu, int flags)
{
	(void)p, (void)flags;
	return cpu;
}

static void task_tick_idle(struct rq *rq, struct task_struct *p)
{
	(void)rq, (void)p;
}

const struct sched_class idle_sched_class = {
	.enqueue_task = no_queue,
	.dequeue_task = no_queue,
	.yield_task = nothing,
	.check_preempt_curr = check_preempt_curr_idle,
	.pick_next_task = pick_next_task_idle,
	.put_prev_task = put_prev_task_idle,
	.set_next_task = set_next_task_idle,
	.select_task_rq = select_task_rq_idle,
	.task_tick = task_tick_idle,
	.update_curr = nothing,
};

static void idle_wait(void)
{
	if (CONFIG_DEBUG)
		stop_critical_timings();
	if (unlikely(harts_take_turns))
		idle_in_turn();
	else
		wait_for_interrupt();
	if (CONFIG_DEBUG)
		start_critical_timings();
}

static void go_down(void)
{
	if (CONFIG_DEBUG)
		stop_critical_timings();
	arch_cpu_idle_dead();
}

void cpu_idle(void)
{
	unsigned int cpu = smp_processor_id();

	local_irq_disable();
	WRITE_ONCE(current->thread_info.preempt_count, 1);
	cpu_rq(cpu)->idle_start = ktime_get_ns();
	for (;;) {
		if (unlikely(!cpu_online(cpu)))
			go_down();
		cpumask_set_cpu(cpu, &idle_cpus_mask);
		smp_mb();	/* in the mask before the last look; pairs with the waker's, which queues before it looks at the mask */
		local_irq_disable();
		if (!test_thread_flag(TIF_NEED_RESCHED)) {
			tick_nohz_idle_enter();
			/* wfi returns on a pending interrupt even while they are off. */
			while (!test_thread_flag(TIF_NEED_RESCHED)) {
				idle_wait();
				local_irq_enable();
				local_irq_disable();
			}
			tick_nohz_idle_exit();
		}
		cpumask_clear_cpu(cpu, &idle_cpus_mask);
		local_irq_enable();
		schedule_idle();
	}
}
