/* SPDX-License-Identifier: MIT */
#include "events/event.h"

#include <string.h>

#include "events/event_priv.h"
#include "lib/err.h"
#include "sbi/sbi.h"
#include "task/cred.h"
#include "trace/pmu.h"
#include "trace/trace.h"
#include "vm/mm.h"
#include "vm/slab.h"

static u64 perf_last_id;

#define SAMPLES (PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_CPU | \
		 PERF_SAMPLE_PERIOD | PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_RAW)
#define MIN_CLOCK_PERIOD (10 * NSEC_PER_USEC)
#define FIRST_PERIOD 1000000	/* counts, until it is known how fast they come */

u64 sysctl_perf_event_paranoid = 2, sysctl_perf_event_sample_rate = 100000, sysctl_perf_event_mlock = 516 << 10;
u64 sysctl_perf_event_max_stack = PERF_MAX_STACK_DEPTH;

static void set_period(struct perf_event *e)
{
	bool software = e->attr.type == PERF_TYPE_SOFTWARE, rare = software || e->tracepoint;
	u64 n = e->attr.sample_period;

	e->clock = software && (e->attr.config == PERF_COUNT_SW_CPU_CLOCK || e->attr.config == PERF_COUNT_SW_TASK_CLOCK);
	e->period = !n || !(e->attr.flags & PERF_ATTR_FREQ) ? n : e->clock ? NSEC_PER_SEC / n : rare ? 1 : FIRST_PERIOD;
	if (e->period && e->clock)
		e->period = max(e->period, (u64)MIN_CLOCK_PERIOD);
	e->left = e->period;
}

static int sampling_init(struct perf_event *e)
{
	u64 n = e->attr.sample_period, type = e->attr.sample_type;

	if (type >= PERF_SAMPLE_MAX)
		return -EINVAL;
	if (e->attr.flags & PERF_ATTR_FREQ ? n > READ_ONCE(sysctl_perf_event_sample_rate) : n >> 63)
		return -EINVAL;
	if (n && type & ~(u64)SAMPLES)
		return -EOPNOTSUPP;
	if (!e->attr.sample_max_stack)
		e->attr.sample_max_stack = READ_ONCE(sysctl_perf_event_max_stack);
	if (type & PERF_SAMPLE_CALLCHAIN && e->attr.sample_max_stack > READ_ONCE(sysctl_perf_event_max_stack))
		return -EOVERFLOW;
	set_period(e);
	return 0;
}

