/* SPDX-License-Identifier: MIT */
/*
 * From a trap to the function of a call. The registers that user mode puts a call's arguments into are those that C passes
 * arguments in, so from there to sys_*() they stay where they are.
 */
#include "sys/sys.h"

#include "lib/err.h"
#include "smp/irqflags.h"
#include "smp/tracepoint.h"
#include "trap/upcall.h"

typedef long (*syscall_fn)(unsigned long, unsigned long, unsigned long, unsigned long, unsigned long, unsigned long);

static long sys_ni_syscall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)
{
	return -ENOSYS;
}

/*
 * User mode may leave anything in the upper half of a register with a 32-bit argument, where C expects its sign: a call that
 * has such an argument goes through __se_sys_*(), which cuts it. All others are called as they are.
 */
#define REGISTER(type, arg) unsigned long arg
#define CUT(type, arg) (type)arg
#define CALL(nr, name, ...)										\
static __maybe_unused long __se_sys_##name(SYSCALL_ARGS(REGISTER, SYSCALL_COMMA, void, ##__VA_ARGS__))	\
{													\
	return sys_##name(SYSCALL_ARGS(CUT, SYSCALL_COMMA, , ##__VA_ARGS__));				\
}
#include "abi/syscalls.def"

#define FILLS_REGISTER(type, arg) sizeof(type) == sizeof(unsigned long)
#define AND() &&
#define ENTRY(fn) (syscall_fn)(void (*)(void))(fn)

static const syscall_fn sys_call_table[NR_syscalls] = {
#define CALL(nr, name, ...) \
	[nr] = ENTRY(__builtin_choose_expr(SYSCALL_ARGS(FILLS_REGISTER, AND, 1, ##__VA_ARGS__), sys_##name, __se_sys_##name)),
#define ABSENT(nr, name) [nr] = sys_ni_syscall,
#define UNUSED(first, last) [first ... last] = sys_ni_syscall,
#include "abi/syscalls.def"
};

/* That no number has two rows the compiler warns of: so each has one, and the table has no hole. */
_Static_assert(0
#define CALL(nr, name, ...) + 1
#define ABSENT(nr, name) + 1
#define UNUSED(first, last) + (last) - (first) + 1
#include "abi/syscalls.def"
	       == NR_syscalls, "a number without a row");

static __always_inline long do_syscall(unsigned long nr, unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3,
				       unsigned long a4, unsigned long a5)
{
	return likely(nr < NR_syscalls) ? sys_call_table[nr](a0, a1, a2, a3, a4, a5) : -ENOSYS;
}

static noinline long traced_syscall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4,
				    unsigned long a5, unsigned long nr)
{
	long ret;

	trace_event(TRACE_SYS_ENTER, nr, a0, a1, a2, a3, a4, a5);
	ret = do_syscall(nr, a0, a1, a2, a3, a4, a5);
	trace_event(TRACE_SYS_EXIT, nr, ret);
	return ret;
}

long sys_on_ecall(unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5,
		  struct pt_regs *regs, unsigned long nr)
{
	local_irq_enable();
	regs->epc += 4;
	regs->orig_a0 = a0;
	if (tracing())
		return traced_syscall(a0, a1, a2, a3, a4, a5, nr);
	return do_syscall(nr, a0, a1, a2, a3, a4, a5);
}
