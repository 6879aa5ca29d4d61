/* SPDX-License-Identifier: MIT */
/*
 * start_kernel, in explicit order; then rest_init: pid 1 becomes init, pid 2
 * makes kernel threads, and the boot context goes idle.
 */
#include <stdio.h>
#include <string.h>

#include "abi/clone.h"
#include "dev/cpu.h"
#include "dev/probe.h"
#include "dev/vport.h"
#include "events/event.h"
#include "fs/chrdev.h"
#include "fs/fdtable.h"
#include "fs/init.h"
#include "fs/initramfs.h"
#include "fs/namei.h"
#include "fs/namespace.h"
#include "futex/futex.h"
#include "init/cmdline.h"
#include "init/setup.h"
#include "lib/err.h"
#include "lib/fdt.h"
#include "proc/exec.h"
#include "proc/fork.h"
#include "proc/init_task.h"
#include "proc/kthread.h"
#include "proc/sigqueue.h"
#include "proc/task_struct.h"
#include "pseudofs/proc_root.h"
#include "pseudofs/watchdog.h"
#include "sbi/sbi.h"
#include "sched/idle.h"
#include "sched/sched.h"
#include "sched/stop.h"
#include "sched/domains.h"
#include "sched/tunables.h"
#include "smp/cpuhp.h"
#include "smp/printk.h"
#include "smp/topology.h"
#include "smp/upcall.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "task/user.h"
#include "tests/kernel/kunit.h"
#include "time/tick.h"
#include "trap/asm.h"
#include "trap/irq.h"
#include "tty/tty.h"
#include "vm/kernel_map.h"
#include "vm/kernel_stack.h"
#include "vm/memblock.h"
#include "vm/mm.h"
#include "vm/mmu_context.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/vdso.h"
#include "vm/vmalloc.h"

static struct task_struct *idle_tasks[NR_CPUS] __initdata;

/* What comes and goes with a hart, lowest layer first. */
static const struct cpu_layer cpu_layers[] = {
	{ trap_init_cpu, NULL },
	{ irq_init_cpu, irq_dying_cpu },
	{ time_init_cpu, tick_dying_cpu },
	{ NULL, vm_dying_cpu },
	{ perf_init_cpu, perf_dying_cpu },
	{ watchdog_init_cpu, watchdog_dying_cpu },
};

void start_secondary(void)
{
	cpuhp_init_cpu();
	cpumask_set_cpu(smp_processor_id(), &cpu_online_mask);
	cpu_idle();
}

static void __init smp_init(void)
{
	unsigned int cpu;
	char verbose[4];

	for_each_possible_cpu(cpu) {
		void *stack = cpu ? alloc_kernel_stack() : NULL;

		if (!cpu)
			continue;
		BUG_ON(!stack);
		irq_stack_init(cpu, (char *)stack + THREAD_SIZE);
		idle_tasks[cpu] = fork_idle(cpu);
		if (__cpu_up(cpu, &idle_tasks[cpu]->thread_info))
			pr_warn("smp: hart %lu does not start\n", cpuid_to_hartid[cpu]);
	}
	build_sched_domains(cmdline_get("sched_verbose", verbose, sizeof(verbose)) != NULL);
	pr_info("smp: %u of %u harts up\n", cpumask_weight(&cpu_online_mask), nr_cpu_ids);
}

/* 'a "b c" d' to argv: a, b c, d; at most @max words. */
static int split_words(char *s, char **argv, int max_words)
{
	int n = 0;

	for (s += strspn(s, " "); *s && n < max_words; s += strspn(s, " ")) {
		bool quoted = *s == '"';

		argv[n++] = s += quoted;
		s += strcspn(s, quoted ? "\"" : " ");
		if (*s)
			*s++ = '\0';
	}
	return n;
}

static void __noreturn run_init(void)
{
	static char words[sizeof(saved_command_line)];
	static char *argv[34] = { NULL }, *envp[] = { "HOME=/", "TERM=linux", "PATH=/usr/bin:/usr/sbin:/bin:/sbin", NULL };
	static const char *const defaults[] = { "/sbin/init", "/etc/init", "/bin/init", "/bin/sh" };
	char init[128];
	bool given = cmdline_get("init", init, sizeof(init)) != NULL;
	char *rest = strstr(saved_command_line, "-- ");
	int err = -ENOENT;

	if (rest && (rest == saved_command_line || rest[-1] == ' ')) {
		strcpy(words, rest + 3);
		split_words(words, argv + 1, 32);
	}
	for (size_t i = 0; i < (given ? 1 : ARRAY_SIZE(defaults)); i++) {
		struct pt_regs *regs = task_pt_regs(current);
		const char *path = given ? init : defaults[i];

		argv[0] = (char *)path;
		err = do_execve(NULL, path, (__force const char __user *const __user *)argv,
				(__force const char __user *const __user *)envp, true, regs);
		if (!err) {
			pr_info("init: %s\n", path);
			ret_from_exception_regs(regs);
		}
		if (given)
			panic("Requested init %s failed (error %d).", path, err);
	}
	panic("No working init found. Error %d", err);
}

