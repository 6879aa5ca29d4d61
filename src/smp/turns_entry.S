/* SPDX-License-Identifier: MIT */
/*
 * cpu_give_turn() for cpu_relax(): called with the return address in t0, and no other register changes. So whatever waits
 * with a lock in a loop costs its function no more registers and no stack where harts do not take turns.
 */
	.text
	.global cpu_give_turn_saving
	.type cpu_give_turn_saving, @function
cpu_give_turn_saving:
	addi	sp, sp, -128
	sd	t0, 0(sp)
	sd	ra, 8(sp)
	sd	t1, 16(sp)
	sd	t2, 24(sp)
	sd	a0, 32(sp)
	sd	a1, 40(sp)
	sd	a2, 48(sp)
	sd	a3, 56(sp)
	sd	a4, 64(sp)
	sd	a5, 72(sp)
	sd	a6, 80(sp)
	sd	a7, 88(sp)
	sd	t3, 96(sp)
	sd	t4, 104(sp)
	sd	t5, 112(sp)
	sd	t6, 120(sp)
	call	cpu_give_turn
	ld	t0, 0(sp)
	ld	ra, 8(sp)
	ld	t1, 16(sp)
	ld	t2, 24(sp)
	ld	a0, 32(sp)
	ld	a1, 40(sp)
	ld	a2, 48(sp)
	ld	a3, 56(sp)
	ld	a4, 64(sp)
	ld	a5, 72(sp)
	ld	a6, 80(sp)
	ld	a7, 88(sp)
	ld	t3, 96(sp)
	ld	t4, 104(sp)
	ld	t5, 112(sp)
	ld	t6, 120(sp)
	addi	sp, sp, 128
	jr	t0
	.size cpu_give_turn_saving, . - cpu_give_turn_saving
