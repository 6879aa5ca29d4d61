/* SPDX-License-Identifier: MIT */
/* _start: the kernel leaves argc, argv, envp and auxv at sp. */
	.text
	.globl _start
_start:
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	mv	a0, sp
	andi	sp, sp, -16
	tail	__libc_start
