/* SPDX-License-Identifier: MIT */
/* Areas of pages that are mapped side by side, and of MMIO. */
#ifndef VM_VMALLOC_H
#define VM_VMALLOC_H

#include "riscv/memlayout.h"

/** vmalloc_init - Tables come from the page allocator from now on. Context: boot. */
void vmalloc_init(void);
/** ioremap - Map @size bytes of MMIO at @pa. Return: address or NULL. Context: task or boot. */
void *ioremap(phys_addr_t pa, u64 size);
/** vmalloc - @size bytes of pages mapped side by side, a guard page behind. NULL: no memory. Context: task, may sleep. */
void *vmalloc(size_t size) __must_check;
void *vmalloc_aligned(size_t size, size_t align, size_t guard);
/** vfree - Context: task, may sleep. */
void vfree(void *p);

#endif
