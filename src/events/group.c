/* SPDX-License-Identifier: MIT */
/* What an event counts and for how long; groups, which count together or not at all. */
#include "events/context.h"

#include "sched/stats.h"
#include "trace/pmu.h"
#include "vm/fault.h"

/* What its times are of: a task's run time, or where switches tell when it runs, the clock's. */
u64 perf_ctx_now(const struct perf_ctx *ctx)
{
	return ctx->hooked ? ktime_get_ns() : task_sched_runtime(ctx->task);
}

/* The value that @e counts, from an arbitrary start. Context: ctx->lock, on the hart where it is in; perf_mutex if not hooked. */
static u64 source(const struct perf_event *e)
{
	const struct task_struct *p = e->ctx->task;
	u64 config = e->attr.config;

	if (e->hardware)
		return pmu_read(e->handle);
	if (e->tracepoint)
		return 0;		/* counted where it happens */
	if (config == PERF_COUNT_SW_CPU_CLOCK || config == PERF_COUNT_SW_TASK_CLOCK)
		return perf_ctx_now(e->ctx);
	if (config == PERF_COUNT_SW_PAGE_FAULTS_MAJ)
		return p ? p->maj_flt : 0;	/* nothing is read from a disk */
	if (config == PERF_COUNT_SW_PAGE_FAULTS || config == PERF_COUNT_SW_PAGE_FAULTS_MIN)
		return p ? p->min_flt + p->maj_flt : vm_nr_faults(e->cpu);
	if (e->attr.flags & PERF_ATTR_EXCLUDE_KERNEL)
		return 0;		/* the others happen in the kernel */
	if (config == PERF_COUNT_SW_CONTEXT_SWITCHES)
		return p ? p->nvcsw + p->nivcsw : sched_nr_switches(e->cpu);
	if (config == PERF_COUNT_SW_CPU_MIGRATIONS)
		return p ? p->se.nr_migrations : sched_nr_migrations(e->cpu);
	return 0;
}

bool perf_counts_of_task(const struct perf_event *e)
{
	return !e->hardware && !e->tracepoint && e->ctx->task && e->attr.config != PERF_COUNT_SW_CPU_CLOCK &&
	       e->attr.config != PERF_COUNT_SW_TASK_CLOCK && e->attr.config != PERF_COUNT_SW_DUMMY;
}

/* A task switches and migrates just when its context is not in: such counts must include what happened meanwhile. */
static bool counts_when_out(const struct perf_event *e)
{
	return perf_counts_of_task(e) && e->cpu == -1;
}

static bool is_in(const struct perf_event *e)
{
	return !e->ctx->hooked || (e->ctx->cpu >= 0 && (e->cpu == -1 || e->cpu == e->ctx->cpu));
}

void perf_event_update_time(struct perf_event *e, u64 now)
{
	u64 delta = now - e->since;

	e->since = now;
	if (e->state == PERF_EVENT_OFF || e->leader->state == PERF_EVENT_OFF || !is_in(e))
		return;
	e->enabled += delta;
	e->running += e->state == PERF_EVENT_ACTIVE ? delta : 0;
}

void perf_event_update_count(struct perf_event *e)
{
	u64 v;

	if (e->state != PERF_EVENT_ACTIVE)
		return;
	v = source(e);
	e->count += v - e->prev;
	e->prev = v;
}

static bool event_in(struct perf_event *e, bool resumed)
{
	if (e->hardware) {
		e->handle = pmu_get(e->sbi_event, e->sbi_data, e->left);
		if (e->handle < 0)
			return false;
	} else if (e->tracepoint) {
		perf_trace_in(e);
	} else if (e->period && e->clock) {
		e->expires = ktime_get_ns() + e->left;
		e->ctx->clock_next = min(e->ctx->clock_next, e->expires);
	}
	e->state = PERF_EVENT_ACTIVE;
	if (!resumed || !counts_when_out(e))
		e->prev = source(e);
	return true;
}

void perf_event_out(struct perf_event *e)
{
	if (e->state != PERF_EVENT_ACTIVE)
		return;
	perf_event_update_count(e);
	e->state = PERF_EVENT_INACTIVE;
	if (e->hardware) {
		e->left = e->period ? pmu_left(e->handle) : 0;
		pmu_put(e->handle);
	} else if (e->tracepoint) {
		perf_trace_out(e);
	} else if (e->period && e->clock) {
		u64 now = ktime_get_ns();

		e->left = e->expires > now ? e->expires - now : 1;
	}
}

void perf_group_update_time(struct perf_event *leader, u64 now)
{
	struct perf_event *e;

	/* The leader last: its state says whether the others' time counts. */
	TAILQ_FOREACH(e, &leader->siblings, sibling)
		perf_event_update_time(e, now);
	perf_event_update_time(leader, now);
}

void perf_group_out(struct perf_event *leader, u64 now)
{
	struct perf_event *e;

	perf_group_update_time(leader, now);
	TAILQ_FOREACH(e, &leader->siblings, sibling)
		perf_event_out(e);
	perf_event_out(leader);
	leader->was_active = false;
}

/* All of it, or nothing. @resumed: it was active when its task was last in. */
void perf_group_in(struct perf_event *leader, u64 now, bool resumed)
{
	struct perf_event *e;

	perf_group_update_time(leader, now);
	if (leader->state != PERF_EVENT_INACTIVE || !is_in(leader))
		return;
	if (!event_in(leader, resumed))
		goto unfit;
	TAILQ_FOREACH(e, &leader->siblings, sibling)
		if (e->state == PERF_EVENT_INACTIVE && !event_in(e, resumed))
			goto unfit;
	return;
unfit:
	perf_group_out(leader, now);
	leader->ctx->unfit = true;
}

bool perf_needs_hook(const struct perf_event *e)
{
	return e->hardware || e->tracepoint || e->cpu != -1 || e->period ||
	       e->attr.flags & (PERF_ATTR_MMAP | PERF_ATTR_MMAP2 | PERF_ATTR_COMM | PERF_ATTR_TASK);
}
