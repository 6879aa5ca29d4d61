/* SPDX-License-Identifier: MIT */
#include "time/clock.h"

#include "lib/fdt.h"
#include "riscv/ptrace.h"
#include "sbi/sbi.h"
#include "smp/printk.h"
#include "smp/spinlock.h"
#include "smp/tracepoint.h"
#include "smp/turns.h"
#include "time/upcall.h"

static u64 timebase_hz = 10000000;
static u64 tick_mult;		/* ticks a ns, 0.64 fixed point */
static struct timekeeping_data tk, *tk_published;
static bool have_sstc;

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
	u64 tick_expires;		/* [o] ns, KTIME_MAX: stopped. Not in the tree, for it changes most */
	u64 now;			/* ns, when the interrupt in progress last looked */
	u64 held_until;			/* ns; under lock: no timer but the tick goes before */
	const struct pt_regs *regs;	/* what the timer interrupted */
	bool idle;			/* [o] nobody needs this hart's turns */
};

static DEFINE_PER_CPU(struct hrtimer_base, hrtimer_bases);
DEFINE_PER_CPU(unsigned long, timer_irqs);

u64 ktime_get_ns(void)
{
	return (unsigned __int128)(rdtime() - tk.boot_ticks) * tk.ns_mult >> 32;
}

u64 ktime_get_real_ns(void)
{
	return ktime_get_ns() + READ_ONCE(tk.real_offset);
}

void timekeeping_set_real(u64 ns)
{
	WRITE_ONCE(tk.real_offset, ns - ktime_get_ns());
	if (tk_published)
		WRITE_ONCE(tk_published->real_offset, tk.real_offset);
}

void timekeeping_publish(struct timekeeping_data *to)
{
	*to = tk;
	tk_published = to;
}

/* ISA extensions are listed by "riscv,isa" or, newer, by "riscv,isa-extensions". */
static bool __init isa_has_sstc(const void *fdt)
{
	int cpu = fdt_first_child(fdt, fdt_path(fdt, "/cpus")), len;
	const char *isa = fdt_string(fdt, cpu, "riscv,isa");
	const char *ext = fdt_getprop(fdt, cpu, "riscv,isa-extensions", &len);

	for (; ext && len >= 5; ext++, len--)
		if (!__builtin_memcmp(ext, "sstc", 5))
			return true;
	for (; isa && *isa; isa++)
		if (!__builtin_memcmp(isa, "_sstc", 5) && (isa[5] == '_' || !isa[5]))
			return true;
	return false;
}

void __init time_init(const void *fdt)
{
	timebase_hz = max(fdt_cell(fdt, fdt_path(fdt, "/cpus"), "timebase-frequency", 0, 10000000), 1U);
	tk.ns_mult = (NSEC_PER_SEC << 32) / timebase_hz;
	tick_mult = ((unsigned __int128)timebase_hz << 64) / NSEC_PER_SEC;
	tk.boot_ticks = rdtime();
	have_sstc = isa_has_sstc(fdt);
	printk_time_init(ktime_get_ns);
	pr_info("clock: time CSR at %lu Hz, timer %s\n", timebase_hz, have_sstc ? "Sstc" : "SBI");
}

void __init clock_take_turns(u64 ns, u64 seed)
{
	if (have_sstc)
		take_turns((unsigned __int128)ns * tick_mult >> 64, seed);
}

static void clockevent_program(u64 expires)
{
	u64 ticks = ~0ULL;

	if (expires < KTIME_MAX)
		ticks = tk.boot_ticks + (u64)((unsigned __int128)expires * tick_mult >> 64) + 1;
	if (unlikely(harts_take_turns) && !this_cpu(hrtimer_bases).idle)
		ticks = min(ticks, end_of_turn());
	if (have_sstc)
		csr_write_stimecmp(ticks);
	else
		sbi_set_timer(ticks);
}

static u64 base_next(struct hrtimer_base *b) __must_hold(b->lock)
{
	const struct hrtimer *first = RB_MIN(hrtimer_tree, &b->tree);

	return first ? min(max(first->expires, b->held_until), b->tick_expires) : b->tick_expires;
}

