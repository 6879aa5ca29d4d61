/* SPDX-License-Identifier: MIT */
/*
 * The fair class: CFS. Each entity's vruntime grows with its run time divided
 * by its weight; the leftmost in the tree, the one that has had least, runs
 * next. min_vruntime follows the leftmost and never goes back; newcomers and
 * sleepers are placed by it.
 *
 * vruntimes are compared by signed difference: they may wrap.
 *
 * Ref: Linux kernel/sched/fair.c before EEVDF.
 */
#include "sched/sched_priv.h"

/* ns. Linux's defaults before scaling by the number of harts. */
static const u64 sched_latency = 6000000;
static const u64 sched_min_granularity = 750000;
static const u64 sched_wakeup_granularity = 1000000;

#define NICE_0_LOAD 1024
#define WEIGHT_IDLEPRIO 3

/* Weight of each nice level: a step is 1.25 in CPU share. */
static const u32 sched_prio_to_weight[40] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
	1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
	110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
};

static int entity_cmp(const struct sched_entity *a, const struct sched_entity *b)
{
	s64 d = (s64)(a->vruntime - b->vruntime);

	return d ? (d < 0 ? -1 : 1) : (a > b) - (a < b);
}

RB_GENERATE_STATIC(cfs_timeline, sched_entity, run_node, entity_cmp)

void init_cfs_rq(struct cfs_rq *cfs)
{
	*cfs = (struct cfs_rq){ .min_vruntime = -(u64)(1 << 20) };
	RB_INIT(&cfs->tasks_timeline);
}

void set_load_weight(struct task_struct *p)
{
	if (p->policy == SCHED_IDLE) {
		p->se.load.weight = WEIGHT_IDLEPRIO;
		return;
	}
	p->se.load.weight = sched_prio_to_weight[p->static_prio - MAX_RT_PRIO];
}

static u64 calc_delta_fair(u64 delta, const struct sched_entity *se)
{
	if (likely(se->load.weight == NICE_0_LOAD))
		return delta;
	return delta * NICE_0_LOAD / se->load.weight;
}

static void __enqueue_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	RB_INSERT(cfs_timeline, &cfs->tasks_timeline, se);
	if (!cfs->leftmost || entity_cmp(se, cfs->leftmost) < 0)
		cfs->leftmost = se;
}

static void __dequeue_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	if (cfs->leftmost == se)
		cfs->leftmost = RB_NEXT(cfs_timeline, &cfs->tasks_timeline, se);
	RB_REMOVE(cfs_timeline, &cfs->tasks_timeline, se);
}

static void update_min_vruntime(struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr, *left = cfs->leftmost;
	u64 v = cfs->min_vruntime;

	if (curr && curr->on_rq) {
		v = curr->vruntime;
		if (left && (s64)(left->vruntime - v) < 0)
			v = left->vruntime;
	} else if (left) {
		v = left->vruntime;
	}
	if ((s64)(v - cfs->min_vruntime) > 0)
		cfs->min_vruntime = v;
}

static void update_curr(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	u64 delta;

	if (!curr)
		return;
	delta = rq->clock - curr->exec_start;
	if ((s64)delta <= 0)
		return;
	curr->exec_start = rq->clock;
	curr->sum_exec_runtime += delta;
	rq->stats.rq_cpu_time += delta;
	curr->vruntime += calc_delta_fair(delta, curr);
	update_min_vruntime(&rq->cfs);
}

/* The time in which each runnable entity shall run once. */
static u64 sched_period(unsigned int nr)
{
	u64 min_total = nr * sched_min_granularity;

	return max(sched_latency, min_total);
}

static u64 sched_slice(const struct cfs_rq *cfs, const struct sched_entity *se)
{
	u64 load = cfs->load.weight + (se->on_rq ? 0 : se->load.weight);

	return sched_period(cfs->nr_running + !se->on_rq) * se->load.weight / load;
}

/* Where a sleeper resumes: not far behind the others, lest it hold the hart for long. */
static void place_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 v = cfs->min_vruntime - sched_latency / 2;

	if ((s64)(v - se->vruntime) > 0)
		se->vruntime = v;
}

static void enqueue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr(rq);
	if (flags & ENQUEUE_MIGRATED)
		se->vruntime += cfs->min_vruntime;	/* made relative by set_task_cpu() */
	if (flags & ENQUEUE_WAKEUP)
		place_entity(cfs, se);
	if (flags & ENQUEUE_INITIAL)
		se->vruntime = cfs->min_vruntime + calc_delta_fair(sched_slice(cfs, se), se);
	se->on_rq = 1;
	cfs->load.weight += se->load.weight;
	cfs->nr_running++;
	if (se != cfs->curr)
		__enqueue_entity(cfs, se);
}

static void dequeue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr(rq);
	if (cfs->next == se)
		cfs->next = NULL;
	if (cfs->skip == se)
		cfs->skip = NULL;
	if (se != cfs->curr)
		__dequeue_entity(cfs, se);
	se->on_rq = 0;
	cfs->load.weight -= se->load.weight;
	cfs->nr_running--;
	update_min_vruntime(cfs);
	(void)flags;
}

static void yield_task_fair(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;

	if (cfs->nr_running > 1)
		cfs->skip = cfs->curr;
}

