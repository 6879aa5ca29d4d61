/* SPDX-License-Identifier: MIT */
/*
 * /sys: harts and how they lie to one another, as sysfs has them, and the scheduling
 * domains, as debugfs has them. Ref: Linux Documentation/ABI/testing/sysfs-devices-system-cpu.
 */
#include "pseudofs/sysfs.h"

#include <stdio.h>
#include <string.h>

#include "dev/cpu.h"
#include "lib/err.h"
#include "lib/parse.h"
#include "pseudofs/cgroupfs.h"
#include "pseudofs/proc_sched.h"
#include "pseudofs/procfs.h"
#include "pseudofs/sysctl.h"
#include "pseudofs/tracefs.h"
#include "sched/domains.h"

/* Return: the number in @name, if that is @what and a number; else -1. */
static int numbered(const char *name, const char *what)
{
	size_t n = strlen(what);
	long v;

	if (strncmp(name, what, n) || (name[n] == '0' && name[n + 1]))
		return -1;
	v = parse_uint(name + n);
	return v >= 0 && v < NR_CPUS ? (int)v : -1;
}

/* A directory "@what0", "@what1", ... of @nr. */
static void list_numbered(struct dir_context *ctx, const char *what, unsigned int nr)
{
	while (ctx->pos - 256 < nr) {
		char name[24];

		snprintf(name, sizeof(name), "%s%lu", what, ctx->pos - 256);
		if (!ctx->emit(ctx, name, 1, S_IFDIR))
			return;
		ctx->pos++;
	}
}

static int show_mask(struct seq_file *m, const struct cpumask *mask)
{
	char buf[512];

	cpumask_print(buf, sizeof(buf), mask);
	seq_printf(m, "%s\n", buf);
	return 0;
}

/* Linux's mask: as many digits as there may be harts, a comma between words of 32. */
static int show_map(struct seq_file *m, const struct cpumask *mask)
{
	int last = (nr_cpu_ids - 1) / 32, digits = ((nr_cpu_ids - 1) % 32) / 4 + 1;

	for (int w = last; w >= 0; w--)
		seq_printf(m, w == last ? "%0*x" : ",%0*x", w == last ? digits : 8, (u32)(mask->bits[w / 2] >> w % 2 * 32));
	seq_printf(m, "\n");
	return 0;
}

/* ---- /sys/devices/system/cpu ---- */

enum siblings { TOPO_THREADS, TOPO_CLUSTER, TOPO_PACKAGE };

static bool are_siblings(const struct cpu_topology *t, const struct cpu_topology *o, enum siblings what)
{
	if (t == o)
		return true;
	if (o->package_id != t->package_id || o->node != t->node)
		return false;
	if (what == TOPO_PACKAGE)
		return true;
	if (o->cluster_id != t->cluster_id)
		return false;
	return what == TOPO_CLUSTER ? t->cluster_id >= 0 : t->core_id >= 0 && t->thread_id >= 0 && o->core_id == t->core_id;
}

static int show_siblings(struct seq_file *m, unsigned int cpu, enum siblings what,
			 int (*show)(struct seq_file *m, const struct cpumask *mask))
{
	struct cpumask mask = { 0 };
	unsigned int other;

	for_each_online_cpu(other)
		if (are_siblings(&cpu_topology[cpu], &cpu_topology[other], what))
			cpumask_set_cpu(other, &mask);
	return show(m, &mask);
}

/* Two files each: as a mask, as a list. */
#define SIBLING_FILES(name, what)						\
	static int show_##name(struct seq_file *m, long cpu)			\
	{									\
		return show_siblings(m, (unsigned int)cpu, what, show_map);			\
	}									\
	static int show_##name##_list(struct seq_file *m, long cpu)		\
	{									\
		return show_siblings(m, (unsigned int)cpu, what, show_mask);			\
	}
SIBLING_FILES(threads, TOPO_THREADS)
SIBLING_FILES(cluster, TOPO_CLUSTER)
SIBLING_FILES(package, TOPO_PACKAGE)

