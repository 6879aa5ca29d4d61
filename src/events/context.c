/* SPDX-License-Identifier: MIT */
/* Contexts of performance events: who is counted where, and when. events/event.h tells the plan. */
#include "events/event_priv.h"

#include "lib/err.h"
#include "sched/stats.h"
#include "sched/upcall.h"
#include "trace/pmu.h"
#include "trap/irq.h"
#include "vm/fault.h"
#include "vm/mm.h"
#include "vm/slab.h"

#define MUX_INTERVAL (4 * NSEC_PER_MSEC)

mutex_t perf_mutex;
static DEFINE_PER_CPU(struct perf_ctx, perf_cpu_ctx);
static DEFINE_PER_CPU(struct hrtimer, perf_mux_timer);
static DEFINE_PER_CPU(bool, perf_mux_armed);

/* What its times are of: a task's run time, or where switches tell when it runs, the clock's. */
static u64 ctx_now(const struct perf_ctx *ctx)
{
	return ctx->hooked ? ktime_get_ns() : task_sched_runtime(ctx->task);
}

/* What the event counts, from an arbitrary start. Context: ctx->lock, on the hart where it is in; perf_mutex if not hooked. */
static u64 source(const struct perf_event *e)
{
	const struct task_struct *p = e->ctx->task;
	u64 config = e->attr.config;

	if (e->hardware)
		return pmu_read(e->handle);
	if (e->tracepoint)
		return 0;		/* counted where it happens */
	if (config == PERF_COUNT_SW_CPU_CLOCK || config == PERF_COUNT_SW_TASK_CLOCK)
		return ctx_now(e->ctx);
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

/* A task switches and migrates just when it is not in: such counts go on from where they were. */
static bool counts_when_out(const struct perf_event *e)
{
	return perf_counts_of_task(e) && e->cpu == -1;
}

static bool is_in(const struct perf_event *e)
{
	return !e->ctx->hooked || (e->ctx->cpu >= 0 && (e->cpu == -1 || e->cpu == e->ctx->cpu));
}

static void update_time(struct perf_event *e, u64 now)
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

static void event_out(struct perf_event *e)
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

static void group_update_time(struct perf_event *leader, u64 now)
{
	struct perf_event *e;

	/* The leader last: its state says whether the others' time counts. */
	TAILQ_FOREACH(e, &leader->siblings, sibling)
		update_time(e, now);
	update_time(leader, now);
}

static void group_out(struct perf_event *leader, u64 now)
{
	struct perf_event *e;

	group_update_time(leader, now);
	TAILQ_FOREACH(e, &leader->siblings, sibling)
		event_out(e);
	event_out(leader);
	leader->was_active = false;
}

/* All of it, or nothing. @resumed: it was active when its task was last in. */
static void group_in(struct perf_event *leader, u64 now, bool resumed)
{
	struct perf_event *e;

	group_update_time(leader, now);
	if (leader->state != PERF_EVENT_INACTIVE || !is_in(leader))
		return;
	if (!event_in(leader, resumed))
		goto unfit;
	TAILQ_FOREACH(e, &leader->siblings, sibling)
		if (e->state == PERF_EVENT_INACTIVE && !event_in(e, resumed))
			goto unfit;
	return;
unfit:
	group_out(leader, now);
	leader->ctx->unfit = true;
}

/* Is somebody here without a counter? Then let them go round. */
static void arm_mux(void)
{
	if (this_cpu(perf_mux_armed))
		return;
	this_cpu(perf_mux_armed) = true;
	hrtimer_start(this_cpu_ptr(&perf_mux_timer), ktime_get_ns() + MUX_INTERVAL);
}

/* Of what is in here now. One timer is for all clocks of a context: they may be many, and tasks switch often. */
static void arm_timers(struct perf_ctx *ctx)
{
	if (ctx->cpu < 0)
		return;
	if (ctx->unfit)
		arm_mux();
	if (ctx->clock_next < ctx->clock_armed) {
		ctx->clock_armed = ctx->clock_next;
		hrtimer_start(&ctx->clock, ctx->clock_next);
	}
}

static void ctx_in(struct perf_ctx *ctx, bool resumed)
{
	struct perf_event *leader;
	u64 now = ktime_get_ns();

	TAILQ_FOREACH(leader, &ctx->groups, entry)
		group_update_time(leader, now);
	ctx->cpu = smp_processor_id();
	ctx->unfit = false;
	TAILQ_FOREACH(leader, &ctx->groups, entry)
		group_in(leader, now, resumed && leader->was_active);
	arm_timers(ctx);
}

static void ctx_out(struct perf_ctx *ctx)
{
	struct perf_event *leader;
	u64 now = ktime_get_ns();

	TAILQ_FOREACH(leader, &ctx->groups, entry) {
		bool active = leader->state == PERF_EVENT_ACTIVE;

		group_out(leader, now);
		leader->was_active = active;
	}
	if (ctx->clock_armed != KTIME_MAX)
		hrtimer_cancel(&ctx->clock);
	ctx->clock_next = ctx->clock_armed = KTIME_MAX;
	ctx->cpu = -1;
}

static void ctx_rotate(struct perf_ctx *ctx)
{
	struct perf_event *first = TAILQ_FIRST(&ctx->groups);

	if (!ctx->unfit || !first || ctx->keep_order)
		return;
	ctx_out(ctx);
	TAILQ_REMOVE(&ctx->groups, first, entry);
	TAILQ_INSERT_TAIL(&ctx->groups, first, entry);
	ctx_in(ctx, false);
}

static u64 perf_mux(struct hrtimer *t)
{
	struct perf_ctx *hart = this_cpu_ptr(&perf_cpu_ctx), *task = current->perf_hook;
	bool again = false;

	if (t != this_cpu_ptr(&perf_mux_timer))
		return 0;		/* of a hart that has left */
	spin_lock(&hart->lock);
	ctx_rotate(hart);
	again |= hart->unfit;
	spin_unlock(&hart->lock);
	if (task) {
		spin_lock(&task->lock);
		if (task->cpu >= 0)
			ctx_rotate(task);
		again |= task->unfit;
		spin_unlock(&task->lock);
	}
	this_cpu(perf_mux_armed) = again;
	return again ? ktime_get_ns() + MUX_INTERVAL : 0;
}

/*
 * Most switches in a crowd that is counted are between relatives: then their tasks change contexts, and the counters go on.
 * Not if @in is in use elsewhere at this moment.
 */
static bool exchange(struct perf_ctx *out, struct perf_ctx *in) __no_lock_analysis
{
	bool done = false;

	if (!READ_ONCE(out->family) || READ_ONCE(out->family) != READ_ONCE(in->family))
		return false;
	spin_lock(&out->lock);
	if (spin_trylock(&in->lock)) {
		done = out->family && out->family == in->family && out->cpu >= 0;
		if (done) {
			struct task_struct *prev = out->task, *next = in->task;

			out->task = next;
			in->task = prev;
			WRITE_ONCE(prev->perf_hook, in);
			WRITE_ONCE(next->perf_hook, out);
		}
		spin_unlock(&in->lock);
	}
	spin_unlock(&out->lock);
	return done;
}

void perf_on_switch(struct task_struct *prev, struct task_struct *next)
{
	struct perf_ctx *out = prev->perf_hook, *in = smp_load_acquire(&next->perf_hook);

	if (out && in && exchange(out, in))
		return;
	if (out) {
		spin_lock(&out->lock);
		if (out->cpu >= 0)
			ctx_out(out);
		spin_unlock(&out->lock);
	}
	if (in) {
		spin_lock(&in->lock);
		ctx_in(in, true);
		spin_unlock(&in->lock);
	}
}

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
	e->since = ctx_now(e->ctx);
	TAILQ_FOREACH(s, &e->siblings, sibling)
		s->since = e->since;
	if (e->leader != e) {
		/* What runs already has its counters: all or nothing means that the group begins anew. */
		group_out(e->leader, e->since);
		TAILQ_INSERT_TAIL(&e->leader->siblings, e, sibling);
		e->leader->nr_siblings++;
	} else {
		TAILQ_INSERT_TAIL(&e->ctx->groups, e, entry);
	}
	group_in(e->leader, e->since, false);
	arm_timers(e->ctx);
}

