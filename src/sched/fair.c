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
#include "sched/fair.h"

#include "sched/bandwidth.h"
#include "sched/class.h"
#include "sched/idle.h"
#include "sched/load.h"
#include "sched/rq.h"
#include "sched/rt.h"
#include "sched/select.h"
#include "sched/tunables.h"
#include "time/tick.h"

u64 sysctl_sched_latency = 6000000, sysctl_sched_min_granularity = 3000000, sysctl_sched_wakeup_granularity = 1000000;
u64 sysctl_sched_child_runs_first;
u64 sysctl_sched_feature[NR_SCHED_FEATURES] = { [0 ... NR_SCHED_FEATURES - 1] = 1 };

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

/* From a task's entity up through those of the groups that it is in. */
#define for_each_sched_entity(se) for (; (se); (se) = (se)->parent)

unsigned long sched_nice_to_weight(int nice)
{
	return sched_prio_to_weight[nice - MIN_NICE];
}

static u64 calc_delta_fair(u64 delta, const struct sched_entity *se)
{
	if (likely(se->load.weight == NICE_0_LOAD))
		return delta;
	return delta * NICE_0_LOAD / se->load.weight;
}

static void vruntime_at_least(struct sched_entity *se, u64 v)
{
	if ((s64)(v - se->vruntime) > 0)
		se->vruntime = v;
}

/* Where a sleeper resumes: not far behind the others, lest it hold the hart for long; a heavy one would hold it longer. */
static void place_entity(struct sched_entity *se, u64 min_vruntime)
{
	u64 credit = READ_ONCE(sysctl_sched_latency) / 2;

	vruntime_at_least(se, min_vruntime - (se->load.weight > NICE_0_LOAD ? calc_delta_fair(credit, se) : credit));
}

/* What @se, on its queue or asleep, had beyond those of its queue that had least: ns, not weighted. */
static u64 lead_of(const struct sched_entity *se)
{
	s64 ahead = (s64)(READ_ONCE(se->vruntime) - READ_ONCE(se->cfs_rq->min_vruntime));

	return ahead > 0 ? (u64)ahead * se->load.weight / NICE_0_LOAD : 0;
}

/* In a queue of one there is no other minimum than its own: what the last to leave had is what its group had. */
void detach_task_fair(struct task_struct *p)
{
	struct sched_entity *se = &p->se;
	u64 v = se->vruntime - READ_ONCE(se->cfs_rq->min_vruntime);

	while (se->parent && !READ_ONCE(se->cfs_rq->nr_running))
		se = se->parent;
	p->se.vruntime = se == &p->se ? v : calc_delta_fair(lead_of(se), &p->se);
}

void attach_task_fair(struct task_struct *p)
{
	p->se.vruntime += p->se.cfs_rq->min_vruntime;
}

/*
 * @se, in no tree, gets another weight. How far it is ahead of @min_vruntime is time that it had: a heavier one has made
 * up for that sooner. Rounded up: of a thousand changes a second nothing is to be had.
 */
static void set_weight(struct sched_entity *se, unsigned long weight, u64 min_vruntime)
{
	unsigned long old = se->load.weight;
	s64 ahead;

	se->load.weight = weight;
	if (!old || old == weight)
		return;
	ahead = (s64)(se->vruntime - min_vruntime);
	if (ahead > 0)
		se->vruntime = min_vruntime + (ahead * (s64)old + (s64)weight - 1) / (s64)weight;
	else
		place_entity(se, min_vruntime);
}

