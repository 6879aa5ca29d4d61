/* SPDX-License-Identifier: MIT */
/* Calls that traps make upwards; each is defined once above. */
#ifndef TRAP_UPCALL_H
#define TRAP_UPCALL_H

#include "riscv/ptrace.h"

enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXEC };

/**
 * sys_on_ecall - A system call (src/sys). Called by handle_exception() alone, which has the arguments in registers already.
 * @a0: to @a5: its arguments, as user mode left them; @nr: its number, of a7.
 * @regs: all of its registers. The call moves epc behind the ecall and sets orig_a0, with which the call can begin anew.
 * Return: the result, for a0. Context: task, interrupts off; on at return.
 */
long sys_on_ecall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5,
		  struct pt_regs *regs, unsigned long nr);
/**
 * vm_on_fault - Make user address @uaddr accessible, if its region allows @access (src/vm).
 * Return: 0, -EFAULT (no region), -EACCES (region forbids), -ENOMEM, or -EIO
 * (beyond the end of a file). Sends no signal. Context: task, may sleep.
 */
int vm_on_fault(struct pt_regs *regs, unsigned long uaddr, enum fault_access access);
/** vm_kernel_access_ok - Do the kernel's page tables allow @access at @addr (src/vm)? Context: any. */
bool vm_kernel_access_ok(unsigned long addr, enum fault_access access);
/**
 * proc_on_user_fault - What vm_on_fault() could not make accessible, with its error; or (0) another exception of user mode (src/proc).
 * What user mode did becomes a signal, or is repaired. For the kernel's own access a process may be killed, to have memory.
 * Return: go on, or (of the kernel's access alone) false: @uaddr cannot be had. Context: task, may sleep.
 */
bool proc_on_user_fault(struct pt_regs *regs, unsigned long uaddr, int err);
/**
 * do_notify_resume - Schedules and delivers signals on the way to user mode, until nothing is left to do (src/proc). Of entry.S alone.
 * Context: task, interrupts off before and after.
 */
void do_notify_resume(struct pt_regs *regs);
/** perf_on_fault - A page was brought in. Called only while some event samples faults: perf_fault_events (src/events). Context: task. */
extern u32 perf_fault_events;
void perf_on_fault(const struct pt_regs *regs, unsigned long uaddr);

#endif
