/* SPDX-License-Identifier: MIT */
/*
 * Real-time tasks: SCHED_FIFO and SCHED_RR.
 *
 * A hart keeps a queue for each of the 100 priorities and a bitmap of those that
 * are not empty; the first task of the first queue runs, and stays in its queue
 * while it does. Over all harts, the tasks with the highest priorities run, one a
 * hart: a hart with more than one pushes the next to a hart that runs something
 * lower (push_rt_task), and a hart about to run something lower than it just did
 * pulls (pull_rt_task).
 *
 * Throttling: of each period of a second, real-time and deadline tasks get 950 ms
 * as long as fair tasks wait for the hart; what nobody else wants is theirs. Then a
 * fair task runs, whose tick sees the next period begin (rt_unthrottle()).
 *
 * Ref: Linux kernel/sched/rt.c.
 */
#include "sched/rt.h"

#include "sched/class.h"
#include "sched/cpupri.h"
#include "sched/idle.h"
#include "sched/load.h"
#include "sched/migrate.h"
#include "sched/rq.h"
#include "sched/tunables.h"
#include "time/clock.h"
#include "time/tick.h"

u64 sysctl_sched_rt_period = NSEC_PER_SEC, sysctl_sched_rt_runtime = 950 * NSEC_PER_MSEC;
u64 sysctl_sched_rr_timeslice = 100 * NSEC_PER_MSEC;

static struct cpumask rto_mask;	/* [a] harts with a task to push */

void init_rt_rq(struct rt_rq *rt)
{
	*rt = (struct rt_rq){ .highest_prio = MAX_RT_PRIO };
	for (int i = 0; i < MAX_RT_PRIO; i++)
		TAILQ_INIT(&rt->queue[i]);
}

static unsigned int rr_ticks(void)
{
	return (unsigned int)max(READ_ONCE(sysctl_sched_rr_timeslice) / TICK_NSEC, 1UL);
}

static struct task_struct *rt_task_of(struct sched_rt_entity *rt)
{
	return container_of(rt, struct task_struct, rt);
}

void rt_update_cpupri(struct rq *rq)
{
	cpupri_set(rq->cpu, rq->dl.nr_queued ? -1 : rq->rt.highest_prio);
}

/* After a change of the queues: what other harts look at. */
static void update_rt_rq(struct rq *rq)
{
	struct rt_rq *rt = &rq->rt;
	int prio = MAX_RT_PRIO;

	if (rt->bitmap[0])
		prio = __builtin_ctzl(rt->bitmap[0]);
	else if (rt->bitmap[1])
		prio = 64 + __builtin_ctzl(rt->bitmap[1]);
	WRITE_ONCE(rt->highest_prio, prio);
	rt_update_cpupri(rq);
	if (rt->nr_running > 1)
		cpumask_set_cpu(rq->cpu, &rto_mask);
	else if (cpumask_test_cpu(rq->cpu, &rto_mask))
		cpumask_clear_cpu(rq->cpu, &rto_mask);
}

static void rt_queue(struct rt_rq *rt, struct task_struct *p, bool head)
{
	if (head)
		TAILQ_INSERT_HEAD(&rt->queue[p->prio], &p->rt, run_list);
	else
		TAILQ_INSERT_TAIL(&rt->queue[p->prio], &p->rt, run_list);
	p->rt.prio = p->prio;
	rt->bitmap[p->prio / 64] |= BIT(p->prio % 64);
}

static void rt_unqueue(struct rt_rq *rt, struct task_struct *p)
{
	int prio = p->rt.prio;

	TAILQ_REMOVE(&rt->queue[prio], &p->rt, run_list);
	if (TAILQ_EMPTY(&rt->queue[prio]))
		rt->bitmap[prio / 64] &= ~BIT(prio % 64);
}

static void requeue_task_rt(struct rq *rq, struct task_struct *p)
{
	rt_unqueue(&rq->rt, p);
	rt_queue(&rq->rt, p, false);
}

static void enqueue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	rt_queue(&rq->rt, p, flags & ENQUEUE_HEAD);
	rq->rt.nr_running++;
	update_rt_rq(rq);
}

