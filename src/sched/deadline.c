/* SPDX-License-Identifier: MIT */
/*
 * SCHED_DEADLINE: earliest deadline first, with a constant bandwidth server a task.
 *
 * A task has a budget of runtime for each period, and a deadline. The one with the
 * earliest deadline runs. A task that has used up its budget is throttled, that is off
 * the queue though runnable, until the timer brings the next period and a new budget:
 * an overrun hurts only itself. A task that wakes keeps its deadline and budget only if
 * it could not use more than its share of the time left by them.
 *
 * A task that has a lock for which one with a deadline waits has that deadline, and what is left of that budget (it is
 * "boosted"). When that is used up, the task is not throttled, for the lender waits, but goes on with the lender's next
 * budget and deadline: it never has more than the lender's share before others. Its own budget is for its own time.
 *
 * Over all harts the tasks with the earliest deadlines run, by push and pull. What
 * is admitted may use 95 % of all harts together.
 *
 * Ref: Linux kernel/sched/deadline.c.
 */
#include "sched/deadline.h"

#include "lib/err.h"
#include "sched/class.h"
#include "sched/dl_bw.h"
#include "sched/idle.h"
#include "sched/load.h"
#include "sched/migrate.h"
#include "sched/push_pull.h"
#include "sched/rq.h"
#include "sched/rt.h"
#include "sched/select.h"
#include "sched/tunables.h"

static struct cpumask dlo_mask;		/* [a] harts with a task to push */

static int dl_cmp(const struct sched_dl_entity *a, const struct sched_dl_entity *b)
{
	s64 d = (s64)(a->deadline - b->deadline);

	return d ? (d < 0 ? -1 : 1) : (a > b) - (a < b);
}

RB_GENERATE_STATIC(dl_timeline, sched_dl_entity, node, dl_cmp)

static struct task_struct *dl_task_of(struct sched_dl_entity *dl)
{
	return container_of(dl, struct task_struct, dl);
}

static struct sched_dl_entity *dl_first(struct dl_rq *dl)
{
	return RB_MIN(dl_timeline, &dl->tree);
}

/* After a change of the queue: what other harts look at. */
static void update_dl_rq(struct rq *rq)
{
	struct sched_dl_entity *first = dl_first(&rq->dl);

	WRITE_ONCE(rq->dl.earliest, first ? first->deadline : DL_NONE);
	set_overloaded(rq, &dlo_mask, rq->dl.nr_queued);
	rt_update_cpupri(rq);
}

static void __enqueue_dl(struct rq *rq, struct task_struct *p)
{
	RB_INSERT(dl_timeline, &rq->dl.tree, &p->dl);
	p->dl.queued = true;
	rq->dl.nr_queued++;
	rq->nr_urgent++;
	update_dl_rq(rq);
}

static void __dequeue_dl(struct rq *rq, struct task_struct *p)
{
	RB_REMOVE(dl_timeline, &rq->dl.tree, &p->dl);
	p->dl.queued = false;
	rq->dl.nr_queued--;
	rq->nr_urgent--;
	update_dl_rq(rq);
}

static u64 next_period(const struct sched_dl_entity *dl)
{
	return dl->deadline - dl->dl_deadline + dl->dl_period;
}

static void renew(struct sched_dl_entity *dl, u64 now)
{
	dl->deadline = now + dl->dl_deadline;
	dl->runtime = dl->dl_runtime;
}

static void replenish(struct sched_dl_entity *dl, u64 now)
{
	if (dl->runtime <= 0) {
		u64 periods = -dl->runtime / dl->dl_runtime + 1;

		dl->deadline += periods * dl->dl_period;
		dl->runtime += periods * dl->dl_runtime;
	}
	if ((s64)(dl->deadline - now) < 0)
		renew(dl, now);		/* the timer came so late that this one has passed, too: it begins anew */
}

/* replenish() for a boosted task: with a budget of the lender. */
static void replenish_lent(struct sched_dl_entity *dl, u64 now)
{
	u64 periods = -dl->lent.runtime / dl->lent.dl_runtime + 1;

	dl->deadline += periods * dl->lent.dl_period;
	dl->lent.runtime += periods * dl->lent.dl_runtime;
	if ((s64)(dl->deadline - now) < 0) {
		dl->deadline = now + dl->lent.dl_deadline;
		dl->lent.runtime = dl->lent.dl_runtime;
	}
}

static void set_boosted(struct sched_dl_entity *dl, bool on)
{
	if (on == dl->boosted)
		return;
	dl->boosted = on;
	*(on ? &dl->own_deadline : &dl->lent.deadline) = dl->deadline;
	dl->deadline = on ? dl->lent.deadline : dl->own_deadline;
}

