/* SPDX-License-Identifier: MIT */
/*
 * Harts that leave and come back while the system runs.
 *
 *   cpu_down(), any hart             the hart that leaves
 *   stop_machine() ................. take_cpu_down(), all others stand still:
 *                                      no longer online; its tasks leave;
 *                                      each layer lets go of it (cpuhp_dying_cpu());
 *                                      its timers leave, too
 *   wait for HSM to say STOPPED      stopper sleeps; the idle task finds itself
 *                                    offline: sbi_hart_stop()
 *
 *   cpu_up()
 *   sbi_hart_start() ............... _start, start_secondary(): online, idle
 *   stop_machine(): domains anew     takes part
 *
 * Ref: Linux kernel/cpu.c.
 */
#include "dev/cpu.h"

#include "lib/err.h"
#include "locks/mutex.h"
#include "sched/dl_bw.h"
#include "sched/hotplug.h"
#include "sched/rq.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "sched/stop.h"
#include "sched/tick.h"
#include "smp/cpuhp.h"
#include "smp/printk.h"
#include "time/hrtimer.h"

static mutex_t cpu_hotplug_lock;

void __init cpu_hotplug_init(void)
{
	mutex_init(&cpu_hotplug_lock, LOCK_HOTPLUG);
}

static int take_cpu_down(void *unused)
{
	unsigned int cpu = smp_processor_id();

	(void)unused;
	sched_cpu_dying(cpu);
	cpu_stopper_enable(cpu, false);
	cpuhp_dying_cpu();
	hrtimers_cpu_dying(tick_do_timer_cpu);
	return 0;
}

static bool wait_for(bool (*fn)(unsigned int cpu), unsigned int cpu)
{
	u64 end = ktime_get_ns() + 10 * NSEC_PER_SEC;	/* a loaded host may run it late */

	while (!fn(cpu)) {
		if (ktime_get_ns() > end)
			return false;
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout(ktime_get_ns() + NSEC_PER_MSEC);
	}
	return true;
}

int cpu_down(unsigned int cpu)
{
	int err = 0;

	if (cpu >= nr_cpu_ids)
		return -EINVAL;
	mutex_lock(&cpu_hotplug_lock);
	if (!cpu_online(cpu))
		goto out;
	if (cpumask_weight(&cpu_online_mask) == 1 || dl_cpu_busy()) {
		err = -EBUSY;
		goto out;
	}
	stop_machine(cpu, take_cpu_down, NULL);
	if (!wait_for(cpu_stopped, cpu))
		panic("hart %lu does not stop", cpuid_to_hartid[cpu]);
	pr_info("CPU%u: off\n", cpu);
out:
	mutex_unlock(&cpu_hotplug_lock);
	return err;
}

static int take_cpu_up(void *unused)
{
	(void)unused;
	build_sched_domains(false);
	return 0;
}

int cpu_up(unsigned int cpu)
{
	struct task_struct *idle;
	int err = 0;

	if (cpu >= nr_cpu_ids || !cpu_rq(cpu)->stop)
		return -EINVAL;
	idle = cpu_rq(cpu)->idle;
	mutex_lock(&cpu_hotplug_lock);
	if (cpu_online(cpu))
		goto out;
	idle->thread_info.kernel_sp = (unsigned long)idle->stack + THREAD_SIZE;	/* it begins anew */
	err = __cpu_up(cpu, &idle->thread_info);
	if (err)
		goto out;
	cpu_stopper_enable(cpu, true);
	stop_machine(cpu, take_cpu_up, NULL);
	pr_info("CPU%u: on\n", cpu);
out:
	mutex_unlock(&cpu_hotplug_lock);
	return err;
}
