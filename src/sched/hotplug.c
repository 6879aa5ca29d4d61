/* SPDX-License-Identifier: MIT */
/*
 * What the scheduler does when a hart leaves: its tasks go elsewhere, and the
 * domains are built anew. All other harts stand still meanwhile
 * (stop_machine()): no hart walks the domains, and no task is between two queues.
 * Ref: Linux kernel/sched/core.c, sched_cpu_dying().
 */
#include "sched/hotplug.h"

#include "sched/balance.h"
#include "sched/class.h"
#include "sched/group.h"
#include "sched/migrate.h"
#include "sched/rq.h"
#include "sched/select.h"
#include "sched/tick.h"
#include "sched/domains.h"

/* A task of @rq that is not its stopper, off the running end of its class; NULL: there is none. */
static struct task_struct *first_task(struct rq *rq)
{
	for (const struct sched_class *c = &dl_sched_class; c != &idle_sched_class; c = c->next) {
		struct task_struct *p = c->pick_next_task(rq);

		if (p) {
			c->put_prev_task(rq, p);
			return p;
		}
	}
	for (const struct sched_class *c = &dl_sched_class; c != &idle_sched_class; c = c->next) {
		struct task_struct *p = c->first_throttled ? c->first_throttled(rq) : NULL;

		if (p)
			return p;
	}
	return NULL;
}

/* Context: interrupts off. */
static void migrate_tasks(struct rq *rq) __no_lock_analysis
{
	for (;;) {
		struct task_struct *p;
		struct rq *dest;

		spin_lock(&rq->lock);
		update_rq_clock(rq);
		p = first_task(rq);
		spin_unlock(&rq->lock);
		if (!p)
			return;
		/* Nothing runs that could take it from us between the locks. */
		spin_lock(&p->pi_lock);
		spin_lock(&rq->lock);
		dest = __migrate_task(rq, p, select_fallback_rq(p), MIGRATE_HOTPLUG);
		spin_unlock(&dest->lock);
		spin_unlock(&p->pi_lock);
	}
}

void sched_cpu_dying(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	cpumask_clear_cpu(cpu, &cpu_online_mask);
	tick_do_timer_cpu = cpumask_first(&cpu_online_mask);
	unthrottle_offline(rq);
	migrate_tasks(rq);
	hrtimer_cancel(&rq->hrtick_timer);
	hrtimer_cancel(&rq->turn_timer);
	nohz_balance_forget(rq);
	build_sched_domains(false);
}
