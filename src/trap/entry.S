/* SPDX-License-Identifier: MIT */
#include "riscv/csr.h"
#include "riscv/memlayout.h"
#include "riscv/ptrace.h"
#include "smp/thread_info.h"

	.macro SAVE_REST_OF_GPRS
	sd	ra, PT_RA(sp)
	sd	gp, PT_GP(sp)
	sd	t0, PT_T0(sp)
	sd	t1, PT_T1(sp)
	sd	t2, PT_T2(sp)
	sd	s0, PT_S0(sp)
	sd	s1, PT_S1(sp)
	sd	a0, PT_A0(sp)
	sd	a1, PT_A1(sp)
	sd	a2, PT_A2(sp)
	sd	a3, PT_A3(sp)
	sd	a4, PT_A4(sp)
	sd	a5, PT_A5(sp)
	sd	a6, PT_A6(sp)
	sd	a7, PT_A7(sp)
	sd	s2, PT_S2(sp)
	sd	s3, PT_S3(sp)
	sd	s4, PT_S4(sp)
	sd	s5, PT_S5(sp)
	sd	s6, PT_S6(sp)
	sd	s7, PT_S7(sp)
	sd	s8, PT_S8(sp)
	sd	s9, PT_S9(sp)
	sd	s10, PT_S10(sp)
	sd	s11, PT_S11(sp)
	sd	t3, PT_T3(sp)
	sd	t4, PT_T4(sp)
	sd	t5, PT_T5(sp)
	sd	t6, PT_T6(sp)
	.endm

	.macro RESTORE_CALLER_SAVED
	ld	ra, PT_RA(sp)
	ld	gp, PT_GP(sp)
	ld	tp, PT_TP(sp)
	ld	t0, PT_T0(sp)
	ld	t1, PT_T1(sp)
	ld	t2, PT_T2(sp)
	ld	a0, PT_A0(sp)
	ld	a1, PT_A1(sp)
	ld	a2, PT_A2(sp)
	ld	a3, PT_A3(sp)
	ld	a4, PT_A4(sp)
	ld	a5, PT_A5(sp)
	ld	a6, PT_A6(sp)
	ld	a7, PT_A7(sp)
	ld	t3, PT_T3(sp)
	ld	t4, PT_T4(sp)
	ld	t5, PT_T5(sp)
	ld	t6, PT_T6(sp)
	.endm

/*
 * For debuggers: from here on sp is a pt_regs, all of it filled, and what is in it goes on where the trap came from. That place
 * is in a column of its own (64), for ra is a register of its.
 */
	.cfi_sections .debug_frame
	.macro CFI_PT_REGS
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_return_column 64
	.cfi_def_cfa sp, PT_SIZE
	.cfi_offset 64, PT_EPC - PT_SIZE
	.irp x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	.cfi_offset \x, \x * 8 - PT_SIZE
	.endr
	.endm

/*
 * void handle_exception(void): stvec. Interrupts off by hardware.
 * From user mode sscratch holds the task's thread_info, from the kernel 0.
 * Saves pt_regs on the kernel stack and calls sys_on_ecall(), do_irq(regs) or
 * do_exception(regs).
 */
	.text
	.balign 4
	.globl handle_exception
handle_exception:
	csrrw	tp, sscratch, tp
	bnez	tp, .Lfrom_user

	csrr	tp, sscratch
	sd	sp, TI_KERNEL_SP(tp)
	sd	sp, TI_USER_SP(tp)
	/* Stacks are aligned to twice their size: below one, this bit is set. */
	addi	sp, sp, -PT_SIZE
	srli	sp, sp, THREAD_SHIFT
	andi	sp, sp, 1
	bnez	sp, handle_stack_overflow
	ld	sp, TI_KERNEL_SP(tp)
	j	.Lsave

.Lfrom_user:
	sd	sp, TI_USER_SP(tp)
	ld	sp, TI_KERNEL_SP(tp)
.Lsave:
	addi	sp, sp, -PT_SIZE
	SAVE_REST_OF_GPRS
	ld	t0, TI_USER_SP(tp)
	/* A stray user access from here on would fault, and FP instructions trap. */
	li	t1, SR_SUM
	csrrc	t1, sstatus, t1
	csrr	t2, sepc
	csrr	t3, scause
	csrr	t4, sscratch
	sd	t0, PT_SP(sp)
	sd	t1, PT_STATUS(sp)
	sd	t2, PT_EPC(sp)
	sd	t3, PT_CAUSE(sp)
	sd	t4, PT_TP(sp)
	csrw	sscratch, zero
	CFI_PT_REGS
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	li	t0, EXC_SYSCALL
	bne	t3, t0, 1f
	mv	a6, sp			/* a0 to a5 and a7 are as the program left them */
	call	sys_on_ecall
	sd	a0, PT_A0(sp)
	/*
	 * s0 to s11 are as the program left them: C keeps them. So they need not be
	 * loaded, unless the call made the program another (exec, sigreturn: both
	 * change the cause) or there is work to do.
	 */
	csrci	sstatus, SR_SIE
	ld	t0, TI_FLAGS(tp)
	ld	t1, PT_CAUSE(sp)
	andi	t0, t0, _TIF_WORK_MASK
	xori	t1, t1, EXC_SYSCALL
	or	t0, t0, t1
	bnez	t0, ret_to_user
	addi	t0, sp, PT_SIZE
	sd	t0, TI_KERNEL_SP(tp)
	csrw	sscratch, tp
	ld	a0, PT_STATUS(sp)
	ld	a2, PT_EPC(sp)
	sc.d	x0, a2, PT_EPC(sp)
	csrw	sstatus, a0
	csrw	sepc, a2
	RESTORE_CALLER_SAVED
	ld	sp, PT_SP(sp)
	sret

