/* SPDX-License-Identifier: MIT */
/* Trace records as text: ftrace's columns, with exactly four flags. */
#include "pseudofs/tracefs.h"

#include "smp/kallsyms.h"
#include "smp/printk.h"
#include "time/clock.h"
#include "trace/trace.h"
#include "trap/softirq.h"

#define LAST_EVENTS 20	/* that a panic tells */

static void print_task_event(struct seq_file *m, const struct trace_entry *e)
{
	const struct trace_task *t = &e->task;
	bool idle = !t->pid;

	switch (e->type) {
	case TRACE_SCHED_SWITCH:
		if (e->pid)
			seq_printf(m, "prev_comm=%s", e->comm);
		else
			seq_printf(m, "prev_comm=swapper/%u", e->cpu);
		seq_printf(m, " prev_pid=%d prev_prio=%d prev_state=%s ==> ", e->pid, t->prev_prio, t->state);
		if (idle)
			seq_printf(m, "next_comm=swapper/%u", e->cpu);
		else
			seq_printf(m, "next_comm=%s", t->comm);
		seq_printf(m, " next_pid=%d next_prio=%d\n", t->pid, t->prio);
		break;
	case TRACE_SCHED_MIGRATE_TASK:
		seq_printf(m, "comm=%s pid=%d prio=%d orig_cpu=%u dest_cpu=%u\n", t->comm, t->pid, t->prio, t->orig_cpu, t->cpu);
		break;
	case TRACE_SCHED_PROCESS_FORK:
		seq_printf(m, "comm=%s pid=%d child_comm=%s child_pid=%d\n", e->comm, e->pid, t->comm, t->pid);
		break;
	case TRACE_SCHED_PROCESS_EXIT:
		seq_printf(m, "comm=%s pid=%d prio=%d\n", t->comm, t->pid, t->prio);
		break;
	default:
		seq_printf(m, "comm=%s pid=%d prio=%d target_cpu=%03u\n", t->comm, t->pid, t->prio, t->cpu);
	}
}

const char *const trace_idle_names[] = { "busy", "idle", "newidle" };
const char *const trace_migration_names[] = { "none", "task", "load", "spread", "misfit" };

static void print_words(struct seq_file *m, enum trace_type t, const u64 *w)
{
	unsigned long off, size;

	switch (t) {
	case TRACE_PAGE_FAULT_USER:
		seq_printf(m, "address=0x%lx ip=0x%lx error_code=0x%lx\n", w[0], w[1], w[2]);
		break;
	case TRACE_IRQ_HANDLER_ENTRY:
		seq_printf(m, "irq=%lu name=plic\n", w[0]);
		break;
	case TRACE_IRQ_HANDLER_EXIT:
		seq_printf(m, "irq=%lu ret=handled\n", w[0]);
		break;
	case TRACE_SOFTIRQ_RAISE:
	case TRACE_SOFTIRQ_ENTRY:
	case TRACE_SOFTIRQ_EXIT:
		seq_printf(m, "vec=%lu [action=%s]\n", w[0], w[0] < NR_SOFTIRQS ? softirq_names[w[0]] : "?");
		break;
	case TRACE_HRTIMER_EXPIRE_ENTRY: {
		const char *name = kallsyms_lookup(w[1], &off, &size);

		seq_printf(m, "hrtimer=%016lx function=%s now=%lu\n", w[0], name ? name : "?", w[2]);
		break;
	}
	case TRACE_HRTIMER_EXPIRE_EXIT:
		seq_printf(m, "hrtimer=%016lx\n", w[0]);
		break;
	case TRACE_IPI_RAISE:
		seq_printf(m, "target_mask=%08lx (%s)\n", w[0], ipi_names[w[1] % NR_IPIS]);
		break;
	case TRACE_IPI_ENTRY:
	case TRACE_IPI_EXIT:
		seq_printf(m, "(%s)\n", ipi_names[w[0] % NR_IPIS]);
		break;
	case TRACE_SYS_ENTER:
		seq_printf(m, "NR %lu (%lx, %lx, %lx, %lx, %lx, %lx)\n", w[0], w[1], w[2], w[3], w[4], w[5], w[6]);
		break;
	case TRACE_SYS_EXIT:
		seq_printf(m, "NR %lu = %ld\n", w[0], (long)w[1]);
		break;
	case TRACE_SIGNAL_GENERATE:
		seq_printf(m, "sig=%lu errno=0 code=%d comm=%.16s pid=%lu grp=%lu res=0\n", w[0], (int)w[1], (const char *)&w[4],
			   w[2], w[3]);
		break;
	case TRACE_SIGNAL_DELIVER:
		seq_printf(m, "sig=%lu errno=0 code=%d sa_handler=%lx sa_flags=%lx\n", w[0], (int)w[1], w[2], w[3]);
		break;
	case TRACE_LOAD_BALANCE:
		seq_printf(m, "cpu=%lu level=%lu idle=%s busiest=%d type=%s imbalance=%lu moved=%lu\n", w[0], w[1],
			   trace_idle_names[w[2] % NR_TRACE_IDLE_NAMES], (int)w[3],
			   trace_migration_names[w[4] % NR_TRACE_MIGRATION_NAMES], w[5], w[6]);
		break;
	default:
		seq_printf(m, "pfn=0x%lx order=%lu\n", w[0], w[1]);
	}
}

