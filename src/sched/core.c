/* SPDX-License-Identifier: MIT */
/*
 * Run queues, wake-up and the switch.
 *
 * Lock order: p->pi_lock, then rq->lock; two rq->locks by hart number.
 *
 * A wake-up against the sleep it must not miss:
 *
 *   sleeper                          waker
 *   set_current_state(S)             condition = true
 *     smp_mb()                       try_to_wake_up()
 *   if (condition) stay awake          takes p->pi_lock, smp_mb()
 *   schedule()                         p->__state & S ? wake : nothing to do
 *
 * Either the sleeper sees the condition, or the waker sees the state.
 *
 * A task that is on its way out of a hart: __schedule() clears on_rq under the
 * rq lock, the hart keeps using the stack until finish_task_switch() stores
 * on_cpu = 0 (release). A waker that finds on_rq == 0 waits for on_cpu == 0
 * (acquire) before it puts the task on another hart.
 *
 * A task that is moved between queues is not asleep: its on_rq says migrating, never
 * 0, or a waker, which looks at on_rq without the queue's lock, would queue the task once more.
 *
 * p->thread_info.cpu changes only with p->pi_lock held while the task is off all
 * queues, or with the locks of both run queues held.
 *
 * Ref: Linux kernel/sched/core.c.
 */
#include "sched/rq.h"

#include <string.h>

#include "lib/err.h"
#include "sched/asm.h"
#include "sched/balance.h"
#include "sched/class.h"
#include "sched/fair.h"
#include "sched/fpu.h"
#include "sched/group.h"
#include "sched/migrate.h"
#include "sched/offsets.h"
#include "sched/policy.h"
#include "sched/sched.h"
#include "sched/select.h"
#include "sched/tick.h"
#include "sched/trace.h"
#include "sched/upcall.h"
#include "smp/upcall.h"
#include "time/clock.h"
#include "time/upcall.h"

_Static_assert(offsetof(struct task_struct, thread) == TASK_THREAD, "switch.S");
_Static_assert(offsetof(struct thread_struct, s) == 16, "switch.S");

DEFINE_PER_CPU(struct rq, runqueues);
bool scheduler_running;

void update_rq_clock(struct rq *rq)
{
	u64 now = ktime_get_ns();

	lockdep_assert_held(&rq->lock);
	if (now > rq->clock)
		rq->clock = now;
}

struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags) __no_lock_analysis
{
	struct rq *rq;

	spin_lock_irqsave(&p->pi_lock, *flags);
	for (;;) {
		rq = task_rq(p);
		spin_lock(&rq->lock);
		if (rq == task_rq(p))
			return rq;
		spin_unlock(&rq->lock);
	}
}

void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long flags) __no_lock_analysis
{
	spin_unlock(&rq->lock);
	spin_unlock_irqrestore(&p->pi_lock, flags);
}

void resched_curr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;

	lockdep_assert_held(&rq->lock);
	if (test_tsk_thread_flag(curr, TIF_NEED_RESCHED))
		return;
	set_tsk_thread_flag(curr, TIF_NEED_RESCHED);
	if (rq->cpu != smp_processor_id())
		smp_send_reschedule(rq->cpu);
}

void add_nr_running(struct rq *rq, int n)
{
	unsigned int old = rq->nr_running;

	WRITE_ONCE(rq->nr_running, old + n);
	if ((old > 1) != (old + n > 1))
		update_overloaded(rq);
}

void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	lockdep_assert_held(&rq->lock);
	if (!(flags & ENQUEUE_MIGRATED) || !p->wait_start)
		p->wait_start = rq->clock;
	add_nr_running(rq, 1);
	p->sched_class->enqueue_task(rq, p, flags);
	WRITE_ONCE(p->on_rq, TASK_ON_RQ_QUEUED);
}

void deactivate_task(struct rq *rq, struct task_struct *p, int flags)
{
	lockdep_assert_held(&rq->lock);
	WRITE_ONCE(p->on_rq, flags & DEQUEUE_SLEEP ? 0 : TASK_ON_RQ_MIGRATING);
	add_nr_running(rq, -1);
	p->sched_class->dequeue_task(rq, p, flags);
}

void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags)
{
	if (p->sched_class == rq->curr->sched_class) {
		p->sched_class->check_preempt_curr(rq, p, flags);
		return;
	}
	for (const struct sched_class *c = sched_class_highest; c; c = c->next) {
		if (c == rq->curr->sched_class)
			return;
		if (c == p->sched_class) {
			resched_curr(rq);
			return;
		}
	}
}

