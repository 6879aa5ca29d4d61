/* SPDX-License-Identifier: MIT */
/* When performance events are sampled: clocks that expire, counters that overflow, faults; and how often. ring.c records. */
#include "events/event_priv.h"

#include "fs/poll.h"
#include "riscv/ptrace.h"
#include "time/tick.h"
#include "trace/pmu.h"
#include "trace/trace.h"
#include "trace/upcall.h"
#include "trap/upcall.h"

/*
 * What sampling may take of a hart: MAX_PER_TICK samples of all its events in a tick, and half of its time. Programs can have
 * any number of clocks expire at once, and any number of readers wait for one event. Ref: Linux kernel.perf_cpu_time_max_percent.
 */
#define MAX_PER_TICK 1000
#define TIME_SHARE 2

struct sample_budget {
	u64 since, until;		/* ns: what it is for, a tick at least */
	u64 spent;			/* ns */
	unsigned int samples;
};
static DEFINE_PER_CPU(struct sample_budget, perf_budget);

/* Is this hart's budget used up? If not, one sample is taken off it. */
static bool too_many(u64 now)
{
	struct sample_budget *b = this_cpu_ptr(&perf_budget);

	if (now >= b->until)
		*b = (struct sample_budget){ .since = now, .until = now + TICK_NSEC };
	return b->samples++ >= MAX_PER_TICK || b->spent * TIME_SHARE >= b->until - b->since;
}

/* Sampling took from @began, ns, until now; a millisecond at most is charged, for the host may have stopped the hart. Return: now. */
static u64 spend(u64 began)
{
	struct sample_budget *b = this_cpu_ptr(&perf_budget);
	u64 now = ktime_get_ns();

	b->spent += min(now - began, NSEC_PER_MSEC);
	b->until = max(b->until, b->since + b->spent * TIME_SHARE);
	return now;
}

/*
 * Set @e's next period. With PERF_ATTR_FREQ: to reach that frequency, by how long the last period took. Else: the period that was asked
 * for, doubled as long as this hart's budget is used up.
 */
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

/* Why samples are taken: counters (a mask) overflowed, or there was a fault at addr, or, with neither, clocks expired. */
struct occasion {
	const struct pt_regs *regs;
	u64 counters;
	unsigned long addr;
	struct perf_ring *wake;		/* their readers are to be woken */
};

static void sample(const struct perf_event *e, struct occasion *o)
{
	struct perf_ring *r = perf_ring_sample(e, o->regs, e->period, o->addr, NULL);

	if (r) {
		r->wake_next = o->wake;
		o->wake = r;
	}
}

static void wake_readers(const struct occasion *o)
{
	for (struct perf_ring *r = o->wake; r; r = r->wake_next)
		wake_up_all(&r->wait);	/* whoever frees one asks this hart first */
}

static void sample_clock_event(struct perf_event *e, struct occasion *o)
{
	u64 now = ktime_get_ns(), next = e->expires + e->period;

	if (e->state != PERF_EVENT_ACTIVE || !e->period || !e->clock)
		return;
	if (e->expires <= now) {
		bool late = too_many(now);

		sample(e, o);
		now = spend(now);
		next = next > now ? next : now + e->period;
		e->expires = late ? max(next, this_cpu(perf_budget).until) : next;
	}
	e->ctx->clock_next = min(e->ctx->clock_next, e->expires);
}

/* Sample the clocks of @ctx that have expired; @ctx is in on this hart. */
static void sample_clocks(struct perf_ctx *ctx, struct occasion *o)
{
	struct perf_event *e, *s;

	ctx->clock_next = KTIME_MAX;
	TAILQ_FOREACH(e, &ctx->groups, entry) {
		sample_clock_event(e, o);
		TAILQ_FOREACH(s, &e->siblings, sibling)
			sample_clock_event(s, o);
	}
	ctx->clock_armed = ctx->clock_next;
}

u64 perf_sample_clock(struct hrtimer *timer)
{
	struct perf_ctx *ctx = container_of(timer, struct perf_ctx, clock);
	struct occasion o = { .regs = get_irq_regs() };
	u64 began, next;

	spin_lock(&ctx->lock);
	sample_clocks(ctx, &o);
	next = ctx->clock_next;
	spin_unlock(&ctx->lock);
	began = ktime_get_ns();
	wake_readers(&o);
	spend(began);
	return next < KTIME_MAX ? next : 0;
}

