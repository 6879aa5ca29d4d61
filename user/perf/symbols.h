/* SPDX-License-Identifier: MIT */
/* Names of functions: the kernel's by /proc/kallsyms, a program's by its symbol table. */
#ifndef USER_PERF_SYMBOLS_H
#define USER_PERF_SYMBOLS_H

#include <stdint.h>

struct dso;

/** dso_find - The program or library at @path; "[kernel.kallsyms]": the kernel. Never NULL. The same path: the same. */
struct dso *dso_find(const char *path);
/** dso_name - The last part of its path. */
const char *dso_name(const struct dso *d);
/** dso_path - The whole of it. */
const char *dso_path(const struct dso *d);
/**
 * dso_symbol - The function at @at: an address, of the kernel; else an offset into the file. *@off: how far in it that is.
 * Return: NULL: not known.
 */
const char *dso_symbol(struct dso *d, uint64_t at, uint64_t *off);

#endif
