/* SPDX-License-Identifier: MIT */
/* /proc/softirqs; /proc/schedstat, version 17. Ref: Linux Documentation/scheduler/sched-stats.rst. */
#include "proc/proc.h"
#include "fs/procfs.h"
#include "sched/topology.h"
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

int proc_show_softirqs(struct seq_file *m, long unused)
{
	static const char *const names[NR_SOFTIRQS] = { "SCHED" };
	unsigned int cpu;

	(void)unused;
	seq_printf(m, "                    ");
	for_each_online_cpu(cpu)
		seq_printf(m, "CPU%-8u", cpu);
	seq_printf(m, "\n");
	for (int i = 0; i < NR_SOFTIRQS; i++) {
		seq_printf(m, "%12s:", names[i]);
		for_each_online_cpu(cpu)
			seq_printf(m, " %10lu", per_cpu(softirq_counts[i], cpu));
		seq_printf(m, "\n");
	}
	return 0;
}
