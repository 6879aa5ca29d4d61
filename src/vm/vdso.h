/* SPDX-License-Identifier: MIT */
/*
 * The vDSO: a page of every program's, an ELF shared object (vdso.S) with calls that need no trap. Its clocks read the time
 * CSR and what the kernel keeps for them at VDSO_DATA.
 */
#ifndef VM_VDSO_H
#define VM_VDSO_H

#define VDSO_RT_SIGRETURN 0x800	/* where a handler returns to */
#define VDSO_DATA 0xfc0		/* struct timekeeping_data */

#ifndef __ASSEMBLER__
#include "lib/compiler.h"

struct mm_struct;

/** vdso_init - Make the page. Context: boot. */
void vdso_init(void);
/** map_vdso - Put it into @mm, which is new. Return: 0 or -ENOMEM. Context: task; takes mmap_lock. */
int map_vdso(struct mm_struct *mm) __must_check;
#endif

#endif
