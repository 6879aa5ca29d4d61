/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: mapped, with nothing mapped below, so that an overflow faults. Free ones stay mapped, in caches.
 */
#ifndef VM_KERNEL_STACK_H
#define VM_KERNEL_STACK_H

#include "lib/compiler.h"

/**
 * alloc_kernel_stack - THREAD_SIZE bytes, aligned to twice that. Return: its lowest byte, or NULL: no memory.
 * Context: task, may sleep; or boot.
 */
void *alloc_kernel_stack(void) __must_check;
/** free_kernel_stack - @stack goes to a cache. Nobody runs on it. Context: any but interrupts; does not sleep. */
void free_kernel_stack(void *stack);
/** kernel_stacks_trim - Unmap and free what the common pool has above STACK_POOL. Context: task, may sleep. */
void kernel_stacks_trim(void);
/** kernel_stacks_drain_local - This hart's cache goes to the common pool. Context: interrupts off. */
void kernel_stacks_drain_local(void);
/** kernel_stacks_drain - Unmap and free all cached stacks of all harts. Context: task, may sleep. */
void kernel_stacks_drain(void);

#endif