void set_load_weight(struct task_struct *p)
{
	bool attached = p->sched_class == &fair_sched_class && p->se.cfs_rq;

	set_weight(&p->se, p->policy == SCHED_IDLE ? WEIGHT_IDLEPRIO : sched_prio_to_weight[p->static_prio - MAX_RT_PRIO],
		   attached ? p->se.cfs_rq->min_vruntime : 0);
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

static __always_inline void update_min_vruntime(struct cfs_rq *cfs)
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

static void update_curr(struct cfs_rq *cfs)
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

/* What was queued and ran since the last update did so until now. */
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

static void update_curr_fair(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	struct sched_entity *se = &curr->se;

	if (curr->sched_class == &fair_sched_class)
		for_each_sched_entity(se)
			update_curr(se->cfs_rq);
}

/* @se's part of @part, in which all shall run once: of each group's part on the way up. */
static u64 part_of(u64 part, const struct cfs_rq *cfs, const struct sched_entity *se)
{
	for (;;) {
		part = part * se->load.weight / (cfs->load.weight + (se->on_rq ? 0 : se->load.weight));
		se = se->parent;
		if (likely(!se))
			return part;
		cfs = se->cfs_rq;
	}
}

/* How long @se runs at a stretch beside others. More often is not worth a switch: who is many, or light, has longer rounds. */
static u64 sched_slice(const struct cfs_rq *cfs, const struct sched_entity *se)
{
	return max(part_of(READ_ONCE(sysctl_sched_latency), cfs, se), READ_ONCE(sysctl_sched_min_granularity));
}

/*
 * What is new waits its part of a round, but for a slice at most, and as long as its parent would (@se->vruntime is how far
 * that was ahead), lest forking pay; or, if that is asked for, goes before its parent and the parent waits.
 */
static void place_new_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 round = max(READ_ONCE(sysctl_sched_latency), READ_ONCE(sysctl_sched_min_granularity) * (cfs->rq->cfs.h_nr_running + 1));
	struct sched_entity *curr = cfs->curr;

	vruntime_at_least(se, calc_delta_fair(min(part_of(round, cfs, se), sched_slice(cfs, se)), se));
	se->vruntime += cfs->min_vruntime;
	if (unlikely(READ_ONCE(sysctl_sched_child_runs_first)) && curr == &current->se && curr->load.weight == se->load.weight &&
	    (s64)(curr->vruntime - se->vruntime) < 0) {
		u64 v = curr->vruntime;

		curr->vruntime = se->vruntime;
		se->vruntime = v;
		resched_curr(cfs->rq);
	}
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

static inline void update_cfs_group(struct sched_entity *se)
{
	if (unlikely(se->my_q))
		__update_cfs_group(se);
}

void reweight_entity(struct cfs_rq *cfs, struct sched_entity *se, unsigned long weight)
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

/* @lead: what the first that comes to the group is ahead of others, ns; ~0: it did not come from elsewhere. */
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
	if (unlikely(!se->avg.last_update)) {	/* new: it will run all the time, and use half of its hart */
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
	/* Who leaves for another queue takes its distance from the minimum along: of those that it was among. */
	if (flags & DEQUEUE_SLEEP)
		update_min_vruntime(cfs);
}

/* Queue @se, and the groups it is in as far as they are not yet; @nr more tasks. Return: up to the root? */
static bool enqueue_hierarchy(struct sched_entity *se, int nr, int flags)
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

/* The reverse: a group goes when the last it had here goes. */
static bool dequeue_hierarchy(struct sched_entity *se, int nr, int flags)
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

static void enqueue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	TAILQ_INSERT_HEAD(&rq->cfs_tasks, &p->se, group_node);
	if (!enqueue_hierarchy(&p->se, 1, flags))
		add_nr_running(rq, -1);	/* counted by the caller, but its group may not run */
}

static void dequeue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	TAILQ_REMOVE(&rq->cfs_tasks, &p->se, group_node);
	if (!dequeue_hierarchy(&p->se, 1, flags))
		add_nr_running(rq, 1);
}