/* A task goes by its own budget again. What is left of the last one, or is owed of it, counts until its deadline. */
static void resume_own(struct sched_dl_entity *dl, u64 now)
{
	if (!dl->deadline || (dl->runtime > 0 && (s64)(dl->deadline - now) < 0))
		renew(dl, now);		/* it never had one, or that one is over */
	dl->runtime = min(dl->runtime, (s64)dl->dl_runtime);
	dl->yielded = false;
}

static void borrow(struct task_struct *p, const struct sched_dl_entity *by)
{
	struct sched_dl_entity *dl = &p->dl;

	/* A lender may lend once more what it has lent already, for others wait now, or it waits again: that adds nothing. */
	if (dl->lent.by != by || dl->lent.until != by->deadline) {
		dl->lent.by = by;
		dl->lent.until = dl->lent.deadline = by->deadline;
		/* Not 0: the lender's policy may be changing, and then this is called again. */
		dl->lent.dl_runtime = max(by->boosted ? by->lent.dl_runtime : by->dl_runtime, 1UL);
		dl->lent.dl_deadline = by->boosted ? by->lent.dl_deadline : by->dl_deadline;
		dl->lent.dl_period = by->boosted ? by->lent.dl_period : by->dl_period;
		dl->lent.runtime = by->boosted ? by->lent.runtime : by->runtime;
	}
	set_boosted(dl, p->policy != SCHED_DEADLINE || (s64)(dl->lent.deadline - dl->deadline) < 0);
}

void dl_lend(struct task_struct *p, const struct task_struct *donor)
{
	bool was_boosted = p->dl.boosted;

	lockdep_assert_held(&task_rq(p)->lock);
	set_boosted(&p->dl, false);
	if (donor && donor->prio < 0)
		borrow(p, &donor->dl);
	/* If its class changes, too, switching_to_dl() does this. */
	if (was_boosted && !p->dl.boosted && p->policy == SCHED_DEADLINE)
		resume_own(&p->dl, task_rq(p)->clock);
}

void dl_policy_changed(struct task_struct *p)
{
	lockdep_assert_held(&task_rq(p)->lock);
	if (p->pi_prio < 0 && p->policy != SCHED_DEADLINE)
		set_boosted(&p->dl, true);
}

/* It waits for its next period. */
static struct task_struct *first_throttled_dl(struct rq *rq)
{
	struct sched_dl_entity *dl = LIST_FIRST(&rq->dl.throttled);

	return dl ? dl_task_of(dl) : NULL;
}

static void unthrottle(struct sched_dl_entity *dl)
{
	dl->throttled = false;
	LIST_REMOVE(dl, throttled_node);
}

/* The next period begins. Own hart or another, no lock held. */
static u64 dl_task_timer(struct hrtimer *timer) __no_lock_analysis
{
	struct task_struct *p = container_of(timer, struct task_struct, dl.timer);
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	u64 again = 0;

	update_rq_clock(rq);
	if (p->sched_class == &dl_sched_class && p->dl.throttled) {
		again = next_period(&p->dl);
		if ((s64)(again - rq->clock) <= 0) {
			again = 0;
			replenish(&p->dl, rq->clock);
			unthrottle(&p->dl);
			add_nr_running(rq, 1);
			__enqueue_dl(rq, p);
			if (rq->curr != p)
				check_preempt_curr(rq, p, 0);
			if (rq->dl.nr_queued > 1)
				dl_sched_class.push(rq);
		}
	}
	p->dl.timer_armed = again;
	task_rq_unlock(rq, p, flags);
	return again;
}

/* Off the queue until the next period, @p in no tree. */
static void throttle(struct rq *rq, struct task_struct *p)
{
	p->dl.throttled = true;
	LIST_INSERT_HEAD(&rq->dl.throttled, &p->dl, throttled_node);
	add_nr_running(rq, -1);
	if (!p->dl.timer_armed) {
		if (!p->dl.timer.function)
			hrtimer_init(&p->dl.timer, dl_task_timer);
		p->dl.timer_armed = true;
		hrtimer_start(&p->dl.timer, next_period(&p->dl));
	}
}

/* Could the task, with what it has left until its deadline, use more than its share? */
static bool dl_entity_overflow(const struct sched_dl_entity *dl, u64 now)
{
	return (unsigned __int128)dl->runtime * dl->dl_deadline > (unsigned __int128)(dl->deadline - now) * dl->dl_runtime;
}

static void update_curr_dl(struct rq *rq);

