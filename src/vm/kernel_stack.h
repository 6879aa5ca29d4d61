/* SPDX-License-Identifier: MIT */
/* Kernel stacks. */
#ifndef VM_KERNEL_STACK_H
#define VM_KERNEL_STACK_H

#include "lib/compiler.h"

/** alloc_kernel_stack - THREAD_SIZE bytes aligned to twice that, nothing mapped below. Return: lowest byte or NULL. */
void *alloc_kernel_stack(void) __must_check;
/** free_kernel_stack - Context: any with interrupts on. */
void free_kernel_stack(void *stack);
/** kernel_stacks_trim - Unmap what the pool of free stacks has too many. Context: task, may sleep. */
void kernel_stacks_trim(void);
/** kernel_stacks_drain_local - This hart's go to the common pool. Context: interrupts off. */
void kernel_stacks_drain_local(void);
/** kernel_stacks_drain - Empty the cache of stacks. Context: task. */
void kernel_stacks_drain(void);

#endif
