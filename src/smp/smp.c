/* SPDX-License-Identifier: MIT */
#include "smp/smp.h"

#include <string.h>

#include "lib/err.h"
#include "riscv/memlayout.h"
#include "sbi/sbi.h"
#include "smp/printk.h"
#include "smp/spinlock.h"
#include "smp/tracepoint.h"
#include "smp/turns.h"
#include "smp/upcall.h"

unsigned int nr_cpu_ids = 1;
struct cpumask cpu_online_mask, cpu_possible_mask;
unsigned long cpuid_to_hartid[NR_CPUS];
unsigned long __per_cpu_offset[NR_CPUS];
struct thread_info *cpu_spawn_tp[NR_CPUS];	/* head.S */

static DEFINE_PER_CPU(unsigned long, ipi_pending);
DEFINE_PER_CPU(unsigned long, ipi_counts[NR_IPIS]);

unsigned long per_cpu_area_size(void)
{
	return ALIGN_UP((unsigned long)(__percpu_end - __percpu_start), 64UL);
}

void setup_per_cpu_area(unsigned int cpu, void *area)
{
	memcpy(area, __percpu_start, __percpu_end - __percpu_start);
	__per_cpu_offset[cpu] = (unsigned long)area - (unsigned long)__percpu_start;
}

int __cpu_up(unsigned int cpu, struct thread_info *idle)
{
	u64 start;

	idle->cpu = cpu;
	per_cpu(ipi_pending, cpu) = 0;	/* a bit that it did not see before it stopped would keep others from sending */
	smp_store_release(&cpu_spawn_tp[cpu], idle);
	mb();
	if (sbi_hart_start(cpuid_to_hartid[cpu], __pa(_start), 0))
		return -EIO;
	/* 10 s of a 10 MHz timebase; a loaded host may start it late. */
	for (start = rdtime(); !cpu_online(cpu); cpu_relax())
		if (rdtime() - start > 100000000)
			return -EIO;
	return 0;
}

void arch_cpu_idle_dead(void)
{
	arch_local_irq_disable();
	csr_write(sie, 0);
	sbi_hart_stop();
	panic("hart %lu does not stop", cpuid_to_hartid[smp_processor_id()]);
}

bool cpu_stopped(unsigned int cpu)
{
	return sbi_hart_get_status(cpuid_to_hartid[cpu]) == SBI_HSM_STOPPED;
}

void for_hartid_windows(const struct cpumask *cpus,
			void (*fn)(unsigned long mask, unsigned long base, void *arg), void *arg)
{
	unsigned long mask = 0, base = 0;
	unsigned int cpu;

	for_each_cpu(cpu, cpus) {
		unsigned long id = cpuid_to_hartid[cpu];

		if (mask && (id < base || id >= base + 64)) {
			fn(mask, base, arg);
			mask = 0;
		}
		if (!mask)
			base = id & ~63UL;
		mask |= BIT(id - base);
	}
	if (mask)
		fn(mask, base, arg);
}

static void send_ipi_window(unsigned long mask, unsigned long base, void *arg)
{
	(void)arg;
	sbi_send_ipi(mask, base);
}

const char *const ipi_names[NR_IPIS] = {
	[IPI_RESCHEDULE] = "Rescheduling interrupts", [IPI_CALL_FUNC] = "Function call interrupts", [IPI_STOP] = "CPU stop interrupts",
};

static void send_ipi_mask(const struct cpumask *mask, enum ipi_type type)
{
	struct cpumask need = { 0 };
	unsigned int cpu;

	trace_event(TRACE_IPI_RAISE, mask->bits[0], type);
	smp_mb();	/* the receiver, which sees the bit, sees all that we wrote before: pairs with handle_ipi() */
	for_each_cpu(cpu, mask)
		if (!__atomic_fetch_or(&per_cpu(ipi_pending, cpu), BIT(type), __ATOMIC_SEQ_CST))
			cpumask_set_cpu(cpu, &need);
	for_hartid_windows(&need, send_ipi_window, NULL);
}

void smp_send_reschedule(unsigned int cpu)
{
	trace_event(TRACE_IPI_RAISE, cpu < 64 ? BIT(cpu) : 0, IPI_RESCHEDULE);
	if (!__atomic_fetch_or(&per_cpu(ipi_pending, cpu), BIT(IPI_RESCHEDULE), __ATOMIC_SEQ_CST))
		sbi_send_ipi(1, cpuid_to_hartid[cpu]);
}

void smp_send_stop(void)
{
	struct cpumask others = cpu_online_mask;

	cpumask_clear_cpu(smp_processor_id(), &others);
	send_ipi_mask(&others, IPI_STOP);
}

/* One cross call at a time: its users (instruction fences, drains) are rare. */
static DEFINE_SPINLOCK(call_lock, LOCK_CALL);
static void (*call_fn)(void *);
static void *call_arg;
static atomic_t call_left;

void smp_call_function_many(const struct cpumask *mask, void (*fn)(void *), void *arg)
{
	struct cpumask others;

	/*
	 * Spin with interrupts on: a hart that waits here must still answer the
	 * one that holds the lock.
	 */
	preempt_disable();
	while (!raw_spin_trylock(&call_lock))
		cpu_relax();
	if (CONFIG_DEBUG)
		lock_acquire(&call_lock, call_lock.class, 0);
	cpumask_and(&others, mask, &cpu_online_mask);
	cpumask_clear_cpu(smp_processor_id(), &others);
	call_fn = fn;
	call_arg = arg;
	atomic_set(&call_left, cpumask_weight(&others));
	send_ipi_mask(&others, IPI_CALL_FUNC);
	while (__atomic_load_n(&call_left.counter, __ATOMIC_ACQUIRE))
		cpu_relax();
	if (CONFIG_DEBUG)
		lock_release(&call_lock);
	raw_spin_unlock(&call_lock);
	preempt_enable();
}

void handle_ipi(const struct pt_regs *regs)
{
	unsigned long pending;

	csr_clear(sip, BIT(IRQ_S_SOFT));
	pending = __atomic_exchange_n(&this_cpu(ipi_pending), 0, __ATOMIC_SEQ_CST);
	for (int i = 0; i < NR_IPIS; i++)
		this_cpu(ipi_counts[i]) += (pending >> i) & 1;
	if (pending & BIT(IPI_STOP))
		panic_park(regs);
	if (unlikely(harts_take_turns))
		answer_fences();
	if (pending & BIT(IPI_RESCHEDULE)) {
		trace_event(TRACE_IPI_ENTRY, IPI_RESCHEDULE);
		sched_on_ipi();
		trace_event(TRACE_IPI_EXIT, IPI_RESCHEDULE);
	}
	if (pending & BIT(IPI_CALL_FUNC)) {
		trace_event(TRACE_IPI_ENTRY, IPI_CALL_FUNC);
		call_fn(call_arg);
		trace_event(TRACE_IPI_EXIT, IPI_CALL_FUNC);
		atomic_sub_return(1, &call_left);
	}
}