static int show_core_id(struct seq_file *m, long cpu)
{
	seq_printf(m, "%d\n", cpu_topology[cpu].core_id);
	return 0;
}

static int show_cluster_id(struct seq_file *m, long cpu)
{
	seq_printf(m, "%d\n", cpu_topology[cpu].cluster_id);
	return 0;
}

static int show_package_id(struct seq_file *m, long cpu)
{
	seq_printf(m, "%d\n", cpu_topology[cpu].package_id);
	return 0;
}

static int show_cpu_online(struct seq_file *m, long cpu)
{
	seq_printf(m, "%d\n", cpu_online((unsigned int)cpu));
	return 0;
}

static int write_cpu_online(long cpu, const char *text, size_t n)
{
	if ((n != 1 && (n != 2 || text[1] != '\n')) || (text[0] != '0' && text[0] != '1'))
		return -EINVAL;
	return text[0] == '1' ? cpu_up((unsigned int)cpu) : cpu_down((unsigned int)cpu);
}

static const struct proc_entry topology_entries[] = {
	{ "cluster_cpus", S_IFREG | 0444, .show = show_cluster },
	{ "cluster_cpus_list", S_IFREG | 0444, .show = show_cluster_list },
	{ "cluster_id", S_IFREG | 0444, .show = show_cluster_id },
	{ "core_cpus", S_IFREG | 0444, .show = show_threads },
	{ "core_cpus_list", S_IFREG | 0444, .show = show_threads_list },
	{ "core_id", S_IFREG | 0444, .show = show_core_id },
	{ "core_siblings", S_IFREG | 0444, .show = show_package },
	{ "core_siblings_list", S_IFREG | 0444, .show = show_package_list },
	{ "package_cpus", S_IFREG | 0444, .show = show_package },
	{ "package_cpus_list", S_IFREG | 0444, .show = show_package_list },
	{ "physical_package_id", S_IFREG | 0444, .show = show_package_id },
	{ "thread_siblings", S_IFREG | 0444, .show = show_threads },
	{ "thread_siblings_list", S_IFREG | 0444, .show = show_threads_list },
	{ 0 },
};

static int show_cpu_capacity(struct seq_file *m, long cpu)
{
	seq_printf(m, "%lu\n", cpu_topology[cpu].capacity);
	return 0;
}

static const struct proc_entry cpu_entries[] = {
	{ "cpu_capacity", S_IFREG | 0444, .show = show_cpu_capacity },
	{ "online", S_IFREG | 0644, .show = show_cpu_online, .write = write_cpu_online },
	{ "topology", S_IFDIR | 0755, .entries = topology_entries },
	{ 0 },
};
static const struct proc_entry cpu_dir = { .mode = S_IFDIR | 0755, .entries = cpu_entries };

static struct dentry *cpu_lookup(struct dentry *dir, const char *name, long unused)
{
	int cpu = numbered(name, "cpu");

	(void)unused;
	if (cpu < 0 || cpu >= (int)nr_cpu_ids)
		return ERR_PTR(-ENOENT);
	return proc_new_dentry(dir, &cpu_dir, name, cpu);
}

static void cpu_list(struct dir_context *ctx, long unused)
{
	(void)unused;
	list_numbered(ctx, "cpu", nr_cpu_ids);
}

static int show_online(struct seq_file *m, long unused)
{
	(void)unused;
	return show_mask(m, &cpu_online_mask);
}

static int show_offline(struct seq_file *m, long unused)
{
	struct cpumask mask = cpu_possible_mask;
	unsigned int cpu;

	(void)unused;
	for_each_online_cpu(cpu)
		cpumask_clear_cpu(cpu, &mask);
	return show_mask(m, &mask);
}

static int show_possible(struct seq_file *m, long unused)
{
	(void)unused;
	return show_mask(m, &cpu_possible_mask);
}

static const struct proc_entry cpus_entries[] = {
	{ "offline", S_IFREG | 0444, .show = show_offline },
	{ "online", S_IFREG | 0444, .show = show_online },
	{ "possible", S_IFREG | 0444, .show = show_possible },
	{ "present", S_IFREG | 0444, .show = show_possible },
	{ 0 },
};

