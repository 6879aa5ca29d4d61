/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts: from entry.S to the layer that each concerns.
 */
#include "trap/irq.h"

#include "lib/err.h"
#include "riscv/memlayout.h"
#include "smp/printk.h"
#include "smp/spinlock.h"
#include "time/hrtimer.h"
#include "time/tick.h"
#include "trap/asm.h"
#include "trap/extable.h"
#include "trap/softirq.h"
#include "trap/upcall.h"

static DEFINE_PER_CPU(void *, irq_stack_top);

extern const s32 __start_extable[][2], __stop_extable[][2];

void trap_init_cpu(void)
{
	csr_write(sscratch, 0);
	csr_write(stvec, (unsigned long)handle_exception);
	csr_write(scounteren, 2);	/* user mode reads the time; no other counter, for cycles tell of other tasks. As Linux */
	csr_set(sie, BIT(IRQ_S_SOFT));
}

void irq_stack_init(unsigned int cpu, void *top)
{
	per_cpu(irq_stack_top, cpu) = top;
}

bool fixup_exception(struct pt_regs *regs)
{
	for (const s32(*e)[2] = __start_extable; e < __stop_extable; e++)
		if ((unsigned long)&(*e)[0] + (*e)[0] == regs->epc) {
			regs->epc = (unsigned long)&(*e)[1] + (*e)[1];
			return true;
		}
	return false;
}

/* On the interrupt stack. */
static void irq_dispatch(void *arg)
{
	struct pt_regs *regs = arg;

	switch (regs->cause & ~CAUSE_IRQ_FLAG) {
	case IRQ_S_TIMER:
		tick_note_regs(regs);
		timer_interrupt();
		break;
	case IRQ_S_SOFT:
		handle_ipi(regs);
		break;
	case IRQ_S_EXT:
		handle_external_irq();
		break;
	default:
		handle_local_irq(regs);
	}
}

void do_irq(struct pt_regs *regs)
{
	bool nested = in_hardirq();

	if (CONFIG_DEBUG)
		trace_hardirqs_off();
	preempt_count_add(HARDIRQ_OFFSET);
	if (nested)
		irq_dispatch(regs);
	else
		call_on_stack(regs, irq_dispatch, this_cpu(irq_stack_top));
	preempt_count_sub(HARDIRQ_OFFSET);
	if (!nested)
		irq_exit_softirq();
	if (CONFIG_DEBUG && !nested)
		trace_hardirqs_on();
}

/*
 * Kernel code faulted on a kernel address. A page-table walker may have cached "not
 * present" for an address that vmalloc has filled since. Where the table allows the
 * access, the fault is spurious: drop what was cached and try again. User mode does
 * not come here with a kernel address: it gets a signal (handle_page_fault()).
 */
static __named void do_kern_addr_fault(struct pt_regs *regs, enum fault_access access)
{
	if (vm_kernel_access_ok(regs->badaddr, access)) {
		local_flush_tlb_all();
		return;
	}
	if (fixup_exception(regs))
		return;
	die(regs, "Unable to handle kernel paging request");
}

static __named void do_user_addr_fault(struct pt_regs *regs, enum fault_access access)
{
	unsigned long addr = regs->badaddr;
	int err;

	if (!user_mode(regs) && (preempt_count() || !(regs->status & SR_SPIE) ||
				 !(regs->status & SR_SUM))) {
		/* The kernel may touch user memory only in the copy functions. */
		if (fixup_exception(regs))
			return;
		die(regs, "Unable to handle kernel access to user memory");
	}
	local_irq_enable();
	err = vm_on_fault(regs, addr, access);
	if (!err) {
		if (unlikely(READ_ONCE(perf_fault_events)))
			perf_on_fault(regs, regs->badaddr);
		return;
	}
	if (!proc_on_user_fault(regs, addr, err) && !fixup_exception(regs))
		die(regs, "Unable to handle kernel access to user memory");
}

static __named void handle_page_fault(struct pt_regs *regs, enum fault_access access)
{
	if (user_mode(regs) || regs->badaddr < TASK_SIZE)
		do_user_addr_fault(regs, access);
	else
		do_kern_addr_fault(regs, access);
}

void do_exception(struct pt_regs *regs)
{
	switch (regs->cause) {
	case EXC_INST_PAGE_FAULT:
		handle_page_fault(regs, FAULT_EXEC);
		return;
	case EXC_LOAD_PAGE_FAULT:
		handle_page_fault(regs, FAULT_READ);
		return;
	case EXC_STORE_PAGE_FAULT:
		handle_page_fault(regs, FAULT_WRITE);
		return;
	}
	if (!user_mode(regs)) {
		if (fixup_exception(regs))
			return;
		die(regs, regs->cause == EXC_BREAKPOINT ? "kernel BUG" : "Oops - unexpected exception");
	}
	local_irq_enable();
	proc_on_user_fault(regs, regs->badaddr, 0);
}

void do_stack_overflow(struct pt_regs *regs)
{
	die(regs, "kernel stack overflow");
}
