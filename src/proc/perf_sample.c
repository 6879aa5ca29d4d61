/* SPDX-License-Identifier: MIT */
/* When performance events are sampled: clocks that expire, counters that overflow, faults; and how often. perf_ring.c records. */
#include "proc/perf_event_priv.h"

#include "perf/pmu.h"
#include "sched/sched.h"
#include "trap/upcall.h"

/* Samples of all events of a hart in a tick; more would leave it no time for anything else. */
#define MAX_PER_TICK 1000
static DEFINE_PER_CPU(u64, perf_tick_end);
static DEFINE_PER_CPU(unsigned int, perf_samples);

static bool too_many(u64 now)
{
	if (now >= this_cpu(perf_tick_end)) {
		this_cpu(perf_tick_end) = now + TICK_NSEC;
		this_cpu(perf_samples) = 0;
	}
	return this_cpu(perf_samples)++ >= MAX_PER_TICK;
}

/* Of what is counted: as often as was asked for, by how long the last period took; and not so often that nothing else is done. */
static void adapt_period(struct perf_event *e, u64 now)
{
	u64 took = now - e->sampled, asked = e->attr.sample_period;

	if (e->attr.flags & PERF_ATTR_FREQ && e->sampled && took)
		e->period = min(max((u64)((unsigned __int128)e->period * (NSEC_PER_SEC / asked) / took), e->period / 8 + 1), e->period * 8);
	else if (!(e->attr.flags & PERF_ATTR_FREQ) && !too_many(now))
		e->period = max(asked, e->period / 2);
	else if (!(e->attr.flags & PERF_ATTR_FREQ))
		e->period = min(e->period * 2, max(asked, BIT(40)));
	e->sampled = now;
}

u64 perf_sample_clock(struct hrtimer *timer)
{
	struct perf_event *e = container_of(timer, struct perf_event, timer);
	struct perf_ring *wake = perf_ring_sample(e, get_irq_regs(), e->period, 0);
	u64 now = ktime_get_ns(), next = timer->expires + e->period;

	if (wake)
		wake_up_all(&wake->wait);
	next = next > now ? next : now + e->period;
	return too_many(now) ? max(next, this_cpu(perf_tick_end)) : next;
}

/* What has happened: counters overflowed, or else there was a fault at addr. */
struct occasion {
	const struct pt_regs *regs;
	u64 counters;
	unsigned long addr;
	struct perf_ring *wake;		/* their readers are to be woken */
};

bool perf_samples_faults(const struct perf_event *e)
{
	return e->period && e->attr.type == PERF_TYPE_SOFTWARE &&
	       (e->attr.config == PERF_COUNT_SW_PAGE_FAULTS || e->attr.config == PERF_COUNT_SW_PAGE_FAULTS_MIN);
}

static void sample_event(struct perf_event *e, struct occasion *o)
{
	struct perf_ring *r;

	if (e->state != PERF_EVENT_ACTIVE || !e->period)
		return;
	if (o->counters ? !e->hardware || !(o->counters >> e->handle & 1) : !perf_samples_faults(e) || --e->left)
		return;
	r = perf_ring_sample(e, o->regs, e->period, o->addr);
	adapt_period(e, ktime_get_ns());
	if (e->hardware) {
		perf_event_update_count(e);
		pmu_rearm(e->handle, e->period);
	} else {
		e->left = e->period;
	}
	if (r) {
		r->wake_next = o->wake;
		o->wake = r;
	}
}

static void sample_ctx(struct perf_ctx *ctx, struct occasion *o)
{
	struct perf_event *e, *s;

	spin_lock(&ctx->lock);
	TAILQ_FOREACH(e, &ctx->groups, entry) {
		sample_event(e, o);
		TAILQ_FOREACH(s, &e->siblings, sibling)
			sample_event(s, o);
	}
	spin_unlock(&ctx->lock);
}

/* Of this hart, and of its task. Context: interrupts off. */
static void sample_all(struct occasion *o)
{
	sample_ctx(perf_ctx_of_hart(smp_processor_id()), o);
	if (current->perf_hook)
		sample_ctx(current->perf_hook, o);
	for (struct perf_ring *r = o->wake; r; r = r->wake_next)
		wake_up_all(&r->wait);	/* whoever frees one asks this hart first */
}

void perf_on_overflow(const struct pt_regs *regs)
{
	struct occasion o = { regs, pmu_overflows(), 0, NULL };

	if (o.counters)
		sample_all(&o);
}

void perf_on_fault(const struct pt_regs *regs, unsigned long uaddr)
{
	struct occasion o = { regs, 0, uaddr, NULL };

	local_irq_disable();
	sample_all(&o);
	local_irq_enable();
}
