/* SPDX-License-Identifier: MIT */
#include "sys/sys.h"

#include "trap/upcall.h"

typedef long (*syscall_fn)(struct pt_regs *r);

#define SYSCALL_ENTRY(name, nr) [nr] = sys_##name,
static const syscall_fn sys_call_table[NR_syscalls] = { SYSCALL_LIST(SYSCALL_ENTRY) };

void sys_on_ecall(struct pt_regs *regs)
{
	unsigned long nr = regs->a7;

	if (likely(nr < NR_syscalls && sys_call_table[nr]))
		regs->a0 = sys_call_table[nr](regs);
	else
		regs->a0 = -ENOSYS;
}
