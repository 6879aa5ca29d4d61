/* SPDX-License-Identifier: MIT */
/*
 * start_kernel, in explicit order; then rest_init: pid 1 becomes init, pid 2
 * makes kernel threads, and the boot context goes idle.
 */
#include <stdio.h>
#include <string.h>

#include "abi/clone.h"
#include "dev/reboot.h"
#include "dev/uart8250.h"
#include "dev/vport.h"
#include "events/event.h"
#include "fs/chrdev.h"
#include "fs/fdtable.h"
#include "fs/init.h"
#include "fs/initramfs.h"
#include "fs/namei.h"
#include "fs/namespace.h"
#include "futex/futex.h"
#include "lib/err.h"
#include "lib/fdt.h"
#include "lib/parse.h"
#include "proc/exec.h"
#include "proc/fork.h"
#include "proc/init_task.h"
#include "proc/kthread.h"
#include "proc/sigqueue.h"
#include "proc/task_struct.h"
#include "pseudofs/proc_root.h"
#include "pseudofs/tracefs.h"
#include "pseudofs/watchdog.h"
#include "sbi/sbi.h"
#include "sched/cpu.h"
#include "sched/idle.h"
#include "sched/sched.h"
#include "sched/stop.h"
#include "sched/topology.h"
#include "sched/tunables.h"
#include "smp/printk.h"
#include "smp/upcall.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "task/user.h"
#include "tests/kernel/kunit.h"
#include "trap/asm.h"
#include "trap/irq.h"
#include "tty/tty.h"
#include "vm/kernel_map.h"
#include "vm/kernel_stack.h"
#include "vm/memblock.h"
#include "vm/mm.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/vdso.h"
#include "vm/vmalloc.h"

static char saved_command_line[1024];
static const void *fdt;
static phys_addr_t initrd_start, initrd_end;
static const char *initrd_problem;	/* why it is not used */
static struct task_struct *idle_tasks[NR_CPUS] __initdata;

/* Value of "name=" on the command line, copied to @buf; NULL: not there. A bare word gives "". */
static char *cmdline_get(const char *name, char *buf, size_t size)
{
	size_t n = strlen(name);

	for (const char *p = saved_command_line; *p; ) {
		size_t len;

		p += strspn(p, " ");
		len = strcspn(p, " ");
		if (len == 2 && !strncmp(p, "--", 2))
			return NULL;	/* the rest is init's */
		if (len >= n && !strncmp(p, name, n) && (len == n || p[n] == '=')) {
			size_t vlen = len > n ? len - n - 1 : 0;

			vlen = min(vlen, size - 1);
			memcpy(buf, p + (len > n ? n + 1 : n), vlen);
			buf[vlen] = '\0';
			return buf;
		}
		p += len;
	}
	return NULL;
}

static int cmdline_uint(const char *name, int def)
{
	char buf[16];
	int v = cmdline_get(name, buf, sizeof(buf)) ? parse_uint(buf) : -1;

	return v >= 0 ? v : def;
}

static void __init parse_early_params(void)
{
	char buf[32];

	if (cmdline_get("quiet", buf, sizeof(buf)))
		printk_set_loglevel(4);
	printk_set_loglevel(cmdline_uint("loglevel", cmdline_get("quiet", buf, sizeof(buf)) ? 4 : 7));
	if (cmdline_get("nohz", buf, sizeof(buf)) && !strcmp(buf, "off"))
		tick_nohz_disable();
	sysctl_watchdog_thresh = min(cmdline_uint("watchdog_thresh", (int)sysctl_watchdog_thresh), 60);
	sysctl_hung_task_timeout = cmdline_uint("hung_task_timeout_secs", (int)sysctl_hung_task_timeout);
	if (cmdline_get("autogroup", buf, sizeof(buf)))
		sysctl_sched_autogroup_enabled = 1;
	if (cmdline_get("panic", buf, sizeof(buf)) && !strcmp(buf, "halt"))
		panic_set_halt(true);
}

