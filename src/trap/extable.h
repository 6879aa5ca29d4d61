/* SPDX-License-Identifier: MIT */
/*
 * Exception table: instructions that may fault on a user address, and where to
 * go on then. Entries are pairs of 32-bit offsets from themselves.
 * Ref: Linux arch/riscv/mm/extable.c.
 */
#ifndef TRAP_EXTABLE_H
#define TRAP_EXTABLE_H

#ifdef __ASSEMBLER__
	.macro EXTABLE insn, fixup
	.pushsection .extable, "a"
	.balign	4
	.word	\insn - .
	.word	\fixup - .
	.popsection
	.endm
#else
#include "riscv/ptrace.h"

/** fixup_exception - If @regs->epc is in the table, continue at its fixup. Return: whether. */
bool fixup_exception(struct pt_regs *regs);
#endif
#endif
