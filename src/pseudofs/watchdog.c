/* SPDX-License-Identifier: MIT */
/*
 * Three watches, in Linux's words. On each hart a timer that comes five times in
 * two watchdog_thresh: it sees a hart that stays where it cannot be preempted for
 * as long (soft lockup), and one whose own timer does not come any more, for
 * interrupts are off there (hard lockup): each watches the next. The first hart's
 * also looks for tasks in state D that do not run for hung_task_timeout_secs.
 *
 * Ref: Linux kernel/watchdog.c, kernel/hung_task.c.
 */
#include "pseudofs/watchdog.h"

#include "riscv/ptrace.h"
#include "sched/stats.h"
#include "smp/printk.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "time/tick.h"

u64 sysctl_watchdog_thresh = 10, sysctl_hung_task_timeout = 120;	/* s; 0: off */

#define HARD_BEATS 5		/* of ours without one of theirs: two watchdog_thresh */

struct watchdog {
	struct hrtimer timer;
	unsigned long beats;		/* written by its hart */
	u64 stuck_since, reported;	/* ns; 0: it is not */
	u64 switches;			/* of this hart, when it was last looked at */
	unsigned int next;		/* the hart that we watch */
	unsigned long next_beats, since; /* its beats; ours since they changed */
	u64 hung_check;			/* ns, the next */
};
static DEFINE_PER_CPU(struct watchdog, watchdog);

static u64 interval(void)
{
	return READ_ONCE(sysctl_watchdog_thresh) * NSEC_PER_SEC * 2 / 5;
}

/*
 * Has this hart been unable to preempt its task ever since we first looked? It was asked to schedule then. A task that only
 * goes in and out of such sections lets that happen, whether or not there is another task to run.
 */
static void check_soft(struct watchdog *w, u64 now)
{
	const struct pt_regs *regs = get_irq_regs();
	u64 switches = sched_nr_switches(smp_processor_id());
	bool maybe = !user_mode(regs) && !is_idle_task(current) && preempt_count() != HARDIRQ_OFFSET;

	if (!maybe || switches != w->switches || !test_thread_flag(TIF_NEED_RESCHED))
		w->stuck_since = w->reported = 0;
	w->switches = switches;
	if (!maybe)
		return;
	if (!w->stuck_since) {
		w->stuck_since = now;
		set_tsk_thread_flag(current, TIF_NEED_RESCHED);
		return;
	}
	if (now - max(w->stuck_since, w->reported) < 2 * READ_ONCE(sysctl_watchdog_thresh) * NSEC_PER_SEC)
		return;
	w->reported = now;
	pr_err("watchdog: BUG: soft lockup - CPU#%u stuck for %lus! [%s:%d]\n", smp_processor_id(),
	       (now - w->stuck_since) / NSEC_PER_SEC, current->comm, current->pid);
	show_regs(regs);
	show_stack(regs->s0, regs->sp);
}

/* Does the next hart's timer still come? One that idles has it, too. */
static void check_hard(struct watchdog *w)
{
	unsigned int me = smp_processor_id(), next = me;
	unsigned long beats;

	do
		next = next + 1 < nr_cpu_ids ? next + 1 : 0;
	while (!cpu_online(next));
	beats = READ_ONCE(per_cpu(watchdog, next).beats);
	if (next == me || next != w->next || beats != w->next_beats) {
		w->next = next;
		w->next_beats = beats;
		w->since = 0;
		return;
	}
	if (++w->since == HARD_BEATS)
		pr_err("watchdog: Watchdog detected hard LOCKUP on cpu %u\n", next);
}

static void check_task(struct task_struct *p, u64 now)
{
	unsigned long switches = p->nvcsw + p->nivcsw;
	u64 timeout = READ_ONCE(sysctl_hung_task_timeout) * NSEC_PER_SEC;

	if (READ_ONCE(p->__state) != TASK_UNINTERRUPTIBLE || (p->flags & PF_KTHREAD) || p->last_switch_count != switches) {
		p->last_switch_count = switches;
		p->last_switch_time = now;
		return;
	}
	if (now - p->last_switch_time < timeout)
		return;
	p->last_switch_time = now;
	pr_err("INFO: task %s:%d blocked for more than %lu seconds.\n", p->comm, p->pid, timeout / NSEC_PER_SEC);
	pr_err("task:%s state:D pid:%d tgid:%d CPU:%u\n", p->comm, p->pid, p->tgid, task_cpu(p));
	show_stack(p->thread.s[0], p->thread.sp);
}

static void check_hung(struct watchdog *w, u64 now)
{
	struct task_struct *leader, *p;

	if (!READ_ONCE(sysctl_hung_task_timeout) || now < w->hung_check)
		return;
	w->hung_check = now + READ_ONCE(sysctl_hung_task_timeout) * NSEC_PER_SEC / 4;
	read_lock(&tasklist_lock);
	LIST_FOREACH(leader, &all_tasks, tasks)
		TAILQ_FOREACH(p, &leader->signal->threads, thread_node)
			check_task(p, now);
	read_unlock(&tasklist_lock);
}

static u64 watchdog_fn(struct hrtimer *t)
{
	struct watchdog *w = this_cpu_ptr(&watchdog);
	u64 now = ktime_get_ns();

	if (t != &w->timer)
		return 0;		/* of a hart that has left */
	WRITE_ONCE(w->beats, w->beats + 1);
	if (!interval())
		return now + NSEC_PER_SEC;
	check_soft(w, now);
	check_hard(w);
	if (!smp_processor_id())
		check_hung(w, now);
	return now + interval();
}

void watchdog_init_cpu(void)
{
	struct watchdog *w = this_cpu_ptr(&watchdog);

	*w = (struct watchdog){ .beats = w->beats };
	hrtimer_init(&w->timer, watchdog_fn);
	hrtimer_start(&w->timer, ktime_get_ns() + max(interval(), NSEC_PER_SEC));
}

void watchdog_dying_cpu(void)
{
	hrtimer_cancel(&this_cpu(watchdog).timer);
}