/* @e->cpu has been set to its hart. */
void trace_print_entry(struct seq_file *m, const struct trace_entry *e)
{
	char irq = (e->flags & TRACE_HARDIRQ) ? (e->flags & TRACE_SOFTIRQ) ? 'H' : 'h' : (e->flags & TRACE_SOFTIRQ) ? 's' : '.';

	if (e->pid)
		seq_printf(m, "%16s-%-5d (%5d) ", e->comm, e->pid, e->tgid);
	else
		seq_printf(m, "          <idle>-0     (-----) ");
	seq_printf(m, "[%03u] %c%c%c%c %lu.%09lu: %s: ", e->cpu, e->flags & TRACE_IRQS_OFF ? 'd' : '.',
		   e->flags & TRACE_NEED_RESCHED ? 'N' : '.', irq, e->preempt_depth ? "0123456789abcdef"[e->preempt_depth] : '.',
		   e->ts / NSEC_PER_SEC, e->ts % NSEC_PER_SEC, trace_event_name(e->type));
	switch (e->type) {
	case TRACE_SCHED_PROCESS_EXEC:
		seq_printf(m, "filename=%s pid=%d old_pid=%d\n", e->text, e->pid, e->pid);
		break;
	case TRACE_SCHED_STAT_RUNTIME:
		seq_printf(m, "comm=%s pid=%d runtime=%lu [ns] vruntime=%lu [ns]\n", e->comm, e->pid, e->stat.runtime, e->stat.vruntime);
		break;
	case TRACE_GETNAME:
		seq_printf(m, "pathname=%s\n", e->text);
		break;
	case TRACE_MARK_WRITE:
		seq_printf(m, "%s\n", e->text);
		break;
	default:
		if (e->type >= TRACE_PAGE_FAULT_USER)
			print_words(m, e->type, e->words);
		else
			print_task_event(m, e);
	}
}

/* The newest records of all harts, oldest first, if there are any. Context: all harts have stopped. */
static void show_last_events(void)
{
	static u64 at[NR_CPUS];
	static struct {
		u64 index;
		u32 cpu;
	} newest[LAST_EVENTS];
	static char line[256];
	unsigned int cpu, found = 0;

	for_each_possible_cpu(cpu)
		at[cpu] = trace_rings.ring[cpu].head;
	for (; found < LAST_EVENTS; found++) {
		unsigned int best = NR_CPUS;

		for_each_possible_cpu(cpu) {
			const struct trace_ring *r = &trace_rings.ring[cpu];

			if (r->nr && at[cpu] && at[cpu] + r->nr > r->head &&
			    (best == NR_CPUS || r->buf[(at[cpu] - 1) % r->nr].ts > trace_rings.ring[best].buf[(at[best] - 1) % r->nr].ts))
				best = cpu;
		}
		if (best == NR_CPUS)
			break;
		newest[found].index = --at[best];
		newest[found].cpu = best;
	}
	if (found)
		pr_err("The last %u trace events:\n", found);
	while (found--) {
		struct seq_file m = { .buf = line, .size = sizeof(line) - 1 };
		const struct trace_ring *r = &trace_rings.ring[newest[found].cpu];
		struct trace_entry e = r->buf[newest[found].index % r->nr];

		e.cpu = newest[found].cpu;
		trace_print_entry(&m, &e);
		line[min(m.count, m.size)] = '\0';
		pr_err("%s", line);
	}
}

void __init trace_text_init(void)
{
	panic_notify(show_last_events);
}