/* A hart that @p may use; @cpu if it may. Context: p->pi_lock, off all queues. */
static unsigned int select_task_rq(struct task_struct *p, unsigned int cpu, int flags)
{
	cpu = p->sched_class->select_task_rq(p, cpu, flags);
	if (unlikely(!cpumask_test_cpu(cpu, &p->cpus_mask) || !cpu_online(cpu)))
		return select_fallback_rq(p);
	return cpu;
}

bool try_to_wake_up(struct task_struct *p, unsigned int state) __no_lock_analysis
{
	unsigned long flags;
	struct rq *rq;
	unsigned int cpu;
	bool woken = false, moved;

	spin_lock_irqsave(&p->pi_lock, flags);
	smp_mb();	/* pairs with set_current_state() */
	if (!(READ_ONCE(p->__state) & state))
		goto out;
	woken = true;
	trace_sched_task(TRACE_SCHED_WAKING, p, task_cpu(p), 0);
	smp_rmb();	/* state before on_rq, as __schedule() writes them */
	while (READ_ONCE(p->on_rq)) {	/* until we find it where it is: it may be on its way between two queues */
		rq = task_rq(p);
		spin_lock(&rq->lock);
		if (rq == task_rq(p) && p->on_rq == TASK_ON_RQ_QUEUED) {
			/* Still queued: it did not get to sleep. */
			update_rq_clock(rq);
			if (!p->on_cpu)
				check_preempt_curr(rq, p, WF_TTWU);
			WRITE_ONCE(p->__state, TASK_RUNNING);
			trace_sched_task(TRACE_SCHED_WAKEUP, p, rq->cpu, 0);
			spin_unlock(&rq->lock);
			goto out;
		}
		spin_unlock(&rq->lock);
	}
	WRITE_ONCE(p->__state, TASK_WAKING);
	while (smp_load_acquire(&p->on_cpu))	/* pairs with finish_task_switch() */
		cpu_relax();
	cpu = select_task_rq(p, task_cpu(p), WF_TTWU);
	moved = cpu != task_cpu(p);
	if (moved) {
		trace_migrate(p, task_cpu(p), cpu, MIGRATE_WAKE);
		set_task_cpu(p, cpu);
	}
	rq = cpu_rq(cpu);
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	activate_task(rq, p, ENQUEUE_WAKEUP | (moved ? ENQUEUE_MIGRATED : 0));
	rq->migrations[MIGRATE_WAKE] += moved;
	rq->stats.ttwu_count++;
	rq->stats.ttwu_local += cpu == smp_processor_id();
	check_preempt_curr(rq, p, WF_TTWU);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	trace_sched_task(TRACE_SCHED_WAKEUP, p, cpu, 0);
	if (unlikely(p->sched_class->task_woken))
		p->sched_class->task_woken(rq, p);
	spin_unlock(&rq->lock);
out:
	spin_unlock_irqrestore(&p->pi_lock, flags);
	return woken;
}

bool wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL);
}

bool wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state);
}

int sched_fork(struct task_struct *p)
{
	if (p->policy == SCHED_DEADLINE && !p->sched_reset_on_fork)
		return -EAGAIN;		/* bandwidth is not inherited */
	p->__state = TASK_NEW;
	p->on_rq = 0;
	p->on_cpu = 0;
	memset(&p->se, 0, sizeof(p->se));
	memset(&p->dl, 0, sizeof(p->dl));
	p->wait_start = p->run_delay = p->last_moved = 0;
	p->nvcsw = p->nivcsw = 0;
	if (unlikely(p->sched_reset_on_fork)) {
		if (p->policy == SCHED_FIFO || p->policy == SCHED_RR || p->policy == SCHED_DEADLINE || p->static_prio < DEFAULT_PRIO)
			p->static_prio = DEFAULT_PRIO;
		p->policy = SCHED_NORMAL;
		p->rt_priority = 0;
		p->sched_reset_on_fork = false;
	}
	if (is_idle_task(current) || p->policy == SCHED_NORMAL) {
		p->policy = SCHED_NORMAL;
		p->rt_priority = 0;
	}
	p->pi_prio = MAX_PRIO;
	__setscheduler_prio(p);
	spin_lock_init(&p->pi_lock, LOCK_PI);
	if (is_idle_task(current))
		p->cpus_mask = cpu_possible_mask;	/* pids 1 and 2: idle's own is one hart */
	p->nr_cpus_allowed = cpumask_weight(&p->cpus_mask);
	p->thread_info.preempt_count = 2;	/* the run queue lock and __schedule(); dropped by schedule_tail() */
	p->thread_info.cpu = smp_processor_id();
	set_load_weight(p);
	if (p->sched_class->task_fork)
		p->sched_class->task_fork(p);
	return 0;
}

