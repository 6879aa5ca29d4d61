/* SPDX-License-Identifier: MIT */
/*
 * Supervisor CSRs and their bits. Source: The RISC-V Instruction Set Manual,
 * Volume II, chapters "Supervisor-Level ISA" and extensions Sstc, Sscofpmf.
 */
#ifndef RISCV_CSR_H
#define RISCV_CSR_H

#define SR_SIE		0x00000002	/* interrupts on */
#define SR_SPIE		0x00000020	/* interrupts on after sret */
#define SR_SPP		0x00000100	/* trapped from S-mode */
#define SR_FS		0x00006000	/* floating point: 0 off, 1 initial, 2 clean, 3 dirty */
#define SR_FS_INITIAL	0x00002000
#define SR_FS_CLEAN	0x00004000
#define SR_FS_DIRTY	0x00006000
#define SR_SUM		0x00040000	/* S-mode may touch user pages */
#define SR_UXL_64	0x200000000

#define IRQ_S_SOFT	1
#define IRQ_S_TIMER	5
#define IRQ_S_EXT	9
#define IRQ_S_PMU	13		/* Sscofpmf: a counter overflowed */

#define EXC_INST_MISALIGNED	0
#define EXC_INST_ACCESS		1
#define EXC_INST_ILLEGAL	2
#define EXC_BREAKPOINT		3
#define EXC_LOAD_MISALIGNED	4
#define EXC_LOAD_ACCESS		5
#define EXC_STORE_MISALIGNED	6
#define EXC_STORE_ACCESS	7
#define EXC_SYSCALL		8
#define EXC_INST_PAGE_FAULT	12
#define EXC_LOAD_PAGE_FAULT	13
#define EXC_STORE_PAGE_FAULT	15

#define SATP_MODE_SV39	(8UL << 60)

#ifndef __ASSEMBLER__

#include "lib/compiler.h"

#define csr_read(csr) ({						\
	unsigned long _v;						\
	__asm__ volatile("csrr %0, " #csr : "=r"(_v) :: "memory");	\
	_v; })
#define csr_write(csr, v) \
	__asm__ volatile("csrw " #csr ", %0" :: "rK"((unsigned long)(v)) : "memory")
#define csr_set(csr, v) \
	__asm__ volatile("csrs " #csr ", %0" :: "rK"((unsigned long)(v)) : "memory")
#define csr_clear(csr, v) \
	__asm__ volatile("csrc " #csr ", %0" :: "rK"((unsigned long)(v)) : "memory")
#define csr_read_clear(csr, v) ({					\
	unsigned long _v;						\
	__asm__ volatile("csrrc %0, " #csr ", %1"			\
			 : "=r"(_v) : "rK"((unsigned long)(v)) : "memory"); \
	_v; })

/* By number, a constant. */
#define csr_read_nr(nr) ({						\
	unsigned long _v;						\
	__asm__ volatile("csrr %0, %1" : "=r"(_v) : "i"(nr) : "memory"); \
	_v; })
/* stimecmp (Sstc) by number: the assembler does not know the name. */
#define csr_read_stimecmp()	csr_read_nr(0x14d)
#define csr_write_stimecmp(v) \
	__asm__ volatile("csrw 0x14d, %0" :: "r"((unsigned long)(v)) : "memory")

static inline unsigned long rdtime(void)
{
	return csr_read(time);
}

static inline void wait_for_interrupt(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* Local TLB flushes. Ref: privileged manual, SFENCE.VMA. */
static inline void local_flush_tlb_all(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

static inline void local_flush_tlb_page(unsigned long addr)
{
	__asm__ volatile("sfence.vma %0" :: "r"(addr) : "memory");
}

static inline void local_flush_icache(void)
{
	__asm__ volatile("fence.i" ::: "memory");
}

#define mb()		__asm__ volatile("fence iorw, iorw" ::: "memory")
#define smp_mb()	__asm__ volatile("fence rw, rw" ::: "memory")
#define smp_rmb()	__asm__ volatile("fence r, r" ::: "memory")
#define smp_wmb()	__asm__ volatile("fence w, w" ::: "memory")

/* Harts take turns on one host thread: a hart that spins must give its turn away (smp/turns.h). */
extern bool harts_take_turns;

/* For loops that wait for another hart: a hint to one that shares our pipeline. Zihintpause is encoded as a fence. */
static inline void cpu_relax(void)
{
	if (unlikely(harts_take_turns))
		__asm__ volatile("call t0, cpu_give_turn_saving" ::: "t0", "memory");
	else
		__asm__ volatile(".insn 0x0100000f" ::: "memory");
}

static inline unsigned long arch_local_irq_save(void)
{
	return csr_read_clear(sstatus, SR_SIE) & SR_SIE;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	csr_set(sstatus, flags & SR_SIE);
}

static inline void arch_local_irq_disable(void)
{
	csr_clear(sstatus, SR_SIE);
}

static inline void arch_local_irq_enable(void)
{
	csr_set(sstatus, SR_SIE);
}

static inline bool arch_irqs_disabled(void)
{
	return !(csr_read(sstatus) & SR_SIE);
}

/* MMIO: volatile plus fences that order it against memory. */
static inline u8 readb(const volatile void *p)
{
	u8 v = *(const volatile u8 *)p;

	__asm__ volatile("fence i, r" ::: "memory");
	return v;
}

static inline u32 readl(const volatile void *p)
{
	u32 v = *(const volatile u32 *)p;

	__asm__ volatile("fence i, r" ::: "memory");
	return v;
}

static inline void writeb(u8 v, volatile void *p)
{
	__asm__ volatile("fence w, o" ::: "memory");
	*(volatile u8 *)p = v;
}

static inline void writel(u32 v, volatile void *p)
{
	__asm__ volatile("fence w, o" ::: "memory");
	*(volatile u32 *)p = v;
}

#endif /* __ASSEMBLER__ */
#endif
