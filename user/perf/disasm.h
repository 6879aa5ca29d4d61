/* SPDX-License-Identifier: MIT */
/* Instructions of RV64GC as text, in the words of objdump -d. */
#ifndef USER_PERF_DISASM_H
#define USER_PERF_DISASM_H

#include <stddef.h>
#include <stdint.h>

/**
 * disassemble - The instruction at @code, of which @left bytes are there, and which runs at @pc.
 * @text: gets its name, a tab if operands follow, and these. @size: bytes there.
 * @target: gets the address that it branches to, the last of the operands; 0: it does not branch, or to what a register holds.
 * Return: its length in bytes; what is no instruction, or cut off, is given as data.
 */
unsigned int disassemble(const uint8_t *code, size_t left, uint64_t pc, char *text, size_t size, uint64_t *target);

#endif
