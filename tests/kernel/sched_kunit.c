/* SPDX-License-Identifier: MIT */
/* Scheduling, from inside: what no program can show. */
#include "locks/mutex.h"
#include "sched/affinity.h"
#include "sched/policy.h"
#include "sched/sleep.h"
#include "tests/kernel/kunit.h"

#include "locks/rtmutex.h"
#include "proc/kthread.h"
#include "sched/wait.h"
#include "time/tick.h"

static bool flag;

static int set_flag(void *unused)
{
	(void)unused;
	WRITE_ONCE(flag, true);
	return 0;
}

/* Kernel code that never sleeps is preempted: a thread on its hart gets to run. */
KUNIT_CASE(sched_kernel_preemption)
{
	struct cpumask here = { { 1 } };
	struct task_struct *p;
	u64 end;

	KUNIT_EXPECT(!sched_setaffinity(current, &here));
	p = kthread_create(set_flag, NULL, "flag");
	kthread_bind(p, 0);
	end = ktime_get_ns() + 5 * NSEC_PER_SEC;
	wake_up_process(p);
	while (!READ_ONCE(flag) && ktime_get_ns() < end)
		cpu_relax();
	KUNIT_EXPECT(READ_ONCE(flag));
	KUNIT_EXPECT(!sched_setaffinity(current, &cpu_possible_mask));
}

/* And is not while it says so. */
KUNIT_CASE(sched_preemption_off)
{
	struct cpumask here = { { 1 } };
	struct task_struct *p;
	u64 end;

	WRITE_ONCE(flag, false);
	KUNIT_EXPECT(!sched_setaffinity(current, &here));
	p = kthread_create(set_flag, NULL, "flag");
	kthread_bind(p, 0);
	preempt_disable();
	end = ktime_get_ns() + 5 * TICK_NSEC;
	wake_up_process(p);
	while (ktime_get_ns() < end)
		cpu_relax();
	KUNIT_EXPECT(!READ_ONCE(flag));
	preempt_enable();
	while (!READ_ONCE(flag))
		cpu_relax();
	KUNIT_EXPECT(!sched_setaffinity(current, &cpu_possible_mask));
}

/* ---- Waiting ---- */

/* For the case that expects a report: sleeping with preemption off. */
KUNIT_CASE(crash_sleep_atomic)
{
	static mutex_t m;

	mutex_init(&m, LOCK_PIPE);
	preempt_disable();
	mutex_lock(&m);
	mutex_unlock(&m);
	preempt_enable();
}

static void nap(u64 ns)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(ktime_get_ns() + ns);
}

static unsigned int expiries;
static u64 expired_at;

/* Asks for itself a millisecond on, which goes before the second that it returns; the third time it takes that back. */
static u64 again_and_again(struct hrtimer *t)
{
	expired_at = ktime_get_ns();
	hrtimer_start(t, expired_at + NSEC_PER_SEC / 1000);
	if (++expiries < 3)
		return expired_at + NSEC_PER_SEC;
	return hrtimer_cancel(t) ? 0 : expired_at;
}

/* A timer's own callback may start and cancel it. */
KUNIT_CASE(hrtimer_own_callback)
{
	struct hrtimer t;
	u64 begin = ktime_get_ns();

	expiries = 0;
	hrtimer_init(&t, again_and_again);
	hrtimer_start(&t, begin);
	while (READ_ONCE(expiries) < 3)
		nap(NSEC_PER_SEC / 1000);
	KUNIT_EXPECT(READ_ONCE(expired_at) - begin >= NSEC_PER_SEC / 500);
	KUNIT_EXPECT(!hrtimer_cancel(&t));
	nap(NSEC_PER_SEC / 200);
	KUNIT_EXPECT(READ_ONCE(expiries) == 3);
}

#define CROWD 150
static struct wait_queue_head crowd_wq;
static unsigned int come, woken;
static bool go;

static int stand_in_crowd(void *exclusive)
{
	struct wait_queue_entry w = { .task = current, .exclusive = exclusive };

	prepare_to_wait(&crowd_wq, &w, TASK_UNINTERRUPTIBLE);
	__atomic_fetch_add(&come, 1, __ATOMIC_RELAXED);
	schedule();
	finish_wait(&crowd_wq, &w);
	__atomic_fetch_add(&woken, 1, __ATOMIC_RELAXED);
	return 0;
}

