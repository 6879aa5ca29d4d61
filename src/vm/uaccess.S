/* SPDX-License-Identifier: MIT */
#include "riscv/csr.h"
#include "trap/extable.h"

	.text
/*
 * size_t __asm_copy_user(void *to in a0, const void *from in a1, size_t n in a2)
 * Return: bytes left. A fault anywhere ends the copy.
 */
	.globl __asm_copy_user
__asm_copy_user:
	li	t6, SR_SUM
	csrs	sstatus, t6
	add	t5, a0, a2		/* end of destination */
	li	t0, 16
	bltu	a2, t0, .Lbytes
	xor	t0, a0, a1
	andi	t0, t0, 7
	bnez	t0, .Lbytes		/* never aligned together */
1:	andi	t0, a0, 7
	beqz	t0, 2f
10:	lb	t1, 0(a1)
11:	sb	t1, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	j	1b
2:	addi	t4, t5, -64
	bgtu	a0, t4, 4f
3:
20:	ld	t0, 0(a1)
21:	ld	t1, 8(a1)
22:	ld	t2, 16(a1)
23:	ld	t3, 24(a1)
24:	ld	a3, 32(a1)
25:	ld	a4, 40(a1)
26:	ld	a5, 48(a1)
27:	ld	a6, 56(a1)
28:	sd	t0, 0(a0)
29:	sd	t1, 8(a0)
30:	sd	t2, 16(a0)
31:	sd	t3, 24(a0)
32:	sd	a3, 32(a0)
33:	sd	a4, 40(a0)
34:	sd	a5, 48(a0)
35:	sd	a6, 56(a0)
	addi	a0, a0, 64
	addi	a1, a1, 64
	bleu	a0, t4, 3b
4:	addi	t4, t5, -8
	bgtu	a0, t4, .Lbytes
5:
36:	ld	t0, 0(a1)
37:	sd	t0, 0(a0)
	addi	a0, a0, 8
	addi	a1, a1, 8
	bleu	a0, t4, 5b
.Lbytes:
	bgeu	a0, t5, .Lcopy_done
38:	lb	t0, 0(a1)
39:	sb	t0, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	j	.Lbytes
.Lcopy_fault:
.Lcopy_done:
	csrc	sstatus, t6
	sub	a0, t5, a0
	ret
	EXTABLE	10b, .Lcopy_fault
	EXTABLE	11b, .Lcopy_fault
	EXTABLE	20b, .Lcopy_fault
	EXTABLE	21b, .Lcopy_fault
	EXTABLE	22b, .Lcopy_fault
	EXTABLE	23b, .Lcopy_fault
	EXTABLE	24b, .Lcopy_fault
	EXTABLE	25b, .Lcopy_fault
	EXTABLE	26b, .Lcopy_fault
	EXTABLE	27b, .Lcopy_fault
	EXTABLE	28b, .Lcopy_fault
	EXTABLE	29b, .Lcopy_fault
	EXTABLE	30b, .Lcopy_fault
	EXTABLE	31b, .Lcopy_fault
	EXTABLE	32b, .Lcopy_fault
	EXTABLE	33b, .Lcopy_fault
	EXTABLE	34b, .Lcopy_fault
	EXTABLE	35b, .Lcopy_fault
	EXTABLE	36b, .Lcopy_fault
	EXTABLE	37b, .Lcopy_fault
	EXTABLE	38b, .Lcopy_fault
	EXTABLE	39b, .Lcopy_fault

/* size_t __asm_clear_user(void *to in a0, size_t n in a1). Return: bytes left. */
	.globl __asm_clear_user
__asm_clear_user:
	li	t6, SR_SUM
	csrs	sstatus, t6
	add	t5, a0, a1
1:	bgeu	a0, t5, 5f
	andi	t0, a0, 7
	beqz	t0, 2f
40:	sb	zero, 0(a0)
	addi	a0, a0, 1
	j	1b
2:	addi	t4, t5, -64
	bgtu	a0, t4, 4f
3:
41:	sd	zero, 0(a0)
42:	sd	zero, 8(a0)
43:	sd	zero, 16(a0)
44:	sd	zero, 24(a0)
45:	sd	zero, 32(a0)
46:	sd	zero, 40(a0)
47:	sd	zero, 48(a0)
48:	sd	zero, 56(a0)
	addi	a0, a0, 64
	bleu	a0, t4, 3b
4:	bgeu	a0, t5, 5f
49:	sb	zero, 0(a0)
	addi	a0, a0, 1
	j	4b
5:	csrc	sstatus, t6
	sub	a0, t5, a0
	ret
	EXTABLE	40b, 5b
	EXTABLE	41b, 5b
	EXTABLE	42b, 5b
	EXTABLE	43b, 5b
	EXTABLE	44b, 5b
	EXTABLE	45b, 5b
	EXTABLE	46b, 5b
	EXTABLE	47b, 5b
	EXTABLE	48b, 5b
	EXTABLE	49b, 5b

/* long __asm_strncpy_user(char *to in a0, const char *from in a1, size_t n in a2) */
	.globl __asm_strncpy_user
__asm_strncpy_user:
	li	t6, SR_SUM
	csrs	sstatus, t6
	li	t0, 0
1:	bgeu	t0, a2, 2f
	add	t1, a1, t0
60:	lbu	t2, 0(t1)
	add	t3, a0, t0
	sb	t2, 0(t3)
	beqz	t2, 2f
	addi	t0, t0, 1
	j	1b
2:	csrc	sstatus, t6
	mv	a0, t0
	ret
3:	csrc	sstatus, t6
	li	a0, -14			/* -EFAULT */
	ret
	EXTABLE	60b, 3b

/*
 * int __asm_cmpxchg_user(u32 *p in a0, u32 old in a1, u32 new in a2, u32 *seen in a3)
 * Return: 0, or -EFAULT with *seen as it was.
 */
	.globl __asm_cmpxchg_user
__asm_cmpxchg_user:
	li	t6, SR_SUM
	csrs	sstatus, t6
	sext.w	a1, a1
40:	lr.w.aqrl t0, (a0)
	bne	t0, a1, 1f
41:	sc.w.aqrl t1, a2, (a0)
	bnez	t1, 40b
1:	csrc	sstatus, t6
	sw	t0, 0(a3)
	li	a0, 0
	ret
.Lcmpxchg_fault:
	csrc	sstatus, t6
	li	a0, -14			/* EFAULT */
	ret
	EXTABLE	40b, .Lcmpxchg_fault
	EXTABLE	41b, .Lcmpxchg_fault
