/* SPDX-License-Identifier: MIT */
/*
 * System-call numbers of Linux riscv64, __NR_read and so on, and what makes code of the list of calls, syscalls.def.
 */
#ifndef ABI_UNISTD_H
#define ABI_UNISTD_H

#include "abi/types.h"

enum {
#define CALL(nr, name, ...) __NR_##name = (nr),
#define ABSENT(nr, name) __NR_##name = (nr),
#define UNUSED(first, last)
#include "abi/syscalls.def"
	NR_syscalls		/* one more than the last */
};

/*
 * SYSCALL_ARGS(m, sep, none, (type, argument), ...) is m(type, argument) of each argument of a row, with sep() between them;
 * of a call without arguments it is @none.
 */
#define SYSCALL_ARGS(m, sep, none, ...) SYSCALL_ARGS_(0, ##__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)(m, sep, none, ##__VA_ARGS__)
#define SYSCALL_ARGS_(_, a, b, c, d, e, f, n, ...) SYSCALL_ARGS_##n
#define SYSCALL_ARGS_0(m, sep, none) none
#define SYSCALL_ARGS_1(m, sep, none, a) m a
#define SYSCALL_ARGS_2(m, sep, none, a, b) m a sep() m b
#define SYSCALL_ARGS_3(m, sep, none, a, b, c) m a sep() m b sep() m c
#define SYSCALL_ARGS_4(m, sep, none, a, b, c, d) m a sep() m b sep() m c sep() m d
#define SYSCALL_ARGS_5(m, sep, none, a, b, c, d, e) m a sep() m b sep() m c sep() m d sep() m e
#define SYSCALL_ARGS_6(m, sep, none, a, b, c, d, e, f) m a sep() m b sep() m c sep() m d sep() m e sep() m f
#define SYSCALL_COMMA() ,
/* An m for it: 'd' and 'u' have 32 bits at most, 'x' has 64, 'p' is a pointer. */
#define SYSCALL_KIND(type, arg) \
	_Generic((type)0, int: 'd', unsigned int: 'u', umode_t: 'u', long: 'x', unsigned long: 'x', default: 'p')

#endif