void throttle_cfs_rq(struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->tg->se[cfs->rq->cpu];
	int nr = cfs->h_nr_running;

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

static void yield_task_fair(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;

	for_each_sched_entity(se)
		if (se->cfs_rq->nr_running > 1)
			se->cfs_rq->skip = se;
}

/* How much sooner @se must be due before it interrupts what runs. */
static bool wakeup_preempt_entity(const struct sched_entity *curr, const struct sched_entity *se)
{
	s64 lead = (s64)(curr->vruntime - se->vruntime);

	return lead > (s64)calc_delta_fair(READ_ONCE(sysctl_sched_wakeup_granularity), se);
}

static void set_next_buddy(struct sched_entity *se)
{
	for_each_sched_entity(se)
		se->cfs_rq->next = se;
}

static void set_last_buddy(struct sched_entity *se)
{
	for_each_sched_entity(se)
		if (se->on_rq)		/* not a throttled group's that is on its way out */
			se->cfs_rq->last = se;
}

static unsigned int depth_of(const struct sched_entity *se)
{
	unsigned int n = 0;

	while ((se = se->parent))
		n++;
	return n;
}

/* The ancestors of the two that are queued side by side. */
static void find_matching_se(struct sched_entity **a, struct sched_entity **b)
{
	unsigned int da = depth_of(*a), db = depth_of(*b);

	for (; da > db; da--)
		*a = (*a)->parent;
	for (; db > da; db--)
		*b = (*b)->parent;
	while ((*a)->cfs_rq != (*b)->cfs_rq) {
		*a = (*a)->parent;
		*b = (*b)->parent;
	}
}

static void check_preempt_wakeup(struct rq *rq, struct task_struct *p, int flags)
{
	struct sched_entity *se = &rq->curr->se, *pse = &p->se;

	if (rq->curr == p || !se->on_rq)
		return;
	if (unlikely(throttled_hierarchy(pse->cfs_rq)))
		return;
	if (unlikely(rq->curr->policy == SCHED_IDLE && p->policy != SCHED_IDLE)) {
		resched_curr(rq);
		return;
	}
	if (unlikely(p->policy != SCHED_NORMAL || !sched_feat(WAKEUP_PREEMPTION)))
		return;		/* batch and idle tasks interrupt nobody */
	if (unlikely(se->cfs_rq != pse->cfs_rq))
		find_matching_se(&se, &pse);
	update_curr(se->cfs_rq);
	if (!wakeup_preempt_entity(se, pse))
		return;
	if (flags & WF_TTWU)
		set_next_buddy(&p->se);
	/* On a crowded hart what it was doing is worth coming back to, for its cache. */
	if (rq->cfs.h_nr_running * READ_ONCE(sysctl_sched_min_granularity) > READ_ONCE(sysctl_sched_latency))
		set_last_buddy(&rq->curr->se);
	resched_curr(rq);
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
static void ran_last(struct rq *rq, struct sched_entity *se)
{
	if (TAILQ_FIRST(&rq->cfs_tasks) != se) {
		TAILQ_REMOVE(&rq->cfs_tasks, se, group_node);
		TAILQ_INSERT_HEAD(&rq->cfs_tasks, se, group_node);
	}
}

/* After a change of what runs: that goes on with its slice. */
static void set_next_task_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;

	if (se->on_rq)		/* else it is on its way to sleep, and its hart has dropped the lock to pull */
		ran_last(rq, se);
	for_each_sched_entity(se)
		set_next_entity(se->cfs_rq, se);
}

static struct task_struct *pick_next_task_fair(struct rq *rq)
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
	ran_last(rq, se);
	return task_of(se);
}

static void put_prev_task_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;
	bool quota = false;

	(void)rq;
	for_each_sched_entity(se) {
		struct cfs_rq *cfs = se->cfs_rq;

		if (se->on_rq) {
			update_curr(cfs);
			update_entity_avg(cfs, se);
			__enqueue_entity(cfs, se);
		}
		update_cfs_avg(cfs);
		cfs->curr = NULL;
		quota |= cfs->has_quota;
	}
	if (likely(!quota))
		return;
	se = &p->se;
	for_each_sched_entity(se)
		if (!se->cfs_rq->throttled && cfs_rq_exhausted(se->cfs_rq))
			throttle_cfs_rq(se->cfs_rq);
}

