/* SPDX-License-Identifier: MIT */
#include "sys/sys.h"

#include "smp/tracepoint.h"
#include "trap/upcall.h"

typedef long (*syscall_fn)(struct pt_regs *r);

#define CALL(nr, name, ...) [nr] = sys_##name,
static const syscall_fn sys_call_table[NR_syscalls] = {
#include "abi/syscalls.def"
};

static void do_syscall(struct pt_regs *regs)
{
	unsigned long nr = regs->a7;

	if (likely(nr < NR_syscalls && sys_call_table[nr]))
		regs->a0 = sys_call_table[nr](regs);
	else
		regs->a0 = -ENOSYS;
}

/* The number is kept: exec and sigreturn put other registers in the place of these. */
static noinline void traced_syscall(struct pt_regs *regs)
{
	unsigned long nr = regs->a7;

	trace_event(TRACE_SYS_ENTER, nr, regs->a0, regs->a1, regs->a2, regs->a3, regs->a4, regs->a5);
	do_syscall(regs);
	trace_event(TRACE_SYS_EXIT, nr, regs->a0);
}

void sys_on_ecall(struct pt_regs *regs)
{
	if (tracing())
		traced_syscall(regs);
	else
		do_syscall(regs);
}