static void update_curr_rt(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	u64 delta = rq->clock - curr->se.exec_start;

	if (curr->sched_class != &rt_sched_class || (s64)delta <= 0)
		return;
	curr->se.exec_start = rq->clock;
	curr->se.sum_exec_runtime += delta;
	rq->rt.time += delta;
	rq->stats.rq_cpu_time += delta;
}

static void dequeue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	(void)flags;
	update_curr_rt(rq);
	rt_unqueue(&rq->rt, p);
	rq->rt.nr_running--;
	update_rt_rq(rq);
}

static void yield_task_rt(struct rq *rq)
{
	requeue_task_rt(rq, rq->curr);
}

static void check_preempt_curr_rt(struct rq *rq, struct task_struct *p, int flags)
{
	(void)flags;
	if (p->prio < rq->curr->prio)
		resched_curr(rq);
}

/* Have the tasks used up what is theirs in this period, and others wait? What they overran, for a tick comes late, they owe. */
static bool rt_throttled(struct rq *rq)
{
	u64 period = READ_ONCE(sysctl_sched_rt_period), runtime = READ_ONCE(sysctl_sched_rt_runtime);
	struct rt_rq *rt = &rq->rt;
	u64 passed = rq->clock - rt->period_start;

	if (runtime >= period)
		return false;
	if (passed >= period) {
		rt->period_start += passed - passed % period;
		rt->time = rq->cfs.h_nr_running ? min(rt->time, runtime + period + TICK_NSEC) : 0;
		rt->time -= min(rt->time, min(passed / period, TICK_NSEC) * runtime);
	}
	return rt->time >= runtime && rq->cfs.h_nr_running;
}

void rt_unthrottle(struct rq *rq)
{
	if (!rt_throttled(rq))
		resched_curr(rq);
}

static void set_next_task_rt(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
	rt_runs(rq, true);
}

static struct task_struct *pick_next_task_rt(struct rq *rq)
{
	struct task_struct *p;

	if (rq->rt.highest_prio == MAX_RT_PRIO || rt_throttled(rq))
		return NULL;
	p = rt_task_of(TAILQ_FIRST(&rq->rt.queue[rq->rt.highest_prio]));
	set_next_task_rt(rq, p);
	return p;
}

static void put_prev_task_rt(struct rq *rq, struct task_struct *p)
{
	(void)p;
	update_curr_rt(rq);
	rt_runs(rq, false);
}

/* Where @p runs at once, or soonest: a hart that runs the least of all below it. */
static int find_lowest_rq(struct task_struct *p)
{
	struct cpumask low, idle;

	if (p->nr_cpus_allowed == 1 || !cpupri_find(p, &low))
		return -1;
	if (cpumask_and(&idle, &low, &idle_cpus_mask))
		low = idle;
	return cpumask_test_cpu(task_cpu(p), &low) ? task_cpu(p) : cpumask_first(&low);
}

static unsigned int select_task_rq_rt(struct task_struct *p, unsigned int cpu, int flags)
{
	int lowest;

	(void)flags;
	/* Stay, if it is to run there at once. */
	if (cpumask_test_cpu(cpu, &p->cpus_mask) && READ_ONCE(cpu_rq(cpu)->rt.highest_prio) == MAX_RT_PRIO && idle_cpu(cpu))
		return cpu;
	lowest = find_lowest_rq(p);
	return lowest >= 0 && p->prio < READ_ONCE(cpu_rq(lowest)->rt.highest_prio) ? (unsigned int)lowest : cpu;
}

static void task_tick_rt(struct rq *rq, struct task_struct *p)
{
	update_curr_rt(rq);
	if (rt_throttled(rq))
		resched_curr(rq);
	if (p->policy != SCHED_RR || --p->rt.time_slice)
		return;
	p->rt.time_slice = rr_ticks();
	if (TAILQ_NEXT(&p->rt, run_list) || TAILQ_FIRST(&rq->rt.queue[p->rt.prio]) != &p->rt) {
		requeue_task_rt(rq, p);
		resched_curr(rq);
	}
}

/* The highest task of @rq that does not run and may leave, for @dst if given. */
static struct task_struct *pick_pushable(struct rq *rq, struct rq *dst)
{
	struct sched_rt_entity *rt;