/* icount=QUANTUM[,SEED], ns: see smp/turns.h. */
static void __init parse_turns(void)
{
	char buf[48], *seed;
	long quantum;

	if (!cmdline_get("icount", buf, sizeof(buf)))
		return;
	seed = strchr(buf, ',');
	if (seed)
		*seed++ = '\0';
	quantum = parse_uint(buf);
	if (quantum > 0)
		clock_take_turns(quantum, seed ? max(parse_uint(seed), 0) : 0);
}

/* A hart is usable unless its node says otherwise, or has no MMU we know. */
static bool __init cpu_usable(int node)
{
	const char *type = fdt_string(fdt, node, "device_type"), *mmu = fdt_string(fdt, node, "mmu-type");

	return type && !strcmp(type, "cpu") && mmu && fdt_is_available(fdt, node);
}

static bool __init hart_known(unsigned long hart)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (cpuid_to_hartid[cpu] == hart)
			return true;
	return false;
}

static void __init setup_smp(unsigned long boot_hart)
{
	int cpus = fdt_path(fdt, "/cpus");
	long maxcpus = cmdline_uint("maxcpus", NR_CPUS);
	char buf[8];

	if (cmdline_get("nosmp", buf, sizeof(buf)))
		maxcpus = 1;
	cpuid_to_hartid[0] = boot_hart;
	cpumask_set_cpu(0, &cpu_possible_mask);
	cpumask_set_cpu(0, &cpu_online_mask);
	for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n)) {
		unsigned long hart = fdt_number(fdt, n, "reg", ~0UL);

		if (!cpu_usable(n) || hart == ~0UL || hart_known(hart))
			continue;
		if (nr_cpu_ids >= NR_CPUS || nr_cpu_ids >= maxcpus)
			break;
		cpuid_to_hartid[nr_cpu_ids] = hart;
		cpumask_set_cpu(nr_cpu_ids++, &cpu_possible_mask);
	}
}

/* Is it where it may be? It is given back in the end, so what else is there would be, too. */
static const char *__init check_initrd(void)
{
	for (unsigned int i = 0; i < nr_memblock_reserved; i++) {
		const struct memblock_region *r = &memblock_reserved[i];

		if (initrd_start < r->base + r->size && r->base < initrd_end)
			return "it overlaps the kernel or what is reserved";
	}
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		const struct memblock_region *m = &memblock_memory[i];

		if (initrd_start >= m->base && initrd_end <= m->base + m->size)
			return NULL;
	}
	return "it lies outside of memory";
}

static void __init setup_memory(phys_addr_t dtb_pa)
{
	int chosen = fdt_path(fdt, "/chosen"), n;
	const char *args = fdt_string(fdt, chosen, "bootargs");
	u64 base, size;
	void *copy;

	if (args)
		strncpy(saved_command_line, args, sizeof(saved_command_line) - 1);
	for (n = fdt_first_child(fdt, fdt_root(fdt)); n >= 0; n = fdt_next_sibling(fdt, n)) {
		const char *type = fdt_string(fdt, n, "device_type");

		if (!type || strcmp(type, "memory") || !fdt_is_available(fdt, n))
			continue;
		for (int i = 0; !fdt_reg(fdt, n, i, &base, &size); i++)
			memblock_add(base, size, fdt_cell(fdt, n, "numa-node-id", 0, 0));
	}
	n = fdt_path(fdt, "/reserved-memory");
	for (n = n >= 0 ? fdt_first_child(fdt, n) : n; n >= 0; n = fdt_next_sibling(fdt, n))
		for (int i = 0; fdt_is_available(fdt, n) && !fdt_reg(fdt, n, i, &base, &size); i++)
			memblock_reserve(base, size);
	for (int i = 0; !fdt_mem_rsv(fdt, i, &base, &size); i++)
		memblock_reserve(base, size);
	memblock_reserve(0x80000000, 0x200000);	/* firmware, whatever it says of itself */
	memblock_reserve(__pa(_start), _end - _start);
	memblock_reserve(dtb_pa, fdt_size(fdt));
	initrd_start = fdt_number(fdt, chosen, "linux,initrd-start", 0);
	initrd_end = fdt_number(fdt, chosen, "linux,initrd-end", 0);
	if (initrd_end > initrd_start)
		initrd_problem = check_initrd();
	if (initrd_end <= initrd_start || initrd_problem)
		initrd_start = initrd_end = 0;
	else
		memblock_reserve(initrd_start, initrd_end - initrd_start);
	/* To where memory is ours: the firmware's may be in what is none of it, and that is not mapped any more soon. */
	copy = memblock_alloc(fdt_size(fdt), 8);
	memcpy(copy, fdt, fdt_size(fdt));
	fdt = copy;
}

