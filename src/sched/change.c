/* SPDX-License-Identifier: MIT */
/* How a task changes its class, priority, weight or group. Ref: Linux kernel/sched/core.c, sched_change_begin(). */
#include "sched/change.h"

#include "sched/class.h"
#include "sched/policy.h"

struct sched_change sched_change_begin(struct rq *rq, struct task_struct *p)
{
	struct sched_change c = {
		.queued = p->on_rq, .running = rq->curr == p && !rq->picking, .oldprio = p->prio, .oldclass = p->sched_class,
	};

	lockdep_assert_held(&rq->lock);
	update_rq_clock(rq);
	rq->curr->sched_class->update_curr(rq);	/* a place beside it is of now, too */
	if (c.queued)
		p->sched_class->dequeue_task(rq, p, 0);
	if (c.running)
		p->sched_class->put_prev_task(rq, p);
	return c;
}

void sched_change_class(struct rq *rq, struct task_struct *p, const struct sched_change *c)
{
	lockdep_assert_held(&rq->lock);
	__setscheduler_prio(p);
	if (c->oldclass == p->sched_class)
		return;
	if (c->oldclass->switched_from)
		c->oldclass->switched_from(rq, p);
	if (p->sched_class->switching_to)
		p->sched_class->switching_to(rq, p);
}

/* @p is queued again: is it to run now, or what it was before? */
static void check_class_changed(struct rq *rq, struct task_struct *p, const struct sched_change *c)
{
	if (c->oldclass != p->sched_class)
		p->sched_class->switched_to(rq, p);
	else if ((c->oldprio != p->prio || p->prio < 0) && p->sched_class->prio_changed)
		p->sched_class->prio_changed(rq, p, c->oldprio);
}

void sched_change_end(struct rq *rq, struct task_struct *p, const struct sched_change *c)
{
	int flags = c->oldprio < p->prio ? ENQUEUE_HEAD : 0;

	lockdep_assert_held(&rq->lock);
	if (c->elsewhere || c->oldclass != p->sched_class)
		flags |= ENQUEUE_COMES;
	if (c->queued)
		p->sched_class->enqueue_task(rq, p, flags);
	if (c->running)
		p->sched_class->set_next_task(rq, p);
	if (c->queued)
		check_class_changed(rq, p, c);
	/* A hart that now runs less than it did: is there better elsewhere? */
	if (c->running && c->oldclass->pull)
		resched_curr(rq);
}
