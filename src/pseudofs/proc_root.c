/* SPDX-License-Identifier: MIT */
/* /proc: the files that tell of the machine. Ref: proc(5). */
#include "pseudofs/proc_root.h"

#include <stdio.h>
#include <string.h>

#include "fs/namespace.h"
#include "lib/parse.h"
#include "proc/fork.h"
#include "proc/task_struct.h"
#include "pseudofs/cgroupfs.h"
#include "pseudofs/kcore.h"
#include "pseudofs/proc_base.h"
#include "pseudofs/proc_sched.h"
#include "pseudofs/procfs.h"
#include "pseudofs/sysctl.h"
#include "pseudofs/sysfs.h"
#include "pseudofs/tracefs.h"
#include "sched/loadavg.h"
#include "sched/stats.h"
#include "smp/kallsyms.h"
#include "smp/printk.h"
#include "task/cgroup.h"
#include "task/cputime.h"
#include "task/cred.h"
#include "task/pid.h"
#include "vm/fault.h"
#include "vm/kernel_map.h"
#include "vm/kernel_stack.h"
#include "vm/mmu_context.h"
#include "vm/slab.h"

static int show_meminfo(struct seq_file *m, long unused)
{
	unsigned long total = totalram_pages() * 4, free = nr_free_pages() * 4, slab = 0;
	struct slab_stat s;

	(void)unused;
	for (unsigned int i = 0; slabinfo(i, &s); i++)
		slab += s.pages * 4;
	seq_printf(m, "MemTotal:       %8lu kB\nMemFree:        %8lu kB\nMemAvailable:   %8lu kB\n"
		   "Buffers:        %8lu kB\nCached:         %8lu kB\n",
		   total, free, free, 0UL, nr_file_pages() * 4);
	seq_printf(m, "SwapTotal:      %8lu kB\nSwapFree:       %8lu kB\nSlab:           %8lu kB\n", 0UL, 0UL, slab);
	return 0;
}

static int show_buddyinfo(struct seq_file *m, long unused)
{
	unsigned long nr[MAX_ORDER];
	int node;

	(void)unused;
	for (unsigned int i = 0; (node = buddyinfo_line(i, nr)) >= 0; i++) {
		seq_printf(m, "Node %d, zone   Normal ", node);
		for (int o = 0; o < MAX_ORDER; o++)
			seq_printf(m, "%6lu ", nr[o]);
		seq_printf(m, "\n");
	}
	return 0;
}

static int show_vmstat(struct seq_file *m, long unused)
{
	unsigned long faults = 0;
	unsigned int cpu;

	(void)unused;
	for_each_possible_cpu(cpu)
		faults += vm_nr_faults(cpu);
	seq_printf(m, "nr_free_pages %lu\nnr_file_pages %lu\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\npgfault %lu\npgmajfault 0\n",
		   nr_free_pages(), nr_file_pages(), faults);
	return 0;
}

static int show_slabinfo(struct seq_file *m, long unused)
{
	struct slab_stat s;

	(void)unused;
	seq_printf(m, "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>\n");
	for (unsigned int i = 0; slabinfo(i, &s); i++)
		seq_printf(m, "%-17s %6lu %6lu %6lu %4lu %4lu\n", s.name, s.active, s.total, s.size,
			   s.pages ? s.total / s.pages : 0, s.pages);
	return 0;
}

static int show_uptime(struct seq_file *m, long unused)
{
	u64 up = ktime_get_ns(), idle = 0;
	unsigned int cpu;

	(void)unused;
	for_each_online_cpu(cpu)
		idle += cpu_times_get(cpu).idle_ns;
	seq_printf(m, "%lu.%02lu %lu.%02lu\n", up / NSEC_PER_SEC, up / (NSEC_PER_SEC / 100) % 100,
		   idle / NSEC_PER_SEC, idle / (NSEC_PER_SEC / 100) % 100);
	return 0;
}

static int show_loadavg(struct seq_file *m, long unused)
{
	unsigned long a[3];

	(void)unused;
	get_avenrun(a);
	for (int i = 0; i < 3; i++)
		seq_printf(m, "%lu.%02lu ", (a[i] + 10) >> 11, (((a[i] + 10) & 2047) * 100) >> 11);
	seq_printf(m, "%lu/%lu %d\n", nr_running(), nr_tasks(), current->pid);
	return 0;
}