/* How much sooner @se must be due before it interrupts what runs. */
static bool wakeup_preempt_entity(const struct sched_entity *curr, const struct sched_entity *se)
{
	s64 lead = (s64)(curr->vruntime - se->vruntime);

	return lead > (s64)calc_delta_fair(sched_wakeup_granularity, se);
}

static void check_preempt_wakeup(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs = &rq->cfs;

	if (!cfs->curr || cfs->curr == &p->se)
		return;
	if (unlikely(rq->curr->policy == SCHED_IDLE && p->policy != SCHED_IDLE)) {
		resched_curr(rq);
		return;
	}
	if (unlikely(p->policy != SCHED_NORMAL))
		return;		/* batch and idle tasks interrupt nobody */
	update_curr(rq);
	if (wakeup_preempt_entity(cfs->curr, &p->se)) {
		if (flags & WF_TTWU)
			cfs->next = &p->se;
		resched_curr(rq);
	}
}

static void set_next_task_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;

	if (se->on_rq)
		__dequeue_entity(&rq->cfs, se);
	se->exec_start = rq->clock;
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	rq->cfs.curr = se;
}

static struct task_struct *pick_next_task_fair(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = cfs->leftmost;

	if (!se)
		return NULL;
	if (unlikely(cfs->skip == se)) {
		struct sched_entity *second = RB_NEXT(cfs_timeline, &cfs->tasks_timeline, se);

		if (second)
			se = second;
	} else if (cfs->next && cfs->next->on_rq && !wakeup_preempt_entity(cfs->next, se)) {
		se = cfs->next;
	}
	cfs->next = cfs->skip = NULL;
	set_next_task_fair(rq, task_of(se));
	return task_of(se);
}

static void put_prev_task_fair(struct rq *rq, struct task_struct *p)
{
	struct cfs_rq *cfs = &rq->cfs;

	if (p->se.on_rq) {
		update_curr(rq);
		__enqueue_entity(cfs, &p->se);
	}
	cfs->curr = NULL;
}

static void task_tick_fair(struct rq *rq, struct task_struct *p)
{
	struct cfs_rq *cfs = &rq->cfs;
	u64 ran, ideal;

	update_curr(rq);
	if (cfs->nr_running < 2)
		return;
	ran = p->se.sum_exec_runtime - p->se.prev_sum_exec_runtime;
	ideal = sched_slice(cfs, &p->se);
	if (ran > ideal || (ran > sched_min_granularity && cfs->leftmost &&
			    (s64)(p->se.vruntime - cfs->leftmost->vruntime) > (s64)ideal))
		resched_curr(rq);
}

/* For a waking task an idle hart, best its own; for a new one, failing that, the hart with the fewest tasks. */
static unsigned int select_task_rq_fair(struct task_struct *p, unsigned int prev, int flags)
{
	int cpu;

	if (!(flags & (WF_FORK | WF_EXEC)) && cpumask_test_cpu(prev, &p->cpus_mask) && idle_cpu(prev))
		return prev;
	cpu = select_idle_sibling(&p->cpus_mask, prev);
	if (cpu >= 0)
		return cpu;
	return flags & (WF_FORK | WF_EXEC) ? find_idlest_cpu(&p->cpus_mask, prev) : prev;
}

struct sched_entity *cfs_last(struct cfs_rq *cfs)
{
	return RB_MAX(cfs_timeline, &cfs->tasks_timeline);
}

struct sched_entity *cfs_prev(struct cfs_rq *cfs, struct sched_entity *se)
{
	return RB_PREV(cfs_timeline, &cfs->tasks_timeline, se);
}

static void switching_to_fair(struct rq *rq, struct task_struct *p)
{
	p->se.vruntime = rq->cfs.min_vruntime;	/* what it had is from another life */
}

static void switched_to_fair(struct rq *rq, struct task_struct *p)
{
	if (rq->curr == p)
		resched_curr(rq);
	else
		check_preempt_curr(rq, p, 0);
}

static void prio_changed_fair(struct rq *rq, struct task_struct *p, int oldprio)
{
	if (rq->curr != p)
		check_preempt_curr(rq, p, 0);
	else if (p->prio > oldprio && rq->cfs.nr_running > 1)
		resched_curr(rq);
}

static u64 get_rr_interval_fair(struct rq *rq, struct task_struct *p)
{
	return rq->cfs.load.weight ? sched_slice(&rq->cfs, &p->se) : 0;
}

const struct sched_class fair_sched_class = {
	.next = &idle_sched_class,
	.enqueue_task = enqueue_task_fair,
	.dequeue_task = dequeue_task_fair,
	.yield_task = yield_task_fair,
	.check_preempt_curr = check_preempt_wakeup,
	.pick_next_task = pick_next_task_fair,
	.put_prev_task = put_prev_task_fair,
	.set_next_task = set_next_task_fair,
	.select_task_rq = select_task_rq_fair,
	.task_tick = task_tick_fair,
	.update_curr = update_curr,
	.switching_to = switching_to_fair,
	.switched_to = switched_to_fair,
	.prio_changed = prio_changed_fair,
	.get_rr_interval = get_rr_interval_fair,
};
