/* SPDX-License-Identifier: MIT */
#include "trap/irq.h"

#include "lib/err.h"
#include "smp/spinlock.h"
#include "smp/tracepoint.h"

#define MAX_CHIPS	8
#define MAX_ACTIONS	32	/* of all chips */
#define MAX_LOCAL	16	/* causes */

struct irq_action {
	void (*fn)(void *);
	void *arg;
	const char *name;
};

static DEFINE_SPINLOCK(irq_lock, LOCK_IRQ);
static struct irq_chip *chips[MAX_CHIPS];	/* set at boot */
static unsigned int nr_chips;
static struct irq_action actions[MAX_ACTIONS];	/* set once, under irq_lock, before a chip's action[] tells of them */
static unsigned int nr_actions;
static void (*local_handlers[MAX_LOCAL])(const struct pt_regs *regs);	/* by cause; set at boot */

int __init register_irq_chip(struct irq_chip *chip)
{
	if (nr_chips == MAX_CHIPS)
		return -ENOSPC;
	chips[nr_chips++] = chip;
	return 0;
}

static struct irq_chip *find_chip(u32 phandle)
{
	for (unsigned int i = 0; i < nr_chips; i++)
		if (chips[i]->phandle == phandle)
			return chips[i];
	return NULL;
}

int request_irq(u32 phandle, unsigned int irq, void (*fn)(void *), void *arg, const char *name)
{
	struct irq_chip *chip = find_chip(phandle);
	unsigned long flags;
	int err = 0;

	if (!chip || !irq || irq > chip->nr_sources)
		return -EINVAL;
	spin_lock_irqsave(&irq_lock, flags);
	if (chip->action[irq]) {
		err = -EBUSY;
	} else if (nr_actions == MAX_ACTIONS) {
		err = -ENOSPC;
	} else {
		actions[nr_actions] = (struct irq_action){ fn, arg, name };
		chip->action[irq] = ++nr_actions;
		chip->enable(chip, irq);
	}
	spin_unlock_irqrestore(&irq_lock, flags);
	return err;
}

void __init request_local_irq(unsigned int cause, void (*fn)(const struct pt_regs *regs))
{
	BUG_ON(cause >= MAX_LOCAL || local_handlers[cause]);
	local_handlers[cause] = fn;
}

void handle_local_irq(const struct pt_regs *regs)
{
	unsigned long cause = regs->cause & ~CAUSE_IRQ_FLAG;

	if (cause >= MAX_LOCAL || !local_handlers[cause])
		panic("unexpected interrupt, cause %lx", regs->cause);
	local_handlers[cause](regs);
}

void irq_init_cpu(void)
{
	for (unsigned int i = 0; i < nr_chips; i++)
		chips[i]->init_cpu(chips[i]);
	csr_set(sie, BIT(IRQ_S_EXT));
}

void irq_dying_cpu(void)
{
	csr_clear(sie, BIT(IRQ_S_EXT));
	for (unsigned int i = 0; i < nr_chips; i++)
		chips[i]->dying_cpu(chips[i]);
}

void handle_external_irq(void)
{
	for (unsigned int i = 0; i < nr_chips; i++) {
		struct irq_chip *chip = chips[i];
		u32 irq;

		while ((irq = chip->claim(chip))) {
			trace_event(TRACE_IRQ_HANDLER_ENTRY, irq);
			if (irq < IRQ_MAX_SOURCES && chip->action[irq])
				actions[chip->action[irq] - 1].fn(actions[chip->action[irq] - 1].arg);
			trace_event(TRACE_IRQ_HANDLER_EXIT, irq);
			chip->complete(chip, irq);
		}
	}
}