static int show_kernel_stat(struct seq_file *m, long unused)
{
	struct cpu_times sum = { 0 };
	unsigned long intr = 0;
	unsigned int cpu;

	(void)unused;
	for_each_online_cpu(cpu) {
		struct cpu_times t = cpu_times_get(cpu);

		sum.user += t.user;
		sum.nice += t.nice;
		sum.system += t.system;
		sum.idle_ns += t.idle_ns;
	}
	seq_printf(m, "cpu  %lu %lu %lu %lu 0 0 0 0 0 0\n", sum.user, sum.nice, sum.system, sum.idle_ns / NS_PER_USER_HZ);
	for_each_online_cpu(cpu) {
		struct cpu_times t = cpu_times_get(cpu);

		seq_printf(m, "cpu%u %lu %lu %lu %lu 0 0 0 0 0 0\n", cpu, t.user, t.nice, t.system, t.idle_ns / NS_PER_USER_HZ);
	}
	for_each_online_cpu(cpu) {
		intr += per_cpu(timer_irqs, cpu);
		for (int i = 0; i < NR_IPIS; i++)
			intr += per_cpu(ipi_counts[i], cpu);
	}
	seq_printf(m, "intr %lu\nctxt %lu\nbtime %lu\nprocesses %lu\nprocs_running %lu\nprocs_blocked 0\n", intr, nr_context_switches(),
		   (ktime_get_real_ns() - ktime_get_ns()) / NSEC_PER_SEC, nr_forks(), nr_running());
	return 0;
}

static char isa_string[128];

static int show_cpuinfo(struct seq_file *m, long unused)
{
	unsigned int cpu;

	(void)unused;
	for_each_online_cpu(cpu)
		seq_printf(m, "processor\t: %u\nhart\t\t: %lu\nisa\t\t: %s\nmmu\t\t: sv39\n\n", cpu, cpuid_to_hartid[cpu], isa_string);
	return 0;
}

void proc_set_isa(const char *isa)
{
	strncpy(isa_string, isa, sizeof(isa_string) - 1);
}

static int show_version(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "Linux version 6.12.0-hartwood (Hartwood %s) #1 SMP\n", HARTWOOD_VERSION);
	return 0;
}

static const char *command_line = "";

void __init proc_set_command_line(const char *text)
{
	command_line = text;
}

static int show_kernel_cmdline(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "%s\n", command_line);
	return 0;
}

static int show_interrupts(struct seq_file *m, long unused)
{
	unsigned int cpu;

	(void)unused;
	seq_printf(m, "     ");
	for_each_online_cpu(cpu)
		seq_printf(m, "       CPU%-2u", cpu);
	seq_printf(m, "\n  5: ");
	for_each_online_cpu(cpu)
		seq_printf(m, " %10lu ", per_cpu(timer_irqs, cpu));
	seq_printf(m, " RISC-V INTC  riscv-timer\n");
	for (int i = 0; i < NR_IPIS; i++) {
		seq_printf(m, "IPI%d:", i);
		for_each_online_cpu(cpu)
			seq_printf(m, " %10lu ", per_cpu(ipi_counts[i], cpu));
		seq_printf(m, " %s\n", ipi_names[i]);
	}
	return 0;
}

static int show_kmsg(struct seq_file *m, long unused)
{
	u64 pos = 0;
	size_t n;

	(void)unused;
	do {
		char chunk[256];

		n = syslog_read(&pos, chunk, sizeof(chunk));
		seq_write(m, chunk, n);
	} while (n);
	return 0;
}

/*
 * What a test compares before and after. Caches are emptied first, and slabs
 * are counted by object, for how full they are is chance: equal figures mean
 * that everything was given back.
 */
static int show_leakcheck(struct seq_file *m, long unused)
{
	unsigned long objects = 0, slab_pages = 0;
	struct slab_stat s;

	(void)unused;
	drop_lazy_mms();
	kernel_stacks_drain();
	kmem_drain();
	drain_all_pages();
	if (CONFIG_DEBUG)
		zone_validate();
	for (unsigned int i = 0; slabinfo(i, &s); i++) {
		objects += s.active;
		slab_pages += s.pages;
	}
	seq_printf(m, "pages %lu\nobjects %lu\ntasks %lu\npids %lu\nfiles %lu\n",
		   totalram_pages() - nr_free_pages() - slab_pages - nr_kernel_tables - nr_trace_pages(), objects, nr_tasks(), nr_pids(),
		   nr_files());
	return 0;
}

static int link_mounts(long unused, char *buf, size_t n)
{
	(void)unused;
	return snprintf(buf, n, "self/mounts");
}

