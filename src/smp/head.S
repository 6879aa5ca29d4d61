/* SPDX-License-Identifier: MIT */
#include "riscv/csr.h"
#include "riscv/memlayout.h"
#include "smp/thread_info.h"

/*
 * void _start(hartid in a0, device tree's physical address in a1)
 *
 * The firmware's jump: S-mode, paging off, any hart. The first to come boots the
 * machine; the others are started by __cpu_up(), with HSM, at this same address. They
 * must be: OpenSBI 1.1 marks a hart as started before it stores where, and one that
 * looks in between jumps where the firmware meant to jump at first, which is here.
 *
 * Builds the early map in
 * early_pg_dir (1 GiB leaves: RAM's first GiB identity, in the direct map and as
 * the image; the device tree's GiB and the next in the direct map), turns
 * paging on and calls start_kernel() high. Uses t0-t4, s0, s1.
 */
	.option norelax
	.section .head.text, "ax"
	.globl _start
_start:
	csrw	sie, zero
	csrw	sip, zero
	li	t0, SR_FS | SR_SUM
	csrc	sstatus, t0
	mv	s0, a0
	mv	s1, a1
	la	t0, boot_lottery
	li	t1, 1
	amoadd.w t0, t1, (t0)
	bnez	t0, secondary_entry

	la	t0, _bss_start		/* the firmware does not clear .bss */
	la	t1, _end
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b

	la	t0, early_pg_dir
	li	t1, (0x80000000 >> 2) | 0xef	/* 1 GiB leaf: D A G X W R V */
	sd	t1, 2*8(t0)			/* identity */
	li	t2, 510*8
	add	t2, t2, t0
	sd	t1, 0(t2)			/* image */
	li	t1, (0x80000000 >> 2) | 0xe7
	li	t2, ((PAGE_OFFSET >> PGDIR_SHIFT) & 511) * 8
	add	t2, t2, t0
	sd	t1, 2*8(t2)			/* direct map of the first GiB */
	srli	t3, s1, PGDIR_SHIFT		/* direct map of the device tree */
	slli	t1, t3, PGDIR_SHIFT - 2
	ori	t1, t1, 0xe7
	slli	t3, t3, 3
	add	t2, t2, t3
	sd	t1, 0(t2)
	li	t4, 1 << (PGDIR_SHIFT - 2)
	add	t1, t1, t4
	sd	t1, 8(t2)

	la	t1, 2f
	li	t2, KERNEL_OFFSET
	add	t1, t1, t2
	csrw	stvec, t1
	srli	t0, t0, PAGE_SHIFT
	li	t1, SATP_MODE_SV39
	or	t0, t0, t1
	sfence.vma
	csrw	satp, t0
	.balign 4
2:	/* Reached by the fault that the first fetch may take, or by falling through
	   the identity map. */
	la	t1, 3f
	li	t2, KERNEL_OFFSET
	srai	t3, t1, 38
	bnez	t3, 4f
	add	t1, t1, t2
4:	jr	t1
3:	la	t0, halt
	csrw	stvec, t0
	csrw	sscratch, zero
	la	tp, init_task
	la	sp, init_stack + THREAD_SIZE
	sd	sp, TI_KERNEL_SP(tp)
	la	gp, __global_pointer$
	mv	a0, s0
	mv	a1, s1
	li	s0, 0
	tail	start_kernel

/* A hart that is not the first: s0 is its hartid. Its logical number goes to a1. */
secondary_entry:
	la	t0, cpuid_to_hartid
	la	t1, nr_cpu_ids
	lwu	t1, 0(t1)
	li	a1, 0
1:	beq	a1, t1, halt		/* nobody asked for it */
	ld	t2, 0(t0)
	beq	t2, s0, 2f
	addi	t0, t0, 8
	addi	a1, a1, 1
	j	1b
2:	la	t0, early_pg_dir
	la	t1, 1f
	li	t2, KERNEL_OFFSET
	add	t1, t1, t2
	csrw	stvec, t1
	srli	t0, t0, PAGE_SHIFT
	li	t3, SATP_MODE_SV39
	or	t0, t0, t3
	sfence.vma
	csrw	satp, t0
	jr	t1
	.balign 4
1:	la	t0, halt
	csrw	stvec, t0
	la	t0, secondary_satp
	ld	t0, 0(t0)
	csrw	satp, t0
	sfence.vma
	csrw	sscratch, zero
	la	t0, cpu_spawn_tp
	slli	a1, a1, 3
	add	t0, t0, a1
	ld	tp, 0(t0)
	ld	sp, TI_KERNEL_SP(tp)
	li	s0, 0
	la	gp, __global_pointer$
	tail	start_secondary

/* A trap before there is a handler. */
	.balign 4
halt:	wfi
	j	halt

	.data
	.balign 4
boot_lottery:
	.word	0

	.section .bss..page_aligned, "aw", @nobits
	.balign PAGE_SIZE
	.globl early_pg_dir
early_pg_dir:
	.skip PAGE_SIZE
	.balign 2 * THREAD_SIZE
	.globl init_stack
init_stack:
	.skip THREAD_SIZE
