/* SPDX-License-Identifier: MIT */
/*
 * Which hart runs which address space. A task without one, idle or of the kernel, borrows that of the task before it (active_mm), so
 * that a switch to it and back costs nothing. The order against shoot-down is in tlb.c. Ref: Linux kernel/sched/core.c
 * (context_switch), fs/exec.c (exec_mmap).
 */
#include "vm/mmu_context.h"

#include "sched/upcall.h"
#include "vm/kernel_stack.h"
#include "vm/mm.h"
#include "vm/slab.h"

static void switch_mm(struct mm_struct *prev, struct mm_struct *next)
{
	unsigned int cpu = smp_processor_id();

	if (prev == next)
		return;
	cpumask_set_cpu(cpu, &next->cpumask);
	smp_mb();	/* pairs with __flush_tlb() */
	csr_write(satp, SATP_MODE_SV39 | __pa(next->pgd) >> PAGE_SHIFT);
	local_flush_tlb_all();
	local_flush_icache();	/* remote fence.i reaches only harts in the mask */
	cpumask_clear_cpu(cpu, &prev->cpumask);
}

struct mm_struct *vm_on_switch(struct task_struct *prev, struct task_struct *next)
{
	struct mm_struct *drop = NULL;

	if (!next->mm) {
		/* @next borrows what @prev runs. If @prev owns it, the borrower gets a count; or else it takes over @prev's. */
		next->active_mm = prev->active_mm;
		if (prev->mm)
			atomic_inc(&prev->active_mm->mm_count);
	} else {
		switch_mm(prev->active_mm, next->mm);
	}
	if (!prev->mm) {
		if (next->mm)
			drop = prev->active_mm;	/* vm_after_switch() drops it */
		prev->active_mm = NULL;
	}
	return drop;
}

void vm_after_switch(struct mm_struct *mm)
{
	mmdrop(mm);
}

static void drop_lazy_here(void *unused)
{
	struct mm_struct *mm = current->active_mm;
	unsigned long flags = local_irq_save();

	(void)unused;
	if (!current->mm && mm != &init_mm) {
		atomic_inc(&init_mm.mm_count);
		current->active_mm = &init_mm;
		switch_mm(mm, &init_mm);
		mmdrop(mm);
	}
	local_irq_restore(flags);
}

void drop_lazy_mms(void)
{
	smp_call_function_many(&cpu_online_mask, drop_lazy_here, NULL);
}

void vm_dying_cpu(void)
{
	drop_lazy_here(NULL);
	kernel_stacks_drain_local();
	kmem_drain_local();
	drain_local_pages();
}

void exec_mmap(struct mm_struct *mm)
{
	struct task_struct *p = current;
	struct mm_struct *old = p->mm, *active = p->active_mm;
	unsigned long flags;

	spin_lock(&p->alloc_lock);
	flags = local_irq_save();
	p->mm = mm;
	p->active_mm = mm;
	switch_mm(active, mm);
	local_irq_restore(flags);
	spin_unlock(&p->alloc_lock);
	if (old)
		mmput(old);
	else
		mmdrop(active);	/* a kernel thread becomes a user task, and ends its loan */
}

void exit_mm(void)
{
	struct task_struct *p = current;
	struct mm_struct *mm = p->mm;

	if (!mm)
		return;
	/* This task goes on borrowing it until the next switch. */
	atomic_inc(&mm->mm_count);
	spin_lock(&p->alloc_lock);
	p->mm = NULL;
	spin_unlock(&p->alloc_lock);
	mmput(mm);
}
