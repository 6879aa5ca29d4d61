/* SPDX-License-Identifier: MIT */
#include "proc/perf_event.h"

#include <string.h>

#include "lib/err.h"
#include "perf/pmu.h"
#include "sbi/sbi.h"
#include "sched/sched.h"
#include "sched/upcall.h"
#include "proc/watchdog.h"
#include "vm/slab.h"
#include "vm/mm.h"

#define MUX_INTERVAL (4 * NSEC_PER_MSEC)

enum perf_event_state { PERF_EVENT_OFF, PERF_EVENT_INACTIVE, PERF_EVENT_ACTIVE };

struct perf_event {
	struct perf_event_attr attr;	/* [I] but for enable_on_exec */
	u64 id;				/* [I] */
	int cpu;			/* [I] -1: any */
	bool hardware;			/* [I] has a counter of the hart's or the firmware's */
	unsigned long sbi_event;	/* [I] */
	u64 sbi_data;			/* [I] */
	struct perf_event *leader;	/* perf_mutex; itself, if it leads */
	struct perf_ctx *ctx;		/* perf_mutex; NULL: its task is gone */
	TAILQ_ENTRY(perf_event) entry;	/* perf_mutex and ctx->lock: the group, in ctx->groups */
	TAILQ_HEAD(perf_siblings, perf_event) siblings; /* the same */
	TAILQ_ENTRY(perf_event) sibling;
	unsigned int nr_siblings;
	bool was_active;		/* ctx->lock; a leader's: when its task was last switched from */

	enum perf_event_state state;	/* ctx->lock, as all up to running */
	int handle;			/* of pmu_get(), while active */
	u64 prev;			/* the source's value that is in count */
	u64 count;
	u64 since, enabled, running;	/* ns: times are right up to since */

	struct perf_event *parent;	/* perf_mutex; inherited from this one, which somebody reads */
	LIST_HEAD(, perf_event) children; /* perf_mutex */
	LIST_ENTRY(perf_event) child;
	u64 child_count, child_enabled, child_running; /* perf_mutex: of children that ended */
};

struct perf_ctx {
	spinlock_t lock;
	struct task_struct *task;	/* [I] NULL: a hart's */
	bool hooked;			/* perf_mutex; else switches do not concern it: see the header */
	int cpu;			/* where it is in; -1: nowhere */
	TAILQ_HEAD(, perf_event) groups;
	bool unfit;			/* some group has found no counters */
};

static mutex_t perf_mutex;
static u64 perf_last_id;
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

/* A task switches and migrates just when it is not in: such counts go on from where they were. */
static bool counts_when_out(const struct perf_event *e)
{
	return !e->hardware && e->ctx->task && e->cpu == -1 && e->attr.config != PERF_COUNT_SW_CPU_CLOCK &&
	       e->attr.config != PERF_COUNT_SW_TASK_CLOCK;
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

static void update_count(struct perf_event *e)
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
		e->handle = pmu_get(e->sbi_event, e->sbi_data);
		if (e->handle < 0)
			return false;
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
	update_count(e);
	e->state = PERF_EVENT_INACTIVE;
	if (e->hardware)
		pmu_put(e->handle);
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
	if (ctx->unfit)
		arm_mux();
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
	ctx->cpu = -1;
}

