/* SPDX-License-Identifier: MIT */
/*
 * The code of test-pie's programs. It tells on standard output where it is, its stack pointer, its data, the break and the
 * auxiliary vector; then it goes on to the program's entry, if it is the interpreter, or ends with status 7.
 */
#define CODE	0x1000
#define DATA	0x12000

	.text
	.balign	16
	.globl	pie_begin, pie_end
pie_begin:
	auipc	s0, 0
	li	t0, DATA - CODE
	add	s3, s0, t0
	li	t1, 0x1000
	add	t1, t1, s3
	addi	s4, sp, -64
	sd	s0, 0(s4)
	sd	sp, 8(s4)
	ld	t0, 0(s3)		/* data */
	sd	t0, 16(s4)
	ld	t0, 0x100(s3)		/* .bss in its page */
	sd	t0, 24(s4)
	ld	t0, 0(t1)		/* and in the next */
	sd	t0, 32(s4)
	sd	s0, 0(t1)
	li	a0, 0
	li	a7, 214			/* brk */
	ecall
	sd	a0, 40(s4)
	li	a0, 1
	mv	a1, s4
	li	a2, 48
	li	a7, 64			/* write */
	ecall
	ld	t0, 0(sp)
	slli	t0, t0, 3
	add	s5, sp, t0
	addi	s5, s5, 16		/* the environment */
1:	ld	t0, 0(s5)
	addi	s5, s5, 8
	bnez	t0, 1b
	mv	s6, s5
	li	s7, 0
2:	ld	t0, 0(s6)
	ld	t1, 8(s6)
	addi	s6, s6, 16
	li	t2, 7			/* AT_BASE */
	bne	t0, t2, 3f
	mv	s7, t1
3:	li	t2, 9			/* AT_ENTRY */
	bne	t0, t2, 4f
	mv	s8, t1
4:	bnez	t0, 2b
	li	a0, 1
	mv	a1, s5
	sub	a2, s6, s5
	li	a7, 64
	ecall
	beqz	s7, 5f
	sub	t0, s0, s7
	li	t1, 0x100000
	bgeu	t0, t1, 5f
	jr	s8
5:	li	a0, 7
	li	a7, 94			/* exit_group */
	ecall
pie_end:
