/* SPDX-License-Identifier: MIT */
#include "trap/irq.h"

#include "lib/err.h"
#include "lib/fdt.h"
#include "smp/printk.h"
#include "smp/spinlock.h"
#include "smp/tracepoint.h"

#define MAX_PLICS	8
#define MAX_SOURCES	128	/* of a PLIC */
#define MAX_ACTIONS	32	/* of all */
#define NO_CONTEXT	(~0U)

/* Register layout. */
#define PLIC_PRIORITY(irq)	  (4 * (irq))
#define PLIC_ENABLE(ctx, irq)	  (0x2000 + 0x80 * (ctx) + 4 * ((irq) / 32))
#define PLIC_THRESHOLD(ctx)	  (0x200000 + 0x1000 * (ctx))
#define PLIC_CLAIM(ctx)		  (0x200004 + 0x1000 * (ctx))

struct irq_action {
	void (*fn)(void *);
	void *arg;
	const char *name;
};

struct plic {
	u8 *base;			/* [I] */
	u32 phandle, nr_sources;	/* [I] */
	u32 context[NR_CPUS];		/* [I] S-mode context of each hart, or NO_CONTEXT */
	u8 action[MAX_SOURCES];		/* which of the actions, and one; 0: none. Guarded by irq_lock; set once */
};

static DEFINE_SPINLOCK(irq_lock, LOCK_IRQ);
static struct plic plics[MAX_PLICS];
static struct irq_action actions[MAX_ACTIONS];	/* as above */
static unsigned int nr_plics, nr_actions;

/* The hart whose interrupt-controller node has @phandle, or -1. */
static int __init intc_cpu(const void *fdt, u32 phandle)
{
	int cpus = fdt_path(fdt, "/cpus");

	for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n)) {
		int intc = fdt_subnode(fdt, n, "interrupt-controller");
		unsigned int cpu;

		if (intc < 0 || fdt_cell(fdt, intc, "phandle", 0, 0) != phandle)
			continue;
		for_each_possible_cpu(cpu)
			if (cpuid_to_hartid[cpu] == fdt_number(fdt, n, "reg", ~0UL))
				return cpu;
	}
	return -1;
}

void __init plic_init(const void *fdt, void *(*ioremap)(u64 pa, u64 size))
{
	for (int n = fdt_root(fdt); n >= 0 && nr_plics < MAX_PLICS; n = fdt_next(fdt, n)) {
		struct plic *p = &plics[nr_plics];
		u64 addr, size;
		int len;

		if (!fdt_is_compatible(fdt, n, "riscv,plic0") || !fdt_is_available(fdt, n) || fdt_reg(fdt, n, 0, &addr, &size))
			continue;
		p->base = ioremap(addr, size);
		if (!p->base || !fdt_getprop(fdt, n, "interrupts-extended", &len))
			continue;
		p->phandle = fdt_cell(fdt, n, "phandle", 0, 0);
		p->nr_sources = min(fdt_cell(fdt, n, "riscv,ndev", 0, 0), (u32)MAX_SOURCES - 1);
		for (int c = 0; c < NR_CPUS; c++)
			p->context[c] = NO_CONTEXT;
		for (int i = 0; i < len / 8; i++) {
			int cpu;

			if (fdt_cell(fdt, n, "interrupts-extended", 2 * i + 1, 0) != IRQ_S_EXT)
				continue;
			cpu = intc_cpu(fdt, fdt_cell(fdt, n, "interrupts-extended", 2 * i, 0));
			if (cpu >= 0)
				p->context[cpu] = i;
		}
		nr_plics++;
	}
	if (!nr_plics)
		pr_warn("plic: no interrupt controller found\n");
}

void plic_init_cpu(void)
{
	unsigned int cpu = smp_processor_id();

	for (unsigned int i = 0; i < nr_plics; i++) {
		u32 ctx = plics[i].context[cpu];

		if (ctx == NO_CONTEXT)
			continue;
		writel(0, plics[i].base + PLIC_THRESHOLD(ctx));
		for (u32 irq = 0; irq <= plics[i].nr_sources; irq += 32) {
			u32 on = 0;

			for (u32 b = 0; b < 32 && irq + b <= plics[i].nr_sources; b++)
				on |= plics[i].action[irq + b] ? 1U << b : 0;
			writel(on, plics[i].base + PLIC_ENABLE(ctx, irq));
		}
	}
	csr_set(sie, BIT(IRQ_S_EXT));
}

void plic_dying_cpu(void)
{
	unsigned int cpu = smp_processor_id();

	csr_clear(sie, BIT(IRQ_S_EXT));
	for (unsigned int i = 0; i < nr_plics; i++)
		if (plics[i].context[cpu] != NO_CONTEXT)
			for (u32 irq = 0; irq <= plics[i].nr_sources; irq += 32)
				writel(0, plics[i].base + PLIC_ENABLE(plics[i].context[cpu], irq));
}

int request_irq(u32 phandle, unsigned int irq, void (*fn)(void *), void *arg, const char *name)
{
	for (unsigned int i = 0; i < nr_plics; i++) {
		struct plic *p = &plics[i];
		unsigned long flags;
		unsigned int cpu;
		int err = 0;

		if (p->phandle != phandle || !irq || irq > p->nr_sources)
			continue;
		spin_lock_irqsave(&irq_lock, flags);
		if (p->action[irq]) {
			err = -EBUSY;
		} else if (nr_actions == MAX_ACTIONS) {
			err = -ENOSPC;
		} else {
			actions[nr_actions] = (struct irq_action){ fn, arg, name };
			p->action[irq] = ++nr_actions;
			writel(1, p->base + PLIC_PRIORITY(irq));
			for_each_online_cpu(cpu) {
				u8 *en = p->base + PLIC_ENABLE(p->context[cpu], irq);

				if (p->context[cpu] != NO_CONTEXT)
					writel(readl(en) | 1U << irq % 32, en);
			}
		}
		spin_unlock_irqrestore(&irq_lock, flags);
		return err;
	}
	return -EINVAL;
}

void plic_handle(void)
{
	unsigned int cpu = smp_processor_id();

	for (unsigned int i = 0; i < nr_plics; i++) {
		struct plic *p = &plics[i];
		u32 ctx = p->context[cpu], irq;

		if (ctx == NO_CONTEXT)
			continue;
		while ((irq = readl(p->base + PLIC_CLAIM(ctx)))) {
			trace_event(TRACE_IRQ_HANDLER_ENTRY, irq);
			if (irq < MAX_SOURCES && p->action[irq])
				actions[p->action[irq] - 1].fn(actions[p->action[irq] - 1].arg);
			trace_event(TRACE_IRQ_HANDLER_EXIT, irq);
			writel(irq, p->base + PLIC_CLAIM(ctx));
		}
	}
}