static int link_self(long unused, char *buf, size_t n)
{
	(void)unused;
	return snprintf(buf, n, "%d", current->tgid);
}

/* None lies on a device. */
static int show_filesystems(struct seq_file *m, long unused)
{
	(void)unused;
	for (const struct file_system_type *t = next_fs_type(NULL); t; t = next_fs_type(t))
		seq_printf(m, "nodev\t%s\n", t->name);
	return 0;
}

static struct dentry *root_lookup(struct dentry *dir, const char *name, long unused)
{
	int nr = parse_uint(name);
	struct task_struct *p;

	(void)unused;
	if (nr <= 0 || name[0] == '0')
		return ERR_PTR(-ENOENT);
	p = find_get_task_by_vpid(nr);
	if (!p)
		return ERR_PTR(-ENOENT);
	put_task_struct(p);
	return proc_new_dentry(dir, &proc_pid_dir, name, nr);
}

static void root_list(struct dir_context *ctx, long unused)
{
	int nr;

	(void)unused;
	while ((nr = next_pid(ctx->pos - 256)) >= 0) {
		struct task_struct *p = find_get_task_by_vpid(nr);
		char name[12];
		bool leader = p && p->pid == p->tgid;

		if (p)
			put_task_struct(p);
		snprintf(name, sizeof(name), "%d", nr);
		if (leader && !ctx->emit(ctx, name, nr, S_IFDIR))
			return;
		ctx->pos = 256 + ++nr;
	}
}

/* Addresses are shown to a task that may see the kernel's messages; names are shown to all. */
static int show_kallsyms(struct seq_file *m, long data)
{
	bool may = capable(CAP_SYSLOG);
	unsigned long addr;
	const char *name;

	(void)data;
	for (unsigned int i = 0; (name = kallsyms_get(i, &addr)); i++)
		seq_printf(m, "%016lx t %s\n", may ? addr : 0, name);
	return 0;
}

static const struct proc_entry root_entries[] = {
	{ "buddyinfo", S_IFREG | 0444, .show = show_buddyinfo },
	{ "cmdline", S_IFREG | 0444, .show = show_kernel_cmdline },
	{ "cpuinfo", S_IFREG | 0444, .show = show_cpuinfo },
	{ "filesystems", S_IFREG | 0444, .show = show_filesystems },
	{ "interrupts", S_IFREG | 0444, .show = show_interrupts },
	{ "kallsyms", S_IFREG | 0444, .show = show_kallsyms },
	{ "kcore", S_IFREG | 0400, .stream = &kcore_ops },
	{ "kmsg", S_IFREG | 0400, .show = show_kmsg },
	{ "leakcheck", S_IFREG | 0400, .show = show_leakcheck },
	{ "loadavg", S_IFREG | 0444, .show = show_loadavg },
	{ "meminfo", S_IFREG | 0444, .show = show_meminfo },
	{ "mounts", S_IFLNK | 0777, .readlink = link_mounts },
	{ "self", S_IFLNK | 0777, .readlink = link_self },
	{ "slabinfo", S_IFREG | 0400, .show = show_slabinfo },
	{ "schedstat", S_IFREG | 0444, .show = proc_show_schedstat },
	{ "softirqs", S_IFREG | 0444, .show = proc_show_softirqs },
	{ "stat", S_IFREG | 0444, .show = show_kernel_stat },
	{ "sys", S_IFDIR | 0555, .entries = sysctl_root_entries },
	{ "uptime", S_IFREG | 0444, .show = show_uptime },
	{ "vmstat", S_IFREG | 0444, .show = show_vmstat },
	{ "version", S_IFREG | 0444, .show = show_version },
	{ 0 },
};
static const struct proc_entry root_dir = {
	.mode = S_IFDIR | 0555, .entries = root_entries, .lookup = root_lookup, .list = root_list,
};

static struct pseudo_fs proc_fs = PSEUDO_FS("proc", PROC_SUPER_MAGIC, &root_dir);

void __init proc_root_init(void)
{
	register_filesystem(&proc_fs.type);
	cgroup_init();
	cgroupfs_init();
	tracefs_init();
	sysfs_init();
	kern_mount_at("proc", "/proc");
	kern_mount_at("sysfs", "/sys");
	kern_mount_at("cgroup2", "/sys/fs/cgroup");
	kern_mount_at("debugfs", "/sys/kernel/debug");
	kern_mount_at("tracefs", "/sys/kernel/tracing");
}
