/* SPDX-License-Identifier: MIT */
/*
 * A run's trace: the kernel's own trace points write into its own rings, which are as large as the run wants them, and are
 * written to a file in the end. tools/trace.py reads it as it reads a machine's memory. Included by sim.c.
 */

#define RAM_BASE	0x80000000UL	/* where tools/trace.py takes a file to begin */

static const char *trace_path;		/* NULL: nothing is traced */

/* Tasks are 1, 2, ... as the scenario has them; then who forks the first, whose time the trace is of; then the stoppers. */
static void trace_init(void)
{
	for (size_t i = 0; i < nr_tasks; i++) {
		strcpy(tasks[i].t.comm, tasks[i].name);
		tasks[i].t.tgid = tasks[i].t.pid = i + 1;
	}
	if (!trace_path)
		return;
	init_task.tgid = init_task.pid = nr_tasks + 1;
	strcpy(init_task.comm, "sim");
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++) {
		u64 nr = max(4096UL, 4 * nr_tasks);	/* if all came to a hart at once */

		harts[cpu].stop->tgid = harts[cpu].stop->pid = nr_tasks + 2 + cpu;
		trace_set_ring(cpu, calloc(nr, sizeof(struct trace_entry)), 0, nr);
	}
	trace_record((BIT(TRACE_SCHED_STAT_RUNTIME + 1) - 1) | BIT(TRACE_MARK_WRITE));
}

/*
 * After an event, all of whose records are @cpu's. Readers put records of several harts in order of time, so no two events
 * have the same: who came second has a ns more. And there is room for what the next may write: nothing is overwritten.
 */
static void trace_settle(unsigned int cpu)
{
	static u64 seen[NR_CPUS], next;
	struct trace_ring *r = &trace_rings.ring[cpu];
	struct trace_entry *buf;

	if (!trace_path || r->head == seen[cpu])
		return;
	next = max(next, now);
	for (; seen[cpu] < r->head; seen[cpu]++)
		r->buf[seen[cpu] % r->nr].ts = next;
	next++;
	if (r->head < r->nr / 2)
		return;
	buf = realloc(r->buf, 2 * r->nr * sizeof(*buf));
	if (!buf)
		fail("no memory for the trace");
	r->buf = buf;
	r->nr *= 2;
}

/* The first fork. Context: who does it is current. */
static void trace_begins(void)
{
	const char *slash = strrchr(scenario, '/');

	if (!trace_path)
		return;
	trace_process_exec(slash ? slash + 1 : scenario);
	trace_settle(smp_processor_id());	/* forks are after it */
}

/* The file: the head of the rings, the harts' places, records. Return: false: it cannot be written. */
static bool trace_to_file(FILE *f)
{
	static struct trace_rings head;
	size_t head_size = offsetof(struct trace_rings, ring[nr_cpu_ids]), places_size = nr_cpu_ids * sizeof(cpu_topology[0]);
	u64 at = RAM_BASE + head_size + places_size;
	bool ok;

	head = trace_rings;
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++) {
		struct trace_ring *r = &head.ring[cpu];

		r->buf = NULL;
		r->nr = min(r->nr, r->head);
		r->phys = r->nr ? at : 0;
		at += r->nr * sizeof(*r->buf);
	}
	ok = fwrite(&head, head_size, 1, f) == 1 && fwrite(cpu_topology, places_size, 1, f) == 1;
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		ok = ok && fwrite(trace_rings.ring[cpu].buf, sizeof(struct trace_entry), head.ring[cpu].nr, f) == head.ring[cpu].nr;
	return fclose(f) == 0 && ok;
}

/* What there is. */
static void trace_write(void)
{
	FILE *f;

	if (!trace_path || !trace_rings.nr_cpus)
		return;
	sim_current = &init_task.thread_info;
	trace_process_exit();
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		trace_settle(cpu);
	f = fopen(trace_path, "w");
	if (!f || !trace_to_file(f)) {
		fprintf(stderr, "sim: %s: cannot be written\n", trace_path);
		exit(2);
	}
}
