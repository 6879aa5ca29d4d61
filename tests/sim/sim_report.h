/* SPDX-License-Identifier: MIT */
/* What ./hw sim shows of a run beside its trace: a line a task, or a kind of tasks, and figures. Included by sim.c. */

#define MAX_TASK_LINES 16	/* more have a line for all of a kind */

static const char *class_name(const struct sim_task *s, char *to, size_t room)
{
	if (s->dl_period)
		snprintf(to, room, "dl %g/%g ms", s->dl_runtime / 1e6, s->dl_period / 1e6);
	else if (s->policy == SCHED_FIFO || s->policy == SCHED_RR)
		snprintf(to, room, "%s %u", s->policy == SCHED_FIFO ? "fifo" : "rr", s->rt_priority);
	else
		snprintf(to, room, "%snice %d", s->policy == SCHED_BATCH ? "batch " : s->policy == SCHED_IDLE ? "idle " : "", s->nice);
	return to;
}

static bool same_name(const struct sim_task *a, const struct sim_task *b)
{
	return !strcmp(a->name, b->name);
}

static bool same_kind(const struct sim_task *a, const struct sim_task *b)
{
	return same_name(a, b) && a->policy == b->policy && a->rt_priority == b->rt_priority && a->nice == b->nice &&
	       a->dl_runtime == b->dl_runtime && a->dl_period == b->dl_period;
}

static bool is_first(size_t i, bool (*same)(const struct sim_task *, const struct sim_task *))
{
	for (size_t j = 0; j < i; j++)
		if (same(&tasks[i], &tasks[j]))
			return false;
	return true;
}

/* Of tasks of @first's kind, or of it alone: means, but sums of moves, of what is missed and of shares; the longest latency. */
static void print_task_line(const struct sim_task *first, bool alone, u64 all)
{
	const struct sim_task *end = alone ? first + 1 : tasks + nr_tasks;
	u64 cpu = 0, waits = 0, migrations = 0, late = 0, latency = 0;
	unsigned int n = 0;
	char class[32], name[32];

	for (const struct sim_task *s = first; s < end; s++) {
		if (!same_kind(s, first))
			continue;
		n++;
		cpu += s->cpu;
		waits += wait_of(s);
		migrations += s->t.se.nr_migrations;
		late += s->missed;
		latency = max(latency, max(s->latency, s->woken ? now - s->woken : 0));
	}
	snprintf(name, sizeof(name), alone ? "%s-%d" : "%s", first->name, first->t.pid);
	printf("# %-16s %5u  %-16s %11.3f %8.2f %11.3f %11.3f %9lu %6lu\n", name, n, class_name(first, class, sizeof(class)),
	       cpu / 1e6 / n, all ? 100.0 * cpu / all : 0, waits / 1e6 / n, latency / 1e6, migrations, late);
}

static void print_tasks(void)
{
	u64 all = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		all += tasks[i].cpu;
	printf("# %-16s %5s  %-16s %11s %8s %11s %11s %9s %6s\n", "task", "tasks", "class", "ran, ms", "share, %", "waited, ms",
	       "latency, ms", "migrated", "missed");
	for (size_t i = 0; i < nr_tasks; i++)
		if (nr_tasks <= MAX_TASK_LINES || is_first(i, same_kind))
			print_task_line(&tasks[i], nr_tasks <= MAX_TASK_LINES, all);
}

static void print_figure(const char *what)
{
	printf("# figure %s %.10g\n", what, measure(what));
}

static void print_figures(void)
{
	static const enum measure of_all[] = { LOSS, GAP, WAIT, BADWAKES, REFUSED, MISSED, LOOKS };
	static const enum measure of_names[] = { TIME_OF, LATENCY_OF };
	char what[32];

	if (work_total && !nr_finite)
		print_figure(measures[MAKESPAN]);
	for (size_t m = 0; m < ARRAY_SIZE(of_all); m++)
		print_figure(measures[of_all[m]]);
	for (size_t i = 0; i < nr_tasks; i++)
		for (size_t m = 0; m < ARRAY_SIZE(of_names) && is_first(i, same_name); m++) {
			snprintf(what, sizeof(what), "%s%s", measures[of_names[m]], tasks[i].name);
			print_figure(what);
		}
	for (unsigned int g = 0; g < nr_groups; g++) {
		snprintf(what, sizeof(what), "%s%s", measures[USAGE_OF], groups[g].name);
		print_figure(what);
	}
}
