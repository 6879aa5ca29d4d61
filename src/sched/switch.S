/* SPDX-License-Identifier: MIT */
#include "riscv/csr.h"
#include "sched/offsets.h"

/*
 * struct task_struct *__switch_to(struct task_struct *prev in a0, *next in a1)
 * Saves prev's callee-saved registers and takes up next's; returns prev, in
 * next's context. tp becomes next.
 */
	.text
	.globl __switch_to
__switch_to:
	li	t0, TASK_THREAD
	add	t1, a0, t0
	add	t2, a1, t0
	sd	ra, 0(t1)
	sd	sp, 8(t1)
	sd	s0, 16(t1)
	sd	s1, 24(t1)
	sd	s2, 32(t1)
	sd	s3, 40(t1)
	sd	s4, 48(t1)
	sd	s5, 56(t1)
	sd	s6, 64(t1)
	sd	s7, 72(t1)
	sd	s8, 80(t1)
	sd	s9, 88(t1)
	sd	s10, 96(t1)
	sd	s11, 104(t1)
	ld	ra, 0(t2)
	ld	sp, 8(t2)
	ld	s0, 16(t2)
	ld	s1, 24(t2)
	ld	s2, 32(t2)
	ld	s3, 40(t2)
	ld	s4, 48(t2)
	ld	s5, 56(t2)
	ld	s6, 64(t2)
	ld	s7, 72(t2)
	ld	s8, 80(t2)
	ld	s9, 88(t2)
	ld	s10, 96(t2)
	ld	s11, 104(t2)
	mv	tp, a1
	ret

	.option arch, +d
	.macro FP_ALL op
	\op	f0, 0(a0)
	\op	f1, 8(a0)
	\op	f2, 16(a0)
	\op	f3, 24(a0)
	\op	f4, 32(a0)
	\op	f5, 40(a0)
	\op	f6, 48(a0)
	\op	f7, 56(a0)
	\op	f8, 64(a0)
	\op	f9, 72(a0)
	\op	f10, 80(a0)
	\op	f11, 88(a0)
	\op	f12, 96(a0)
	\op	f13, 104(a0)
	\op	f14, 112(a0)
	\op	f15, 120(a0)
	\op	f16, 128(a0)
	\op	f17, 136(a0)
	\op	f18, 144(a0)
	\op	f19, 152(a0)
	\op	f20, 160(a0)
	\op	f21, 168(a0)
	\op	f22, 176(a0)
	\op	f23, 184(a0)
	\op	f24, 192(a0)
	\op	f25, 200(a0)
	\op	f26, 208(a0)
	\op	f27, 216(a0)
	\op	f28, 224(a0)
	\op	f29, 232(a0)
	\op	f30, 240(a0)
	\op	f31, 248(a0)
	.endm

/* void __fstate_save(struct fp_state *in a0): the registers must not be off. */
	.globl __fstate_save
__fstate_save:
	li	t0, SR_FS
	csrs	sstatus, t0
	FP_ALL	fsd
	frcsr	t1
	sd	t1, 256(a0)
	csrc	sstatus, t0
	ret

/* void __fstate_restore(const struct fp_state *in a0) */
	.globl __fstate_restore
__fstate_restore:
	li	t0, SR_FS
	csrs	sstatus, t0
	FP_ALL	fld
	ld	t1, 256(a0)
	fscsr	t1
	csrc	sstatus, t0
	ret