	for (int i = 0; i < 2; i++)
		for (unsigned long map = rq->rt.bitmap[i]; map; map &= map - 1)
			TAILQ_FOREACH(rt, &rq->rt.queue[i * 64 + __builtin_ctzl(map)], run_list) {
				struct task_struct *p = rt_task_of(rt);

				if (p != rq->curr && !READ_ONCE(p->on_cpu) && p->nr_cpus_allowed > 1 &&
				    (!dst || cpumask_test_cpu(dst->cpu, &p->cpus_mask)))
					return p;
			}
	return NULL;
}

/* Move one task to a hart that runs something lower. Return: whether one was moved. Drops and retakes rq->lock. */
static bool push_rt_task(struct rq *rq) __no_lock_analysis
{
	struct task_struct *p = pick_pushable(rq, NULL);
	struct rq *dst;
	bool moved = false;
	int cpu;

	if (!p || p->prio < rq->curr->prio)
		return false;	/* it preempts here, soon */
	cpu = find_lowest_rq(p);
	if (cpu < 0 || (unsigned int)cpu == rq->cpu)
		return false;
	dst = cpu_rq(cpu);
	double_lock_balance(rq, dst);
	/* The world may have moved while the lock was dropped. */
	p = pick_pushable(rq, dst);
	if (p && cpu_online(cpu) && p->prio < dst->rt.highest_prio) {
		move_queued_task(rq, dst, p, MIGRATE_RT);
		moved = true;
	}
	spin_unlock(&dst->lock);
	return moved;
}

void push_rt_tasks(struct rq *rq)
{
	while (rq->rt.nr_running && push_rt_task(rq))
		;
}

static void task_woken_rt(struct rq *rq, struct task_struct *p)
{
	if (p != rq->curr && rq->curr->sched_class == &rt_sched_class && rq->curr->prio <= p->prio)
		push_rt_tasks(rq);
}

void pull_rt_task(struct rq *rq, struct task_struct *prev) __no_lock_analysis
{
	unsigned int cpu;

	if (rq->rt.highest_prio <= prev->prio)
		return;

	for_each_cpu(cpu, &rto_mask) {
		struct rq *src = cpu_rq(cpu);
		struct task_struct *p;

		if (src == rq || READ_ONCE(src->rt.highest_prio) >= MAX_RT_PRIO)
			continue;
		double_lock_balance(rq, src);
		p = pick_pushable(src, rq);
		if (p && p->prio < rq->rt.highest_prio)
			move_queued_task(src, rq, p, MIGRATE_RT);
		spin_unlock(&src->lock);
	}
}

static void switching_to_rt(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	p->rt.time_slice = rr_ticks();
}

/* What runs may be the fair task that higher ones waited for, throttled. */
static void switched_to_rt(struct rq *rq, struct task_struct *p)
{
	if (rq->curr != p ? p->prio < rq->curr->prio : rq->rt.highest_prio < p->prio)
		resched_curr(rq);
}

static void prio_changed_rt(struct rq *rq, struct task_struct *p, int oldprio)
{
	if (rq->curr == p ? p->prio > oldprio && rq->rt.highest_prio < p->prio : p->prio < rq->curr->prio)
		resched_curr(rq);
}

static u64 get_rr_interval_rt(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	return p->policy == SCHED_RR ? READ_ONCE(sysctl_sched_rr_timeslice) : 0;
}

const struct sched_class rt_sched_class = {
	.next = &fair_sched_class,
	.enqueue_task = enqueue_task_rt,
	.dequeue_task = dequeue_task_rt,
	.yield_task = yield_task_rt,
	.check_preempt_curr = check_preempt_curr_rt,
	.pick_next_task = pick_next_task_rt,
	.put_prev_task = put_prev_task_rt,
	.set_next_task = set_next_task_rt,
	.select_task_rq = select_task_rq_rt,
	.task_tick = task_tick_rt,
	.task_woken = task_woken_rt,
	.switching_to = switching_to_rt,
	.switched_to = switched_to_rt,
	.prio_changed = prio_changed_rt,
	.get_rr_interval = get_rr_interval_rt,
	.update_curr = update_curr_rt,
};
