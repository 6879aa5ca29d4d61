/* SPDX-License-Identifier: MIT */
/*
 * Real-time tasks: SCHED_FIFO and SCHED_RR.
 *
 * A hart keeps a queue for each of the 100 priorities and a bitmap of those that
 * are not empty; the first task of the first queue runs, and stays in its queue
 * while it does. Over all harts, the tasks with the highest priorities run, one a
 * hart: a hart with more than one pushes the next to a hart that runs something
 * lower, and a hart about to run something lower than it just did pulls (push_pull.h).
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
#include "sched/push_pull.h"
#include "sched/rq.h"
#include "sched/tunables.h"
#include "time/clock.h"
#include "time/tick.h"

u64 sysctl_sched_rt_period = NSEC_PER_SEC, sysctl_sched_rt_runtime = 950 * NSEC_PER_MSEC;
u64 sysctl_sched_rr_timeslice = 100 * NSEC_PER_MSEC;

static struct cpumask rto_mask;	/* [a] harts with a task to push */

static void init_rq_rt(struct rq *rq)
{
	rq->rt = (struct rt_rq){ .highest_prio = MAX_RT_PRIO };
	for (int i = 0; i < MAX_RT_PRIO; i++)
		TAILQ_INIT(&rq->rt.queue[i]);
	cpupri_init_cpu(rq->cpu);
}

static unsigned int rr_timeslice_ticks(void)
{
	return (unsigned int)max(READ_ONCE(sysctl_sched_rr_timeslice) / TICK_NSEC, 1UL);
}

static struct task_struct *rt_task_of(struct sched_rt_entity *rt)
{
	return container_of(rt, struct task_struct, rt);
}

void rt_update_cpupri(struct rq *rq)
{
	lockdep_assert_held(&rq->lock);
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
	set_overloaded(rq, &rto_mask, rt->nr_running);
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
	rq->nr_urgent++;
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
	rq->nr_urgent--;
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

/* Do tasks of lower classes want the hart? */
static bool others_wait(const struct rq *rq)
{
	return rq->nr_running > rq->nr_urgent + rq->stop_queued;
}

/* Have the tasks used up their time of this period, and do others wait? Time that a late tick let them overrun is owed. */
static bool rt_throttled(struct rq *rq)
{
	u64 period = READ_ONCE(sysctl_sched_rt_period), runtime = READ_ONCE(sysctl_sched_rt_runtime);
	struct rt_rq *rt = &rq->rt;
	u64 passed = rq->clock - rt->period_start;

	if (runtime >= period)
		return false;
	if (passed >= period) {
		rt->period_start += passed - passed % period;
		rt->time = others_wait(rq) ? min(rt->time, runtime + period + TICK_NSEC) : 0;
		rt->time -= min(rt->time, min(passed / period, TICK_NSEC) * runtime);
	}
	return rt->time >= runtime && others_wait(rq);
}

void rt_unthrottle(struct rq *rq)
{
	lockdep_assert_held(&rq->lock);
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
	p->rt.time_slice = rr_timeslice_ticks();
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

static struct task_struct *to_push_rt(struct rq *rq)
{
	struct task_struct *p = rq->rt.nr_running ? pick_pushable(rq, NULL) : NULL;

	return p && p->prio >= rq->curr->prio ? p : NULL;	/* a higher one preempts here, soon */
}

static bool higher_than_queued(const struct task_struct *p, const struct rq *dst)
{
	return p->prio < dst->rt.highest_prio;
}

static const struct push_pull push_pull_rt = {
	.to_push = to_push_rt, .pushable = pick_pushable, .target = find_lowest_rq, .better = higher_than_queued, .why = MIGRATE_RT,
};

static void push_rt(struct rq *rq)
{
	push_tasks(rq, &push_pull_rt);
}

static void task_woken_rt(struct rq *rq, struct task_struct *p)
{
	if (p != rq->curr && rq->curr->sched_class == &rt_sched_class && rq->curr->prio <= p->prio)
		push_rt(rq);
}

static void pull_rt(struct rq *rq, struct task_struct *prev)
{
	if (rq->rt.highest_prio > prev->prio)
		pull_tasks(rq, &push_pull_rt, &rto_mask);
}

static void switching_to_rt(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	p->rt.time_slice = rr_timeslice_ticks();
}

/* The running task may be a fair one for which higher ones, throttled, waited. */
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
	.init_rq = init_rq_rt,
	.task_woken = task_woken_rt,
	.push = push_rt,
	.pull = pull_rt,
	.switching_to = switching_to_rt,
	.switched_to = switched_to_rt,
	.prio_changed = prio_changed_rt,
	.get_rr_interval = get_rr_interval_rt,
	.update_curr = update_curr_rt,
};