/* ---- /sys/kernel/debug/sched/domains ---- */

/* The domain of @data: hart << 8 | level. Context: preemption off. */
static const struct sched_domain *domain_of(long data)
{
	struct sched_domain *sd;

	for_each_domain(data >> 8, sd)
		if (sd->level == (data & 0xff))
			return sd;
	return NULL;
}

enum domain_file { SD_NAME, SD_FLAGS, SD_MIN, SD_MAX, SD_BUSY, SD_PCT, SD_LEVEL, SD_SPAN };

static int show_domain_file(struct seq_file *m, long data, enum domain_file which)
{
	static const struct {
		unsigned int flag;
		const char *name;
	} flags[] = {
		{ SD_BALANCE_NEWIDLE, "SD_BALANCE_NEWIDLE" }, { SD_BALANCE_EXEC, "SD_BALANCE_EXEC" },
		{ SD_BALANCE_FORK, "SD_BALANCE_FORK" }, { SD_BALANCE_WAKE, "SD_BALANCE_WAKE" },
		{ SD_ASYM_CPUCAPACITY, "SD_ASYM_CPUCAPACITY" }, { SD_SHARE_CPUCAPACITY, "SD_SHARE_CPUCAPACITY" },
		{ SD_SHARE_LLC, "SD_SHARE_LLC" }, { SD_PREFER_SIBLING, "SD_PREFER_SIBLING" }, { SD_NUMA, "SD_NUMA" },
	};
	const struct sched_domain *now;
	struct sched_domain sd;

	preempt_disable();	/* domains change while all others stand still */
	now = domain_of(data);
	if (now)
		sd = *now;
	preempt_enable();
	if (!now)
		return -ENOENT;
	switch (which) {
	case SD_NAME:
		seq_printf(m, "%s\n", sd.name);
		break;
	case SD_FLAGS:
		for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
			if (sd.flags & flags[i].flag)
				seq_printf(m, "%s ", flags[i].name);
		seq_printf(m, "\n");
		break;
	case SD_MIN:
		seq_printf(m, "%lu\n", sd.min_interval / 1000000);
		break;
	case SD_MAX:
		seq_printf(m, "%lu\n", sd.max_interval / 1000000);
		break;
	case SD_BUSY:
		seq_printf(m, "%u\n", sd.busy_factor);
		break;
	case SD_PCT:
		seq_printf(m, "%u\n", sd.imbalance_pct);
		break;
	case SD_LEVEL:
		seq_printf(m, "%u\n", sd.level);
		break;
	case SD_SPAN:
		return show_mask(m, &sd.span);
	}
	return 0;
}

#define DOMAIN_FILE(name, which)						\
	static int show_domain_##name(struct seq_file *m, long data)		\
	{									\
		return show_domain_file(m, data, which);			\
	}
DOMAIN_FILE(name, SD_NAME)
DOMAIN_FILE(flags, SD_FLAGS)
DOMAIN_FILE(min_interval, SD_MIN)
DOMAIN_FILE(max_interval, SD_MAX)
DOMAIN_FILE(busy_factor, SD_BUSY)
DOMAIN_FILE(imbalance_pct, SD_PCT)
DOMAIN_FILE(level, SD_LEVEL)
DOMAIN_FILE(span, SD_SPAN)

static const struct proc_entry domain_entries[] = {
	{ "busy_factor", S_IFREG | 0444, .show = show_domain_busy_factor },
	{ "flags", S_IFREG | 0444, .show = show_domain_flags },
	{ "imbalance_pct", S_IFREG | 0444, .show = show_domain_imbalance_pct },
	{ "level", S_IFREG | 0444, .show = show_domain_level },
	{ "max_interval", S_IFREG | 0444, .show = show_domain_max_interval },
	{ "min_interval", S_IFREG | 0444, .show = show_domain_min_interval },
	{ "name", S_IFREG | 0444, .show = show_domain_name },
	{ "span", S_IFREG | 0444, .show = show_domain_span },	/* not Linux's */
	{ 0 },
};
static const struct proc_entry domain_dir = { .mode = S_IFDIR | 0555, .entries = domain_entries };

