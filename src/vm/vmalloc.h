/* SPDX-License-Identifier: MIT */
/* Areas of pages that are mapped side by side, and of MMIO. */
#ifndef VM_VMALLOC_H
#define VM_VMALLOC_H

#include "riscv/memlayout.h"

/** vmalloc_init - Its lock. Context: boot, before all others here. */
void vmalloc_init(void);
/** ioremap - Map @size bytes of MMIO at @pa, for good. Return: the address of @pa, or NULL: no memory. Context: task or boot. */
void *ioremap(phys_addr_t pa, u64 size);
/** vmalloc - @size bytes of pages mapped side by side, a guard page behind. Return: or NULL, also for 0. Context: task, may sleep. */
void *vmalloc(size_t size) __must_check;
/** vmalloc_aligned - The same at a multiple of @align, a power of two of pages; nothing is mapped in @guard bytes behind. */
void *vmalloc_aligned(size_t size, size_t align, size_t guard) __must_check;
/** vfree - Unmap and free what vmalloc() or vmalloc_aligned() gave; NULL is fine. Context: task, may sleep. */
void vfree(void *p);

#endif
