/* SPDX-License-Identifier: MIT */
#include "time/hrtimer.h"

#include "smp/spinlock.h"
#include "smp/tracepoint.h"
#include "time/tick.h"
#include "time/time_priv.h"

static int hrtimer_cmp(const struct hrtimer *a, const struct hrtimer *b)
{
	if (a->expires != b->expires)
		return a->expires < b->expires ? -1 : 1;
	return (a > b) - (a < b);
}

RB_HEAD(hrtimer_tree, hrtimer);
RB_GENERATE_STATIC(hrtimer_tree, hrtimer, node, hrtimer_cmp)

struct hrtimer_base {
	spinlock_t lock;
	struct hrtimer_tree tree __protected_by(lock);
	struct hrtimer *running;	/* callback in progress; written under lock */
	u64 now;			/* ns, when the interrupt in progress last looked */
	u64 held_until;			/* ns; under lock: no timer but the tick goes before */
};

static DEFINE_PER_CPU(struct hrtimer_base, hrtimer_bases);
DEFINE_PER_CPU(unsigned long, timer_irqs);

/* When @b, this hart's, is to be interrupted next, ns. */
static u64 base_next(struct hrtimer_base *b) __must_hold(b->lock)
{
	const struct hrtimer *first = RB_MIN(hrtimer_tree, &b->tree);
	u64 tick = this_cpu(tick_cpus).expires;

	return first ? min(max(first->expires, b->held_until), tick) : tick;
}

/*
 * The device is set after the lock is given back. Other harts can only take timers away meanwhile, so it is not set too late;
 * and harts that take turns may change places in clockevent_program(), where no other waits for the lock.
 */
void hrtimers_reprogram(void)
{
	struct hrtimer_base *b = this_cpu_ptr(&hrtimer_bases);
	u64 next;

	spin_lock(&b->lock);
	next = base_next(b);
	spin_unlock(&b->lock);
	clockevent_program(next);
}

void hrtimer_init(struct hrtimer *t, u64 (*fn)(struct hrtimer *))
{
	*t = (struct hrtimer){ .function = fn };
}

static bool hrtimer_remove(struct hrtimer *t)
{
	for (;;) {
		struct hrtimer_base *b = per_cpu_ptr(&hrtimer_bases, READ_ONCE(t->cpu));
		unsigned long flags;
		bool was, busy;

		spin_lock_irqsave(&b->lock, flags);
		if (b != per_cpu_ptr(&hrtimer_bases, t->cpu)) {
			spin_unlock_irqrestore(&b->lock, flags);
			continue;	/* moved while we waited for the lock */
		}
		was = t->queued;
		busy = b->running == t && b != this_cpu_ptr(&hrtimer_bases);
		if (was)
			RB_REMOVE(hrtimer_tree, &b->tree, t);
		t->queued = 0;
		spin_unlock_irqrestore(&b->lock, flags);
		if (!busy)
			return was;
		cpu_relax();	/* its callback runs on another hart, and may rearm it */
	}
}

void hrtimer_start(struct hrtimer *t, u64 expires)
{
	struct hrtimer_base *b;
	unsigned long flags;
	u64 next = KTIME_MAX;

	hrtimer_remove(t);
	flags = local_irq_save();
	b = this_cpu_ptr(&hrtimer_bases);
	spin_lock(&b->lock);
	t->cpu = smp_processor_id();
	t->expires = min(expires, (u64)KTIME_MAX);
	t->queued = 1;
	RB_INSERT(hrtimer_tree, &b->tree, t);
	if (RB_MIN(hrtimer_tree, &b->tree) == t && t->expires < this_cpu(tick_cpus).expires)
		next = base_next(b);
	spin_unlock(&b->lock);
	if (next < KTIME_MAX)
		clockevent_program(next);
	local_irq_restore(flags);
}

bool hrtimer_cancel(struct hrtimer *t)
{
	return hrtimer_remove(t);
}

static noinline u64 traced_expiry(struct hrtimer *t, u64 now)
{
	u64 next;

	trace_event(TRACE_HRTIMER_EXPIRE_ENTRY, (u64)t, (u64)t->function, now);
	next = t->function(t);
	trace_event(TRACE_HRTIMER_EXPIRE_EXIT, (u64)t);
	return next;
}

/*
 * What one interrupt may do. Programs can have many timers expire at once: one a thread, and POSIX timers besides. After
 * IRQ_TIMERS of them and IRQ_NSEC, both, the others wait for as long as those have taken, so that tasks get half of the hart's
 * time at least. A few slow ones, or a host that stops the hart meanwhile, do not reach both. Ref: Linux hrtimer_interrupt(),
 * which gives up on its fourth round.
 */
#define IRQ_TIMERS 16
#define IRQ_NSEC (50 * NSEC_PER_USEC)

/* @n timers have run since @start, ns: shall the others wait? Context: base lock. */
static bool too_many(struct hrtimer_base *b, int n, u64 start) __must_hold(b->lock)
{
	if (n < IRQ_TIMERS)
		return false;
	b->now = ktime_get_ns();
	if (b->now - start <= IRQ_NSEC)
		return false;
	b->held_until = b->now + min(b->now - start, TICK_NSEC);
	return true;
}

void timer_interrupt(void)
{
	struct hrtimer_base *b = this_cpu_ptr(&hrtimer_bases);
	struct hrtimer *t;
	u64 start, next;
	int n = 0;

	this_cpu(timer_irqs)++;
	b->now = ktime_get_ns();
	tick_interrupt(b->now);
	start = b->now;
	spin_lock(&b->lock);
	b->held_until = 0;
	while ((t = RB_MIN(hrtimer_tree, &b->tree)) && (t->expires <= b->now || t->expires <= (b->now = ktime_get_ns()))) {
		if (too_many(b, n++, start))
			break;
		RB_REMOVE(hrtimer_tree, &b->tree, t);
		t->queued = 0;
		b->running = t;
		spin_unlock(&b->lock);
		next = tracing() ? traced_expiry(t, b->now) : t->function(t);
		spin_lock(&b->lock);
		b->running = NULL;
		if (next && !t->queued) {
			t->expires = next;
			t->queued = 1;
			RB_INSERT(hrtimer_tree, &b->tree, t);
		}
	}
	next = base_next(b);
	spin_unlock(&b->lock);
	clockevent_program(next);
}

void hrtimers_cpu_dying(unsigned int to)
{
	struct hrtimer_base *own = this_cpu_ptr(&hrtimer_bases), *b = per_cpu_ptr(&hrtimer_bases, to);
	struct hrtimer *t;

	/* The only place that takes two bases at once, and no other hart runs. */
	spin_lock(&b->lock);
	spin_lock_nested(&own->lock, true);
	while ((t = RB_MIN(hrtimer_tree, &own->tree))) {
		RB_REMOVE(hrtimer_tree, &own->tree, t);
		WRITE_ONCE(t->cpu, to);
		RB_INSERT(hrtimer_tree, &b->tree, t);
	}
	spin_unlock(&own->lock);
	spin_unlock(&b->lock);
}

void hrtimers_init_cpu(void)
{
	struct hrtimer_base *b = this_cpu_ptr(&hrtimer_bases);

	/* Only at boot: when a hart comes back, others may hold the lock to look at a timer that was here last. */
	if (b->lock.class == LOCK_NONE) {
		spin_lock_init(&b->lock, LOCK_TIMER);
		RB_INIT(&b->tree);
	}
	BUG_ON(RB_MIN(hrtimer_tree, &b->tree));
}