static void gather(bool exclusive)
{
	come = woken = 0;
	for (unsigned int i = 0; i < CROWD; i++) {
		struct task_struct *p = kthread_create(stand_in_crowd, (void *)(unsigned long)exclusive, "crowd");

		KUNIT_EXPECT(!IS_ERR(p));
		wake_up_process(p);
		while (READ_ONCE(come) <= i)
			schedule();
	}
}

static bool woken_are(unsigned int n)
{
	u64 end = ktime_get_ns() + NSEC_PER_SEC;

	while (READ_ONCE(woken) < n && ktime_get_ns() < end)
		schedule();
	for (int i = 0; i < 20; i++)
		nap(NSEC_PER_MSEC);
	return READ_ONCE(woken) == n;
}

/* More wait than are woken under one lock: all are, and of exclusive ones just as many as were asked for. */
KUNIT_CASE(wake_up_crowd)
{
	init_waitqueue_head(&crowd_wq);
	gather(false);
	wake_up_all(&crowd_wq);
	KUNIT_EXPECT(woken_are(CROWD));
	gather(true);
	__wake_up(&crowd_wq, TASK_NORMAL, 100);
	KUNIT_EXPECT(woken_are(100));
	__wake_up(&crowd_wq, TASK_NORMAL, 0);
	KUNIT_EXPECT(woken_are(CROWD));
}

static mutex_t spin_mutex;
static bool has_it, sleeps_with_it;

static int hold_mutex(void *unused)
{
	u64 end;

	(void)unused;
	mutex_lock(&spin_mutex);
	WRITE_ONCE(has_it, true);
	while (!READ_ONCE(go))
		cpu_relax();
	end = ktime_get_ns() + 2 * NSEC_PER_MSEC;
	if (sleeps_with_it)
		nap(NSEC_PER_MSEC);
	while (ktime_get_ns() < end)
		cpu_relax();
	mutex_unlock(&spin_mutex);
	return 0;
}

/* Return: how often we were switched away from while we waited for the mutex. */
static unsigned long switches_for_mutex(bool sleeps)
{
	struct task_struct *p = kthread_create(hold_mutex, NULL, "holder");
	unsigned long before;

	has_it = go = false;
	sleeps_with_it = sleeps;
	kthread_bind(p, 1);
	wake_up_process(p);
	while (!READ_ONCE(has_it))
		schedule();
	before = current->nvcsw;
	WRITE_ONCE(go, true);
	mutex_lock(&spin_mutex);
	before = current->nvcsw - before;
	mutex_unlock(&spin_mutex);
	return before;
}

/* Who waits for a mutex whose owner runs does not sleep; if the owner sleeps, it does. */
KUNIT_CASE(mutex_owner_spinning)
{
	struct cpumask here = { { 1 } };
	unsigned long least = 1;

	if (!cpu_online(1))
		return;
	KUNIT_EXPECT(!sched_setaffinity(current, &here));
	mutex_init(&spin_mutex, LOCK_PIPE);
	/* Something else may want this hart: then it sleeps after all. */
	for (int i = 0; i < 20 && least; i++)
		least = min(least, switches_for_mutex(false));
	KUNIT_EXPECT(least == 0);
	for (int i = 0; i < 5; i++)
		KUNIT_EXPECT(switches_for_mutex(true) > 0);
	KUNIT_EXPECT(!sched_setaffinity(current, &cpu_possible_mask));
}

static struct rt_mutex rt_mutex;
static bool low_has_it, mid_stop;
static unsigned int order;

static void be_fifo(struct task_struct *p, unsigned int prio)
{
	struct sched_param_kernel attr = { .policy = SCHED_FIFO, .rt_priority = prio };

	KUNIT_EXPECT(!sched_setattr(p, &attr));
}

static int low(void *unused)
{
	(void)unused;
	rt_mutex_lock(&rt_mutex);
	WRITE_ONCE(low_has_it, true);
	while (!READ_ONCE(go))
		cpu_relax();
	KUNIT_EXPECT(current->prio == MAX_RT_PRIO - 1 - 30);
	rt_mutex_unlock(&rt_mutex);
	KUNIT_EXPECT(current->prio == MAX_RT_PRIO - 1 - 10);
	return 0;
}

