/* SPDX-License-Identifier: MIT */
/* Calls that traps make upwards; each is defined once above. */
#ifndef TRAP_UPCALL_H
#define TRAP_UPCALL_H

#include "riscv/ptrace.h"

enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXEC };

/**
 * sys_on_ecall - A system call (src/sys). Of handle_exception() alone, which has the arguments in registers already.
 * @a0: to @a5: its arguments, as user mode left them; @nr: its number, of a7.
 * @regs: all of its registers; it goes on behind the ecall, and orig_a0 is told, to begin anew.
 * Return: the result, for a0. Context: task, interrupts off; on at return.
 */
long sys_on_ecall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5,
		  struct pt_regs *regs, unsigned long nr);
/**
 * vm_on_fault - Make user address @uaddr accessible, if its region allows (src/vm).
 * Return: 0, -EFAULT (no region), -EACCES (region forbids), -ENOMEM, or -EIO
 * (beyond the end of a file). Sends no signal. Context: task, may sleep.
 */
int vm_on_fault(struct pt_regs *regs, unsigned long uaddr, enum fault_access access);
/** vm_kernel_access_ok - Do the kernel's page tables allow @access at @addr (src/vm)? Context: any. */
bool vm_kernel_access_ok(unsigned long addr, enum fault_access access);
/** proc_on_user_fault - A user mode exception that nothing repaired: make it a signal (src/proc). */
void proc_on_user_fault(struct pt_regs *regs, unsigned long uaddr, int err);
/**
 * proc_on_no_memory - The kernel has found none to bring a page of user memory in: somebody else may be killed for it (src/proc).
 * Return: try again? Context: task, may sleep.
 */
bool proc_on_no_memory(void);
/** proc_on_user_return - Signals are pending on the way to user mode (src/proc). Context: task, interrupts on. */
void proc_on_user_return(struct pt_regs *regs);
/** perf_on_overflow - A counter that is sampled has overflowed (src/events). Context: hard interrupt. */
void perf_on_overflow(const struct pt_regs *regs);
/** perf_on_fault - A page was brought in, for those who sample faults: perf_fault_events of them (src/events). Context: task. */
extern u32 perf_fault_events;
void perf_on_fault(const struct pt_regs *regs, unsigned long uaddr);
/** sched_resched - schedule() for the return paths (src/sched). */
void sched_resched(void);
/** fpu_on_first_use - The task used floating point while it was off: turn it on (src/sched). */
void fpu_on_first_use(struct pt_regs *regs);

#endif
