/* SPDX-License-Identifier: MIT */
/*
 * What holds between any two events. Included by sim.c.
 *
 * No task is lost, one runs on a hart, and classes keep their order. Admitted
 * deadline tasks together ask for no more than 95 % of the harts. Fairness: of
 * N entities on a queue none is further from its weight's part of the queue's
 * time than N turns, a turn being a tick and the latency. And none waits
 * longer than it takes to make up for one turn of its own, by its part of the
 * weight, and to let each other one have its turn.
 */

#define TURN ((double)TICK_NSEC + sysctl_sched_latency)

/* As if update_curr() had been called now. */
static double vruntime_now(const struct cfs_rq *cfs, const struct sched_entity *se)
{
	double v = (s64)(se->vruntime - cfs->min_vruntime);

	return cfs->curr == se ? v + (double)(now - se->exec_start) * NICE_0_LOAD / se->load.weight : v;
}

struct queue_sum {
	double weight, weighted;	/* vruntimes, from min_vruntime */
	unsigned int nr;
};

static void sum_queue(const struct cfs_rq *cfs, const struct sched_entity *se, struct queue_sum *sum)
{
	if (!se || !se->on_rq)
		return;		/* what runs may have left already */
	sum->weight += se->load.weight;
	sum->weighted += se->load.weight * vruntime_now(cfs, se);
	sum->nr++;
	if (cfs->curr != se) {
		sum_queue(cfs, RB_LEFT(se, run_node), sum);
		sum_queue(cfs, RB_RIGHT(se, run_node), sum);
	}
}

static void check_lag(const struct cfs_rq *cfs, const struct sched_entity *se, const struct queue_sum *sum)
{
	double lag;

	if (!se || !se->on_rq)
		return;
	lag = (sum->weighted / sum->weight - vruntime_now(cfs, se)) * se->load.weight / NICE_0_LOAD;
	if (lag > sum->nr * TURN || -lag > sum->nr * TURN)
		fail("hart %u: one of %u of weight %lu is %.3f ms from its part", cfs->rq->cpu, sum->nr, se->load.weight, lag / 1e6);
	if (cfs->curr != se) {
		check_lag(cfs, RB_LEFT(se, run_node), sum);
		check_lag(cfs, RB_RIGHT(se, run_node), sum);
	}
}

static void check_queue(const struct cfs_rq *cfs)
{
	struct queue_sum sum = { 0 };

	sum_queue(cfs, RB_ROOT(&cfs->tasks_timeline), &sum);
	sum_queue(cfs, cfs->curr, &sum);
	if (sum.nr < 2)
		return;
	check_lag(cfs, RB_ROOT(&cfs->tasks_timeline), &sum);
	check_lag(cfs, cfs->curr, &sum);
}

/* Of @s, of the root group, how long it waits; time in which other classes ran does not count. */
static void check_wait(struct sim_task *s, u64 dt)
{
	const struct sched_entity *se = &s->t.se;
	const struct rq *rq = cpu_rq(task_cpu(&s->t));
	double turns = 1;

	if (!se->on_rq || s->t.sched_class != &fair_sched_class || throttled_hierarchy(se->cfs_rq) || rq->curr == &s->t ||
	    s->cpu != s->had_run) {
		s->waits = s->most_turns = 0;
		s->had_run = s->cpu;
		return;
	}
	/* A group's turn is one of a task in it: each level multiplies. */
	for (; se; se = se->parent)
		turns *= (double)se->cfs_rq->load.weight / se->load.weight + se->cfs_rq->nr_running;
	s->waits += s->most_turns && rq->curr->sched_class == &fair_sched_class ? dt : 0;
	s->most_turns = max(s->most_turns, turns);
	if (s->waits > TURN * s->most_turns)
		fail("%s waits for %.3f ms, its turn comes after %g others", s->name, s->waits / 1e6, s->most_turns);
}

static void check_admission(void)
{
	u64 asked = 0;	/* ppm of a hart */

	for (size_t i = 0; i < nr_tasks; i++)
		if (tasks[i].forked && !tasks[i].done && tasks[i].t.policy == SCHED_DEADLINE)
			asked += tasks[i].dl_runtime * 1000000 / tasks[i].dl_period;
	if (asked > cpumask_weight(&cpu_online_mask) * 950000)
		fail("deadline tasks ask for %lu ppm of a hart", asked);
}

