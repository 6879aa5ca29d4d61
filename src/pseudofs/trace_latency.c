/* SPDX-License-Identifier: MIT */
/*
 * The latency tracers, as ftrace shows them: irqsoff, preemptoff and preemptirqsoff tell of the
 * longest stretch with interrupts off, without preemption, or either (trace/critical.h). What
 * is recorded of a stretch is where it began and where it ended.
 *
 * Ref: Linux Documentation/trace/ftrace.rst, "irqsoff".
 */
#include "pseudofs/trace_latency.h"

#include <string.h>

#include "lib/err.h"
#include "lib/parse.h"
#include "trace/critical.h"
#include "smp/kallsyms.h"
#include "task/cred.h"
#include "task/pid.h"

static const struct {
	const char *name;
	u32 kinds;
} tracers[] = {
	{ "preemptirqsoff", CRITICAL_IRQS | CRITICAL_PREEMPT }, { "preemptoff", CRITICAL_PREEMPT }, { "irqsoff", CRITICAL_IRQS },
	{ "nop", 0 },
};

/* Only the debug build has the hooks; "nop" is last. */
#define FIRST_TRACER (CONFIG_DEBUG ? 0 : ARRAY_SIZE(tracers) - 1)

static const char *tracer_name(void)
{
	unsigned int i = FIRST_TRACER;

	while (tracers[i].kinds != critical_kinds())
		i++;
	return tracers[i].name;
}

int trace_show_available_tracers(struct seq_file *m, long unused)
{
	(void)unused;
	for (unsigned int i = FIRST_TRACER; i < ARRAY_SIZE(tracers); i++)
		seq_printf(m, "%s%s", tracers[i].name, tracers[i].kinds ? " " : "\n");
	return 0;
}

int trace_show_tracer(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "%s\n", tracer_name());
	return 0;
}

int trace_write_tracer(long unused, const char *text, size_t n)
{
	(void)unused;
	n -= n && text[n - 1] == '\n';
	for (unsigned int i = FIRST_TRACER; i < ARRAY_SIZE(tracers); i++)
		if (strlen(tracers[i].name) == n && !memcmp(tracers[i].name, text, n)) {
			critical_max_set(0);
			critical_set(tracers[i].kinds);
			return 0;
		}
	return -EINVAL;
}

int trace_show_max_latency(struct seq_file *m, long unused)
{
	struct critical_record r;

	(void)unused;
	critical_max_get(&r);
	seq_printf(m, "%lu\n", r.ns / NSEC_PER_USEC);
	return 0;
}

int trace_write_max_latency(long unused, const char *text, size_t n)
{
	long us = parse_uint_line(text, n);

	(void)unused;
	if (us < 0)
		return -EINVAL;
	critical_max_set(us * NSEC_PER_USEC);
	return 0;
}

static const char *function(unsigned long ip)
{
	unsigned long off, size;
	const char *name = kallsyms_lookup(ip, &off, &size);

	return name ? name : "?";
}

/* The user of a task that may have ended meanwhile: -1. */
static int uid_of(int pid)
{
	struct task_struct *p = pid ? find_get_task_by_vpid(pid) : NULL;
	const struct cred *c;
	int uid;

	if (!p)
		return pid ? -1 : 0;
	c = get_task_cred(p);
	uid = c->uid;
	put_cred(c);
	put_task_struct(p);
	return uid;
}

/* Bounds of the histogram, ns: from 10 us to 1 s. */
static char delay_mark(u64 ns)
{
	static const char marks[] = "+!#*@$";
	char mark = ' ';
	u64 least = 10 * NSEC_PER_USEC;

	for (int i = 0; marks[i] && ns > least; i++, least *= 10)
		mark = marks[i];
	return mark;
}

static void show_end(struct seq_file *m, const struct critical_record *r, const unsigned long *where, u64 at, u64 next)
{
	char comm[TASK_COMM_LEN] = "<idle>";
	u32 depth = r->preempt_count & 0xf;
	bool soft = r->preempt_count & SOFTIRQ_OFFSET;
	char irq = r->preempt_count & HARDIRQ_MASK ? soft ? 'H' : 'h' : soft ? 's' : '.';

	if (r->pid)
		memcpy(comm, r->comm, sizeof(comm));
	seq_printf(m, "%8.8s-%-7d %3u%c%c%c%c. %4luus%c: %s <-%s\n", comm, r->pid, r->cpu, r->irqs_off ? 'd' : '.',
		   r->need_resched ? 'N' : '.', irq, depth ? "0123456789abcdef"[depth] : '.', at / NSEC_PER_USEC, delay_mark(next),
		   function(where[0]), function(where[1]));
}

bool trace_show_latency(struct seq_file *m)
{
	struct critical_record r;

	if (!critical_kinds())
		return false;
	critical_max_get(&r);
	seq_printf(m, "# tracer: %s\n#\n", tracer_name());
	if (!r.ns)
		return true;
	seq_printf(m, "# %s latency trace v1.1.5 on hartwood-%s\n"
		   "# --------------------------------------------------------------------\n"
		   "# latency: %lu us, #2/2, CPU#%u | (M:preempt VP:0, KP:0, SP:0 HP:0 #P:%u)\n"
		   "#    -----------------\n#    | task: %.15s-%d (uid:%d nice:%d policy:%u rt_prio:%u)\n#    -----------------\n",
		   tracer_name(), HARTWOOD_VERSION, r.ns / NSEC_PER_USEC, r.cpu, nr_cpu_ids, r.pid ? r.comm : "<idle>", r.pid,
		   uid_of(r.pid), r.nice, r.policy, r.rt_priority);
	seq_printf(m, "#  => started at: %s\n#  => ended at:   %s\n#\n#\n"
		   "#                    _------=> CPU#            \n"
		   "#                   / _-----=> irqs-off/BH-disabled\n"
		   "#                  | / _----=> need-resched    \n"
		   "#                  || / _---=> hardirq/softirq \n"
		   "#                  ||| / _--=> preempt-depth   \n"
		   "#                  |||| / _-=> migrate-disable \n"
		   "#                  ||||| /     delay           \n"
		   "#  cmd     pid     |||||| time  |   caller     \n"
		   "#     \\   /        ||||||  \\    |    /       \n", function(r.from[0]), function(r.to[0]));
	show_end(m, &r, r.from, 0, r.ns);
	show_end(m, &r, r.to, r.ns, 0);
	return true;
}
