/* SPDX-License-Identifier: MIT */
/*
 * Queues of the fair class: a tree by vruntime, what is queued in it and weighs, and averages; which entity runs next. A
 * group's queue is queued as one entity on its parent's, unless it is throttled.
 */
#include "sched/fair_priv.h"

#include "sched/bandwidth.h"
#include "sched/class.h"
#include "sched/rq.h"

static int entity_cmp(const struct sched_entity *a, const struct sched_entity *b)
{
	s64 d = (s64)(a->vruntime - b->vruntime);

	return d ? (d < 0 ? -1 : 1) : (a > b) - (a < b);
}

RB_GENERATE_STATIC(cfs_timeline, sched_entity, run_node, entity_cmp)

void init_cfs_rq(struct cfs_rq *cfs, struct rq *rq, struct task_group *tg)
{
	*cfs = (struct cfs_rq){ .min_vruntime = -(u64)(1 << 20), .rq = rq, .tg = tg };
	RB_INIT(&cfs->tasks_timeline);
}

void set_task_rq(struct task_struct *p, unsigned int cpu)
{
	struct task_group *tg = p->sched_task_group;

	p->se.cfs_rq = tg->cfs_rq[cpu];
	p->se.parent = tg->se[cpu];
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

void update_curr(struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr;
	u64 now = cfs->rq->clock, delta;

	if (!curr)
		return;
	delta = now - curr->exec_start;
	if ((s64)delta <= 0)
		return;
	curr->exec_start = now;
	curr->sum_exec_runtime += delta;
	curr->vruntime += calc_delta_fair(delta, curr);
	update_min_vruntime(cfs);
	if (!curr->my_q)
		cfs->rq->stats.rq_cpu_time += delta;
	if (unlikely(cfs->has_quota))
		account_cfs_rq_runtime(cfs, delta);
}

/* The entities that were queued, and the one that ran, at the last update did so until now. */
static inline void update_cfs_avg(struct cfs_rq *cfs)
{
	struct rq *rq = cfs->rq;

	pelt_update(&cfs->avg, rq->clock, cfs->load.weight, cfs->curr ? rq->cpu_capacity : 0);
}

static inline void update_entity_avg(struct cfs_rq *cfs, struct sched_entity *se)
{
	struct rq *rq = cfs->rq;

	pelt_update(&se->avg, rq->clock, se->on_rq, cfs->curr == se ? rq->cpu_capacity : 0);
}

/* @se weighs @weight from now on, queued on @cfs or not. */
static void reweight_entity(struct cfs_rq *cfs, struct sched_entity *se, unsigned long weight)
{
	bool queued = se->on_rq && cfs->curr != se;

	if (se->on_rq) {
		update_curr(cfs);
		update_cfs_avg(cfs);
		update_entity_avg(cfs, se);
		cfs->avg.load_sum += (weight - se->load.weight) * se->avg.load_sum;
		cfs->load.weight += weight - se->load.weight;
	}
	if (queued)
		__dequeue_entity(cfs, se);
	set_weight(se, weight, cfs->min_vruntime);
	if (queued)
		__enqueue_entity(cfs, se);
}

/*
 * What a group weighs on a hart: its shares, divided as its load is over harts. The
 * hart's own part of that sum is brought up to date first.
 */
static noinline void __update_cfs_group(struct sched_entity *se)
{
	struct cfs_rq *cfs = se->my_q;
	struct task_group *tg = cfs->tg;
	unsigned long total, weight;

	if (cfs->tg_load != cfs->load.weight) {
		__atomic_fetch_add(&tg->load, cfs->load.weight - cfs->tg_load, __ATOMIC_RELAXED);
		cfs->tg_load = cfs->load.weight;
	}
	if (!cfs->load.weight)
		return;
	total = max(READ_ONCE(tg->load), cfs->load.weight);
	weight = max(READ_ONCE(tg->shares) * cfs->load.weight / total, 2UL);
	if (weight != se->load.weight)
		reweight_entity(se->cfs_rq, se, weight);
}

void update_cfs_group(struct sched_entity *se)
{
	if (unlikely(se->my_q))
		__update_cfs_group(se);
}

/* @lead: how far the first task of the group @se, which came from elsewhere, is ahead of others, ns; ~0: none did. */
static void enqueue_entity(struct cfs_rq *cfs, struct sched_entity *se, int flags, u64 lead)
{
	update_curr(cfs);
	if (flags & ENQUEUE_MIGRATED)
		se->vruntime += cfs->min_vruntime;	/* detached by set_task_cpu() */
	if (flags & ENQUEUE_INITIAL)
		place_new_entity(cfs, se);
	if (unlikely(lead != ~0ULL))
		se->vruntime = cfs->min_vruntime + calc_delta_fair(lead, se);
	else if (flags & ENQUEUE_WAKEUP)
		place_entity(se, cfs->min_vruntime);
	update_cfs_avg(cfs);
	if (unlikely(!se->avg.last_update)) {	/* new: taken to be always runnable, and to use half of its hart */
		u64 all = pelt_divider(cfs->rq->clock);

		se->avg = (struct sched_avg){ cfs->rq->clock, all, all * cfs->rq->cpu_capacity / 2 };
	}
	update_entity_avg(cfs, se);
	cfs->avg.load_sum += se->load.weight * se->avg.load_sum;
	se->on_rq = 1;
	cfs->load.weight += se->load.weight;
	cfs->nr_running++;
	if (se != cfs->curr)
		__enqueue_entity(cfs, se);
}

static void dequeue_entity(struct cfs_rq *cfs, struct sched_entity *se, int flags)
{
	update_curr(cfs);
	if (cfs->next == se)
		cfs->next = NULL;
	if (cfs->last == se)
		cfs->last = NULL;
	if (cfs->skip == se)
		cfs->skip = NULL;
	if (se != cfs->curr)
		__dequeue_entity(cfs, se);
	update_cfs_avg(cfs);
	update_entity_avg(cfs, se);
	cfs->avg.load_sum -= min(cfs->avg.load_sum, se->load.weight * se->avg.load_sum);
	se->on_rq = 0;
	cfs->load.weight -= se->load.weight;
	cfs->nr_running--;
	/* An entity that leaves for another queue takes its distance from this minimum along, of which it was a part. */
	if (flags & DEQUEUE_SLEEP)
		update_min_vruntime(cfs);
}

/* Queue @se, and the groups it is in as far as they are not yet; @nr more tasks. Return: up to the root? */
bool enqueue_hierarchy(struct sched_entity *se, int nr, int flags)
{
	bool comes = flags & (ENQUEUE_MIGRATED | ENQUEUE_INITIAL | ENQUEUE_COMES);
	u64 lead = ~0ULL;

	for_each_sched_entity(se) {
		struct cfs_rq *cfs = se->cfs_rq;

		if (!se->on_rq) {
			enqueue_entity(cfs, se, flags, lead);
			lead = comes && se->parent ? lead_of(se) : ~0ULL;
		} else {
			update_curr(cfs);
		}
		update_cfs_group(se);
		cfs->h_nr_running += nr;
		if (unlikely(cfs->throttled))
			return false;
		flags = ENQUEUE_WAKEUP;		/* a group that had nothing here has slept */
	}
	return true;
}

/* Undo enqueue_hierarchy(): a group leaves with the last of its tasks here. */
bool dequeue_hierarchy(struct sched_entity *se, int nr, int flags)
{
	bool goes = true;

	for_each_sched_entity(se) {
		struct cfs_rq *cfs = se->cfs_rq;

		if (goes)
			dequeue_entity(cfs, se, flags);
		else
			update_curr(cfs);
		goes = goes && !cfs->load.weight;
		update_cfs_group(se);
		cfs->h_nr_running -= nr;
		if (unlikely(cfs->throttled))
			return false;
		flags = DEQUEUE_SLEEP;		/* a group stays where it is */
	}
	return true;
}

void throttle_cfs_rq(struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->tg->se[cfs->rq->cpu];
	int nr = cfs->h_nr_running;

	lockdep_assert_held(&cfs->rq->lock);
	cfs->throttled = true;
	cfs->throttled_clock = cfs->rq->clock;
	if (se->on_rq && dequeue_hierarchy(se, nr, DEQUEUE_SLEEP) && nr)
		add_nr_running(cfs->rq, -nr);
}

void unthrottle_cfs_rq(struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->tg->se[cfs->rq->cpu];
	struct rq *rq = cfs->rq;
	int nr = cfs->h_nr_running;

	lockdep_assert_held(&cfs->rq->lock);
	cfs->throttled = false;
	if (!cfs->load.weight)
		return;		/* nobody is left */
	if (enqueue_hierarchy(se, nr, ENQUEUE_WAKEUP) && nr)
		add_nr_running(rq, nr);
	if (rq->curr->sched_class == &idle_sched_class || rq->curr->sched_class == &fair_sched_class)
		resched_curr(rq);
}

bool throttled_hierarchy(const struct cfs_rq *cfs)
{
	for (;;) {
		const struct sched_entity *se = cfs->tg->se[cfs->rq->cpu];

		if (cfs->throttled)
			return true;
		if (!se)
			return false;
		cfs = se->cfs_rq;
	}
}

static void set_next_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	if (se->on_rq)
		__dequeue_entity(cfs, se);
	update_cfs_avg(cfs);
	update_entity_avg(cfs, se);
	se->exec_start = cfs->rq->clock;
	cfs->curr = se;
}