/*
 * An idle hart beside a waiting task gets it, or another, within two intervals of an idle hart's passes at its widest
 * domain and three ticks.
 */
static void check_idle(unsigned int cpu, bool beside)
{
	u64 limit = 3 * TICK_NSEC;
	struct sched_domain *sd;

	if (!beside) {
		harts[cpu].idle_beside = 0;
		return;
	}
	if (!harts[cpu].idle_beside)
		harts[cpu].idle_beside = now;
	for_each_domain(cpu, sd)
		limit = max(limit, 2 * sd->max_interval + 3 * TICK_NSEC);
	if (now - harts[cpu].idle_beside > limit)
		fail("hart %u has idled for %.1f ms while a task waits that it may run", cpu, (now - harts[cpu].idle_beside) / 1e6);
}

/* Real-time tasks wait while a fair one runs until their next period, or as many as pay for a tick or a period too much. */
static void check_rt_waits(struct rq *rq)
{
	u64 debt = sysctl_sched_rt_period + TICK_NSEC;
	u64 limit = sysctl_sched_rt_period * (2 + debt / max(sysctl_sched_rt_runtime, 1UL)) + 2 * TICK_NSEC;
	u64 *since = &harts[rq->cpu].rt_waits;

	if (!rq->rt.nr_running || rq->curr->sched_class != &fair_sched_class)
		*since = 0;
	else if (!*since)
		*since = now;
	else if (now - *since > limit)
		fail("hart %u: priority %d has waited for %.1f ms beside a fair task", rq->cpu, rq->rt.highest_prio,
		     (now - *since) / 1e6);
}

static void check_waits(void)
{
	static u64 last;

	for (size_t i = 0; i < nr_tasks; i++)
		check_wait(&tasks[i], now - last);
	last = now;
}

static void check_all(void)
{
	size_t queued = 0, runnable = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		queued += rq->nr_running;
		if (rq->curr->thread_info.cpu != cpu || !rq->curr->on_cpu)
			fail("hart %u runs a task of another", cpu);
		if (rq->nr_running != rq->cfs.h_nr_running + rq->rt.nr_running + rq->dl.nr_queued + rq->stop_queued)
			fail("hart %u: the classes' counts do not add up", cpu);
		if (rq->rt.highest_prio < MAX_RT_PRIO && rq->curr->prio > rq->rt.highest_prio &&
		    !test_tsk_thread_flag(rq->curr, TIF_NEED_RESCHED) && !(rq->rt.time && rq->cfs.h_nr_running))
			fail("hart %u: priority %d waits while %d runs", cpu, rq->rt.highest_prio, rq->curr->prio);
		check_rt_waits(rq);
		check_queue(&rq->cfs);
		for (unsigned int i = 0; i < nr_groups; i++)
			check_queue(groups[i].tg->cfs_rq[cpu]);
		if (rq->nr_running && rq->curr == rq->idle && !test_tsk_thread_flag(rq->idle, TIF_NEED_RESCHED))
			fail("hart %u idles with %u tasks queued", cpu, rq->nr_running);
	}
	check_admission();
	for (size_t i = 0; i < nr_tasks; i++)
		if (tasks[i].t.on_rq && !tasks[i].done && !cpu_online(task_cpu(&tasks[i].t)))
			fail("a task is left on hart %u, which is offline", task_cpu(&tasks[i].t));
	for (size_t i = 0; i < nr_tasks; i++)
		runnable += tasks[i].t.on_rq && !tasks[i].done && !tasks[i].t.dl.throttled &&
			    (tasks[i].t.sched_class != &fair_sched_class || !throttled_hierarchy(tasks[i].t.se.cfs_rq));
	for_each_online_cpu(cpu)
		runnable += cpu_rq(cpu)->stop_queued;
	if (queued != runnable)
		fail("%zu tasks queued, %zu runnable: one is lost", queued, runnable);
}