1:	mv	a0, sp
	li	s0, 0			/* backtraces end here */
	csrr	t1, stval
	sd	t1, PT_BADADDR(sp)
	bltz	t3, 2f
	call	do_exception
	j	ret_from_exception
2:	call	do_irq

/*
 * ret_from_exception: back to what @sp's pt_regs say, user or kernel.
 * Interrupts may be on; s1 holds nothing.
 */
	.globl ret_from_exception
ret_from_exception:
	csrci	sstatus, SR_SIE
	ld	s1, PT_STATUS(sp)
	andi	t0, s1, SR_SPP
	bnez	t0, ret_to_kernel
	.globl ret_to_user
ret_to_user:
	csrci	sstatus, SR_SIE
	ld	t0, TI_FLAGS(tp)
	andi	t0, t0, _TIF_WORK_MASK
	bnez	t0, .Lwork
.Lno_work:
	addi	t0, sp, PT_SIZE
	sd	t0, TI_KERNEL_SP(tp)
	csrw	sscratch, tp
.Lrestore:
	ld	a0, PT_STATUS(sp)
	ld	a2, PT_EPC(sp)
	/* Break a reservation that the interrupted code may hold. */
	sc.d	x0, a2, PT_EPC(sp)
	csrw	sstatus, a0
	csrw	sepc, a2
	ld	s0, PT_S0(sp)
	ld	s1, PT_S1(sp)
	ld	s2, PT_S2(sp)
	ld	s3, PT_S3(sp)
	ld	s4, PT_S4(sp)
	ld	s5, PT_S5(sp)
	ld	s6, PT_S6(sp)
	ld	s7, PT_S7(sp)
	ld	s8, PT_S8(sp)
	ld	s9, PT_S9(sp)
	ld	s10, PT_S10(sp)
	ld	s11, PT_S11(sp)
	RESTORE_CALLER_SAVED
	ld	sp, PT_SP(sp)
	sret

.Lwork:	mv	a0, sp
	call	do_notify_resume	/* returns with interrupts off and no work left */
	j	.Lno_work

ret_to_kernel:
	lw	t0, TI_PREEMPT(tp)
	bnez	t0, .Lkernel_restore
	ld	t0, TI_FLAGS(tp)
	andi	t0, t0, 1 << TIF_NEED_RESCHED
	beqz	t0, .Lkernel_restore
	andi	t0, s1, SR_SPIE		/* never preempt code that had interrupts off */
	beqz	t0, .Lkernel_restore
	call	preempt_schedule_irq
.Lkernel_restore:
	j	.Lrestore	/* the saved tp is this task's: PT_TP holds what sscratch got */
	.cfi_endproc

/*
 * The kernel stack is used up: go to the emergency stack, for good. One hart at
 * a time; sp is free to use, the old one is in TI_KERNEL_SP.
 */
handle_stack_overflow:
1:	la	sp, overflow_stack_taken
	amoswap.w.aq sp, tp, (sp)	/* tp is not 0 */
	bnez	sp, 1b
	la	sp, overflow_stack + THREAD_SIZE - PT_SIZE
	SAVE_REST_OF_GPRS
	ld	s0, TI_KERNEL_SP(tp)
	csrr	s1, sstatus
	csrr	s2, sepc
	csrr	s3, stval
	csrr	s4, scause
	sd	s0, PT_SP(sp)
	sd	s1, PT_STATUS(sp)
	sd	s2, PT_EPC(sp)
	sd	s3, PT_BADADDR(sp)
	sd	s4, PT_CAUSE(sp)
	sd	tp, PT_TP(sp)
	csrw	sscratch, zero
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	mv	a0, sp
	tail	do_stack_overflow

/*
 * void ret_from_fork(prev in a0): where a new task starts. s0 is the function that it calls
 * before it goes to user mode, if ever, and s1 the argument; s0 = 0: there is none.
 */
	.globl ret_from_fork
ret_from_fork:
	call	schedule_tail
	beqz	s0, 1f
	mv	a0, s1
	mv	t0, s0
	li	s0, 0
	jalr	t0
1:	li	s0, 0
	j	ret_to_user

/*
 * void call_on_stack(void *arg in a0, void (*fn)(void *) in a1, void *top in a2)
 */
	.globl call_on_stack
call_on_stack:
	addi	sp, sp, -32
	sd	ra, 24(sp)
	sd	s0, 16(sp)
	addi	s0, sp, 32
	addi	a2, a2, -16
	sd	sp, 0(a2)
	mv	sp, a2
	jalr	a1
	ld	sp, 0(sp)
	ld	ra, 24(sp)
	ld	s0, 16(sp)
	addi	sp, sp, 32
	ret

	.section .bss..page_aligned, "aw", @nobits
	.balign 2 * THREAD_SIZE
overflow_stack:
	.skip THREAD_SIZE
	.bss
	.balign 4
overflow_stack_taken:
	.word	0

/* void ret_from_exception_regs(struct pt_regs *regs in a0): to user mode with these. */
	.text
	.globl ret_from_exception_regs
ret_from_exception_regs:
	mv	sp, a0
	j	ret_to_user