/*
 * This hart's, with interrupts off. Others only take timers away, so that what was seen under the lock does not come too
 * late after it; and harts that take turns may change places here, where nobody needs the lock.
 */
static void base_reprogram(struct hrtimer_base *b)
{
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
	if (RB_MIN(hrtimer_tree, &b->tree) == t && t->expires < b->tick_expires)
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

/* The periodic tick, at b->now. */
static void tick_handler(struct hrtimer_base *b)
{
	sched_on_tick(user_mode(b->regs), b->now);
	b->tick_expires += TICK_NSEC;
	if (b->tick_expires <= b->now)
		b->tick_expires = b->now + TICK_NSEC;
}

static noinline void traced_tick(struct hrtimer_base *b)
{
	trace_event(TRACE_HRTIMER_EXPIRE_ENTRY, (u64)&b->tick_expires, (u64)tick_handler, b->now);
	tick_handler(b);
	trace_event(TRACE_HRTIMER_EXPIRE_EXIT, (u64)&b->tick_expires);
}

/*
 * What one interrupt may do: programs can have a timer a thread, and POSIX timers besides, expire at once. Past these many,
 * and so long, the others wait for as long as those have taken: half of the hart's time at least is its tasks'. A few that
 * are slow, or a host that stops the hart meanwhile, are no reason. Ref: Linux hrtimer_interrupt(), which gives up on its
 * fourth round.
 */
#define IRQ_TIMERS 16
#define IRQ_NSEC (50 * NSEC_PER_USEC)

/* @n have run since @start: shall the others wait? Context: base lock. */
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
	if (b->tick_expires <= b->now) {
		if (tracing())
			traced_tick(b);
		else
			tick_handler(b);
	}
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

static bool nohz = true;

void tick_nohz_disable(void)
{
	nohz = false;
}

void tick_nohz_idle_enter(void)
{
	struct hrtimer_base *b = this_cpu_ptr(&hrtimer_bases);

	b->idle = true;
	if (!nohz)
		return;
	b->tick_expires = KTIME_MAX;
	base_reprogram(b);
}

void tick_nohz_idle_exit(void)
{
	struct hrtimer_base *b = this_cpu_ptr(&hrtimer_bases);

	b->idle = false;
	if (nohz)
		b->tick_expires = ktime_get_ns() + TICK_NSEC;
	if (nohz || harts_take_turns)
		base_reprogram(b);
}

void tick_note_regs(const struct pt_regs *regs)
{
	this_cpu(hrtimer_bases).regs = regs;
}

const struct pt_regs *get_irq_regs(void)
{
	return this_cpu(hrtimer_bases).regs;
}

void tick_dying_cpu(void)
{
	this_cpu(hrtimer_bases).tick_expires = KTIME_MAX;
	csr_clear(sie, BIT(IRQ_S_TIMER));
	clockevent_program(KTIME_MAX);
}

void hrtimers_cpu_dying(unsigned int to)
{
	struct hrtimer_base *own = this_cpu_ptr(&hrtimer_bases), *b = per_cpu_ptr(&hrtimer_bases, to);
	struct hrtimer *t;

	/* Two bases at once: only here, and nobody else moves. */
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

void hrtimers_reprogram(void)
{
	base_reprogram(this_cpu_ptr(&hrtimer_bases));
}

void time_init_cpu(void)
{
	struct hrtimer_base *b = this_cpu_ptr(&hrtimer_bases);

	/* Only at boot: others may look at a timer that was here last. */
	if (b->lock.class == LOCK_NONE) {
		spin_lock_init(&b->lock, LOCK_TIMER);
		RB_INIT(&b->tree);
	}
	BUG_ON(RB_MIN(hrtimer_tree, &b->tree));
	b->tick_expires = ktime_get_ns() + TICK_NSEC;
	clockevent_program(b->tick_expires);
	csr_set(sie, BIT(IRQ_S_TIMER));
}
