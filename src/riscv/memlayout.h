/* SPDX-License-Identifier: MIT */
/*
 * The address space, Sv39 (39 bits, sign extended):
 *
 *   0000000000000000  user, up to TASK_SIZE
 *   ffffffc000000000  vmemmap: struct page of each page frame (4 GiB)
 *   ffffffc800000000  vmalloc: kernel stacks, MMIO, large tables (4 GiB)
 *   ffffffd800000000  direct map of all memory, at its physical address
 *   ffffffff80000000  kernel image; the same 2 GiB of physical space from 0x80000000
 */
#ifndef RISCV_MEMLAYOUT_H
#define RISCV_MEMLAYOUT_H

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1 << PAGE_SHIFT)
#define PMD_SHIFT	21
#define PGDIR_SHIFT	30

#define VMEMMAP_START	0xffffffc000000000
#define VMALLOC_START	0xffffffc800000000
#define VMALLOC_END	0xffffffc900000000
#define PAGE_OFFSET	0xffffffd800000000
#define KERNEL_LINK	0xffffffff80200000	/* loaded at 0x80200000 */
#define KERNEL_OFFSET	0xffffffff00000000	/* image address minus physical address */

#define THREAD_SHIFT	14
#define THREAD_SIZE	(1 << THREAD_SHIFT)

#ifndef __ASSEMBLER__
#include "lib/compiler.h"

#define PAGE_MASK	(~(unsigned long)(PAGE_SIZE - 1))
#define TASK_SIZE	0x4000000000UL	/* first address that is not user's */
#define PAGE_ALIGN(x)	ALIGN_UP((unsigned long)(x), (unsigned long)PAGE_SIZE)

typedef u64 phys_addr_t;

static inline void *__va(phys_addr_t pa)
{
	return (void *)(pa + PAGE_OFFSET);
}

/* @kva is in the direct map or in the kernel image. */
static inline phys_addr_t __pa(const void *kva)
{
	unsigned long a = (unsigned long)kva;

	return a >= KERNEL_OFFSET ? a - KERNEL_OFFSET : a - PAGE_OFFSET;
}

/* Linker-made. */
extern char _start[], _text_end[], __init_begin[], __init_end[], _rodata_start[], _rodata_end[];
extern char _data_start[], _end[], __percpu_start[], __percpu_end[];
extern char __initramfs_start[], __initramfs_end[];
#endif
#endif
