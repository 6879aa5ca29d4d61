/* SPDX-License-Identifier: MIT */
/* Contexts of performance events: whose events are counted on which hart, and when. events/event.h tells the plan. */
#include "events/context.h"

#include "lib/err.h"
#include "sched/upcall.h"
#include "trace/pmu.h"
#include "trap/irq.h"
#include "vm/mm.h"
#include "vm/slab.h"

#define MUX_INTERVAL (4 * NSEC_PER_MSEC)

mutex_t perf_mutex;
static DEFINE_PER_CPU(struct perf_ctx, perf_cpu_ctx);
static DEFINE_PER_CPU(struct hrtimer, perf_mux_timer);
static DEFINE_PER_CPU(bool, perf_mux_armed);

/* A group on this hart has found no counter: let the groups go round. */
static void arm_mux(void)
{
	if (this_cpu(perf_mux_armed))
		return;
	this_cpu(perf_mux_armed) = true;
	hrtimer_start(this_cpu_ptr(&perf_mux_timer), ktime_get_ns() + MUX_INTERVAL);
}

/* One timer serves all clocks of a context, for they may be many and tasks switch often. */
void perf_ctx_arm_timers(struct perf_ctx *ctx)
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
		perf_group_update_time(leader, now);
	ctx->cpu = smp_processor_id();
	ctx->unfit = false;
	TAILQ_FOREACH(leader, &ctx->groups, entry)
		perf_group_in(leader, now, resumed && leader->was_active);
	perf_ctx_arm_timers(ctx);
}

static void ctx_out(struct perf_ctx *ctx)
{
	struct perf_event *leader;
	u64 now = ktime_get_ns();

	TAILQ_FOREACH(leader, &ctx->groups, entry) {
		bool active = leader->state == PERF_EVENT_ACTIVE;

		perf_group_out(leader, now);
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
 * Most switches among tasks that are counted together are between contexts of one family: then the tasks exchange contexts, and
 * the counters go on. Return: was it done? Not if another hart uses @in at this moment.
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

/* A new context comes in on the hart where its task runs, if it runs. */
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

/* The context that is not hooked. A task with any event has one: perf_event_exit() looks for it to see whether it must take perf_mutex. */
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
			perf_group_out(leader, perf_ctx_now(ctx));
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