static unsigned int nr_domains(long cpu)
{
	struct sched_domain *sd;
	unsigned int n = 0;

	preempt_disable();
	for_each_domain(cpu, sd)
		n++;
	preempt_enable();
	return n;
}

static struct dentry *domain_lookup(struct dentry *dir, const char *name, long cpu)
{
	int level = numbered(name, "domain");

	if (level < 0 || level >= (int)nr_domains(cpu))
		return ERR_PTR(-ENOENT);
	return proc_new_dentry(dir, &domain_dir, name, cpu << 8 | level);
}

static void domain_list(struct dir_context *ctx, long cpu)
{
	list_numbered(ctx, "domain", nr_domains(cpu));
}

static const struct proc_entry cpu_domains = { .mode = S_IFDIR | 0555, .lookup = domain_lookup, .list = domain_list };

static struct dentry *cpu_domains_lookup(struct dentry *dir, const char *name, long unused)
{
	int cpu = numbered(name, "cpu");

	(void)unused;
	if (cpu < 0 || cpu >= (int)nr_cpu_ids)
		return ERR_PTR(-ENOENT);
	return proc_new_dentry(dir, &cpu_domains, name, cpu);
}

/* ---- The tree ---- */

static const struct proc_entry system_entries[] = {
	{ "cpu", S_IFDIR | 0755, .entries = cpus_entries, .lookup = cpu_lookup, .list = cpu_list },
	{ 0 },
};
static const struct proc_entry devices_entries[] = {
	{ "system", S_IFDIR | 0755, .entries = system_entries },
	{ 0 },
};
static const struct proc_entry sched_entries[] = {
	{ "debug", S_IFREG | 0444, .show = proc_show_sched_debug },
	{ "domains", S_IFDIR | 0555, .lookup = cpu_domains_lookup, .list = cpu_list },
	{ "features", S_IFREG | 0644, .show = sched_features_show, .write = sched_features_write },
	{ 0 },
};
static struct dentry *sched_lookup(struct dentry *dir, const char *name, long unused)
{
	(void)unused;
	return sysctl_lookup(dir, name, SYSCTL_SCHED);
}

static void sched_list(struct dir_context *ctx, long unused)
{
	(void)unused;
	sysctl_list(ctx, SYSCTL_SCHED);
}

static const struct proc_entry debug_entries[] = {
	{ "sched", S_IFDIR | 0755, .entries = sched_entries, .lookup = sched_lookup, .list = sched_list },
	{ 0 },
};
static const struct proc_entry debug_dir = { .mode = S_IFDIR | 0700, .entries = debug_entries };
static struct pseudo_fs debug_fs = PSEUDO_FS("debugfs", DEBUGFS_MAGIC, &debug_dir);

/* Empty directories: other file systems are mounted on them. */
static const struct proc_entry kernel_entries[] = {
	{ "debug", S_IFDIR | 0700 },
	{ "tracing", S_IFDIR | 0700 },
	{ 0 },
};
static const struct proc_entry fs_entries[] = {
	{ "cgroup", S_IFDIR | 0755 },
	{ 0 },
};
static const struct proc_entry root_entries[] = {
	{ "fs", S_IFDIR | 0755, .entries = fs_entries },
	{ "devices", S_IFDIR | 0755, .entries = devices_entries },
	{ "kernel", S_IFDIR | 0755, .entries = kernel_entries },
	{ 0 },
};
static const struct proc_entry root_dir = { .mode = S_IFDIR | 0555, .entries = root_entries };

static struct pseudo_fs sys_fs = PSEUDO_FS("sysfs", SYSFS_MAGIC, &root_dir);

void __init sysfs_init(void)
{
	register_filesystem(&sys_fs.type);
	register_filesystem(&debug_fs.type);
}
