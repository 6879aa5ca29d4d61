/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/tracing: what is traced, and the records as text. The columns are those of
 * ftrace with exactly four flags, which all readers take.
 *
 * Rings are made when first an event is asked for, and stay.
 *
 * Ref: Linux Documentation/trace/ftrace.rst.
 */
#include "proc/tracefs.h"

#include <string.h>

#include "lib/err.h"
#include "lib/parse.h"
#include "perf/trace.h"
#include "sched/wait.h"
#include "smp/kallsyms.h"
#include "smp/printk.h"
#include "smp/upcall.h"
#include "trap/softirq.h"
#include "vm/page.h"

static mutex_t trace_mutex;		/* all below, and what they do */
static unsigned long wanted = BIT(TRACE_MARK_WRITE);	/* events */
#define RING_BYTES ((unsigned long)PAGE_SIZE << ring_order)
static bool tracing_on = true;
static unsigned int ring_order = 6;	/* of pages a hart: 256 KiB */
static unsigned long ring_pages;

static void update_events(void)
{
	WRITE_ONCE(trace_events, tracing_on && ring_pages ? wanted : 0);
}

static void nothing(void *unused)
{
	(void)unused;
}

/* Records are written with interrupts off: who has answered an interrupt writes none that began before. */
static void synchronize_harts(void)
{
	preempt_disable();
	smp_call_function_many(&cpu_online_mask, nothing, NULL);
	preempt_enable();
}

static void free_rings(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct trace_ring *r = &trace_rings.ring[cpu];

		if (r->buf)
			__free_pages(virt_to_page(r->buf), ring_order);
		trace_set_ring(cpu, NULL, 0, 0);
	}
	ring_pages = 0;
}

static int make_rings(void)
{
	unsigned int cpu;

	if (ring_pages)
		return 0;
	for_each_possible_cpu(cpu) {
		struct page *p = alloc_pages(GFP_KERNEL, ring_order);

		if (!p) {
			free_rings();
			return -ENOMEM;
		}
		trace_set_ring(cpu, page_address(p), page_to_phys(p), RING_BYTES / sizeof(struct trace_entry));
		ring_pages += 1UL << ring_order;
	}
	return 0;
}

unsigned long nr_trace_pages(void)
{
	return READ_ONCE(ring_pages);
}

/* "sched:sched_switch", "sched:*", "sched_switch", "*:*", with "!" in front: not. */
static int set_event(char *word)
{
	bool off = *word == '!', found = false;
	char *colon;

	word += off;
	colon = strchr(word, ':');
	if (colon)
		*colon++ = '\0';
	for (int t = 0; t < TRACE_MARK_WRITE; t++) {
		const char *system = trace_event_system(t), *name = trace_event_name(t);
		bool in_system = !strcmp(word, "*") || !strcmp(word, system);

		if (colon ? in_system && (!strcmp(colon, "*") || !*colon || !strcmp(colon, name)) : in_system || !strcmp(word, name)) {
			found = true;
			wanted = off ? wanted & ~BIT(t) : wanted | BIT(t);
		}
	}
	return found ? 0 : -EINVAL;
}

