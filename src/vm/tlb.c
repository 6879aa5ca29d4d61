/* SPDX-License-Identifier: MIT */
/*
 * TLB shoot-down. Which hart runs which address space is in mmu_context.c.
 *
 * No ASIDs are used: every switch between address spaces flushes the local TLB,
 * so a hart holds translations of one address space only, the one in its satp.
 * QEMU flushes on any write of satp whatever the ASID (measured: a warm TLB is
 * cold after an ASID change and back), so nothing would be gained there.
 *
 * mm->cpumask has the harts whose satp is this mm's table, lazy borrowers
 * included. Order, hart by hart:
 *
 *   switching in                     changing an entry
 *   set bit in cpumask               store the entry
 *   fence, write satp, sfence.vma    fence, read cpumask, fence those harts
 *
 * Either the changer sees the bit and fences the hart, or the hart's walk
 * comes after the store.
 */
#include "vm/tlb.h"

#include "sbi/sbi.h"
#include "smp/turns.h"

struct flush_range {
	unsigned long start, size;
};

static void flush_window(unsigned long mask, unsigned long base, void *arg)
{
	struct flush_range *r = arg;

	sbi_remote_sfence_vma(mask, base, r->start, r->size);
}

/* Beyond so many pages a full flush is cheaper than one for each page. */
#define FLUSH_ALL_PAGES 64

static void __flush_tlb(struct mm_struct *mm, unsigned long start, unsigned long size)
{
	struct flush_range r = { start, size };
	struct cpumask others;
	unsigned int cpu;

	smp_mb();	/* entries before the mask; pairs with switch_mm() */
	preempt_disable();
	cpu = smp_processor_id();
	others = mm->cpumask;
	if (cpumask_test_cpu(cpu, &others)) {
		if (size <= PAGE_SIZE)
			local_flush_tlb_page(start);
		else
			local_flush_tlb_all();
		cpumask_clear_cpu(cpu, &others);
	}
	if (unlikely(cpumask_first(&others) < NR_CPUS))
		remote_fence(&others, flush_window, &r);
	preempt_enable();
}

void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	if (end - start > FLUSH_ALL_PAGES << PAGE_SHIFT)
		__flush_tlb(mm, 0, ~0UL);
	else if (end > start)
		__flush_tlb(mm, start, end - start);
}

void flush_tlb_mm(struct mm_struct *mm)
{
	__flush_tlb(mm, 0, ~0UL);
}

static void fence_i_window(unsigned long mask, unsigned long base, void *arg)
{
	(void)arg;
	sbi_remote_fence_i(mask, base);
}

void flush_icache_mm(struct mm_struct *mm)
{
	struct cpumask others;

	smp_mb();
	preempt_disable();
	others = mm->cpumask;
	local_flush_icache();
	cpumask_clear_cpu(smp_processor_id(), &others);
	remote_fence(&others, fence_i_window, NULL);
	preempt_enable();
}