static void __init setup_nodes(void)
{
	int cpus = fdt_path(fdt, "/cpus");

	for (int n = fdt_first_child(fdt, cpus); n >= 0; n = fdt_next_sibling(fdt, n)) {
		unsigned int cpu;

		for_each_possible_cpu(cpu)
			if (cpuid_to_hartid[cpu] == fdt_number(fdt, n, "reg", ~0UL))
				set_cpu_node(cpu, fdt_cell(fdt, n, "numa-node-id", 0, nr_memblock_memory ?
							   memblock_memory[0].node : 0));
	}
}

/* The wall clock, from the goldfish RTC: nanoseconds in two halves. */
static void __init rtc_init(void)
{
	for (int n = fdt_root(fdt); n >= 0; n = fdt_next(fdt, n)) {
		u64 base, size;
		u8 *rtc;

		if (fdt_is_compatible(fdt, n, "google,goldfish-rtc") && fdt_is_available(fdt, n) &&
		    !fdt_reg(fdt, n, 0, &base, &size) && (rtc = ioremap(base, size))) {
			u32 lo = readl(rtc);	/* latches the high half */

			timekeeping_set_real((u64)readl(rtc + 4) << 32 | lo);
			return;
		}
	}
}

static void cpu_bringup(void)
{
	trap_init_cpu();
	plic_init_cpu();
	time_init_cpu();
	perf_init_cpu();
	watchdog_init_cpu();
}

void start_secondary(void)
{
	if (!current->active_mm) {	/* else it has been here before */
		atomic_inc(&init_mm.mm_count);
		current->active_mm = &init_mm;
	}
	cpu_bringup();
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
	proc_root_init();	/* before archives, which may have folders of these names */
	unpack_archives();
	devfs_init();
	shmem_init();
}

static struct completion kthreadd_done;

/* trace_event=sched:* trace_buf_size=4M: from the first program on, without anybody in the machine who asks for it. */
static void setup_tracing(void)
{
	char text[64], *end = text;
	unsigned long kib = 0;

	if (cmdline_get("trace_buf_size", text, sizeof(text))) {
		for (; *end >= '0' && *end <= '9'; end++)
			kib = kib * 10 + *end - '0';
		kib = *end == 'M' || *end == 'm' ? kib << 10 : *end == 'K' || *end == 'k' ? kib : kib >> 10;
		if (trace_set_buffer_size(kib))
			pr_warn("trace_buf_size=%s: no such size\n", text);
	}
	if (cmdline_get("trace_event", text, sizeof(text)) && trace_set_events(text))
		pr_warn("trace_event=%s: no such event, or no memory\n", text);
}

static int kernel_init(void *unused)
{
	struct file *console;
	char which[32];

	(void)unused;
	wait_for_completion(&kthreadd_done);	/* nothing sleeps on a lock before there are two to share it */
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
	unsigned int cpu;
	void *irq_stack;

	fdt = __va(dtb_pa);
	if (fdt_check(fdt, fdt_size(fdt)))
		panic("no device tree at %lx", dtb_pa);
	setup_memory(dtb_pa);
	parse_early_params();
	setup_smp(hartid);
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
	setup_nodes();
	init_cpu_topology(fdt);
	kmem_cache_init();
	vmalloc_init();
	uart8250_init(fdt, ioremap);
	reboot_init(fdt, ioremap);
	plic_init(fdt, ioremap);
	rtc_init();
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
	vport_init(fdt);
	cpu_bringup();
	tty_init();
	local_irq_enable();
	smp_init();
	rest_init();
}
