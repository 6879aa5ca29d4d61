/* SPDX-License-Identifier: MIT */
/*
 * A hart that waits for another is in cpu_give_turn(). There it also answers the fences that others ask for: one that waits
 * with interrupts off for a hart that waits for its fence would otherwise hold up both.
 */
#include "smp/turns.h"

#include "smp/upcall.h"

bool harts_take_turns;
static u64 quantum, seed;		/* [I] ticks of the time CSR */
static DEFINE_PER_CPU(u64, random);
static DEFINE_PER_CPU(unsigned long, fences_asked);	/* [a] */
static DEFINE_PER_CPU(unsigned long, fences_done);	/* [o] others read */
static struct cpumask halted;		/* [a] harts that wait for an interrupt */

void take_turns(u64 q, u64 s)
{
	quantum = max(q, 1UL);
	seed = s;
	harts_take_turns = true;
}

/*
 * When all harts halt, QEMU's main thread moves the clock to the next timer. Were it awake for another reason just then, it
 * would do so before QEMU's round over the harts is at its end, and another hart would come first. So the last one stays awake.
 */
static bool all_halt(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(halted.bits); i++)
		if (READ_ONCE(halted.bits[i]) != READ_ONCE(cpu_online_mask.bits[i]))
			return false;
	return true;
}

void idle_in_turn(void)
{
	unsigned int cpu = smp_processor_id();

	cpumask_set_cpu(cpu, &halted);
	local_irq_enable();
	while (all_halt() && !test_thread_flag(TIF_NEED_RESCHED))
		;
	local_irq_disable();
	if (!test_thread_flag(TIF_NEED_RESCHED))
		wait_for_interrupt();
	cpumask_clear_cpu(cpu, &halted);
}

/* Only interrupts that can be taken now are enabled: a pending one that cannot would end each wait at once. */
void cpu_give_turn(void)
{
	unsigned long flags = arch_local_irq_save(), enabled = csr_read(sie), due = csr_read_stimecmp();
	unsigned int cpu = smp_processor_id();

	answer_fences();
	csr_write_stimecmp(rdtime() + quantum);
	csr_write(sie, (flags ? enabled : 0) | BIT(IRQ_S_TIMER));
	cpumask_set_cpu(cpu, &halted);
	while (all_halt() && !(csr_read(sip) & csr_read(sie)))
		;
	wait_for_interrupt();
	cpumask_clear_cpu(cpu, &halted);
	csr_write(sie, enabled);
	csr_write_stimecmp(due);
	arch_local_irq_restore(flags);
}

/* A length drawn with the seed: short ones are more frequent than long ones. Ref: Marsaglia, Xorshift RNGs. */
u64 end_of_turn(void)
{
	u64 x = this_cpu(random);

	if (!seed)
		return rdtime() + 10 * quantum;
	if (!x)
		x = seed + (smp_processor_id() + 1) * 0x9e3779b97f4a7c15;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	this_cpu(random) = x;
	return rdtime() + 1 + (x >> 8) % (max(quantum / 8, 1UL) << (x & 7));
}

void answer_fences(void)
{
	unsigned long asked = __atomic_load_n(&this_cpu(fences_asked), __ATOMIC_ACQUIRE);

	if (asked == this_cpu(fences_done))
		return;
	local_flush_tlb_all();
	local_flush_icache();
	smp_store_release(&this_cpu(fences_done), asked);
}

/* A hart that leaves meanwhile fences when it comes back. */
static void wait_for_fence(unsigned int cpu, unsigned long nr)
{
	while ((long)(smp_load_acquire(&per_cpu(fences_done, cpu)) - nr) < 0 && cpu_online(cpu))
		cpu_relax();
}

void remote_fence(const struct cpumask *harts, void (*sbi_fence)(unsigned long mask, unsigned long base, void *arg), void *arg)
{
	unsigned int cpu;

	if (likely(!harts_take_turns)) {
		for_hartid_windows(harts, sbi_fence, arg);
		return;
	}
	for_each_cpu(cpu, harts) {
		unsigned long nr = __atomic_add_fetch(&per_cpu(fences_asked, cpu), 1, __ATOMIC_SEQ_CST);

		smp_send_reschedule(cpu);
		wait_for_fence(cpu, nr);
	}
}