/* Records of trace points may hold secrets of other tasks; a task's own system calls do not. Ref: Linux perf_trace_event_perm(). */
static int may_trace(const struct perf_event *e, bool of_task)
{
	enum trace_type t = TRACE_OF_ID(e->attr.config);

	if (!(e->attr.sample_type & PERF_SAMPLE_RAW) || (of_task && (t == TRACE_SYS_ENTER || t == TRACE_SYS_EXIT)))
		return 0;
	return (s64)READ_ONCE(sysctl_perf_event_paranoid) < 0 || capable(CAP_PERFMON) || capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

/* Find out what counts @e. Return: 0, or why it cannot be counted. */
static int event_init(struct perf_event *e, bool of_task)
{
	u64 config = e->attr.config, flags = e->attr.flags;
	unsigned int cache = config & 0xff, op = config >> 8 & 0xff, result = config >> 16 & 0xff;
	int err;

	if (flags & PERF_ATTR_RESERVED || (flags & PERF_ATTR_PRECISE_IP) == PERF_ATTR_PRECISE_IP)
		return -EINVAL;
	if (e->attr.read_format >= PERF_FORMAT_MAX)
		return -EINVAL;
	if (flags & PERF_ATTR_INHERIT && e->attr.read_format & PERF_FORMAT_GROUP)
		return -EINVAL;		/* as Linux before 6.13 */
	if (flags & (PERF_ATTR_PINNED | PERF_ATTR_EXCLUSIVE | PERF_ATTR_PRECISE_IP | PERF_ATTR_AUX_OUTPUT |
		     PERF_ATTR_REMOVE_ON_EXEC | PERF_ATTR_SIGTRAP))
		return -EOPNOTSUPP;
	e->tracepoint = e->attr.type == PERF_TYPE_TRACEPOINT;
	err = sampling_init(e);
	if (err)
		return err;
	e->hardware = !e->tracepoint;
	switch (e->attr.type) {
	case PERF_TYPE_SOFTWARE:
		e->hardware = false;
		if (config > PERF_COUNT_SW_DUMMY)
			return -ENOENT;
		if (config == PERF_COUNT_SW_DUMMY)
			e->period = 0;		/* it never happens */
		return !e->period || e->clock || perf_samples_faults(e) ? 0 : -EOPNOTSUPP;
	case PERF_TYPE_TRACEPOINT:
		return !config || config > NR_TRACE_EVENTS ? -EINVAL : may_trace(e, of_task);
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
		handle = pmu_get(e->sbi_event, e->sbi_data, 0);
		if (handle >= 0)
			pmu_put(handle);
		local_irq_enable();
		if (handle < 0)
			return handle;
	} else if (!pmu_supported(e->sbi_event)) {
		return -ENOENT;
	}
	if (e->period && (!pmu_can_sample() || e->sbi_event >> 16 == SBI_PMU_EVENT_FW(0) >> 16))
		return -EOPNOTSUPP;
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

/* Is @leader's group of @task in the context that is not hooked? With a member that switches concern it moves to the other. */
static bool leads_unhooked(const struct perf_event *leader, const struct task_struct *task, int cpu)
{
	return leader->leader == leader && leader->cpu == cpu && task && leader->ctx && leader->ctx->task == task && !leader->ctx->hooked;
}

struct perf_event *perf_event_create(const struct perf_event_attr *attr, struct task_struct *task, int cpu, struct perf_event *leader)
{
	struct perf_event *e;
	struct perf_ctx *ctx;
	bool hooked;
	int err;

	if (cpu >= 0 && ((unsigned int)cpu >= nr_cpu_ids || !cpu_online(cpu)))
		return ERR_PTR((unsigned int)cpu >= nr_cpu_ids ? -EINVAL : -ENODEV);
	e = event_alloc(attr, cpu);
	if (!e)
		return ERR_PTR(-ENOMEM);
	err = event_init(e, task);
	if (err) {
		kfree(e);
		return ERR_PTR(err);
	}
	mutex_lock(&perf_mutex);
	e->id = ++perf_last_id;
	hooked = perf_needs_hook(e) || (leader && leader->ctx && leader->ctx->hooked);
	ctx = task ? perf_ctx_of_task(task, hooked) : perf_ctx_of_hart(cpu);
	if (hooked && !IS_ERR(ctx) && leader && leads_unhooked(leader, task, cpu))
		perf_ctx_move(leader, ctx);
	/* All of a group count the same task or hart, and a member does not lead. */
	if (IS_ERR(ctx))
		err = PTR_ERR(ctx);
	else if (leader && (leader->leader != leader || leader->ctx != ctx || leader->cpu != cpu))
		err = -EINVAL;
	else if (ctx->nr_events >= PERF_MAX_EVENTS)
		err = -ENOSPC;
	if (err) {
		mutex_unlock(&perf_mutex);
		kfree(e);
		return ERR_PTR(err);
	}
	e->ctx = ctx;
	if (leader)
		e->leader = leader;
	perf_account(e, 1);
	perf_ctx_link(e);
	mutex_unlock(&perf_mutex);
	return e;
}

/* As perf_ctx_unlink(), of a group that has no context any more: its task is gone. */
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
		perf_ctx_unlink(c);
	LIST_REMOVE(c, child);
	c->parent->nr_children--;
	perf_account(c, -1);
	kfree(c);
}

void perf_event_release(struct perf_event *e)
{
	mutex_lock(&perf_mutex);
	while (!LIST_EMPTY(&e->children))
		free_child(LIST_FIRST(&e->children));
	if (e->ctx)
		perf_ctx_unlink(e);
	else
		ungroup(e);
	mutex_unlock(&perf_mutex);
	perf_account(e, -1);
	perf_ring_free(e->ring);
	kfree(e);
}

void perf_event_control(struct perf_event *e, unsigned int what, bool group)
{
	struct perf_event *c, *s;

	mutex_lock(&perf_mutex);
	e = group ? e->leader : e;
	if (e->ctx) {
		perf_ctx_control(e, what, group);
	} else if (what == PERF_EVENT_IOC_RESET) {
		e->count = 0;
		if (group)
			TAILQ_FOREACH(s, &e->siblings, sibling)
				s->count = 0;
	}
	/* Copies are in groups as what they are copies of. */
	LIST_FOREACH(c, &e->children, child)
		perf_ctx_control(c, what, group);
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
		perf_ctx_update(e);
	v = (struct perf_values){ e->count + e->child_count, e->enabled + e->child_enabled, e->running + e->child_running };
	LIST_FOREACH(c, &e->children, child) {
		perf_ctx_update(c);
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

/* A copy of @e for the child. The parent of a copy of a copy is the event that was opened. */
static struct perf_event *inherit(struct perf_event *e, struct perf_ctx *ctx, struct perf_event *leader, bool thread)
{
	struct perf_event *c, *from = e->parent ? e->parent : e;

	if (!(e->attr.flags & PERF_ATTR_INHERIT) || (e->attr.flags & PERF_ATTR_INHERIT_THREAD && !thread))
		return NULL;
	c = event_alloc(&e->attr, e->cpu);
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->id = ++perf_last_id;
	c->hardware = e->hardware;
	c->tracepoint = e->tracepoint;
	if (e->period)
		set_period(c);
	c->sbi_event = e->sbi_event;
	c->sbi_data = e->sbi_data;
	c->state = e->state == PERF_EVENT_OFF ? PERF_EVENT_OFF : PERF_EVENT_INACTIVE;
	c->ctx = ctx;
	c->leader = leader ? leader : c;
	c->parent = from;
	perf_account(c, 1);
	LIST_INSERT_HEAD(&from->children, c, child);
	from->nr_children++;
	perf_ctx_link(c);
	return c;
}

static int inherit_groups(struct perf_ctx *from, struct task_struct *child, bool thread)
{
	struct perf_event *e, *s, *leader, *copy;
	bool any = false, same = from->hooked;
	struct perf_ctx *to;

	TAILQ_FOREACH(e, &from->groups, entry)
		any |= e->attr.flags & PERF_ATTR_INHERIT;
	if (!any)
		return 0;
	to = perf_ctx_of_task(child, from->hooked);
	if (IS_ERR(to))
		return PTR_ERR(to);
	TAILQ_FOREACH(e, &from->groups, entry) {
		leader = inherit(e, to, NULL, thread);
		if (IS_ERR(leader))
			return PTR_ERR(leader);
		same &= leader && !perf_counts_of_task(e);
		TAILQ_FOREACH(s, &e->siblings, sibling) {
			copy = leader ? inherit(s, to, leader, thread) : NULL;
			if (IS_ERR(copy))
				return PTR_ERR(copy);
			same &= copy && !perf_counts_of_task(s);
		}
	}
	if (same)
		perf_ctx_relate(from, to);
	return 0;
}

/* Give @child copies of all inherited events of @from. Return: 0 or -ENOMEM. */
static int inherit_ctx(struct perf_ctx *from, struct task_struct *child, bool thread)
{
	int err;

	perf_ctx_begin_walk(from);
	err = inherit_groups(from, child, thread);
	perf_ctx_end_walk(from);
	return err;
}

int perf_event_fork(struct task_struct *child, bool thread)
{
	struct perf_ctx *hook;
	int err;

	child->perf_ctx = child->perf_hook = NULL;
	if (likely(!current->perf_ctx))
		return 0;
	mutex_lock(&perf_mutex);
	err = inherit_ctx(current->perf_ctx, child, thread);
	hook = READ_ONCE(current->perf_hook);
	if (!err && hook)
		err = inherit_ctx(hook, child, thread);	/* a relative may take it in exchange meanwhile: the same to us */
	mutex_unlock(&perf_mutex);
	if (err)
		perf_event_exit(child);
	return err;
}

/* @e's task is gone, its file is open: readers that wait for samples must not wait any more. */
static void orphan(struct perf_event *e)
{
	WRITE_ONCE(e->ctx, NULL);
	if (e->ring)
		wake_up_all(&e->ring->wait);
}

/* The counts of @c, a copy, go to its parent. */
static void fold(struct perf_event *c)
{
	struct perf_event *from = c->parent;

	from->child_count += c->count;
	from->child_enabled += c->enabled;
	from->child_running += c->running;
	LIST_REMOVE(c, child);
	from->nr_children--;
	perf_account(c, -1);
	kfree(c);
}

static void leave(struct perf_event *e)
{
	if (e->parent)
		fold(e);
	else
		orphan(e);
}

static void exit_ctx(struct perf_ctx *ctx)
{
	struct perf_event *e, *s, *next;

	/* Members stay with their leader, for readers of the group. */
	while ((e = TAILQ_FIRST(&ctx->groups))) {
		TAILQ_REMOVE(&ctx->groups, e, entry);
		for (s = TAILQ_FIRST(&e->siblings); s; s = next) {
			next = TAILQ_NEXT(s, sibling);
			leave(s);
		}
		leave(e);
	}
	kfree(ctx);
}

/* @p's events count it no more. */
static void leave_events(struct task_struct *p)
{
	struct perf_ctx *hook;

	if (likely(!READ_ONCE(p->perf_ctx)))
		return;
	mutex_lock(&perf_mutex);
	if (p->perf_ctx) {
		hook = perf_ctx_detach(p, true);
		if (hook)
			exit_ctx(hook);
		exit_ctx(perf_ctx_detach(p, false));
	}
	mutex_unlock(&perf_mutex);
}

void perf_event_exit(struct task_struct *p)
{
	smp_mb();	/* PF_EXITING is set: pairs with perf_ctx_of_task() */
	if (p == current)
		perf_event_task_exit();
	leave_events(p);
}

static void exec_one(struct perf_event *e)
{
	if (!(e->attr.flags & PERF_ATTR_ENABLE_ON_EXEC))
		return;
	e->attr.flags &= ~PERF_ATTR_ENABLE_ON_EXEC;
	perf_ctx_control(e, PERF_EVENT_IOC_ENABLE, false);
}

static void exec_ctx(struct perf_ctx *ctx)
{
	struct perf_event *e, *s;

	perf_ctx_begin_walk(ctx);
	TAILQ_FOREACH(e, &ctx->groups, entry) {
		TAILQ_FOREACH(s, &e->siblings, sibling)
			exec_one(s);
		exec_one(e);
	}
	perf_ctx_end_walk(ctx);
}

void perf_event_exec(void)
{
	/* Tasks that may not look into the new program must not count it either. */
	if (!READ_ONCE(current->mm->dumpable))
		leave_events(current);
	if (current->perf_ctx) {
		mutex_lock(&perf_mutex);
		exec_ctx(current->perf_ctx);
		if (current->perf_hook)
			exec_ctx(perf_ctx_of_task(current, true));
		mutex_unlock(&perf_mutex);
	}
	perf_event_comm(true);
	perf_event_mm();
}