/* @se does not run alone: has it had its slice? Return: in how many ns to ask again, of it or of who comes next. */
static noinline u64 check_preempt_tick(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 ran = se->sum_exec_runtime - se->prev_sum_exec_runtime, least = READ_ONCE(sysctl_sched_min_granularity);
	u64 ideal = sched_slice(cfs, se);

	if (ran < ideal && (ran < least || !cfs->leftmost || (s64)(se->vruntime - cfs->leftmost->vruntime) <= (s64)ideal))
		return ideal - ran;
	resched_curr(cfs->rq);
	return least;
}

static void task_tick_fair(struct rq *rq, struct task_struct *p)
{
	struct sched_entity *se = &p->se;
	u64 again = TICK_NSEC;

	if (unlikely(rq->rt.nr_running))
		rt_unthrottle(rq);
	for_each_sched_entity(se) {
		update_curr(se->cfs_rq);
		update_cfs_group(se);
		if (se->cfs_rq->nr_running > 1)
			again = min(again, check_preempt_tick(se->cfs_rq, se));
	}
	if (again < TICK_NSEC && sched_feat(HRTICK))
		hrtimer_start(&rq->hrtick_timer, rq->clock + again);
}

/* For a waking task an idle hart, best its own; for a new one, failing that, the hart with the fewest tasks. */
static unsigned int select_task_rq_fair(struct task_struct *p, unsigned int prev, int flags)
{
	bool new = flags & (WF_FORK | WF_EXEC);
	int cpu;

	if (unlikely(sched_asym_cpucapacity))
		cpu = select_idle_capacity(&p->cpus_mask, prev, new ? SCHED_CAPACITY_SCALE / 2 : task_util(p, ktime_get_ns()));
	else if (!new && cpumask_test_cpu(prev, &p->cpus_mask) && idle_cpu(prev))
		cpu = prev;
	else
		cpu = select_idle_sibling(&p->cpus_mask, prev);
	if (cpu >= 0)
		return cpu;
	return new ? find_idlest_cpu(&p->cpus_mask, prev) : prev;
}

/* While it is of another class it keeps its distance from the others, who go on meanwhile. */
static void switched_from_fair(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	if (!p->on_rq)
		place_entity(&p->se, p->se.cfs_rq->min_vruntime);	/* as if it had been woken: how long it slept is forgotten */
	detach_task_fair(p);
}

static void switching_to_fair(struct rq *rq, struct task_struct *p)
{
	(void)rq;
	attach_task_fair(p);
}

void task_fork_fair(struct task_struct *p)
{
	struct rq *rq;

	local_irq_disable();	/* and we stay on this hart */
	rq = this_rq();
	spin_lock(&rq->lock);
	if (current->sched_class == &fair_sched_class) {
		update_rq_clock(rq);
		update_curr_fair(rq);
		update_min_vruntime(current->se.cfs_rq);	/* alone it leads nobody */
		p->se.vruntime = calc_delta_fair(lead_of(&current->se), &p->se);
	}
	spin_unlock_irq(&rq->lock);
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
	else if (p->prio > oldprio && rq->cfs.h_nr_running > 1)
		resched_curr(rq);
}

static u64 get_rr_interval_fair(struct rq *rq, struct task_struct *p)
{
	return rq->cfs.load.weight ? sched_slice(p->se.cfs_rq, &p->se) : 0;
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
	.hrtick = task_tick_fair,
	.update_curr = update_curr_fair,
	.switched_from = switched_from_fair,
	.switching_to = switching_to_fair,
	.switched_to = switched_to_fair,
	.prio_changed = prio_changed_fair,
	.get_rr_interval = get_rr_interval_fair,
};