int trace_set_events(const char *text)
{
	char words[128], *save = words, *w;
	int err = 0;

	strncpy(words, text, sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	mutex_lock(&trace_mutex);
	while (!err && (w = strsep(&save, " \t\n,")))
		if (*w)
			err = set_event(w);
	if (!err && (wanted & ~BIT(TRACE_MARK_WRITE)))
		err = make_rings();
	update_events();
	mutex_unlock(&trace_mutex);
	return err;
}

int trace_set_buffer_size(unsigned long kib)
{
	unsigned int order = 0;
	bool had;
	int err = 0;

	while (order < MAX_ORDER && ((unsigned long)PAGE_SIZE << order) / 1024 < kib)
		order++;
	if (!kib || order == MAX_ORDER)
		return -EINVAL;
	mutex_lock(&trace_mutex);
	had = ring_pages;
	if (order != ring_order) {
		WRITE_ONCE(trace_events, 0);
		synchronize_harts();	/* nobody writes any more */
		free_rings();
		ring_order = order;
		if (had)
			err = make_rings();
		update_events();
	}
	mutex_unlock(&trace_mutex);
	return err;
}

void __init tracefs_init(void)
{
	mutex_init(&trace_mutex, LOCK_CGROUP);
}

/* ---- Text ---- */

static void print_task_event(struct seq_file *m, const struct trace_entry *e)
{
	const struct trace_task *t = &e->task;
	bool idle = !t->pid;

	switch (e->type) {
	case TRACE_SCHED_SWITCH:
		if (e->pid)
			seq_printf(m, "prev_comm=%s", e->comm);
		else
			seq_printf(m, "prev_comm=swapper/%u", e->unused);
		seq_printf(m, " prev_pid=%d prev_prio=%d prev_state=%s ==> ", e->pid, t->prev_prio, t->state);
		if (idle)
			seq_printf(m, "next_comm=swapper/%u", e->unused);
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
	default:
		seq_printf(m, "pfn=0x%lx order=%lu\n", w[0], w[1]);
	}
}

/* @e->unused has been set to its hart. */
static void print_entry(struct seq_file *m, const struct trace_entry *e)
{
	char irq = (e->flags & TRACE_HARDIRQ) ? (e->flags & TRACE_SOFTIRQ) ? 'H' : 'h' : (e->flags & TRACE_SOFTIRQ) ? 's' : '.';

	if (e->pid)
		seq_printf(m, "%16s-%-5d (%5d) ", e->comm, e->pid, e->tgid);
	else
		seq_printf(m, "          <idle>-0     (-----) ");
	seq_printf(m, "[%03u] %c%c%c%c %lu.%09lu: %s: ", e->unused, e->flags & TRACE_IRQS_OFF ? 'd' : '.',
		   e->flags & TRACE_NEED_RESCHED ? 'N' : '.', irq, e->preempt_depth ? "0123456789abcdef"[e->preempt_depth] : '.',
		   e->ts / NSEC_PER_SEC, e->ts % NSEC_PER_SEC, trace_event_name(e->type));
	switch (e->type) {
	case TRACE_SCHED_PROCESS_EXEC:
		seq_printf(m, "filename=%s pid=%d old_pid=%d\n", e->text, e->pid, e->pid);
		break;
	case TRACE_SCHED_STAT_RUNTIME:
		seq_printf(m, "comm=%s pid=%d runtime=%lu [ns] vruntime=%lu [ns]\n", e->comm, e->pid, e->stat.runtime, e->stat.vruntime);
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

void panic_show_trace(unsigned int n)
{
	static u64 at[NR_CPUS];
	static struct {
		u64 index;
		u32 cpu;
	} newest[32];
	static char line[256];
	unsigned int cpu, found = 0;

	for_each_possible_cpu(cpu)
		at[cpu] = trace_rings.ring[cpu].head;
	for (n = min(n, (unsigned int)ARRAY_SIZE(newest)); found < n; found++) {
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

		e.unused = newest[found].cpu;
		print_entry(&m, &e);
		line[min(m.count, m.size)] = '\0';
		pr_err("%s", line);
	}
}

static u64 first_of(const struct trace_ring *r, u64 head)
{
	return r->nr && head > r->nr ? head - r->nr : 0;
}

static int show_trace(struct seq_file *m, long unused)
{
	static u64 at[NR_CPUS], end[NR_CPUS];	/* trace_mutex */
	u64 written = 0, held = 0;
	unsigned int cpu;

	(void)unused;
	mutex_lock(&trace_mutex);
	for_each_possible_cpu(cpu) {
		struct trace_ring *r = &trace_rings.ring[cpu];

		end[cpu] = smp_load_acquire(&r->head);
		at[cpu] = first_of(r, end[cpu]);
		written += end[cpu];
		held += end[cpu] - at[cpu];
	}
	seq_printf(m, "# tracer: nop\n#\n# entries-in-buffer/entries-written: %lu/%lu   #P:%u\n#\n"
		   "#                                _-----=> irqs-off\n"
		   "#                               / _----=> need-resched\n"
		   "#                              | / _---=> hardirq/softirq\n"
		   "#                              || / _--=> preempt-depth\n"
		   "#                              ||| /\n"
		   "#           TASK-PID    TGID   CPU#  ||||   TIMESTAMP  FUNCTION\n"
		   "#              | |        |      |   ||||      |         |\n", held, written, nr_cpu_ids);
	for (;;) {
		struct trace_entry e;
		u64 best = ~0ULL;
		unsigned int from = NR_CPUS;

		for_each_possible_cpu(cpu) {
			struct trace_ring *r = &trace_rings.ring[cpu];

			if (at[cpu] < end[cpu] && r->buf[at[cpu] % r->nr].ts < best) {
				best = r->buf[at[cpu] % r->nr].ts;
				from = cpu;
			}
		}
		if (from == NR_CPUS || m->overflow)
			break;
		e = trace_rings.ring[from].buf[at[from] % trace_rings.ring[from].nr];
		e.unused = from;
		/* Not if its place has been written over meanwhile. */
		smp_rmb();
		if (at[from] >= first_of(&trace_rings.ring[from], READ_ONCE(trace_rings.ring[from].head)))
			print_entry(m, &e);
		at[from]++;
	}
	mutex_unlock(&trace_mutex);
	return 0;
}

/* Whatever is written empties the rings, as in Linux, and so does to cut the file. */
static void clear_trace(long unused)
{
	unsigned int cpu;

	(void)unused;
	mutex_lock(&trace_mutex);
	WRITE_ONCE(trace_events, 0);
	synchronize_harts();
	for_each_possible_cpu(cpu)
		trace_rings.ring[cpu].head = 0;
	update_events();
	mutex_unlock(&trace_mutex);
}

static int write_trace(long unused, const char *text, size_t n)
{
	(void)text, (void)n;
	clear_trace(unused);
	return 0;
}

static int show_tracing_on(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "%d\n", tracing_on);
	return 0;
}

static int write_tracing_on(long unused, const char *text, size_t n)
{
	(void)unused;
	if ((n != 1 && (n != 2 || text[1] != '\n')) || (text[0] != '0' && text[0] != '1'))
		return -EINVAL;
	mutex_lock(&trace_mutex);
	tracing_on = text[0] == '1';
	update_events();
	mutex_unlock(&trace_mutex);
	return 0;
}

static int show_events(struct seq_file *m, long which)
{
	for (int t = 0; t < TRACE_MARK_WRITE; t++)
		if ((which ? wanted : ~0UL) >> t & 1)
			seq_printf(m, "%s:%s\n", trace_event_system(t), trace_event_name(t));
	return 0;
}

static int show_available_events(struct seq_file *m, long unused)
{
	(void)unused;
	return show_events(m, 0);
}

static int show_set_event(struct seq_file *m, long unused)
{
	(void)unused;
	return show_events(m, 1);
}

/* "echo X > set_event" means X alone, "echo X >> set_event" X too. */
static void clear_events(long unused)
{
	(void)unused;
	trace_set_events("!*:*");
}

static int write_set_event(long unused, const char *text, size_t n)
{
	(void)unused, (void)n;
	return trace_set_events(text);
}

static int write_marker(long unused, const char *text, size_t n)
{
	char line[56];

	(void)unused;
	n -= n && text[n - 1] == '\n';
	n = min(n, sizeof(line) - 1);
	memcpy(line, text, n);
	line[n] = '\0';
	if (trace_on(TRACE_MARK_WRITE))
		trace_mark(line);
	return 0;
}

static int show_buffer_size(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "%lu\n", RING_BYTES / 1024);
	return 0;
}

static int write_buffer_size(long unused, const char *text, size_t n)
{
	char number[12] = { 0 };
	long kib;

	(void)unused;
	n -= n && text[n - 1] == '\n';
	memcpy(number, text, min(n, sizeof(number) - 1));
	kib = parse_uint(number);
	return kib < 0 ? -EINVAL : trace_set_buffer_size(kib);
}

const struct proc_entry tracefs_entries[] = {
	{ "available_events", S_IFREG | 0444, .show = show_available_events },
	{ "buffer_size_kb", S_IFREG | 0644, .show = show_buffer_size, .write = write_buffer_size },
	{ "set_event", S_IFREG | 0644, .show = show_set_event, .write = write_set_event, .truncate = clear_events },
	{ "trace", S_IFREG | 0644, .show = show_trace, .write = write_trace, .truncate = clear_trace },
	{ "trace_marker", S_IFREG | 0222, .write = write_marker },
	{ "tracing_on", S_IFREG | 0644, .show = show_tracing_on, .write = write_tracing_on },
	{ 0 },
};
