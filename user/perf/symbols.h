/* SPDX-License-Identifier: MIT */
/* Names of functions: the kernel's by /proc/kallsyms, a program's by its symbol table. */
#ifndef USER_PERF_SYMBOLS_H
#define USER_PERF_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

struct dso;

/* A function: its addresses, as its file has them, and what is there. */
struct function {
	const char *name;
	uint64_t addr, end;
	const uint8_t *code;
};

/** dso_find - The program or library at @path; "[kernel.kallsyms]": the kernel. Never NULL. The same path: the same. */
struct dso *dso_find(const char *path);
/** dso_name - The last part of its path. */
const char *dso_name(const struct dso *d);
/** dso_path - The whole of it. */
const char *dso_path(const struct dso *d);
/** dso_address - The address, as its file has it, of what is at offset @at of that; the kernel's are what they are. */
uint64_t dso_address(struct dso *d, uint64_t at);
/** dso_symbol - The function at address @addr. *@off: how far in it that is. Return: NULL: not known. */
const char *dso_symbol(struct dso *d, uint64_t addr, uint64_t *off);
/**
 * dso_function - The function at address @addr, with its code: of the kernel's, /proc/kcore has that.
 * Return: false: it is not known, or its code is not to be had; dso_error() tells.
 */
bool dso_function(struct dso *d, uint64_t addr, struct function *f);
/** dso_error - Why there is nothing of it: an errno; 0: there is. dso_code_path - The file that has its code. */
int dso_error(struct dso *d);
const char *dso_code_path(const struct dso *d);

#endif
