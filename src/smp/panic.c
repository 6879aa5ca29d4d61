/* SPDX-License-Identifier: MIT */
/*
 * Oops and panic: Linux's layout, so that tools and eyes find what they know.
 * The runner on the host turns addresses into file and line.
 */
#include "smp/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "riscv/memlayout.h"
#include "riscv/ptrace.h"
#include "smp/kallsyms.h"
#include "smp/printk.h"
#include "smp/reboot.h"
#include "smp/smp.h"
#include "smp/upcall.h"

#define MAX_NOTIFIERS 4

static bool panic_halt;
static void (*notifiers[MAX_NOTIFIERS])(void);
static unsigned int nr_notifiers;

void __init panic_notify(void (*show)(void))
{
	BUG_ON(nr_notifiers == MAX_NOTIFIERS);
	notifiers[nr_notifiers++] = show;
}

void panic_set_halt(bool halt)
{
	panic_halt = halt;
}

static void print_symbol(const char *what, unsigned long addr)
{
	unsigned long off, size;
	const char *name = kallsyms_lookup(addr, &off, &size);

	if (name)
		pr_err("%s[<%016lx>] %s+0x%lx/0x%lx\n", what, addr, name, off, size);
	else
		pr_err("%s[<%016lx>]\n", what, addr);
}

/* Frames chain through s0: ra at -8, the caller's s0 at -16. */
static void walk_frames(unsigned long fp, unsigned long sp)
{
	unsigned long stack_end = ALIGN_UP(sp, (unsigned long)THREAD_SIZE);

	for (int i = 0; i < 32 && fp > sp && fp <= stack_end && !(fp & 7); i++) {
		unsigned long *frame = (unsigned long *)fp;

		print_symbol("", frame[-1] - 2);
		if (frame[-2] <= fp)
			return;
		fp = frame[-2];
	}
}

/* No frame pointers: whatever on the stack looks like a return address. */
static void scan_stack(unsigned long sp)
{
	unsigned long *p = (unsigned long *)ALIGN_UP(sp, 8UL);
	unsigned long *end = (unsigned long *)ALIGN_UP(sp + 1, (unsigned long)THREAD_SIZE);

	for (int n = 0; p < end && n < 24; p++)
		if (*p >= (unsigned long)_start && *p < (unsigned long)_text_end) {
			print_symbol("? ", *p - 2);
			n++;
		}
}

void show_stack(unsigned long fp, unsigned long sp)
{
	pr_err("Call Trace:\n");
	if (CONFIG_DEBUG)
		walk_frames(fp, sp);
	else
		scan_stack(sp);
}

static void show_task(unsigned int cpu)
{
	int pid;
	const char *comm = panic_task_name(cpu, &pid);

	pr_err("CPU: %u PID: %d Comm: %s %s\n", cpu, pid, comm, CONFIG_DEBUG ? "debug" : "release");
}

void show_regs(const struct pt_regs *r)
{
	print_symbol("epc : ", r->epc);
	print_symbol(" ra : ", r->ra);
	pr_err("epc : %016lx ra : %016lx sp : %016lx\n", r->epc, r->ra, r->sp);
	pr_err(" gp : %016lx tp : %016lx t0 : %016lx\n", r->gp, r->tp, r->t0);
	pr_err(" t1 : %016lx t2 : %016lx s0 : %016lx\n", r->t1, r->t2, r->s0);
	pr_err(" s1 : %016lx a0 : %016lx a1 : %016lx\n", r->s1, r->a0, r->a1);
	pr_err(" a2 : %016lx a3 : %016lx a4 : %016lx\n", r->a2, r->a3, r->a4);
	pr_err(" a5 : %016lx a6 : %016lx a7 : %016lx\n", r->a5, r->a6, r->a7);
	pr_err(" s2 : %016lx s3 : %016lx s4 : %016lx\n", r->s2, r->s3, r->s4);
	pr_err(" s5 : %016lx s6 : %016lx s7 : %016lx\n", r->s5, r->s6, r->s7);
	pr_err(" s8 : %016lx s9 : %016lx s10: %016lx\n", r->s8, r->s9, r->s10);
	pr_err(" s11: %016lx t3 : %016lx t4 : %016lx\n", r->s11, r->t3, r->t4);
	pr_err(" t5 : %016lx t6 : %016lx\n", r->t5, r->t6);
	pr_err("status: %016lx badaddr: %016lx cause: %016lx\n", r->status, r->badaddr, r->cause);
}

