/* SPDX-License-Identifier: MIT */
#include "smp/kallsyms.h"

#include "riscv/memlayout.h"

/* The build's table: offsets from _start, in order, and names. Empty in the first pass of the link. */
extern const u32 kallsyms_offsets[] __weak;
extern const u32 kallsyms_name_at[] __weak;
extern const char kallsyms_names[] __weak;
extern const u32 kallsyms_count __weak;

const char *kallsyms_lookup(unsigned long addr, unsigned long *offset, unsigned long *size)
{
	unsigned long off = addr - (unsigned long)_start;
	u32 lo = 0, hi;

	if (!&kallsyms_count || addr < (unsigned long)_start || addr >= (unsigned long)__init_end)
		return NULL;
	hi = kallsyms_count;
	while (hi - lo > 1) {
		u32 mid = (lo + hi) / 2;

		if (kallsyms_offsets[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	if (!hi)
		return NULL;
	*offset = off - kallsyms_offsets[lo];
	*size = (lo + 1 < kallsyms_count ? kallsyms_offsets[lo + 1] : off + 1) - kallsyms_offsets[lo];
	return kallsyms_names + kallsyms_name_at[lo];
}

const char *kallsyms_get(unsigned int n, unsigned long *addr)
{
	if (!&kallsyms_count || n >= kallsyms_count)
		return NULL;
	*addr = (unsigned long)_start + kallsyms_offsets[n];
	return kallsyms_names + kallsyms_name_at[n];
}