static void put_prev_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	if (se->on_rq) {
		update_curr(cfs);
		update_entity_avg(cfs, se);
		__enqueue_entity(cfs, se);
	}
	update_cfs_avg(cfs);
	cfs->curr = NULL;
}

static struct sched_entity *pick_next_entity(struct cfs_rq *cfs)
{
	struct sched_entity *left = cfs->leftmost, *se = left;

	if (unlikely(cfs->skip == se)) {
		struct sched_entity *second = RB_NEXT(cfs_timeline, &cfs->tasks_timeline, se);

		if (second && !wakeup_preempt_entity(second, left))
			se = second;
	} else if (cfs->next && cfs->next->on_rq && !wakeup_preempt_entity(cfs->next, left)) {
		se = cfs->next;
	} else if (cfs->last && cfs->last->on_rq && !wakeup_preempt_entity(cfs->last, left)) {
		se = cfs->last;
	}
	if (cfs->last == se)
		cfs->last = NULL;
	cfs->next = cfs->skip = NULL;
	return se;
}

/* Least recently run tasks are at the tail: what balancing looks at first. */
static void move_to_head(struct rq *rq, struct sched_entity *se)
{
	if (TAILQ_FIRST(&rq->cfs_tasks) != se) {
		TAILQ_REMOVE(&rq->cfs_tasks, se, group_node);
		TAILQ_INSERT_HEAD(&rq->cfs_tasks, se, group_node);
	}
}

/* After a change of what runs: that goes on with its slice. */
void set_next_task_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;

	if (se->on_rq)		/* else it is on its way to sleep, and its hart has dropped the lock to pull */
		move_to_head(rq, se);
	for_each_sched_entity(se)
		set_next_entity(se->cfs_rq, se);
}

struct task_struct *pick_next_task_fair(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se;

	if (!cfs->leftmost)
		return NULL;
	do {
		se = pick_next_entity(cfs);
		set_next_entity(cfs, se);
		se->prev_sum_exec_runtime = se->sum_exec_runtime;	/* a slice begins */
		cfs = se->my_q;
	} while (unlikely(cfs));
	move_to_head(rq, se);
	return task_of(se);
}

void put_prev_task_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;
	bool quota = false;

	(void)rq;
	for_each_sched_entity(se) {
		put_prev_entity(se->cfs_rq, se);
		quota |= se->cfs_rq->has_quota;
	}
	if (likely(!quota))
		return;
	se = &p->se;
	for_each_sched_entity(se)
		if (!se->cfs_rq->throttled && cfs_rq_exhausted(se->cfs_rq))
			throttle_cfs_rq(se->cfs_rq);
}
