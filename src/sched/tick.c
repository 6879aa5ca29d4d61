/* SPDX-License-Identifier: MIT */
/*
 * What happens each tick, and at the end of a slice or budget between two ticks.
 *
 * Ref: Linux kernel/sched/core.c, scheduler_tick(), hrtick().
 */
#include "sched/tick.h"

#include "sched/balance.h"
#include "sched/loadavg.h"
#include "sched/rq.h"
#include "sched/upcall.h"
#include "smp/upcall.h"
#include "time/hrtimer.h"
#include "time/tick.h"
#include "time/upcall.h"

atomic_t nr_cpu_timers;
unsigned int tick_do_timer_cpu;

/* The running task has had its time, between two ticks. */
static u64 hrtick(struct hrtimer *timer) __no_lock_analysis
{
	struct rq *rq = container_of(timer, struct rq, hrtick_timer);

	spin_lock(&rq->lock);
	update_rq_clock(rq);
	if (rq->curr->sched_class->hrtick)
		rq->curr->sched_class->hrtick(rq, rq->curr);
	spin_unlock(&rq->lock);
	return 0;
}

void hrtick_rq_init(struct rq *rq)
{
	hrtimer_init(&rq->hrtick_timer, hrtick);
}

void sched_on_tick(bool user, u64 now) __no_lock_analysis
{
	struct rq *rq = this_rq();
	struct task_struct *curr;

	spin_lock(&rq->lock);
	curr = rq->curr;
	rq->clock = max(rq->clock, now);
	curr->sched_class->task_tick(rq, curr);
	if (user) {
		curr->utime += TICK_NSEC;
		if (PRIO_TO_NICE(curr->static_prio) > 0)
			rq->times.nice++;
		else
			rq->times.user++;
	} else if (curr != rq->idle) {
		curr->stime += TICK_NSEC;
		rq->times.system++;
	}
	if (rq->clock >= READ_ONCE(rq->next_balance) || rq->nr_running > 1)
		trigger_load_balance(rq);
	spin_unlock(&rq->lock);
	if (rq->cpu == READ_ONCE(tick_do_timer_cpu))
		calc_global_load_tick(rq->clock);
	if (unlikely(atomic_read(&nr_cpu_timers) || curr->dl.overrun))
		proc_on_tick();
}
