/* SPDX-License-Identifier: MIT */
/* Between entry.S and C. */
#ifndef TRAP_ASM_H
#define TRAP_ASM_H

#include "riscv/ptrace.h"

/** handle_exception - Where each trap begins: stvec has it. Not to be called. */
void handle_exception(void);
/** do_irq - An interrupt. Context: interrupts off, on the task's stack. */
void do_irq(struct pt_regs *regs);
/** do_exception - A trap that is neither an interrupt nor a system call. Context: interrupts off. */
void do_exception(struct pt_regs *regs);
/** do_stack_overflow - The kernel's stack is used up: panic. Context: interrupts off, on the emergency stack. */
void do_stack_overflow(struct pt_regs *regs) __noreturn;
/** ret_from_exception_regs - The current task goes to user mode as @regs, its own, says. Context: task. */
void ret_from_exception_regs(struct pt_regs *regs) __noreturn;
/** call_on_stack - Call @fn(@arg) on the stack that ends at @top. Context: interrupts off. */
void call_on_stack(void *arg, void (*fn)(void *), void *top);

#endif