void wake_up_new_task(struct task_struct *p) __no_lock_analysis
{
	unsigned long flags;
	struct rq *rq;

	spin_lock_irqsave(&p->pi_lock, flags);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	detach_task(p);		/* its parent's hart is not its own yet */
	WRITE_ONCE(p->thread_info.cpu, select_task_rq(p, task_cpu(p), WF_FORK));
	set_task_rq(p, task_cpu(p));
	rq = task_rq(p);
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	if (rq != this_rq()) {
		rq->migrations[MIGRATE_FORK]++;
		trace_migrate(p, smp_processor_id(), rq->cpu, MIGRATE_FORK);
	}
	trace_sched_task(TRACE_SCHED_PROCESS_FORK, p, rq->cpu, 0);
	activate_task(rq, p, ENQUEUE_INITIAL);
	trace_sched_task(TRACE_SCHED_WAKEUP_NEW, p, rq->cpu, 0);
	check_preempt_curr(rq, p, WF_FORK);
	task_rq_unlock(rq, p, flags);
}

void kick_process(struct task_struct *p)
{
	unsigned int cpu = task_cpu(p);

	if (cpu != smp_processor_id() && READ_ONCE(p->on_cpu))
		smp_send_reschedule(cpu);
}

/* More than one task here is urgent: others may run elsewhere. */
static noinline void push_urgent(struct rq *rq)
{
	for (const struct sched_class *c = sched_class_highest; c; c = c->next)
		if (c->push)
			c->push(rq);
}

static void task_dead(struct task_struct *p)
{
	for (const struct sched_class *c = sched_class_highest; c; c = c->next)
		if (c->task_dead)
			c->task_dead(p);
}

/*
 * The tail of a switch, in the context of the task switched to. @prev is the
 * task that this hart has just left: not necessarily the one that our own frame
 * calls prev, which is why __switch_to() hands it over.
 */
static struct rq *finish_task_switch(struct task_struct *prev) __no_lock_analysis
{
	struct rq *rq = this_rq();
	struct mm_struct *mm = rq->prev_mm;
	u32 prev_state = READ_ONCE(prev->__state);

	rq->prev_mm = NULL;
	smp_store_release(&prev->on_cpu, 0);	/* pairs with try_to_wake_up() */
	if (unlikely(rq->nr_urgent > 1))
		push_urgent(rq);
	spin_unlock_irq(&rq->lock);
	if (mm)
		vm_after_switch(mm);
	if (unlikely(prev_state == TASK_DEAD)) {
		task_dead(prev);
		put_task_struct(prev);	/* after the last switch away from it: its stack is free */
	}
	return rq;
}

void schedule_tail(struct task_struct *prev)
{
	finish_task_switch(prev);
	preempt_enable();
}

static void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	if (unlikely((unsigned long)prev->perf_hook | (unsigned long)READ_ONCE(next->perf_hook)))
		perf_on_switch(prev, next);
	if (!(prev->flags & PF_KTHREAD))
		fpu_save(prev);
	rq->prev_mm = vm_on_switch(prev, next);
	if (!(next->flags & PF_KTHREAD))
		fpu_restore(next);
	prev = __switch_to(prev, next);
	barrier();
	finish_task_switch(prev);
}

static struct task_struct *pick_next_task(struct rq *rq, struct task_struct *prev)
{
	struct task_struct *p;

	if (unlikely(prev->sched_class->pull))
		for (const struct sched_class *c = prev->sched_class; c; c = c->next)
			if (c->pull)
				c->pull(rq, prev);
	prev->sched_class->put_prev_task(rq, prev);
	if (rq->nr_running == 0) {
		rq->picking = true;
		newidle_balance(rq);
		rq->picking = false;
	}
	/* All fair: the common case. */
	if (likely(rq->nr_running == rq->cfs.h_nr_running && rq->nr_running))
		return fair_sched_class.pick_next_task(rq);
	for (const struct sched_class *c = sched_class_highest; c; c = c->next) {
		p = c->pick_next_task(rq);
		if (p)
			return p;
	}
	BUG();
}

