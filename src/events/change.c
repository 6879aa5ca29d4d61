/* SPDX-License-Identifier: MIT */
/* Changes of what a context counts: made on the hart where the context is in, under its lock. */
#include "events/context.h"

/* Run @fn on the hart where @ctx is in, or here if it is in nowhere, under its lock. Context: perf_mutex. */
struct ctx_call {
	struct perf_ctx *ctx;
	void (*fn)(struct perf_event *e, u64 arg);
	struct perf_event *e;
	u64 arg;
	bool done;
};

static void ctx_call_here(void *data)
{
	struct ctx_call *c = data;
	int cpu;

	spin_lock(&c->ctx->lock);
	cpu = c->ctx->cpu;
	if (cpu == -1 || cpu == (int)smp_processor_id()) {
		c->fn(c->e, c->arg);
		c->done = true;
	}
	spin_unlock(&c->ctx->lock);
}

static void ctx_call(void (*fn)(struct perf_event *e, u64 arg), struct perf_event *e, u64 arg)
{
	struct ctx_call c = { e->ctx, fn, e, arg, false };

	if (!c.ctx->hooked) {
		fn(e, arg);	/* nobody else looks at it */
		return;
	}
	while (!c.done) {
		int cpu = READ_ONCE(c.ctx->cpu);
		struct cpumask one = { 0 };

		local_irq_disable();
		ctx_call_here(&c);
		local_irq_enable();
		if (c.done || cpu < 0)
			continue;
		cpumask_set_cpu(cpu, &one);
		smp_call_function_many(&one, ctx_call_here, &c);
	}
}

static void do_link(struct perf_event *e, u64 unused)
{
	struct perf_event *s;

	(void)unused;
	e->ctx->family = 0;
	e->since = perf_ctx_now(e->ctx);
	TAILQ_FOREACH(s, &e->siblings, sibling)
		s->since = e->since;
	if (e->leader != e) {
		/* The group has its counters already. With the new member it takes counters anew, all or none. */
		perf_group_out(e->leader, e->since);
		TAILQ_INSERT_TAIL(&e->leader->siblings, e, sibling);
		e->leader->nr_siblings++;
	} else {
		TAILQ_INSERT_TAIL(&e->ctx->groups, e, entry);
	}
	perf_group_in(e->leader, e->since, false);
	perf_ctx_arm_timers(e->ctx);
}

static void do_unlink(struct perf_event *e, u64 unused)
{
	struct perf_event *s;
	u64 now = perf_ctx_now(e->ctx);

	(void)unused;
	e->ctx->family = 0;
	if (e->leader != e) {
		perf_event_update_time(e, now);
		perf_event_out(e);
		TAILQ_REMOVE(&e->leader->siblings, e, sibling);
		e->leader->nr_siblings--;
		e->leader = e;
		return;
	}
	perf_group_out(e, now);
	while ((s = TAILQ_FIRST(&e->siblings))) {
		TAILQ_REMOVE(&e->siblings, s, sibling);
		s->leader = s;
		TAILQ_INSERT_TAIL(&e->ctx->groups, s, entry);
		perf_group_in(s, now, false);
	}
	e->nr_siblings = 0;
	TAILQ_REMOVE(&e->ctx->groups, e, entry);
	perf_ctx_arm_timers(e->ctx);
}

static void control_one(struct perf_event *e, u32 what)
{
	if (what == PERF_EVENT_IOC_RESET) {
		perf_event_update_count(e);
		e->count = 0;
	} else if (what == PERF_EVENT_IOC_DISABLE) {
		e->state = PERF_EVENT_OFF;
	} else if (e->state == PERF_EVENT_OFF) {
		e->state = PERF_EVENT_INACTIVE;
	}
}

#define CONTROL_GROUP BIT(32)

/* A whole group at once: one by one, the group would be taken out and in as often as it has members. */
static void do_control(struct perf_event *e, u64 arg)
{
	u64 now = perf_ctx_now(e->ctx);
	struct perf_event *s;
	u32 what = (u32)arg;

	if (what != PERF_EVENT_IOC_RESET)
		perf_group_out(e->leader, now);
	control_one(e, what);
	if (arg & CONTROL_GROUP)
		TAILQ_FOREACH(s, &e->siblings, sibling)
			control_one(s, what);
	if (what == PERF_EVENT_IOC_RESET)
		return;
	perf_group_in(e->leader, now, false);
	perf_ctx_arm_timers(e->ctx);
}

static void do_update(struct perf_event *e, u64 unused)
{
	(void)unused;
	perf_event_update_count(e);
	perf_event_update_time(e, perf_ctx_now(e->ctx));
}

void perf_ctx_move(struct perf_event *leader, struct perf_ctx *to)
{
	struct perf_event *s;

	lockdep_assert_held(&perf_mutex);
	perf_group_out(leader, perf_ctx_now(leader->ctx));
	TAILQ_REMOVE(&leader->ctx->groups, leader, entry);
	leader->ctx->nr_events -= 1 + leader->nr_siblings;
	to->nr_events += leader->nr_siblings;
	leader->ctx = to;
	TAILQ_FOREACH(s, &leader->siblings, sibling)
		s->ctx = to;
	perf_ctx_link(leader);
}

void perf_ctx_link(struct perf_event *e)
{
	lockdep_assert_held(&perf_mutex);
	e->ctx->nr_events++;
	ctx_call(do_link, e, 0);
}

void perf_ctx_unlink(struct perf_event *e)
{
	lockdep_assert_held(&perf_mutex);
	e->ctx->nr_events--;
	ctx_call(do_unlink, e, 0);
}

void perf_ctx_control(struct perf_event *e, unsigned int what, bool group)
{
	lockdep_assert_held(&perf_mutex);
	ctx_call(do_control, e, what | (group ? CONTROL_GROUP : 0));
}

void perf_ctx_update(struct perf_event *e)
{
	lockdep_assert_held(&perf_mutex);
	ctx_call(do_update, e, 0);
}
