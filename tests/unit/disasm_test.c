/* SPDX-License-Identifier: MIT */
/*
 * user/perf/disasm.c on the host, for disasm_oracle.py. Without arguments: lines "ADDRESS BYTES..." in, and the instructions that
 * are there out, one a line: its address, where it branches to, a tab, the text. With a number: so many at random of each row.
 */
#include "user/perf/disasm.c"

#include <stdlib.h>

static void make(int nr)
{
	for (size_t i = 0; i < sizeof(insns) / sizeof(*insns); i++)
		for (int k = 0; k < nr; k++) {
			uint32_t word = (((uint32_t)rand() << 16 ^ (uint32_t)rand()) & ~insns[i].mask) | insns[i].match;

			printf((word & 3) == 3 ? "%08x\n" : "%04x\n", (word & 3) == 3 ? word : word & 0xffff);
		}
}

int main(int argc, char **argv)
{
	static char line[1 << 20];
	static uint8_t code[sizeof(line) / 2];

	if (argc > 1) {
		make(atoi(argv[1]));
		return 0;
	}
	while (fgets(line, sizeof(line), stdin)) {
		char *at;
		uint64_t pc = strtoull(line, &at, 16), target;
		size_t n = 0;

		for (unsigned int byte; sscanf(at, "%2x", &byte) == 1; at += at[0] == ' ' ? 3 : 2)
			code[n++] = byte;
		for (size_t i = 0, len; i < n; i += len) {
			char text[64];

			len = disassemble(code + i, n - i, pc + i, text, sizeof(text), &target);
			printf("%lx %lx\t%s\n", (unsigned long)(pc + i), (unsigned long)target, text);
		}
	}
	return 0;
}
