/* SPDX-License-Identifier: MIT */
/*
 * Which harts a shoot-down reaches, and who borrows whose address space. The
 * firmware counts the remote fences that each hart receives: it is the judge.
 */
#include "sched/affinity.h"
#include "sched/sleep.h"
#include "tests/kernel/kunit.h"

#include <string.h>

#include "proc/kthread.h"
#include "sbi/sbi.h"
#include "sched/wait.h"
#include "trace/pmu.h"
#include "trap/upcall.h"
#include "vm/mmu_context.h"
#include "vm/tlb.h"
#include "vm/vmalloc.h"

/* Each hart's counter of remote fences received, as pmu_get() has it; how many it has counted. */
static int counter[NR_CPUS];
static u64 before[NR_CPUS], received[NR_CPUS];

static void start_counting(void *unused)
{
	unsigned int cpu = smp_processor_id();

	(void)unused;
	counter[cpu] = pmu_get(SBI_PMU_EVENT_FW(SBI_PMU_FW_SFENCE_VMA_RCVD), 0, 0);
	before[cpu] = counter[cpu] < 0 ? 0 : pmu_read(counter[cpu]);
}

static void read_counter(void *unused)
{
	unsigned int cpu = smp_processor_id();

	(void)unused;
	received[cpu] = counter[cpu] < 0 ? ~0UL : pmu_read(counter[cpu]) - before[cpu];
}

static void stop_counting(void *unused)
{
	(void)unused;
	if (counter[smp_processor_id()] >= 0)
		pmu_put(counter[smp_processor_id()]);
}

static void on_all_harts(void (*fn)(void *))
{
	preempt_disable();
	smp_call_function_many(&cpu_online_mask, fn, NULL);
	local_irq_disable();
	fn(NULL);
	local_irq_enable();
	preempt_enable();
}

/* One shoot-down of @mm: does each hart of @harts, and no other, receive the fence? */
static bool reaches_once(struct mm_struct *mm, unsigned long harts)
{
	bool good = true;

	on_all_harts(start_counting);
	preempt_disable();
	flush_tlb_range(mm, PAGE_SIZE, 2 * PAGE_SIZE);
	harts &= ~BIT(smp_processor_id());	/* which needs no message */
	preempt_enable();
	on_all_harts(read_counter);
	on_all_harts(stop_counting);
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		good &= received[cpu] == (harts >> cpu & 1);
	return good;
}

/* The counters are the firmware's, of all fences: those of a thread that just ended may come in between. */
static bool reaches_just(struct mm_struct *mm, unsigned long harts)
{
	for (int i = 0; i < 5; i++)
		if (reaches_once(mm, harts))
			return true;
	return false;
}

static void move_to(unsigned long harts)
{
	struct cpumask mask = { { harts } };

	KUNIT_EXPECT(!sched_setaffinity(current, &mask));
}

/* A thread that has the address space for itself, as a program's task has. */
struct user {
	struct mm_struct *mm;
	struct completion ready, go, moved, end, done;
	unsigned int move_to;
};

static int user_thread(void *arg)
{
	struct user *u = arg;

	move_to(BIT(1));
	exec_mmap(u->mm);
	complete(&u->ready);
	wait_for_completion(&u->go);
	move_to(BIT(u->move_to));
	complete(&u->moved);
	wait_for_completion(&u->end);
	exit_mm();
	complete(&u->done);
	return 0;
}

/* What a hart has in satp while it runs nothing of a user's. */
static unsigned long lazy_satp[NR_CPUS];

static void read_satp(void *unused)
{
	(void)unused;
	lazy_satp[smp_processor_id()] = csr_read(satp);
}

static bool hart_has(unsigned int cpu, struct mm_struct *mm)
{
	on_all_harts(read_satp);
	return lazy_satp[cpu] == (SATP_MODE_SV39 | __pa(mm->pgd) >> PAGE_SHIFT);
}

/*
 * A task runs on hart 1, sleeps, and goes on on hart 2. The hart that it left keeps its
 * address space for its kernel threads (lazily: no switch), and so is told of changes;
 * when it has dropped it, it is not. No other hart ever is.
 */
KUNIT_CASE(tlb_shootdown)
{
	struct user u = { .move_to = 2 };
	struct mm_struct *mm = mm_alloc();
	struct task_struct *p;

	if (nr_cpu_ids < 4) {
		mmput(mm);
		return;
	}
	u.mm = mm;
	init_completion(&u.ready);
	init_completion(&u.go);
	init_completion(&u.moved);
	init_completion(&u.end);
	init_completion(&u.done);
	move_to(BIT(0));
	KUNIT_EXPECT(reaches_just(mm, 0));
	p = kthread_create(user_thread, &u, "user");
	wake_up_process(p);
	wait_for_completion(&u.ready);
	wait_task_inactive(p);
	KUNIT_EXPECT(hart_has(1, mm) && atomic_read(&mm->mm_count) == 2);
	KUNIT_EXPECT(reaches_just(mm, BIT(1)));
	complete(&u.go);
	wait_for_completion(&u.moved);
	wait_task_inactive(p);
	KUNIT_EXPECT(hart_has(1, mm) && hart_has(2, mm));
	KUNIT_EXPECT(reaches_just(mm, BIT(1) | BIT(2)));
	drop_lazy_mms();
	KUNIT_EXPECT(!hart_has(1, mm) && !hart_has(2, mm));
	KUNIT_EXPECT(reaches_just(mm, 0));
	complete(&u.end);
	wait_for_completion(&u.done);
	move_to(~0UL);
}

static struct pt_regs forged_fault(unsigned long cause, void *addr)
{
	return (struct pt_regs){ .status = SR_SPP, .cause = cause, .badaddr = (unsigned long)addr,
				 .epc = (unsigned long)__builtin_return_address(0) };
}

void do_exception(struct pt_regs *regs);

/*
 * A walker that has cached "not present" faults where the table has an entry by now.
 * QEMU's never does, so the fault is made up: it must be forgiven as often as it comes.
 */
KUNIT_CASE(tlb_spurious_fault)
{
	char *p = vmalloc(PAGE_SIZE);
	struct pt_regs load = forged_fault(EXC_LOAD_PAGE_FAULT, p), store = forged_fault(EXC_STORE_PAGE_FAULT, p);

	for (int i = 0; i < 3; i++) {
		do_exception(&load);
		do_exception(&store);
	}
	KUNIT_EXPECT(vm_kernel_access_ok((unsigned long)_start, FAULT_EXEC));
	KUNIT_EXPECT(!vm_kernel_access_ok((unsigned long)_start, FAULT_WRITE));
	KUNIT_EXPECT(!vm_kernel_access_ok((unsigned long)p, FAULT_EXEC));
	vfree(p);
	KUNIT_EXPECT(!vm_kernel_access_ok((unsigned long)p, FAULT_READ));
}

/* What the table forbids is no spurious fault: the case that expects a panic. */
KUNIT_CASE(crash_write_text)
{
	*(volatile int *)_start = 0;
}
