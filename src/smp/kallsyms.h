/* SPDX-License-Identifier: MIT */
/* Names of the kernel's functions, for backtraces; the build makes the table. */
#ifndef SMP_KALLSYMS_H
#define SMP_KALLSYMS_H

#include "lib/compiler.h"

/** kallsyms_lookup - Function that holds @addr: name, *@offset into it, *@size. NULL: none. Context: any. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *offset, unsigned long *size);
/** kallsyms_get - Name of the @n-th of them, in order, and its *@addr. NULL: there are no more. Context: any. */
const char *kallsyms_get(unsigned int n, unsigned long *addr);

#endif