/* Context: preemption off, interrupts on or (@preempt) as they were. */
static void __schedule(bool preempt) __no_lock_analysis
{
	struct task_struct *prev = current, *next;
	unsigned long *switch_count = &prev->nivcsw;
	struct rq *rq;
	u32 state;

	DEBUG_BUG_ON(preempt_count() != PREEMPT_OFFSET);
	local_irq_disable();
	rq = this_rq();
	spin_lock(&rq->lock);
	smp_mb();	/* the caller's store of its state before signal_pending() */
	update_rq_clock(rq);
	state = READ_ONCE(prev->__state);
	if (!preempt && state) {
		if (signal_pending_state(state, prev)) {
			WRITE_ONCE(prev->__state, TASK_RUNNING);
		} else {
			deactivate_task(rq, prev, DEQUEUE_SLEEP);
			switch_count = &prev->nvcsw;
		}
	}
	next = pick_next_task(rq, prev);
	clear_tsk_thread_flag(prev, TIF_NEED_RESCHED);
	if (likely(prev != next)) {
		rq->nr_switches++;
		++*switch_count;
		if (next->wait_start) {
			next->run_delay += rq->clock - next->wait_start;
			rq->stats.run_delay += rq->clock - next->wait_start;
			rq->stats.pcount++;
			next->wait_start = 0;
		}
		if (prev->on_rq)
			prev->wait_start = rq->clock;
		if (prev->sched_class == &fair_sched_class)
			trace_sched_stat_runtime(prev);
		trace_sched_switch(preempt, prev, state, next);
		WRITE_ONCE(rq->curr, next);
		WRITE_ONCE(next->on_cpu, 1);
		context_switch(rq, prev, next);
	} else {
		spin_unlock_irq(&rq->lock);
	}
}

void schedule(void)
{
	DEBUG_BUG_ON(in_atomic());
	do {
		preempt_disable();
		__schedule(false);
		preempt_enable_no_resched();
	} while (test_thread_flag(TIF_NEED_RESCHED));
}

/*
 * No preemption from the change of state on: switched away from while still
 * queued, the task would be freed and then run.
 */
void do_task_dead(void)
{
	preempt_disable();
	spin_lock_irq(&current->pi_lock);	/* a wake-up that saw us alive ends first */
	WRITE_ONCE(current->__state, TASK_DEAD);
	spin_unlock_irq(&current->pi_lock);
	__schedule(false);
	BUG();
}

void schedule_idle(void)
{
	do {
		__schedule(false);
	} while (test_thread_flag(TIF_NEED_RESCHED));
}

void preempt_schedule(void)
{
	do {
		preempt_disable();
		__schedule(true);
		preempt_enable_no_resched();
	} while (test_thread_flag(TIF_NEED_RESCHED));
}

void preempt_schedule_irq(void)
{
	do {
		preempt_disable();
		local_irq_enable();
		__schedule(true);
		arch_local_irq_disable();	/* for the way back, which lets them on */
		preempt_enable_no_resched();
	} while (test_thread_flag(TIF_NEED_RESCHED));
	if (CONFIG_DEBUG)
		trace_hardirqs_on();	/* else the way back, and all after it, were part of the stretch that the switch began */
}

void sched_init_idle(struct task_struct *idle, unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	spin_lock_init(&rq->lock, LOCK_RQ);
	rq->cpu = cpu;
	rq->cpu_capacity = SCHED_CAPACITY_SCALE;	/* build_sched_domains() knows better */
	for (const struct sched_class *c = sched_class_highest; c; c = c->next)
		if (c->init_rq)
			c->init_rq(rq);
	rq->next_balance = KTIME_MAX;
	hrtick_rq_init(rq);
	rq->curr = rq->idle = idle;
	idle->thread_info.cpu = cpu;
	idle->thread_info.preempt_count = 1;	/* idle tasks run with preemption off */
	idle->__state = TASK_RUNNING;
	idle->on_cpu = 1;
	idle->flags |= PF_IDLE | PF_KTHREAD | PF_NO_SETAFFINITY;
	idle->sched_class = &idle_sched_class;
	idle->prio = idle->normal_prio = idle->static_prio = DEFAULT_PRIO;
	idle->nr_cpus_allowed = 1;
	idle->pi_prio = MAX_PRIO;
	idle->sched_task_group = &root_task_group;
	set_task_rq(idle, cpu);
	idle->cpus_mask = (struct cpumask){ 0 };
	cpumask_set_cpu(cpu, &idle->cpus_mask);
	spin_lock_init(&idle->pi_lock, LOCK_PI);
	spin_lock_init(&idle->alloc_lock, LOCK_ALLOC);
	atomic_set(&idle->usage, 2);
}

void __init sched_init(void)
{
	sched_init_idle(&init_task, 0);
	sched_balance_init();
	init_task.thread_info.preempt_count = 0;	/* until it goes idle; boot may sleep */
	init_task.sched_class = &idle_sched_class;
}

const char *panic_task_name(unsigned int cpu, int *pid)
{
	const struct task_struct *p = cpu == smp_processor_id() ? current : cpu_rq(cpu)->curr;

	*pid = p ? p->pid : 0;
	return p ? p->comm : "nobody";
}