static void enqueue_task_dl(struct rq *rq, struct task_struct *p, int flags)
{
	struct sched_dl_entity *dl = &p->dl;

	if (flags & ENQUEUE_WAKEUP && dl_bw_slept(p)) {
		update_curr_dl(rq);	/* what runs may have reclaimed the share of @p up to now */
		dl_bw_wakes(p);
	}
	if (unlikely(dl->boosted)) {
		__enqueue_dl(rq, p);	/* by the deadline that is lent */
		return;
	}
	/* A task that overran its budget pays for it, however long it slept: see replenish(). */
	if (flags & ENQUEUE_WAKEUP && dl->runtime > 0) {
		/* Between its deadline and its next period it may not begin anew. */
		if ((s64)(dl->deadline - rq->clock) < 0 && (s64)(next_period(dl) - rq->clock) > 0)
			dl->runtime = min(dl->runtime, (s64)0);
		else if ((s64)(dl->deadline - rq->clock) < 0 || dl_entity_overflow(dl, rq->clock))
			renew(dl, rq->clock);
	}
	if (dl->runtime <= 0 && (s64)(next_period(dl) - rq->clock) > 0) {
		throttle(rq, p);
		return;
	}
	replenish(dl, rq->clock);
	__enqueue_dl(rq, p);
}

static bool reclaims(const struct sched_dl_entity *dl)
{
	return dl->flags & SCHED_FLAG_RECLAIM;
}

static void update_curr_dl(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	struct sched_dl_entity *dl = &curr->dl;
	u64 delta = rq->clock - curr->se.exec_start;

	if (curr->sched_class != &dl_sched_class)
		return;
	if ((s64)delta > 0) {
		curr->se.exec_start = rq->clock;
		curr->se.sum_exec_runtime += delta;
		rq->stats.rq_cpu_time += delta;
		rq->rt.time += delta;
		if (unlikely(dl->boosted))
			dl->lent.runtime -= delta;
		else
			dl->runtime -= unlikely(reclaims(dl)) ? dl_charged(dl, delta, rq->clock - delta) : delta;
	}
	if (unlikely(dl->boosted)) {
		if (dl->lent.runtime <= 0 && dl->queued) {
			__dequeue_dl(rq, curr);
			replenish_lent(dl, rq->clock);
			__enqueue_dl(rq, curr);
			resched_curr(rq);
		}
	} else if ((dl->runtime <= 0 || dl->yielded) && dl->queued) {
		__dequeue_dl(rq, curr);
		dl->overrun |= dl->runtime <= 0 && dl->flags & SCHED_FLAG_DL_OVERRUN;
		dl->runtime = min(dl->runtime, (s64)0);
		dl->yielded = false;
		if ((s64)(next_period(dl) - rq->clock) > 0) {
			throttle(rq, curr);
		} else {
			replenish(dl, rq->clock);
			__enqueue_dl(rq, curr);
		}
		resched_curr(rq);
	}
}

static void dequeue_task_dl(struct rq *rq, struct task_struct *p, int flags)
{
	if (rq->curr == p)
		update_curr_dl(rq);
	if (flags & DEQUEUE_SLEEP && !p->dl.boosted)
		dl_bw_sleeps(p, rq->clock);
	if (p->dl.queued) {
		__dequeue_dl(rq, p);
	} else if (p->dl.throttled) {
		unthrottle(&p->dl);	/* its timer finds nothing to do */
		add_nr_running(rq, 1);		/* the caller takes it off the count once more */
	}
}

static void yield_task_dl(struct rq *rq)
{
	rq->curr->dl.yielded = true;	/* done for this period */
	update_rq_clock(rq);
	update_curr_dl(rq);
}

static void check_preempt_curr_dl(struct rq *rq, struct task_struct *p, int flags)
{
	(void)flags;
	if (p->dl.queued && (s64)(p->dl.deadline - rq->curr->dl.deadline) < 0)
		resched_curr(rq);
}

static void init_rq_dl(struct rq *rq)
{
	rq->dl = (struct dl_rq){ .earliest = DL_NONE };
	RB_INIT(&rq->dl.tree);
	LIST_INIT(&rq->dl.throttled);
}

/* How long it may run until its budget ends. */
static u64 time_left(const struct sched_dl_entity *dl, u64 now)
{
	u64 left = max(dl->boosted ? dl->lent.runtime : dl->runtime, (s64)0);

	return unlikely(reclaims(dl)) && !dl->boosted ? dl_lasts(dl, left, now) : left;
}

static void set_next_task_dl(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
	rt_runs(rq, true);
	if (p->dl.queued && rq->cpu == smp_processor_id() && sched_feat(HRTICK_DL))
		hrtimer_start(&rq->hrtick_timer, rq->clock + time_left(&p->dl, rq->clock));
}

static struct task_struct *pick_next_task_dl(struct rq *rq)
{
	struct sched_dl_entity *first;

	if (!rq->dl.nr_queued)
		return NULL;
	first = dl_first(&rq->dl);
	set_next_task_dl(rq, dl_task_of(first));
	return dl_task_of(first);
}

static void put_prev_task_dl(struct rq *rq, struct task_struct *p)
{
	(void)p;
	update_curr_dl(rq);
	rt_runs(rq, false);
}

