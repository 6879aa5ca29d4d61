/* SPDX-License-Identifier: MIT */
/*
 * The calls that led to a sample: PERF_SAMPLE_CALLCHAIN, by frame pointers. A program has them if it was built with
 * -fno-omit-frame-pointer, the kernel in a debug build. Without them the chain is the sampled place alone: callers are not
 * guessed. Ref: Linux include/uapi/linux/perf_event.h, perf_event_open(2).
 */
#include "events/event_priv.h"

#include "riscv/memlayout.h"
#include "riscv/ptrace.h"
#include "vm/uaccess.h"

struct chain {
	u64 *v;
	unsigned int n;			/* words, markers too */
	unsigned int left;		/* so many addresses more */
};

/* Below s0 lies a frame: the caller's s0, and the address to return to. */
struct frame {
	unsigned long fp, ra;
};

/* Return: is there room for another? */
static bool add(struct chain *c, u64 address)
{
	if (!c->left)
		return false;
	c->v[c->n++] = address;
	return --c->left > 0;
}

/*
 * Frame of @fp in @f: what calls nobody keeps ra in its register, and the caller's s0 in ra's place. Return: false: it is
 * no frame at all, for each is above the one before.
 */
static bool next_frame(unsigned long *fp, struct frame *f, const struct pt_regs *leaf)
{
	if (leaf && f->ra > *fp && f->ra - *fp < THREAD_SIZE && !(f->ra & 7))
		*f = (struct frame){ f->ra, leaf->ra };
	if (f->fp <= *fp || !f->ra)
		return false;
	*fp = f->fp;
	return true;
}

static void user_chain(struct chain *c, const struct pt_regs *regs)
{
	unsigned long fp = regs->s0;
	const struct pt_regs *leaf = regs;
	struct frame f;

	c->v[c->n++] = PERF_CONTEXT_USER;
	/* Nothing is read in for us: in an interrupt, or with interrupts off, a fault ends the copy. */
	for (bool more = add(c, regs->epc); more && fp > sizeof(f) && !(fp & 7); more = add(c, f.ra)) {
		if (copy_from_user(&f, (const void __user *)(fp - sizeof(f)), sizeof(f)) || !next_frame(&fp, &f, leaf))
			return;
		leaf = NULL;
	}
}

static void kernel_chain(struct chain *c, const struct pt_regs *regs)
{
	unsigned long fp = regs->s0, end = ALIGN_UP(regs->sp, (unsigned long)THREAD_SIZE);
	const struct pt_regs *leaf = regs;
	struct frame f;

	c->v[c->n++] = PERF_CONTEXT_KERNEL;
	for (bool more = add(c, regs->epc); more && CONFIG_DEBUG; more = add(c, f.ra)) {
		if (fp < regs->sp + sizeof(f) || fp > end || fp & 7)
			return;
		f = *(const struct frame *)(fp - sizeof(f));
		if (!next_frame(&fp, &f, leaf) || f.ra < (unsigned long)_start || f.ra >= (unsigned long)_text_end)
			return;
		leaf = NULL;
	}
}

unsigned int perf_callchain(const struct perf_event *e, const struct pt_regs *regs, u64 *v)
{
	struct chain c = { v, 1, e->attr.sample_max_stack };
	u64 flags = e->attr.flags;

	if (!user_mode(regs) && !(flags & (PERF_ATTR_EXCLUDE_CALLCHAIN_KERNEL | PERF_ATTR_EXCLUDE_KERNEL)))
		kernel_chain(&c, regs);
	if (!user_mode(regs))
		regs = current->mm ? task_pt_regs(current) : NULL;
	if (regs && c.left && !(flags & PERF_ATTR_EXCLUDE_CALLCHAIN_USER))
		user_chain(&c, regs);
	v[0] = c.n - 1;
	return c.n;
}