static int mid(void *unused)
{
	(void)unused;
	while (!READ_ONCE(mid_stop))
		cpu_relax();
	return 0;
}

static int high(void *unused)
{
	(void)unused;
	KUNIT_EXPECT(!rt_mutex_trylock(&rt_mutex));
	WRITE_ONCE(go, true);
	rt_mutex_lock(&rt_mutex);
	WRITE_ONCE(order, 1);
	rt_mutex_unlock(&rt_mutex);
	return 0;
}

static struct task_struct *on_hart0(int (*fn)(void *), unsigned int prio)
{
	struct task_struct *p = kthread_create(fn, NULL, "inherit");

	kthread_bind(p, 0);
	be_fifo(p, prio);
	return p;
}

/* One that is in between does not keep the owner of a lock from running on for one that waits for it. */
KUNIT_CASE(rt_mutex_inheritance)
{
	struct cpumask here = { { 1 } };
	u64 end;

	KUNIT_EXPECT(!sched_setaffinity(current, &here));
	be_fifo(current, 50);
	rt_mutex_init(&rt_mutex, LOCK_PIPE);
	go = low_has_it = mid_stop = false;
	order = 0;
	wake_up_process(on_hart0(low, 10));
	while (!READ_ONCE(low_has_it))
		nap(NSEC_PER_MSEC);
	wake_up_process(on_hart0(mid, 20));
	wake_up_process(on_hart0(high, 30));
	end = ktime_get_ns() + NSEC_PER_SEC / 2;	/* real-time throttling would let nobody in */
	while (!READ_ONCE(order) && ktime_get_ns() < end)
		nap(NSEC_PER_MSEC);
	KUNIT_EXPECT(READ_ONCE(order) == 1);
	WRITE_ONCE(mid_stop, true);
	nap(20 * NSEC_PER_MSEC);
	KUNIT_EXPECT(rt_mutex_trylock(&rt_mutex));
	rt_mutex_unlock(&rt_mutex);
	KUNIT_EXPECT(!sched_setattr(current, &(struct sched_param_kernel){ .policy = SCHED_NORMAL }));
	KUNIT_EXPECT(!sched_setaffinity(current, &cpu_possible_mask));
}

/* For the watchdog's cases: a hart that cannot be preempted, one that takes no interrupts, a task that nobody wakes. */
static void spin_for(u64 ns)
{
	for (u64 end = ktime_get_ns() + ns; ktime_get_ns() < end; )
		cpu_relax();
}

static noinline int busy_hart(void *deaf)
{
	if (deaf)
		local_irq_disable();
	spin_for(~0ULL >> 2);
	return 0;
}

/* A panic while another hart works, and one answers no interrupt. */
KUNIT_CASE(crash_busy)
{
	for (unsigned long i = 0; i < 2; i++)
		wake_up_process(kthread_create(busy_hart, (void *)i, i ? "deaf" : "busy"));
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(ktime_get_ns() + 50000000);
	BUG();
}

/* Not stuck: who can be preempted now and then, though hardly ever; nobody else wants the hart. */
KUNIT_CASE(watchdog_busy)
{
	for (u64 end = ktime_get_ns() + 5 * NSEC_PER_SEC; ktime_get_ns() < end; ) {
		preempt_disable();
		spin_for(NSEC_PER_SEC / 1000);
		preempt_enable();
	}
}

KUNIT_CASE(watchdog_soft)
{
	preempt_disable();
	spin_for(4 * NSEC_PER_SEC);
	preempt_enable();
}

KUNIT_CASE(watchdog_hard)
{
	unsigned long flags;

	if (!cpu_online(1))
		return;
	flags = local_irq_save();
	spin_for(5 * NSEC_PER_SEC);
	local_irq_restore(flags);
}

KUNIT_CASE(watchdog_hung)
{
	current->flags &= ~PF_KTHREAD;
	for (u64 end = ktime_get_ns() + 3 * NSEC_PER_SEC; ktime_get_ns() < end; ) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout(end);
	}
	current->flags |= PF_KTHREAD;
}
