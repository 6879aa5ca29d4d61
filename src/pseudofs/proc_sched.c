/* SPDX-License-Identifier: MIT */
/* /proc/softirqs; /proc/schedstat, version 17. Ref: Linux Documentation/scheduler/sched-stats.rst. */
#include "pseudofs/proc_sched.h"

#include <string.h>

#include "pseudofs/proc_access.h"
#include "pseudofs/procfs.h"
#include "sched/stats.h"
#include "sched/domains.h"
#include "sched/tunables.h"
#include "task/access.h"
#include "task/signal_struct.h"
#include "time/tick.h"
#include "trap/softirq.h"

/* Linux's mask: 32 bits a word, the highest first. */
static void seq_cpumask(struct seq_file *m, const struct cpumask *mask)
{
	for (int w = (nr_cpu_ids + 31) / 32 - 1; w >= 0; w--)
		seq_printf(m, w == (int)(nr_cpu_ids + 31) / 32 - 1 ? "%08x" : ",%08x", (u32)(mask->bits[w / 2] >> w % 2 * 32));
}

static void show_domain(struct seq_file *m, const struct sched_domain *sd)
{
	seq_printf(m, "domain%u %s ", sd->level, sd->name);
	seq_cpumask(m, &sd->span);
	for (int i = 0; i < NR_IDLE_TYPES; i++) {
		const struct lb_stats *s = &sd->lb[i];

		/* Utilisation and misfit are not balanced by: 0. */
		seq_printf(m, " %lu %lu %lu %lu 0 %lu 0 %lu %lu %lu %lu", s->count, s->balanced, s->failed, s->imbalance_load,
			   s->imbalance_task, s->gained, s->hot_gained, s->nobusyq, s->nobusyg);
	}
	seq_printf(m, " %lu %lu %lu 0 0 0 0 0 0 0 0 0\n", sd->alb_count, sd->alb_failed, sd->alb_pushed);
}

int proc_show_schedstat(struct seq_file *m, long unused)
{
	struct sched_domain *sd;
	unsigned int cpu;

	(void)unused;
	seq_printf(m, "version 17\ntimestamp %lu\n", ktime_get_ns() / TICK_NSEC);
	for_each_online_cpu(cpu) {
		struct rq_stats s = sched_rq_stats(cpu);

		seq_printf(m, "cpu%u %lu 0 %lu %lu %lu %lu %lu %lu %lu\n", cpu, s.yld_count, s.sched_count, s.sched_goidle,
			   s.ttwu_count, s.ttwu_local, s.rq_cpu_time, s.run_delay, s.pcount);
		for_each_domain(cpu, sd)
			show_domain(m, sd);
	}
	return 0;
}

static void show_ns(struct seq_file *m, const char *name, u64 ns)
{
	seq_printf(m, "%-45s:%14lu.%06lu\n", name, ns / NSEC_PER_MSEC, ns % NSEC_PER_MSEC);
}

static void show_number(struct seq_file *m, const char *name, s64 v)
{
	seq_printf(m, "%-45s:%21ld\n", name, v);
}

int proc_show_task_sched(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);
	struct task_sched_stats s;
	char comm[TASK_COMM_LEN];
	int threads;

	if (!p)
		return -ESRCH;
	sched_task_stats(p, &s);
	read_lock(&tasklist_lock);
	threads = p->signal->nr_threads;
	read_unlock(&tasklist_lock);
	memcpy(comm, p->comm, sizeof(comm));
	seq_printf(m, "%s (%d, #threads: %d)\n-------------------------------------------------------------------\n", comm, p->pid,
		   threads);
	show_ns(m, "se.exec_start", s.exec_start);
	show_ns(m, "se.vruntime", s.vruntime);
	show_ns(m, "se.sum_exec_runtime", s.sum_exec_runtime);
	show_number(m, "se.nr_migrations", s.nr_migrations);
	show_ns(m, "wait_sum", p->run_delay);
	show_number(m, "nr_switches", p->nvcsw + p->nivcsw);
	show_number(m, "nr_voluntary_switches", p->nvcsw);
	show_number(m, "nr_involuntary_switches", p->nivcsw);
	show_number(m, "se.load.weight", s.weight);
	show_number(m, "se.avg.load_sum", s.load_sum);
	show_number(m, "se.avg.util_sum", s.util_sum);
	show_number(m, "se.avg.load_avg", s.load_avg);
	show_number(m, "se.avg.util_avg", s.util_avg);
	show_number(m, "se.avg.last_update_time", s.last_update);
	show_number(m, "policy", s.policy);
	show_number(m, "prio", s.prio);
	put_task_struct(p);
	return 0;
}