bool perf_samples_faults(const struct perf_event *e)
{
	return e->period && e->attr.type == PERF_TYPE_SOFTWARE &&
	       (e->attr.config == PERF_COUNT_SW_PAGE_FAULTS || e->attr.config == PERF_COUNT_SW_PAGE_FAULTS_MIN);
}

static void sample_event(struct perf_event *e, struct occasion *o)
{
	if (e->state != PERF_EVENT_ACTIVE || !e->period)
		return;
	if (o->counters ? !e->hardware || !(o->counters >> e->handle & 1) : !perf_samples_faults(e) || --e->left)
		return;
	sample(e, o);
	adapt_period(e, ktime_get_ns());
	if (e->hardware) {
		perf_event_update_count(e);
		pmu_rearm(e->handle, e->period);
	} else {
		e->left = e->period;
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

/* Sample the events of this hart and of its task. Context: interrupts off. */
static void sample_all(struct occasion *o)
{
	u64 began = ktime_get_ns();

	sample_ctx(perf_ctx_of_hart(smp_processor_id()), o);
	if (current->perf_hook)
		sample_ctx(current->perf_hook, o);
	wake_readers(o);
	spend(began);
}

void perf_overflow(const struct pt_regs *regs)
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

/* ---- Trace points. ---- */

/*
 * A trace point may be anywhere, under any lock. So the events that count trace points here are in a list that this hart alone uses,
 * with interrupts off; and a timer wakes readers: it looks each LOOK_INTERVAL, as long as any waits.
 */
static DEFINE_PER_CPU(LIST_HEAD(traced_events, perf_event), perf_traced);

#define LOOK_INTERVAL (10 * NSEC_PER_MSEC)

static struct wait_queue_head trace_wait;
static struct hrtimer trace_timer;
static u32 trace_ready;			/* some ring of a trace point's has something to read */

void perf_trace_in(struct perf_event *e)
{
	LIST_INSERT_HEAD(this_cpu_ptr(&perf_traced), e, traced);
}

void perf_trace_out(struct perf_event *e)
{
	LIST_REMOVE(e, traced);
}

/* Sample @e at @ip, in a function of the kernel whose stack and frame pointers are @sp and @fp. */
static noinline void sample_trace(struct perf_event *e, const struct trace_entry *raw, u64 ip, u64 sp, u64 fp)
{
	struct pt_regs regs = { .epc = ip, .sp = sp, .s0 = fp, .status = SR_SPP };

	e->left = e->period;
	if (perf_ring_sample(e, &regs, e->period, 0, raw))
		WRITE_ONCE(trace_ready, 1);
	if (e->attr.flags & PERF_ATTR_FREQ)
		adapt_period(e, ktime_get_ns());
}

void perf_on_trace(const struct trace_entry *raw)
{
	u64 ip = (u64)__builtin_return_address(0), *frame = __builtin_frame_address(0);
	struct perf_event *e;

	LIST_FOREACH(e, this_cpu_ptr(&perf_traced), traced) {
		if (e->attr.config != TRACE_ID(raw->type) || e->attr.flags & PERF_ATTR_EXCLUDE_KERNEL)
			continue;
		e->count++;
		if (e->period && !--e->left)
			sample_trace(e, raw, ip, (u64)frame, CONFIG_DEBUG ? frame[-2] : 0);	/* it has frame pointers */
	}
}

static u64 look(struct hrtimer *t)
{
	bool waits;

	(void)t;
	spin_lock(&trace_wait.lock);
	waits = !TAILQ_EMPTY(&trace_wait.head);
	spin_unlock(&trace_wait.lock);
	if (waits && xchg(&trace_ready, 0))
		wake_up_all(&trace_wait);
	return waits ? ktime_get_ns() + LOOK_INTERVAL : 0;
}

void perf_trace_poll(struct perf_event *e, struct poll_table *pt)
{
	if (!e->tracepoint)
		return;
	poll_wait(&trace_wait, pt);
	hrtimer_start(&trace_timer, ktime_get_ns() + LOOK_INTERVAL);
}

void __init perf_sample_init(void)
{
	init_waitqueue_head(&trace_wait);
	hrtimer_init(&trace_timer, look);
}