static void __init unpack_archives(void)
{
	int err = populate_rootfs(__initramfs_start, __initramfs_end - __initramfs_start);

	if (err)
		panic("initramfs: broken, error %d", err);
	if (initrd_problem)
		pr_err("initrd: not used, %s\n", initrd_problem);
	if (initrd_start) {
		err = populate_rootfs(__va(initrd_start), initrd_end - initrd_start);
		if (err)
			pr_err("initrd: broken archive, error %d\n", err);
		free_reserved_area(__va(initrd_start), __va(initrd_end));
	}
	err = vfs_mknod(&root_path, "/tmp", S_IFDIR | 01777, 0, NULL);
	if (err && err != -EEXIST)
		panic("cannot make /tmp: %d", err);
}

/* Boot work that may sleep; in a function of its own, so that its code is freed after it. */
static void __init kernel_init_freeable(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_create(cpu_stopper_thread, NULL, "migration/%u", cpu);

		BUG_ON(IS_ERR(p));
		kthread_bind(p, cpu);
		cpu_stopper_set(cpu, p);
		wake_up_process(p);
	}
	kern_mount_at("devtmpfs", "/dev");
	proc_root_init();	/* before archives, which may hold folders with the names of its own */
	unpack_archives();
	devfs_init();
	shmem_init();
}

static struct completion kthreadd_done;

static int kernel_init(void *unused)
{
	struct file *console;
	char which[32];

	(void)unused;
	wait_for_completion(&kthreadd_done);	/* kthreadd is there, and scheduler_running is set */
	kernel_init_freeable();
	free_initmem();
	setup_tracing();
	if (cmdline_get("kunit", which, sizeof(which)))
		run_kunit(which);
	console = do_open(NULL, "/dev/console", O_RDWR, 0);
	if (IS_ERR(console))
		pr_warn("no console\n");
	for (int i = 0; !IS_ERR(console) && i < 3; i++)
		if (fd_install_new(current->files, i ? get_file(console) : console, 0, false) < 0)
			pr_warn("no descriptor for the console\n");
	current->signal->flags |= SIGNAL_UNKILLABLE;
	run_init();
}

static __named void __noreturn rest_init(void)
{
	struct kernel_clone_args init = { .flags = CLONE_FS, .fn = kernel_init, .exit_signal = SIGCHLD };
	struct kernel_clone_args kthreads = { .flags = CLONE_FS | CLONE_FILES, .fn = kthreadd, .exit_signal = SIGCHLD };
	int pid;

	init_completion(&kthreadd_done);
	pid = kernel_clone(&init);
	BUG_ON(pid != 1);
	pid = kernel_clone(&kthreads);
	BUG_ON(pid != 2);
	kthreadd_task = find_get_task_by_vpid(2);
	put_task_struct(kthreadd_task);
	scheduler_running = true;
	complete(&kthreadd_done);
	cpu_idle();
}

void start_kernel(unsigned long hartid, unsigned long dtb_pa)
{
	const void *fdt = __va(dtb_pa);
	unsigned int cpu;
	void *irq_stack;

	if (fdt_check(fdt, fdt_size(fdt)))
		panic("no device tree at %lx", dtb_pa);
	fdt = setup_memory(fdt, dtb_pa);
	parse_early_params();
	setup_smp(fdt, hartid);
	paging_init();
	for_each_possible_cpu(cpu)
		setup_per_cpu_area(cpu, memblock_alloc(per_cpu_area_size(), 64));
	sched_init();
	cpu_hotplug_init();
	trap_init_cpu();
	time_init(fdt);
	parse_turns();
	pr_info("Hartwood %s (%s), %u harts, boot hart %lu, SBI %ld.%ld, OpenSBI %ld.%ld\n", HARTWOOD_VERSION,
		CONFIG_DEBUG ? "debug" : "release", nr_cpu_ids, hartid, sbi_get_spec_version() >> 24,
		sbi_get_spec_version() & 0xffffff, sbi_get_impl_version() >> 16, sbi_get_impl_version() & 0xffff);
	pr_info("Kernel command line: %s\n", saved_command_line);
	proc_set_command_line(saved_command_line);
	page_alloc_init();
	setup_nodes(fdt);
	init_cpu_topology(fdt);
	kmem_cache_init();
	vmalloc_init();
	probe_devices(fdt);
	irq_stack = alloc_kernel_stack();
	BUG_ON(!irq_stack);
	irq_stack_init(0, (char *)irq_stack + THREAD_SIZE);
	mm_cache_init();
	atomic_inc(&init_mm.mm_count);
	user_init();
	cred_init();
	pid_init();
	sigqueue_init();
	vdso_init();
	futex_init();
	fs_init();
	task_struct_init();
	init_task_init();
	if (fdt_string(fdt, fdt_first_child(fdt, fdt_path(fdt, "/cpus")), "riscv,isa"))
		proc_set_isa(fdt_string(fdt, fdt_first_child(fdt, fdt_path(fdt, "/cpus")), "riscv,isa"));
	pr_info("Memory: %luK/%luK available\n", nr_free_pages() * 4, totalram_pages() * 4);
	perf_event_init();
	vport_init();
	cpuhp_set_layers(cpu_layers, ARRAY_SIZE(cpu_layers));
	cpuhp_init_cpu();
	tty_init();
	local_irq_enable();
	smp_init();
	rest_init();
}