/* The queued tasks of @cpu, and those that last ran there. Ref: Linux kernel/sched/debug.c. */
static void show_tasks(struct seq_file *m, unsigned int cpu, unsigned int curr)
{
	struct task_struct *leader, *p;

	seq_printf(m, "runnable tasks:\n S            task   PID         vruntime  switches  prio     wait-time        sum-exec\n"
		   "-------------------------------------------------------------------------------------------------\n");
	read_lock(&tasklist_lock);
	LIST_FOREACH(leader, &all_tasks, tasks)
		TAILQ_FOREACH(p, &leader->signal->threads, thread_node) {
			struct task_sched_stats s;

			if (task_cpu(p) != cpu)
				continue;
			sched_task_stats(p, &s);
			seq_printf(m, "%c%c %15s %5d %9lu.%06lu %9lu %5d %6lu.%06lu %8lu.%06lu\n", p->pid == (int)curr ? '>' : ' ',
				   READ_ONCE(p->on_rq) ? 'R' : READ_ONCE(p->__state) & TASK_UNINTERRUPTIBLE ? 'D' : 'S', p->comm, p->pid,
				   s.vruntime / NSEC_PER_MSEC, s.vruntime % NSEC_PER_MSEC, p->nvcsw + p->nivcsw, s.prio,
				   p->run_delay / NSEC_PER_MSEC, p->run_delay % NSEC_PER_MSEC, s.sum_exec_runtime / NSEC_PER_MSEC,
				   s.sum_exec_runtime % NSEC_PER_MSEC);
		}
	read_unlock(&tasklist_lock);
}

static void show_field(struct seq_file *m, const char *name, u64 v)
{
	seq_printf(m, "  .%-30s: %lu\n", name, v);
}

static void show_time(struct seq_file *m, const char *name, u64 ns)
{
	seq_printf(m, "  .%-30s: %lu.%06lu\n", name, ns / NSEC_PER_MSEC, ns % NSEC_PER_MSEC);
}

int proc_show_sched_debug(struct seq_file *m, long unused)
{
	unsigned int cpu;

	(void)unused;
	seq_printf(m, "Sched Debug Version: v0.11, 6.12.0-hartwood #1\n");
	show_ns(m, "ktime", ktime_get_ns());
	seq_printf(m, "\nsysctl_sched\n");
	show_time(m, "sysctl_sched_latency", sysctl_sched_latency);
	show_time(m, "sysctl_sched_min_granularity", sysctl_sched_min_granularity);
	show_time(m, "sysctl_sched_wakeup_granularity", sysctl_sched_wakeup_granularity);
	show_field(m, "sysctl_sched_child_runs_first", sysctl_sched_child_runs_first);
	for_each_online_cpu(cpu) {
		struct rq_debug d;

		sched_rq_debug(cpu, &d);
		seq_printf(m, "\ncpu#%u\n", cpu);
		show_field(m, "nr_running", d.nr_running);
		show_field(m, "nr_switches", d.nr_switches);
		show_time(m, "next_balance", d.next_balance);
		show_field(m, "curr->pid", d.curr_pid);
		show_time(m, "clock", d.clock);
		seq_printf(m, "\ncfs_rq[%u]:/\n", cpu);
		show_time(m, "min_vruntime", d.min_vruntime);
		show_field(m, "h_nr_running", d.fair);
		show_field(m, "load", d.weight);
		show_field(m, "load_avg", d.load_avg);
		show_field(m, "util_avg", d.util_avg);
		seq_printf(m, "\nrt_rq[%u]:/\n", cpu);
		show_field(m, "rt_nr_running", d.rt);
		seq_printf(m, "\ndl_rq[%u]:\n", cpu);
		show_field(m, "dl_nr_running", d.dl);
		seq_printf(m, "\n");
		show_tasks(m, cpu, d.curr_pid);
	}
	return 0;
}

int proc_show_softirqs(struct seq_file *m, long unused)
{
	unsigned int cpu;

	(void)unused;
	seq_printf(m, "                    ");
	for_each_online_cpu(cpu)
		seq_printf(m, "CPU%-8u", cpu);
	seq_printf(m, "\n");
	for (int i = 0; i < NR_SOFTIRQS; i++) {
		seq_printf(m, "%12s:", softirq_names[i]);
		for_each_online_cpu(cpu)
			seq_printf(m, " %10lu", per_cpu(softirq_counts[i], cpu));
		seq_printf(m, "\n");
	}
	return 0;
}
