/* SPDX-License-Identifier: MIT */
/* The interrupt controller, one a NUMA node. Source: RISC-V PLIC specification 1.0. */
#include "dev/probe.h"
#include "lib/err.h"
#include "lib/fdt.h"
#include "trap/irq.h"

#define MAX_PLICS	8
#define NO_CONTEXT	(~0U)

/* Register layout. */
#define PLIC_PRIORITY(irq)	  (4 * (irq))
#define PLIC_ENABLE(ctx, irq)	  (0x2000 + 0x80 * (ctx) + 4 * ((irq) / 32))
#define PLIC_THRESHOLD(ctx)	  (0x200000 + 0x1000 * (ctx))
#define PLIC_CLAIM(ctx)		  (0x200004 + 0x1000 * (ctx))

struct plic {
	struct irq_chip chip;
	u8 *base;				/* [I] */
	u32 context[NR_CPUS];			/* [I] S-mode context of each hart, or NO_CONTEXT */
	u32 enabled[IRQ_MAX_SOURCES / 32];	/* a bit a source; irq_lock */
};

static struct plic plics[MAX_PLICS];
static unsigned int nr_plics;

static struct plic *to_plic(struct irq_chip *chip)
{
	return (struct plic *)((char *)chip - offsetof(struct plic, chip));
}

static u32 plic_claim(struct irq_chip *chip)
{
	struct plic *p = to_plic(chip);
	u32 ctx = p->context[smp_processor_id()];

	return ctx == NO_CONTEXT ? 0 : readl(p->base + PLIC_CLAIM(ctx));
}

static void plic_complete(struct irq_chip *chip, u32 irq)
{
	struct plic *p = to_plic(chip);

	writel(irq, p->base + PLIC_CLAIM(p->context[smp_processor_id()]));
}

static void plic_enable(struct irq_chip *chip, u32 irq)
{
	struct plic *p = to_plic(chip);
	unsigned int cpu;

	p->enabled[irq / 32] |= 1U << irq % 32;
	writel(1, p->base + PLIC_PRIORITY(irq));
	for_each_online_cpu(cpu)
		if (p->context[cpu] != NO_CONTEXT)
			writel(p->enabled[irq / 32], p->base + PLIC_ENABLE(p->context[cpu], irq));
}

static void plic_init_cpu(struct irq_chip *chip)
{
	struct plic *p = to_plic(chip);
	u32 ctx = p->context[smp_processor_id()];

	if (ctx == NO_CONTEXT)
		return;
	writel(0, p->base + PLIC_THRESHOLD(ctx));
	for (u32 irq = 0; irq <= chip->nr_sources; irq += 32)
		writel(p->enabled[irq / 32], p->base + PLIC_ENABLE(ctx, irq));
}

static void plic_dying_cpu(struct irq_chip *chip)
{
	struct plic *p = to_plic(chip);
	u32 ctx = p->context[smp_processor_id()];

	if (ctx == NO_CONTEXT)
		return;
	for (u32 irq = 0; irq <= chip->nr_sources; irq += 32)
		writel(0, p->base + PLIC_ENABLE(ctx, irq));
}

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

static int __init plic_probe(const struct device *dev)
{
	struct plic *p = &plics[nr_plics];
	int len;

	if (nr_plics == MAX_PLICS)
		return -ENOSPC;
	if (!fdt_getprop(dev->fdt, dev->node, "interrupts-extended", &len))
		return -EINVAL;
	p->base = dev->base;
	p->chip = (struct irq_chip){
		.phandle = fdt_cell(dev->fdt, dev->node, "phandle", 0, 0),
		.nr_sources = min(fdt_cell(dev->fdt, dev->node, "riscv,ndev", 0, 0), (u32)IRQ_MAX_SOURCES - 1),
		.claim = plic_claim, .complete = plic_complete, .enable = plic_enable,
		.init_cpu = plic_init_cpu, .dying_cpu = plic_dying_cpu,
	};
	for (int c = 0; c < NR_CPUS; c++)
		p->context[c] = NO_CONTEXT;
	for (int i = 0; i < len / 8; i++) {
		int cpu;

		if (fdt_cell(dev->fdt, dev->node, "interrupts-extended", 2 * i + 1, 0) != IRQ_S_EXT)
			continue;
		cpu = intc_cpu(dev->fdt, fdt_cell(dev->fdt, dev->node, "interrupts-extended", 2 * i, 0));
		if (cpu >= 0)
			p->context[cpu] = i;
	}
	nr_plics++;
	return register_irq_chip(&p->chip);
}

DRIVER(plic) = { .compatible = { "sifive,plic-1.0.0", "riscv,plic0" }, .probe = plic_probe };
