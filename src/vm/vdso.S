/* SPDX-License-Identifier: MIT */
/*
 * The vDSO's image: an ELF shared object of one page, laid out by hand, for the
 * toolchain of bare machines links none. All addresses are from its start.
 * Ref: vdso(7); System V ABI, chapter 5; Linux arch/riscv/kernel/vdso.
 */
#include "vm/vdso.h"

#define R(label) (label - vdso_start)

	.section .rodata.vdso, "a"
	.option	norelax
	.option	norvc
	.balign	16
	.globl	vdso_start, vdso_end
vdso_start:
	.byte	0x7f, 'E', 'L', 'F', 2, 1, 1, 0
	.quad	0
	.half	3, 243			/* ET_DYN, EM_RISCV */
	.word	1
	.quad	0			/* e_entry */
	.quad	R(phdrs), 0		/* e_phoff, e_shoff */
	.word	5			/* EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE: links with what glibc is */
	.half	64, 56, 2, 64, 0, 0
phdrs:
	.word	1, 5			/* PT_LOAD: r-x */
	.quad	0, 0, 0, 4096, 4096, 4096
	.word	2, 4			/* PT_DYNAMIC: r-- */
	.quad	R(dynamic), R(dynamic), R(dynamic), dynamic_end - dynamic, dynamic_end - dynamic, 8

/* One bucket: a list of all. */
hash:	.word	1, 7, 1, 0, 2, 3, 4, 5, 6, 0

	.balign	8
dynsym:	.fill	24, 1, 0
	.macro	function name, len
	.word	name_\name - dynstr
	.byte	0x12, 0			/* STB_GLOBAL, STT_FUNC */
	.half	1			/* not SHN_UNDEF */
	.quad	R(\name), \len
	.endm
	function clock_gettime, clock_gettime_end - clock_gettime
	function gettimeofday, gettimeofday_end - gettimeofday
	function clock_getres, clock_getres_end - clock_getres
	function getcpu, 12
	function flush_icache, 12
	function rt_sigreturn, 8

dynstr:	.byte	0
name_soname:		.string	"linux-vdso.so.1"
name_version:		.string	"LINUX_4.15"
name_clock_gettime:	.string	"__vdso_clock_gettime"
name_gettimeofday:	.string	"__vdso_gettimeofday"
name_clock_getres:	.string	"__vdso_clock_getres"
name_getcpu:		.string	"__vdso_getcpu"
name_flush_icache:	.string	"__vdso_flush_icache"
name_rt_sigreturn:	.string	"__vdso_rt_sigreturn"
dynstr_end:

	.balign	8
versym:	.half	0, 2, 2, 2, 2, 2, 2
	.balign	8
verdef:	.half	1, 1, 1, 1		/* the object itself: VER_FLG_BASE */
	.word	0xdeebfa1, 20, 28, name_soname - dynstr, 0
	.half	1, 0, 2, 1
	.word	0xae77f75, 20, 0, name_version - dynstr, 0

	.balign	8
dynamic:
	.quad	14, name_soname - dynstr		/* DT_SONAME */
	.quad	4, R(hash), 5, R(dynstr), 6, R(dynsym)	/* DT_HASH, DT_STRTAB, DT_SYMTAB */
	.quad	10, dynstr_end - dynstr, 11, 24		/* DT_STRSZ, DT_SYMENT */
	.quad	0x6ffffff0, R(versym), 0x6ffffffc, R(verdef), 0x6ffffffd, 2 /* DT_VERSYM, DT_VERDEF, DT_VERDEFNUM */
	.quad	0, 0
dynamic_end:

	.org	vdso_start + VDSO_RT_SIGRETURN
rt_sigreturn:
	li	a7, 139
	ecall

getcpu:
	li	a7, 168
	ecall
	ret

flush_icache:
	li	a7, 259
	ecall
	ret

/* t3 = ns since boot, as ktime_get_ns(); t2: the data. Leaves alone all but t2 to t5. */
	.macro	read_clock
	lla	t2, vdso_data
	rdtime	t3
	ld	t4, 0(t2)
	sub	t3, t3, t4
	ld	t4, 8(t2)
	mulhu	t5, t3, t4
	mul	t3, t3, t4
	slli	t5, t5, 32
	srli	t3, t3, 32
	or	t3, t3, t5
	.endm

/* Other clocks than REALTIME, MONOTONIC, RAW, BOOTTIME and the coarse ones are the kernel's: go to @label. Changes t0. */
	.macro	unless_known label
	li	t0, 7
	bgtu	a0, t0, \label
	li	t0, 0xf3
	srl	t0, t0, a0
	andi	t0, t0, 1
	beqz	t0, \label
	.endm

/* int clock_gettime(clockid_t id, struct timespec *ts) */
clock_gettime:
	unless_known 3f
	read_clock
	beqz	a0, 1f			/* CLOCK_REALTIME */
	li	t0, 5			/* CLOCK_REALTIME_COARSE */
	bne	a0, t0, 2f
1:	ld	t4, 16(t2)
	add	t3, t3, t4
2:	li	t4, 1000000000
	divu	t5, t3, t4
	remu	t3, t3, t4
	sd	t5, 0(a1)
	sd	t3, 8(a1)
	li	a0, 0
	ret
3:	li	a7, 113
	ecall
	ret
clock_gettime_end:

/* int gettimeofday(struct timeval *tv, struct timezone *tz) */
gettimeofday:
	beqz	a0, 1f
	read_clock
	ld	t4, 16(t2)
	add	t3, t3, t4
	li	t4, 1000000000
	divu	t5, t3, t4
	remu	t3, t3, t4
	li	t4, 1000
	divu	t3, t3, t4
	sd	t5, 0(a0)
	sd	t3, 8(a0)
1:	beqz	a1, 2f
	sd	zero, 0(a1)		/* no zone, no summer time */
2:	li	a0, 0
	ret
gettimeofday_end:

/* int clock_getres(clockid_t id, struct timespec *res) */
clock_getres:
	unless_known 2f
	beqz	a1, 1f
	li	t0, 1
	sd	zero, 0(a1)
	sd	t0, 8(a1)
1:	li	a0, 0
	ret
2:	li	a7, 114
	ecall
	ret
clock_getres_end:

	.org	vdso_start + VDSO_DATA
vdso_data:
	.fill	24, 1, 0
vdso_end:
