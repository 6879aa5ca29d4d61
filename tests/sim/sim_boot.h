/* SPDX-License-Identifier: MIT */
/* The simulator's machine: harts, their places, idle tasks and stoppers. Included by sim.c. */

static void boot(unsigned int n, const unsigned int shape[4], unsigned int nodes, bool ring)
{
	size_t size = __stop_percpu_sim - __start_percpu_sim;
	unsigned int threads = shape[3], cores = shape[2], clusters = shape[1];

	if (!n || n > NR_CPUS || !nodes || nodes > MAX_NUMA_NODES)
		fail("%u harts on %u nodes", n, nodes);
	nr_cpu_ids = n;
	sim_current = &init_task.thread_info;
	init_task.sched_class = &idle_sched_class;
	spin_lock_init(&init_task.pi_lock, LOCK_PI);
	for (unsigned int cpu = 0; cpu < n; cpu++) {
		struct hart *h = &harts[cpu];
		char *area = aligned_alloc(64, ALIGN_UP(size, 64UL));

		memcpy(area, __start_percpu_sim, size);
		__per_cpu_offset[cpu] = (unsigned long)area - (unsigned long)__start_percpu_sim;
		cpuid_to_hartid[cpu] = cpu;
		cpumask_set_cpu(cpu, &cpu_possible_mask);
		cpumask_set_cpu(cpu, &cpu_online_mask);
		cpu_topology[cpu] = (struct cpu_topology){
			.thread_id = threads > 1 ? (int)(cpu % threads) : -1,
			.core_id = cpu / threads % cores,
			.cluster_id = cpu / threads / cores % clusters,
			.package_id = cpu / threads / cores / clusters,
			.node = cpu * nodes / n,
			.capacity = capacities[cpu] ? capacities[cpu] : SCHED_CAPACITY_SCALE,
		};
		h->idle = new_kernel_task(calloc(1, sizeof(*h->idle)), cpu, "swapper");
		sched_init_idle(h->idle, cpu);
		h->stop = new_kernel_task(calloc(1, sizeof(*h->stop)), cpu, "migration");
		h->stop->__state = TASK_INTERRUPTIBLE;
		h->stop->thread_info.preempt_count = 2;
		cpu_stopper_set(cpu, h->stop);
		h->stopper = malloc(sizeof(*h->stopper));
		h->stack = malloc(STACK_SIZE);
		getcontext(h->stopper);
		h->stopper->uc_stack.ss_sp = h->stack;
		h->stopper->uc_stack.ss_size = STACK_SIZE;
		makecontext(h->stopper, stopper_main, 0);
		cpumask_set_cpu(cpu, &idle_cpus_mask);
	}
	for (unsigned int a = 0; a < MAX_NUMA_NODES; a++)
		for (unsigned int b = 0; b < MAX_NUMA_NODES; b++) {
			unsigned int hops = a > b ? a - b : b - a;

			set_node_distance(a, b, 10 + 10 * (ring ? min(hops, nodes - hops) : hops != 0));
		}
	sched_balance_init();
	build_sched_domains(getenv("SIM_VERBOSE") != NULL);
	scheduler_running = true;
}