static void do_unlink(struct perf_event *e, u64 unused)
{
	struct perf_event *s;
	u64 now = ctx_now(e->ctx);

	(void)unused;
	e->ctx->family = 0;
	if (e->leader != e) {
		update_time(e, now);
		event_out(e);
		TAILQ_REMOVE(&e->leader->siblings, e, sibling);
		e->leader->nr_siblings--;
		e->leader = e;
		return;
	}
	group_out(e, now);
	while ((s = TAILQ_FIRST(&e->siblings))) {
		TAILQ_REMOVE(&e->siblings, s, sibling);
		s->leader = s;
		TAILQ_INSERT_TAIL(&e->ctx->groups, s, entry);
		group_in(s, now, false);
	}
	e->nr_siblings = 0;
	TAILQ_REMOVE(&e->ctx->groups, e, entry);
	arm_timers(e->ctx);
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

/* At once, for one by one a group would be taken out and in as often as it has members. */
static void do_control(struct perf_event *e, u64 arg)
{
	u64 now = ctx_now(e->ctx);
	struct perf_event *s;
	u32 what = (u32)arg;

	if (what != PERF_EVENT_IOC_RESET)
		group_out(e->leader, now);
	control_one(e, what);
	if (arg & CONTROL_GROUP)
		TAILQ_FOREACH(s, &e->siblings, sibling)
			control_one(s, what);
	if (what == PERF_EVENT_IOC_RESET)
		return;
	group_in(e->leader, now, false);
	arm_timers(e->ctx);
}

static void do_update(struct perf_event *e, u64 unused)
{
	(void)unused;
	perf_event_update_count(e);
	update_time(e, ctx_now(e->ctx));
}

/* A context that is new: it is in where its task runs at this moment. */
static void ctx_begin(void *data)
{
	struct perf_ctx *ctx = data;

	spin_lock(&ctx->lock);
	if (current == ctx->task && ctx->cpu < 0)
		ctx_in(ctx, false);
	spin_unlock(&ctx->lock);
}

static void ctx_init(struct perf_ctx *ctx, struct task_struct *p, bool hooked)
{
	spin_lock_init(&ctx->lock, LOCK_PERF_CTX);
	TAILQ_INIT(&ctx->groups);
	hrtimer_init(&ctx->clock, perf_sample_clock);
	ctx->clock_next = ctx->clock_armed = KTIME_MAX;
	ctx->task = p;
	ctx->hooked = hooked;
	ctx->cpu = -1;
}

static struct perf_ctx *ctx_alloc(struct task_struct *p, bool hooked)
{
	struct perf_ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (ctx)
		ctx_init(ctx, p, hooked);
	return ctx;
}

/* This one is there if @p has any event, so perf_event_exit() waits for perf_mutex. */
static struct perf_ctx *plain_ctx(struct task_struct *p)
{
	struct perf_ctx *ctx = p->perf_ctx;

	if (ctx)
		return ctx;
	ctx = ctx_alloc(p, false);
	if (!ctx)
		return ERR_PTR(-ENOMEM);
	smp_store_release(&p->perf_ctx, ctx);
	smp_mb();	/* pairs with perf_event_exit(): either it sees the context, or we that it has been there */
	if (p->flags & PF_EXITING) {
		p->perf_ctx = NULL;
		kfree(ctx);
		return ERR_PTR(-ESRCH);
	}
	return ctx;
}

static struct perf_ctx *hook_new(struct task_struct *p)
{
	struct perf_ctx *ctx = ctx_alloc(p, true);

	if (!ctx)
		return ERR_PTR(-ENOMEM);
	smp_store_release(&p->perf_hook, ctx);
	smp_mb();
	if (READ_ONCE(p->__state) == TASK_NEW)
		return ctx;	/* when it first runs it sees it */
	local_irq_disable();
	ctx_begin(ctx);
	local_irq_enable();
	smp_call_function_many(&cpu_online_mask, ctx_begin, ctx);
	return ctx;
}

struct perf_ctx *perf_ctx_of_task(struct task_struct *p, bool hooked)
{
	struct perf_ctx *ctx = plain_ctx(p);

	lockdep_assert_held(&perf_mutex);
	if (!hooked || IS_ERR(ctx))
		return ctx;
	while ((ctx = READ_ONCE(p->perf_hook))) {
		bool still;

		spin_lock_irq(&ctx->lock);
		still = ctx->task == p;
		if (still)
			ctx->family = 0;
		spin_unlock_irq(&ctx->lock);
		if (still)
			return ctx;
	}
	return hook_new(p);
}

void perf_ctx_relate(struct perf_ctx *from, struct perf_ctx *to)
{
	static u64 last_family;

	lockdep_assert_held(&perf_mutex);
	spin_lock_irq(&from->lock);
	if (!from->family)
		from->family = ++last_family;
	to->family = from->family;
	spin_unlock_irq(&from->lock);
}

bool perf_needs_hook(const struct perf_event *e)
{
	return e->hardware || e->tracepoint || e->cpu != -1 || e->period ||
	       e->attr.flags & (PERF_ATTR_MMAP | PERF_ATTR_MMAP2 | PERF_ATTR_COMM | PERF_ATTR_TASK);
}

static void set_keep_order(struct perf_ctx *ctx, bool keep)
{
	spin_lock_irq(&ctx->lock);
	ctx->keep_order = keep;
	spin_unlock_irq(&ctx->lock);
}

void perf_ctx_begin_walk(struct perf_ctx *ctx)
{
	lockdep_assert_held(&perf_mutex);
	set_keep_order(ctx, true);
}

void perf_ctx_end_walk(struct perf_ctx *ctx)
{
	lockdep_assert_held(&perf_mutex);
	set_keep_order(ctx, false);
}

void perf_ctx_move(struct perf_event *leader, struct perf_ctx *to)
{
	struct perf_event *s;

	lockdep_assert_held(&perf_mutex);
	group_out(leader, ctx_now(leader->ctx));
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

struct perf_ctx *perf_ctx_of_hart(unsigned int cpu)
{
	return per_cpu_ptr(&perf_cpu_ctx, cpu);
}

struct perf_ctx *perf_ctx_detach(struct task_struct *p, bool hooked)
{
	struct perf_event *leader;
	struct perf_ctx *ctx;

	lockdep_assert_held(&perf_mutex);
	if (!hooked) {
		ctx = p->perf_ctx;
		TAILQ_FOREACH(leader, &ctx->groups, entry)
			group_out(leader, ctx_now(ctx));
		WRITE_ONCE(p->perf_ctx, NULL);
		return ctx;
	}
	local_irq_disable();	/* @p keeps its own */
	ctx = p->perf_hook;
	if (ctx) {
		spin_lock(&ctx->lock);
		if (ctx->cpu >= 0)
			ctx_out(ctx);
		WRITE_ONCE(p->perf_hook, NULL);
		spin_unlock(&ctx->lock);
	}
	local_irq_enable();
	return ctx;
}

void perf_init_cpu(void)
{
	struct perf_ctx *ctx = this_cpu_ptr(&perf_cpu_ctx);

	pmu_init_cpu();
	spin_lock(&ctx->lock);
	ctx_in(ctx, false);
	spin_unlock(&ctx->lock);
}

void perf_dying_cpu(void)
{
	struct perf_ctx *ctx = this_cpu_ptr(&perf_cpu_ctx);

	spin_lock(&ctx->lock);
	ctx_out(ctx);
	spin_unlock(&ctx->lock);
	hrtimer_cancel(this_cpu_ptr(&perf_mux_timer));
	this_cpu(perf_mux_armed) = false;
}

void __init perf_event_init(void)
{
	unsigned int cpu;

	mutex_init(&perf_mutex, LOCK_PERF);
	perf_sample_init();
	request_local_irq(IRQ_S_PMU, perf_overflow);
	for_each_possible_cpu(cpu) {
		ctx_init(per_cpu_ptr(&perf_cpu_ctx, cpu), NULL, true);
		hrtimer_init(per_cpu_ptr(&perf_mux_timer, cpu), perf_mux);
	}
}