static u32 panicking;
static DEFINE_PER_CPU(const struct pt_regs *, parked_at);

void panic_park(const struct pt_regs *regs)
{
	smp_store_release(&this_cpu(parked_at), regs);
	for (;;)
		wait_for_interrupt();
}

/* What the other harts were doing. One that was idle has a line, the others their calls. */
static void show_others(void)
{
	unsigned int cpu;
	int pid;

	for_each_online_cpu(cpu) {
		const struct pt_regs *r = smp_load_acquire(&per_cpu(parked_at, cpu));

		if (cpu == smp_processor_id())
			continue;
		if (r && (panic_task_name(cpu, &pid), !pid)) {
			pr_err("CPU: %u idle\n", cpu);
			continue;
		}
		show_task(cpu);
		if (!r) {
			pr_err("does not answer: interrupts are off there\n");
		} else if (user_mode(r)) {
			pr_err("in user mode, epc : %016lx ra : %016lx sp : %016lx\n", r->epc, r->ra, r->sp);
		} else {
			print_symbol("epc : ", r->epc);
			show_stack(r->s0, r->sp);
		}
	}
}

/* The first hart that panics reports, others halt. A second panic of that hart ends the machine at once. */
static void enter_panic(void)
{
	u32 me = smp_processor_id() + 1, old;

	local_irq_disable();
	old = cmpxchg(&panicking, 0u, me);
	if (old && old != me)
		for (;;)
			wait_for_interrupt();
	if (old == me)
		machine_power_off(255);
	smp_send_stop();
	/* Give the others time to finish their lines and park; a hart with interrupts off never does. */
	for (int i = 0; i < 300000; i++) {
		unsigned int cpu, parked = 1;

		for_each_online_cpu(cpu)
			parked += per_cpu(parked_at, cpu) != NULL;
		if (i > 20000 && parked >= cpumask_weight(&cpu_online_mask))
			break;
		cpu_relax();
	}
	console_force_unlock();
}

static void leave_panic(void) __noreturn;
static void leave_panic(void)
{
	if (!panic_halt)
		machine_power_off(255);
	pr_err("---[ halted: attach a debugger ]---\n");
	for (;;)
		wait_for_interrupt();
}

void panic(const char *fmt, ...)
{
	char msg[128];
	va_list ap;

	enter_panic();
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	pr_err("Kernel panic - not syncing: %s\n", msg);
	show_task(smp_processor_id());
	show_stack((unsigned long)__builtin_frame_address(0), (unsigned long)__builtin_frame_address(0) - 256);
	show_others();
	for (unsigned int i = 0; i < nr_notifiers; i++)
		notifiers[i]();
	pr_err("---[ end Kernel panic - not syncing: %s ]---\n", msg);
	leave_panic();
}

void die(struct pt_regs *regs, const char *why)
{
	enter_panic();
	pr_err("%s at address %016lx\n", why, regs->badaddr);
	pr_err("Oops [#1]\n");
	show_task(smp_processor_id());
	show_regs(regs);
	show_stack(regs->s0, regs->sp);
	pr_err("---[ end trace ]---\n");
	show_others();
	for (unsigned int i = 0; i < nr_notifiers; i++)
		notifiers[i]();
	pr_err("Kernel panic - not syncing: %s\n", why);
	leave_panic();
}

void bug_at(const char *file, int line, const char *what)
{
	panic("BUG at %s:%d: %s", file, line, what);
}

/* -fstack-protector: a canary died. */
unsigned long __stack_chk_guard = 0x595e9fbd94fda766;
void __stack_chk_fail(void) __noreturn;
void __stack_chk_fail(void)
{
	panic("stack-protector: kernel stack is corrupted in %p", __builtin_return_address(0));
}