/* A hart for @p: an idle one, one without deadline tasks, or the one whose deadline is the latest and later than @p's. */
static int find_later_rq(struct task_struct *p)
{
	int best = -1, idle;
	u64 latest = p->dl.deadline;
	unsigned int cpu;

	idle = select_idle_sibling(&p->cpus_mask, task_cpu(p));
	if (idle >= 0)
		return idle;
	for_each_cpu(cpu, &p->cpus_mask) {
		u64 earliest = READ_ONCE(cpu_rq(cpu)->dl.earliest);

		if (!cpu_online(cpu))
			continue;
		if (earliest == DL_NONE)
			return cpu;
		if ((s64)(earliest - latest) > 0) {
			latest = earliest;
			best = cpu;
		}
	}
	return best;
}

static unsigned int select_task_rq_dl(struct task_struct *p, unsigned int cpu, int flags)
{
	int later;

	(void)flags;
	if (cpumask_test_cpu(cpu, &p->cpus_mask) && idle_cpu(cpu))
		return cpu;
	later = find_later_rq(p);
	return later >= 0 ? (unsigned int)later : cpu;
}

static void task_tick_dl(struct rq *rq, struct task_struct *p)
{
	(void)p;
	update_curr_dl(rq);
}

/* The task of @rq with the earliest deadline that does not run and may leave, for @dst if given. */
static struct task_struct *pick_pushable_dl(struct rq *rq, struct rq *dst)
{
	struct sched_dl_entity *dl;

	RB_FOREACH(dl, dl_timeline, &rq->dl.tree) {
		struct task_struct *p = dl_task_of(dl);

		if (p != rq->curr && !READ_ONCE(p->on_cpu) && p->nr_cpus_allowed > 1 &&
		    (!dst || cpumask_test_cpu(dst->cpu, &p->cpus_mask)))
			return p;
	}
	return NULL;
}

static bool earlier_than_queued(const struct task_struct *p, const struct rq *dst)
{
	return dst->dl.earliest == DL_NONE || (s64)(p->dl.deadline - dst->dl.earliest) < 0;
}

static struct task_struct *to_push_dl(struct rq *rq)
{
	return rq->dl.nr_queued > 1 ? pick_pushable_dl(rq, NULL) : NULL;
}

static const struct push_pull push_pull_dl = {
	.to_push = to_push_dl, .pushable = pick_pushable_dl, .target = find_later_rq, .better = earlier_than_queued, .why = MIGRATE_DL,
};

static void push_dl(struct rq *rq)
{
	push_tasks(rq, &push_pull_dl);
}

static void pull_dl(struct rq *rq, struct task_struct *prev)
{
	(void)prev;
	pull_tasks(rq, &push_pull_dl, &dlo_mask);
}

static void task_woken_dl(struct rq *rq, struct task_struct *p)
{
	if (p != rq->curr && rq->curr->sched_class == &dl_sched_class && rq->dl.nr_queued > 1)
		push_dl(rq);
}

/* Its bandwidth is free, its timer gone. */
static void task_dead_dl(struct task_struct *p)
{
	if (p->policy == SCHED_DEADLINE && dl_admit(p, NULL))
		BUG();	/* less is never refused */
	if (p->dl.timer.function)
		hrtimer_cancel(&p->dl.timer);
}

static void switching_to_dl(struct rq *rq, struct task_struct *p)
{
	if (!p->dl.boosted)
		resume_own(&p->dl, rq->clock);
}

static void switched_to_dl(struct rq *rq, struct task_struct *p)
{
	if (rq->curr != p)
		check_preempt_curr(rq, p, 0);
	else
		resched_curr(rq);
}

/* It has another deadline, and one that was throttled is queued: nobody else tells its hart. */
static void prio_changed_dl(struct rq *rq, struct task_struct *p, int oldprio)
{
	(void)oldprio;
	switched_to_dl(rq, p);
}

const struct sched_class dl_sched_class = {
	.next = &rt_sched_class,
	.enqueue_task = enqueue_task_dl,
	.dequeue_task = dequeue_task_dl,
	.yield_task = yield_task_dl,
	.check_preempt_curr = check_preempt_curr_dl,
	.pick_next_task = pick_next_task_dl,
	.put_prev_task = put_prev_task_dl,
	.set_next_task = set_next_task_dl,
	.select_task_rq = select_task_rq_dl,
	.task_tick = task_tick_dl,
	.hrtick = task_tick_dl,
	.init_rq = init_rq_dl,
	.task_dead = task_dead_dl,
	.first_throttled = first_throttled_dl,
	.task_woken = task_woken_dl,
	.push = push_dl,
	.pull = pull_dl,
	.switching_to = switching_to_dl,
	.switched_to = switched_to_dl,
	.prio_changed = prio_changed_dl,
	.update_curr = update_curr_dl,
};
