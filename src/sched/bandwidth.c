/* SPDX-License-Identifier: MIT */
/*
 * Quotas of task groups: so much run time for all harts together in each period. A
 * hart's queue of the group takes slices from the group's pool as it runs; when both
 * are empty it is throttled, that is off its parent's queue, until the timer fills the
 * pool again. What it overran, for a tick may come late, is paid back then.
 *
 * Lock order: run queue, then bandwidth.lock. Ref: Linux kernel/sched/fair.c.
 */
#include "sched/bandwidth.h"

#include "sched/fair.h"
#include "sched/rq.h"

static const u64 sched_cfs_bandwidth_slice = 5 * NSEC_PER_MSEC;	/* ns */

void init_cfs_bandwidth(struct cfs_bandwidth *b)
{
	*b = (struct cfs_bandwidth){ .quota = ~0ULL, .period = 100 * NSEC_PER_MSEC };
	spin_lock_init(&b->lock, LOCK_CFS_BANDWIDTH);
	TAILQ_INIT(&b->throttled);
}

/* Let go of throttled queues as far as the pool pays for what they overran. */
static void distribute(struct cfs_bandwidth *b) __no_lock_analysis
{
	unsigned long flags;

	for (;;) {
		struct cfs_rq *cfs;
		struct rq *rq;
		bool free;

		spin_lock_irqsave(&b->lock, flags);
		cfs = TAILQ_FIRST(&b->throttled);
		rq = cfs ? cfs->rq : NULL;
		spin_unlock_irqrestore(&b->lock, flags);
		if (!cfs)
			return;
		spin_lock_irqsave(&rq->lock, flags);
		spin_lock(&b->lock);
		free = true;
		if (cfs->throttled && b->quota != ~0ULL) {
			u64 debt = min((u64)(1 - cfs->runtime_remaining), b->runtime);

			b->runtime -= debt;
			cfs->runtime_remaining += debt;
			free = cfs->runtime_remaining > 0;
		}
		if (free && cfs->throttled)
			TAILQ_REMOVE(&b->throttled, cfs, throttled_list);
		spin_unlock(&b->lock);
		if (free && cfs->throttled) {
			update_rq_clock(rq);
			b->throttled_time += rq->clock - cfs->throttled_clock;
			unthrottle_cfs_rq(cfs);
		}
		spin_unlock_irqrestore(&rq->lock, flags);
		if (!free)
			return;		/* the pool is empty */
	}
}

/* A new period. Context: hard interrupt, no lock. */
static u64 period_timer(struct hrtimer *t) __no_lock_analysis
{
	struct cfs_bandwidth *b = container_of(t, struct cfs_bandwidth, timer);
	u64 next = 0;
	bool used;

	spin_lock(&b->lock);
	used = b->runtime < b->quota || !TAILQ_EMPTY(&b->throttled);
	b->runtime = b->quota == ~0ULL ? 0 : b->quota;
	spin_unlock(&b->lock);
	distribute(b);
	/* Nothing after this takes a lock: assign_runtime() may be waiting for us to return. */
	spin_lock(&b->lock);
	if (b->quota != ~0ULL && (used || !TAILQ_EMPTY(&b->throttled))) {
		u64 now = ktime_get_ns(), periods = now > t->expires ? (now - t->expires) / b->period + 1 : 1;

		next = t->expires + periods * b->period;
		b->nr_periods += periods;
	}
	b->timer_active = next;
	spin_unlock(&b->lock);
	return next;
}

/* A slice, or what the pool has of it. Context: rq->lock, b->lock. */
static bool assign_runtime(struct cfs_bandwidth *b, struct cfs_rq *cfs)
{
	u64 want = sched_cfs_bandwidth_slice - cfs->runtime_remaining;

	if (!b->timer_active) {
		b->timer_active = true;
		b->runtime = b->quota;
		if (!b->timer.function)
			hrtimer_init(&b->timer, period_timer);
		hrtimer_start(&b->timer, cfs->rq->clock + b->period);
	}
	want = min(want, b->runtime);
	b->runtime -= want;
	cfs->runtime_remaining += want;
	return cfs->runtime_remaining > 0;
}

void account_cfs_rq_runtime(struct cfs_rq *cfs, u64 delta)
{
	struct cfs_bandwidth *b = &cfs->tg->bandwidth;
	bool enough;

	lockdep_assert_held(&cfs->rq->lock);
	cfs->runtime_remaining -= delta;
	if (likely(cfs->runtime_remaining > 0))
		return;
	spin_lock(&b->lock);
	enough = b->quota == ~0ULL || assign_runtime(b, cfs);
	spin_unlock(&b->lock);
	if (!enough && cfs->curr)
		resched_curr(cfs->rq);
}

bool cfs_rq_exhausted(struct cfs_rq *cfs)
{
	struct cfs_bandwidth *b = &cfs->tg->bandwidth;
	bool exhausted;

	lockdep_assert_held(&cfs->rq->lock);
	if (!cfs->has_quota || cfs->runtime_remaining > 0)
		return false;
	spin_lock(&b->lock);
	exhausted = b->quota != ~0ULL && !assign_runtime(b, cfs);
	if (exhausted) {
		/* On the list before the pool can be filled: none is forgotten. */
		TAILQ_INSERT_TAIL(&b->throttled, cfs, throttled_list);
		b->nr_throttled++;
	}
	spin_unlock(&b->lock);
	return exhausted;
}

void cfs_rq_let_go(struct cfs_rq *cfs)
{
	struct cfs_bandwidth *b = &cfs->tg->bandwidth;

	lockdep_assert_held(&cfs->rq->lock);
	/* Enough not to be throttled while its tasks are taken off, one by one. */
	cfs->runtime_remaining = max(cfs->runtime_remaining, (s64)1);
	if (!cfs->throttled)
		return;
	spin_lock(&b->lock);
	TAILQ_REMOVE(&b->throttled, cfs, throttled_list);
	spin_unlock(&b->lock);
	unthrottle_cfs_rq(cfs);
}

void sched_group_set_bandwidth(struct task_group *tg, u64 quota, u64 period)
{
	struct cfs_bandwidth *b = &tg->bandwidth;
	unsigned long flags;
	unsigned int cpu;

	spin_lock_irqsave(&b->lock, flags);
	b->quota = quota;
	b->period = period;
	b->runtime = quota == ~0ULL ? 0 : quota;
	spin_unlock_irqrestore(&b->lock, flags);
	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		spin_lock_irqsave(&rq->lock, flags);
		tg->cfs_rq[cpu]->has_quota = quota != ~0ULL;
		if (!tg->cfs_rq[cpu]->throttled)
			tg->cfs_rq[cpu]->runtime_remaining = 0;
		spin_unlock_irqrestore(&rq->lock, flags);
	}
	distribute(b);
}

void sched_group_get_bandwidth(struct task_group *tg, struct sched_group_bandwidth *out)
{
	struct cfs_bandwidth *b = &tg->bandwidth;

	*out = (struct sched_group_bandwidth){
		.quota = READ_ONCE(b->quota), .period = READ_ONCE(b->period), .nr_periods = READ_ONCE(b->nr_periods),
		.nr_throttled = READ_ONCE(b->nr_throttled), .throttled_time = READ_ONCE(b->throttled_time),
	};
}
