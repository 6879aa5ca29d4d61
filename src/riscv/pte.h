/* SPDX-License-Identifier: MIT */
/*
 * Sv39 page-table entries, and the protections made of them.
 * Source: privileged manual, "Sv39". Bits 8 and 9 are software's.
 */
#ifndef RISCV_PTE_H
#define RISCV_PTE_H

#include "riscv/memlayout.h"

typedef u64 pte_t;

#define _PAGE_PRESENT	BIT(0)
#define _PAGE_READ	BIT(1)
#define _PAGE_WRITE	BIT(2)
#define _PAGE_EXEC	BIT(3)
#define _PAGE_USER	BIT(4)
#define _PAGE_GLOBAL	BIT(5)
#define _PAGE_ACCESSED	BIT(6)
#define _PAGE_DIRTY	BIT(7)
#define _PAGE_SPECIAL	BIT(8)	/* no struct page is counted: zero page, vDSO */
#define _PAGE_LEAF	(_PAGE_READ | _PAGE_WRITE | _PAGE_EXEC)
#define PTE_PPN_SHIFT	10
#define PTRS_PER_TABLE	512

/* A and D are set beforehand: a machine with Svade would fault for them. */
#define PAGE_KERNEL	(_PAGE_PRESENT | _PAGE_READ | _PAGE_WRITE | _PAGE_GLOBAL | _PAGE_ACCESSED | _PAGE_DIRTY)
#define PAGE_KERNEL_RO	(_PAGE_PRESENT | _PAGE_READ | _PAGE_GLOBAL | _PAGE_ACCESSED)
#define PAGE_KERNEL_RX	(PAGE_KERNEL_RO | _PAGE_EXEC)
#define PAGE_USER_BASE	(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)

static inline pte_t mk_pte_pfn(unsigned long pfn, pte_t prot)
{
	return (pfn << PTE_PPN_SHIFT) | prot;
}

static inline unsigned long pte_pfn(pte_t pte)
{
	return (pte >> PTE_PPN_SHIFT) & (BIT(44) - 1);
}

static inline phys_addr_t pte_pa(pte_t pte)
{
	return (phys_addr_t)pte_pfn(pte) << PAGE_SHIFT;
}

static inline bool pte_present(pte_t pte)
{
	return pte & _PAGE_PRESENT;
}

static inline bool pte_write(pte_t pte)
{
	return pte & _PAGE_WRITE;
}

static inline bool pte_is_leaf(pte_t pte)
{
	return pte & _PAGE_LEAF;
}

/* Level 2 is the root (1 GiB an entry), 0 the last (4 KiB). */
static inline unsigned int pt_index(unsigned long addr, int level)
{
	return (addr >> (PAGE_SHIFT + 9 * level)) & (PTRS_PER_TABLE - 1);
}

static inline unsigned long pt_span(int level)
{
	return 1UL << (PAGE_SHIFT + 9 * level);
}

#endif
