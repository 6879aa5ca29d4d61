/* SPDX-License-Identifier: MIT */
/* Scheduling, from inside: what no program can show. */
#include "tests/kernel/kunit.h"

#include "proc/proc.h"

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