static void ctx_rotate(struct perf_ctx *ctx)
{
	struct perf_event *first = TAILQ_FIRST(&ctx->groups);

	if (!ctx->unfit || !first)
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

void proc_on_perf_switch(struct task_struct *prev, struct task_struct *next)
{
	struct perf_ctx *ctx = prev->perf_hook;

	if (ctx) {
		spin_lock(&ctx->lock);
		if (ctx->cpu >= 0)
			ctx_out(ctx);
		spin_unlock(&ctx->lock);
	}
	ctx = smp_load_acquire(&next->perf_hook);
	if (ctx) {
		spin_lock(&ctx->lock);
		ctx_in(ctx, true);
		spin_unlock(&ctx->lock);
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
	(void)unused;
	e->since = ctx_now(e->ctx);
	if (e->leader != e) {
		/* What runs already has its counters: all or nothing means that the group begins anew. */
		group_out(e->leader, e->since);
		TAILQ_INSERT_TAIL(&e->leader->siblings, e, sibling);
		e->leader->nr_siblings++;
	} else {
		TAILQ_INSERT_TAIL(&e->ctx->groups, e, entry);
	}
	group_in(e->leader, e->since, false);
	if (e->ctx->unfit && e->ctx->cpu >= 0)
		arm_mux();
}

static void do_unlink(struct perf_event *e, u64 unused)
{
	struct perf_event *s;
	u64 now = ctx_now(e->ctx);

	(void)unused;
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
}

static void do_control(struct perf_event *e, u64 what)
{
	u64 now = ctx_now(e->ctx);

	if (what == PERF_EVENT_IOC_RESET) {
		update_count(e);
		e->count = 0;
		return;
	}
	group_out(e->leader, now);
	if (what == PERF_EVENT_IOC_ENABLE && e->state == PERF_EVENT_OFF)
		e->state = PERF_EVENT_INACTIVE;
	else if (what == PERF_EVENT_IOC_DISABLE)
		e->state = PERF_EVENT_OFF;
	group_in(e->leader, now, false);
	if (e->ctx->unfit && e->ctx->cpu >= 0)
		arm_mux();
}

static void do_update(struct perf_event *e, u64 unused)
{
	(void)unused;
	update_count(e);
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

static struct perf_ctx *task_ctx(struct task_struct *p)
{
	struct perf_ctx *ctx = p->perf_ctx;

	if (ctx)
		return ctx;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&ctx->lock, LOCK_PERF_CTX);
	TAILQ_INIT(&ctx->groups);
	ctx->task = p;
	ctx->cpu = -1;
	smp_store_release(&p->perf_ctx, ctx);
	if (p->__state == TASK_NEW)
		return ctx;	/* nobody else knows of it */
	smp_mb();	/* pairs with perf_event_exit(): either it sees the context, or we that it has been there */
	if (p->flags & PF_EXITING) {
		p->perf_ctx = NULL;
		kfree(ctx);
		return ERR_PTR(-ESRCH);
	}
	return ctx;
}

/* From now on switches concern @ctx: it gets an event that is counted only while, or where, its task runs. */
static void ctx_hook(struct perf_ctx *ctx)
{
	struct perf_event *leader, *e;
	u64 now = ctx_now(ctx);

	TAILQ_FOREACH(leader, &ctx->groups, entry)
		group_out(leader, now);
	ctx->hooked = true;
	now = ktime_get_ns();
	TAILQ_FOREACH(leader, &ctx->groups, entry) {
		leader->since = now;
		TAILQ_FOREACH(e, &leader->siblings, sibling)
			e->since = now;
	}
	smp_store_release(&ctx->task->perf_hook, ctx);
	if (ctx->task->__state == TASK_NEW)
		return;
	local_irq_disable();
	ctx_begin(ctx);
	local_irq_enable();
	smp_call_function_many(&cpu_online_mask, ctx_begin, ctx);
}

static bool needs_hook(const struct perf_event *e)
{
	return e->hardware || e->cpu != -1;
}

/* Can it be counted, and by what? */
static int event_init(struct perf_event *e)
{
	u64 config = e->attr.config, flags = e->attr.flags;
	unsigned int cache = config & 0xff, op = config >> 8 & 0xff, result = config >> 16 & 0xff;

	if (flags & PERF_ATTR_RESERVED || (flags & PERF_ATTR_PRECISE_IP) == PERF_ATTR_PRECISE_IP)
		return -EINVAL;
	if (e->attr.read_format >= PERF_FORMAT_MAX)
		return -EINVAL;
	if (flags & PERF_ATTR_INHERIT && e->attr.read_format & PERF_FORMAT_GROUP)
		return -EINVAL;		/* as Linux before 6.13 */
	if (e->attr.sample_period || flags & (PERF_ATTR_PINNED | PERF_ATTR_EXCLUSIVE | PERF_ATTR_PRECISE_IP |
					      PERF_ATTR_AUX_OUTPUT | PERF_ATTR_REMOVE_ON_EXEC | PERF_ATTR_SIGTRAP))
		return -EOPNOTSUPP;
	e->hardware = true;
	switch (e->attr.type) {
	case PERF_TYPE_SOFTWARE:
		e->hardware = false;
		return config <= PERF_COUNT_SW_DUMMY ? 0 : -ENOENT;
	case PERF_TYPE_HARDWARE:
		if (config >= PERF_COUNT_HW_MAX)
			return -EINVAL;
		e->sbi_event = SBI_PMU_EVENT_GENERAL(config + 1);
		break;
	case PERF_TYPE_HW_CACHE:
		if (config >> 24 || cache >= PERF_COUNT_HW_CACHE_MAX || op >= PERF_COUNT_HW_CACHE_OP_MAX ||
		    result >= PERF_COUNT_HW_CACHE_RESULT_MAX)
			return -EINVAL;
		e->sbi_event = SBI_PMU_EVENT_CACHE(cache << 3 | op << 1 | result);
		break;
	case PERF_TYPE_RAW:
		if (RISCV_PMU_RAW_TYPE(config) == RISCV_PMU_RAW_FIRMWARE) {
			e->sbi_event = SBI_PMU_EVENT_FW(config & 0xffff);
		} else {
			e->sbi_event = SBI_PMU_EVENT_RAW;
			e->sbi_data = config & (BIT(48) - 1);
		}
		break;
	default:
		return -ENOENT;
	}
	if (e->sbi_event == SBI_PMU_EVENT_RAW) {
		/* Only the firmware knows. */
		int handle;

		local_irq_disable();
		handle = pmu_get(e->sbi_event, e->sbi_data);
		if (handle >= 0)
			pmu_put(handle);
		local_irq_enable();
		if (handle < 0)
			return handle;
	} else if (!pmu_supported(e->sbi_event)) {
		return -ENOENT;
	}
	/* The counters do not tell modes apart. */
	return flags & (PERF_ATTR_EXCLUDE_USER | PERF_ATTR_EXCLUDE_KERNEL) ? -EOPNOTSUPP : 0;
}

static struct perf_event *event_alloc(const struct perf_event_attr *attr, int cpu)
{
	struct perf_event *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return NULL;
	e->attr = *attr;
	e->cpu = cpu;
	e->leader = e;
	e->state = attr->flags & PERF_ATTR_DISABLED ? PERF_EVENT_OFF : PERF_EVENT_INACTIVE;
	TAILQ_INIT(&e->siblings);
	LIST_INIT(&e->children);
	return e;
}

struct perf_event *perf_event_create(const struct perf_event_attr *attr, struct task_struct *task, int cpu, struct perf_event *leader)
{
	struct perf_event *e;
	struct perf_ctx *ctx;
	int err;

	if (cpu >= 0 && ((unsigned int)cpu >= nr_cpu_ids || !cpu_online(cpu)))
		return ERR_PTR((unsigned int)cpu >= nr_cpu_ids ? -EINVAL : -ENODEV);
	e = event_alloc(attr, cpu);
	if (!e)
		return ERR_PTR(-ENOMEM);
	err = event_init(e);
	if (err) {
		kfree(e);
		return ERR_PTR(err);
	}
	mutex_lock(&perf_mutex);
	e->id = ++perf_last_id;
	ctx = task ? task_ctx(task) : per_cpu_ptr(&perf_cpu_ctx, cpu);
	/* A group is of one task or hart, and has one first. */
	if (IS_ERR(ctx))
		err = PTR_ERR(ctx);
	else if (leader && (leader->leader != leader || leader->ctx != ctx || leader->cpu != cpu))
		err = -EINVAL;
	if (err) {
		mutex_unlock(&perf_mutex);
		kfree(e);
		return ERR_PTR(err);
	}
	e->ctx = ctx;
	if (leader)
		e->leader = leader;
	if (!ctx->hooked && needs_hook(e))
		ctx_hook(ctx);
	ctx_call(do_link, e, 0);
	mutex_unlock(&perf_mutex);
	return e;
}

/* The same, of a group that has no context any more. */
static void ungroup(struct perf_event *e)
{
	struct perf_event *s;

	if (e->leader != e) {
		TAILQ_REMOVE(&e->leader->siblings, e, sibling);
		e->leader->nr_siblings--;
	}
	while ((s = TAILQ_FIRST(&e->siblings))) {
		TAILQ_REMOVE(&e->siblings, s, sibling);
		s->leader = s;
	}
}

static void free_child(struct perf_event *c)
{
	if (c->ctx)
		ctx_call(do_unlink, c, 0);
	LIST_REMOVE(c, child);
	kfree(c);
}

void perf_event_release(struct perf_event *e)
{
	mutex_lock(&perf_mutex);
	while (!LIST_EMPTY(&e->children))
		free_child(LIST_FIRST(&e->children));
	if (e->ctx)
		ctx_call(do_unlink, e, 0);
	else
		ungroup(e);
	mutex_unlock(&perf_mutex);
	kfree(e);
}

static void control_family(struct perf_event *e, unsigned int what)
{
	struct perf_event *c;

	if (e->ctx)
		ctx_call(do_control, e, what);
	else if (what == PERF_EVENT_IOC_RESET)
		e->count = 0;
	LIST_FOREACH(c, &e->children, child)
		ctx_call(do_control, c, what);
}

void perf_event_control(struct perf_event *e, unsigned int what, bool group)
{
	struct perf_event *s;

	mutex_lock(&perf_mutex);
	if (group) {
		e = e->leader;
		TAILQ_FOREACH(s, &e->siblings, sibling)
			control_family(s, what);
	}
	control_family(e, what);
	mutex_unlock(&perf_mutex);
}

struct perf_values {
	u64 count, enabled, running;
};

static struct perf_values sum_family(struct perf_event *e)
{
	struct perf_values v;
	struct perf_event *c;

	if (e->ctx)
		ctx_call(do_update, e, 0);
	v = (struct perf_values){ e->count + e->child_count, e->enabled + e->child_enabled, e->running + e->child_running };
	LIST_FOREACH(c, &e->children, child) {
		ctx_call(do_update, c, 0);
		v.count += c->count;
		v.enabled += c->enabled;
		v.running += c->running;
	}
	return v;
}

int perf_event_read_values(struct perf_event *e, u64 *v, unsigned int max)
{
	u64 format = e->attr.read_format;
	struct perf_event *s = NULL;
	struct perf_values sum;
	unsigned int n = 0, each, nr;

	mutex_lock(&perf_mutex);
	nr = format & PERF_FORMAT_GROUP ? 1 + e->nr_siblings : 1;
	each = 1 + !!(format & PERF_FORMAT_ID) + !!(format & PERF_FORMAT_LOST);
	if (max < nr * each + !!(format & PERF_FORMAT_GROUP) + !!(format & PERF_FORMAT_TOTAL_TIME_ENABLED) +
		  !!(format & PERF_FORMAT_TOTAL_TIME_RUNNING)) {
		mutex_unlock(&perf_mutex);
		return -ENOSPC;
	}
	sum = sum_family(e);
	if (format & PERF_FORMAT_GROUP)
		v[n++] = nr;
	else
		v[n++] = sum.count;
	if (format & PERF_FORMAT_TOTAL_TIME_ENABLED)
		v[n++] = sum.enabled;
	if (format & PERF_FORMAT_TOTAL_TIME_RUNNING)
		v[n++] = sum.running;
	for (unsigned int i = 0; i < nr; i++) {
		struct perf_event *m = i ? s : e;

		if (format & PERF_FORMAT_GROUP)
			v[n++] = i ? sum_family(m).count : sum.count;
		if (format & PERF_FORMAT_ID)
			v[n++] = m->id;
		if (format & PERF_FORMAT_LOST)
			v[n++] = 0;
		s = i ? TAILQ_NEXT(s, sibling) : TAILQ_FIRST(&e->siblings);
	}
	mutex_unlock(&perf_mutex);
	return n;
}

u64 perf_event_id(const struct perf_event *e)
{
	return e->id;
}

/* A copy of @e for the child; of a copy, of what that is a copy of. */
static struct perf_event *inherit(struct perf_event *e, struct perf_ctx *ctx, struct perf_event *leader, bool thread)
{
	struct perf_event *c, *from = e->parent ? e->parent : e;

	if (!(e->attr.flags & PERF_ATTR_INHERIT) || (e->attr.flags & PERF_ATTR_INHERIT_THREAD && !thread))
		return NULL;
	c = event_alloc(&e->attr, e->cpu);
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->hardware = e->hardware;
	c->sbi_event = e->sbi_event;
	c->sbi_data = e->sbi_data;
	c->state = e->state == PERF_EVENT_OFF ? PERF_EVENT_OFF : PERF_EVENT_INACTIVE;
	c->ctx = ctx;
	c->leader = leader ? leader : c;
	c->parent = from;
	LIST_INSERT_HEAD(&from->children, c, child);
	if (!ctx->hooked && needs_hook(c))
		ctx_hook(ctx);
	ctx_call(do_link, c, 0);
	return c;
}

int perf_event_fork(struct task_struct *child, bool thread)
{
	struct perf_event *e, *s, *leader;
	struct perf_ctx *ctx = NULL;
	bool any = false;

	child->perf_ctx = child->perf_hook = NULL;
	if (likely(!current->perf_ctx))
		return 0;
	mutex_lock(&perf_mutex);
	TAILQ_FOREACH(e, &current->perf_ctx->groups, entry)
		any |= e->attr.flags & PERF_ATTR_INHERIT;
	if (any)
		ctx = task_ctx(child);
	if (!any || IS_ERR(ctx)) {
		mutex_unlock(&perf_mutex);
		return any ? PTR_ERR(ctx) : 0;
	}
	TAILQ_FOREACH(e, &current->perf_ctx->groups, entry) {
		leader = inherit(e, ctx, NULL, thread);
		if (IS_ERR(leader))
			goto nomem;
		TAILQ_FOREACH(s, &e->siblings, sibling)
			if (leader && IS_ERR(inherit(s, ctx, leader, thread)))
				goto nomem;
	}
	mutex_unlock(&perf_mutex);
	return 0;
nomem:
	mutex_unlock(&perf_mutex);
	perf_event_exit(child);
	return -ENOMEM;
}

/* What @c counted is its parent's. */
static void fold(struct perf_event *c)
{
	struct perf_event *from = c->parent;

	c->ctx = NULL;
	if (!from)
		return;			/* somebody has it open */
	from->child_count += c->count;
	from->child_enabled += c->enabled;
	from->child_running += c->running;
	LIST_REMOVE(c, child);
	kfree(c);
}

void perf_event_exit(struct task_struct *p)
{
	struct perf_event *e, *s;
	struct perf_ctx *ctx;

	smp_mb();	/* PF_EXITING is set: pairs with task_ctx() */
	if (likely(!READ_ONCE(p->perf_ctx)))
		return;
	mutex_lock(&perf_mutex);
	ctx = p->perf_ctx;
	if (!ctx) {
		mutex_unlock(&perf_mutex);
		return;
	}
	if (ctx->hooked) {
		spin_lock_irq(&ctx->lock);
		if (ctx->cpu >= 0)
			ctx_out(ctx);
		WRITE_ONCE(p->perf_hook, NULL);
		spin_unlock_irq(&ctx->lock);
	} else {
		u64 now = ctx_now(ctx);

		TAILQ_FOREACH(e, &ctx->groups, entry)
			group_out(e, now);
	}
	WRITE_ONCE(p->perf_ctx, NULL);
	/* A group stays one, for who reads it. */
	while ((e = TAILQ_FIRST(&ctx->groups))) {
		bool copy = e->parent;

		TAILQ_REMOVE(&ctx->groups, e, entry);
		for (s = TAILQ_FIRST(&e->siblings); s; ) {
			struct perf_event *next = TAILQ_NEXT(s, sibling);

			if (copy)
				fold(s);
			else
				s->ctx = NULL;
			s = next;
		}
		fold(e);
	}
	mutex_unlock(&perf_mutex);
	kfree(ctx);
}

static void exec_one(struct perf_event *e)
{
	if (!(e->attr.flags & PERF_ATTR_ENABLE_ON_EXEC))
		return;
	e->attr.flags &= ~PERF_ATTR_ENABLE_ON_EXEC;
	ctx_call(do_control, e, PERF_EVENT_IOC_ENABLE);
}

void perf_event_exec(void)
{
	struct perf_event *e, *s;

	if (likely(!current->perf_ctx))
		return;
	mutex_lock(&perf_mutex);
	TAILQ_FOREACH(e, &current->perf_ctx->groups, entry) {
		TAILQ_FOREACH(s, &e->siblings, sibling)
			exec_one(s);
		exec_one(e);
	}
	mutex_unlock(&perf_mutex);
}

void perf_init_cpu(void)
{
	struct perf_ctx *ctx = this_cpu_ptr(&perf_cpu_ctx);

	pmu_init_cpu();
	spin_lock(&ctx->lock);
	ctx_in(ctx, false);
	spin_unlock(&ctx->lock);
}

void proc_on_cpu_dying(void)
{
	struct perf_ctx *ctx = this_cpu_ptr(&perf_cpu_ctx);

	spin_lock(&ctx->lock);
	ctx_out(ctx);
	spin_unlock(&ctx->lock);
	hrtimer_cancel(this_cpu_ptr(&perf_mux_timer));
	this_cpu(perf_mux_armed) = false;
	watchdog_dying_cpu();
}

void __init perf_event_init(void)
{
	unsigned int cpu;

	mutex_init(&perf_mutex, LOCK_PERF);
	for_each_possible_cpu(cpu) {
		struct perf_ctx *ctx = per_cpu_ptr(&perf_cpu_ctx, cpu);

		spin_lock_init(&ctx->lock, LOCK_PERF_CTX);
		TAILQ_INIT(&ctx->groups);
		ctx->cpu = -1;
		ctx->hooked = true;
		hrtimer_init(per_cpu_ptr(&perf_mux_timer, cpu), perf_mux);
	}
}

/* The file. */
static s64 perf_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct perf_event *e = f->private;
	u64 *v = kmalloc(max(min(n, PAGE_SIZE), 8UL), GFP_KERNEL);
	int got;

	(void)pos;
	if (!v)
		return -ENOMEM;
	got = perf_event_read_values(e, v, min(n, PAGE_SIZE) / sizeof(u64));
	if (got > 0)
		got = copy_to_user(buf, v, got * sizeof(u64)) ? -EFAULT : got * (int)sizeof(u64);
	kfree(v);
	return got;
}

static long perf_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct perf_event *e = f->private;

	switch (cmd) {
	case PERF_EVENT_IOC_ENABLE:
	case PERF_EVENT_IOC_DISABLE:
	case PERF_EVENT_IOC_RESET:
		perf_event_control(e, cmd, arg & PERF_IOC_FLAG_GROUP);
		return 0;
	case PERF_EVENT_IOC_ID:
		return put_user(e->id, (u64 __user *)arg);
	}
	return -ENOTTY;
}

static u32 perf_poll(struct file *f, struct poll_table *pt)
{
	(void)f;
	(void)pt;
	return POLLHUP;			/* it has no samples to wait for */
}

static void perf_file_release(struct file *f)
{
	perf_event_release(f->private);
}

static const struct file_operations perf_ops = {
	.read = perf_read, .ioctl = perf_ioctl, .poll = perf_poll, .release = perf_file_release,
};

struct file *perf_event_file(struct perf_event *e)
{
	struct inode *i = new_inode(S_IFREG | 0600);
	struct file *f = i ? alloc_file(i, NULL, O_RDWR, &perf_ops) : NULL;

	if (f)
		f->private = e;
	else if (i)
		iput(i);
	return f;
}

struct perf_event *perf_event_of(struct file *f)
{
	return f->f_op == &perf_ops ? f->private : NULL;
}
