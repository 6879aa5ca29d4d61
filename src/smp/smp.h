/* SPDX-License-Identifier: MIT */
/*
 * Harts: numbers, start-up through SBI HSM, and interrupts between them.
 * Logical number 0 is the hart that booted.
 */
#ifndef SMP_SMP_H
#define SMP_SMP_H

#include "smp/percpu.h"

extern unsigned int nr_cpu_ids;			/* [I] harts found, numbered from 0 */
extern struct cpumask cpu_online_mask;		/* [a] */
extern struct cpumask cpu_possible_mask;	/* [I] */
extern unsigned long cpuid_to_hartid[NR_CPUS];	/* [I] */

#define for_each_online_cpu(cpu)   for_each_cpu(cpu, &cpu_online_mask)
#define for_each_possible_cpu(cpu) for_each_cpu(cpu, &cpu_possible_mask)

static inline bool cpu_online(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &cpu_online_mask);
}

/**
 * __cpu_up - Start hart @cpu in start_secondary() on @idle's stack.
 * @idle: the idle task's thread_info, kernel_sp at the top of its stack.
 * Return: 0, or -EIO when the firmware refuses or the hart does not answer.
 * Context: boot task, or cpu_hotplug_lock.
 */
int __cpu_up(unsigned int cpu, struct thread_info *idle) __must_check;

/** arch_cpu_idle_dead - This hart is offline and has nothing left: stop it. Context: idle task, preemption off. */
void arch_cpu_idle_dead(void) __attribute__((noreturn));
/** cpu_stopped - Has @cpu, offline, been given back to the firmware? Context: any. */
bool cpu_stopped(unsigned int cpu);

/* What an interrupt from another hart is for. */
enum ipi_type { IPI_RESCHEDULE, IPI_CALL_FUNC, IPI_STOP, NR_IPIS };
DECLARE_PER_CPU(unsigned long, ipi_counts[NR_IPIS]);	/* received */
extern const char *const ipi_names[NR_IPIS];	/* as /proc/interrupts and the trace have them */

/** smp_send_reschedule - Make @cpu look at its need-resched flag. Context: any. */
void smp_send_reschedule(unsigned int cpu);
/** smp_send_stop - Stop the others for good. Context: any. */
void smp_send_stop(void);
struct pt_regs;
/** handle_ipi - The supervisor software interrupt, which came at @regs. Context: hard interrupt. */
void handle_ipi(const struct pt_regs *regs);
/**
 * smp_call_function_many - Run @fn(@arg) in interrupt context on each hart of @mask but this one; waits.
 * Context: task or boot, interrupts on.
 */
void smp_call_function_many(const struct cpumask *mask, void (*fn)(void *), void *arg);
/** for_hartid_windows - Call @fn(mask, base, @arg) for the hart ids of @cpus, in the windows of 64 that SBI takes. Context: any. */
void for_hartid_windows(const struct cpumask *cpus, void (*fn)(unsigned long mask, unsigned long base, void *arg),
			void *arg);

#include "smp/bug.h"
#endif
