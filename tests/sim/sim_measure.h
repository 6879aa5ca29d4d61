/* SPDX-License-Identifier: MIT */
/* What a scenario may expect, measured at its end. Included by sim.c. */

static u64 migrations(void)
{
	u64 n = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		for (int i = 0; i < NR_MIGRATE_REASONS; i++)
			n += i == MIGRATE_FORK ? 0 : cpu_rq(cpu)->migrations[i];
	return n;
}

/* Has @tg a task, or a group below that has? */
static bool populated(const struct task_group *tg)
{
	for (size_t i = 0; i < nr_tasks; i++)
		for (const struct task_group *up = tasks[i].t.sched_task_group; up; up = up->parent)
			if (up == tg)
				return true;
	return false;
}

/* The part of all CPU time that is due to something of @weight in @tg. */
static double due_part(double weight, const struct task_group *tg)
{
	double all = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		all += tasks[i].t.sched_task_group == tg ? tasks[i].t.se.load.weight : 0;
	for (unsigned int i = 0; i < nr_groups; i++)
		all += groups[i].tg->parent == tg && populated(groups[i].tg) ? groups[i].tg->shares : 0;
	return weight / all * (tg->parent ? due_part(tg->shares, tg->parent) : 1);
}

/* How far a task's CPU time is at worst from its weight's part, in points of all CPU time; for tasks that never sleep. */
static double worst_share(void)
{
	double cpu = 0, worst = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		cpu += tasks[i].cpu;
	for (size_t i = 0; i < nr_tasks; i++) {
		double want = cpu * due_part(tasks[i].t.se.load.weight, tasks[i].t.sched_task_group);
		double off = 100 * (tasks[i].cpu - want) / cpu;

		worst = max(worst, off < 0 ? -off : off);
	}
	return worst;
}

/* How long it waited in all, by the kernel's own account. */
static u64 wait_of(const struct sim_task *t)
{
	bool waits = t->t.on_rq && cpu_rq(task_cpu(&t->t))->curr != &t->t;

	return t->t.run_delay + (waits ? now - t->t.wait_start : 0);
}

/* How far a task's wait is at worst from the mean, per cent of it; for tasks of one weight that never sleep. */
static double worst_delay(void)
{
	double mean = 0, worst = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		mean += (double)(wait_of(&tasks[i]) - tasks[i].waited) / nr_tasks;
	for (size_t i = 0; i < nr_tasks; i++) {
		double off = 100 * ((double)(wait_of(&tasks[i]) - tasks[i].waited) - mean) / mean;

		worst = max(worst, off < 0 ? -off : off);
	}
	return worst;
}

/* The longest time from wake-up to running, of tasks called @name. */
static u64 worst_latency(const char *name)
{
	u64 worst = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		if (!strcmp(tasks[i].name, name))
			worst = max(worst, max(tasks[i].latency, tasks[i].woken ? now - tasks[i].woken : 0));
	return worst;
}

/* The least CPU time of a task called @name, per cent of the mean of all so called. */
static double least_of(const char *name)
{
	double least = 1e18, sum = 0;
	unsigned int n = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		if (!strcmp(tasks[i].name, name)) {
			least = min(least, (double)tasks[i].cpu);
			sum += tasks[i].cpu;
			n++;
		}
	return sum > 0 ? 100 * least * n / sum : 0;
}

/* CPU time of the tasks called @name. */
static u64 time_of(const char *name)
{
	u64 sum = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		sum += !strcmp(tasks[i].name, name) ? tasks[i].cpu : 0;
	return sum;
}

static u64 worst_wait(void)
{
	u64 worst = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		worst = max(worst, tasks[i].t.run_delay);
	return worst;
}

/* Jobs that ended after their deadlines, of the tasks called @name or of all. */
static u64 missed(const char *name)
{
	u64 n = 0;

	for (size_t i = 0; i < nr_tasks; i++)
		n += !name || !strcmp(tasks[i].name, name) ? tasks[i].missed : 0;
	return n;
}

static double looks_per_pass(void)
{
	struct sched_domain *sd;
	unsigned int cpu;
	u64 passes = 0;

	for_each_online_cpu(cpu)
		for_each_domain(cpu, sd)
			for (int i = 0; i < NR_IDLE_TYPES; i++)
				passes += sd->lb[i].count;
	return passes ? (double)looks / passes : 0;
}

/* Makespan over its bound: max(work / capacity of all harts, longest task). */
static double makespan(void)
{
	u64 capacity = 0, bound;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		capacity += cpu_topology[cpu].capacity;
	bound = max(work_total * SCHED_CAPACITY_SCALE / capacity, work_longest);
	return bound ? (double)(last_end - first_fork) / bound : 0;
}

enum measure {
	MAKESPAN, LOSS, GAP, SHARE, DELAYS, LOOKS, MIGRATIONS, WAIT, BADWAKES, REFUSED, MISSED, DONE,
	/* Of tasks called so. */
	TIME_OF, LATENCY_OF, LEAST_OF, MISSED_OF,
	/* Of a group. */
	USAGE_OF,
	NR_MEASURES
};
static const char *const measures[NR_MEASURES] = { "makespan", "loss", "gap", "share", "delays", "looks", "migrations", "wait",
	"badwakes", "refused", "missed", "done", "time:", "latency:", "least:", "missed:", "usage:" };

/* Which is called @what? A wrong name is a wrong line. */
static enum measure find_measure(const char *what)
{
	size_t part = strcspn(what, ":");

	for (enum measure m = 0; m < NR_MEASURES; m++) {
		if (m < TIME_OF ? strcmp(what, measures[m]) : strncmp(what, measures[m], part + 1))
			continue;
		if (m == USAGE_OF)
			(void)parse_group(what + part + 1);
		else if (m >= TIME_OF)
			(void)parse_task_name(what + part + 1);
		return m;
	}
	bad("%s: nothing is measured that is called so", what);
}

static double measure(const char *what)
{
	const char *name = strchr(what, ':') ? strchr(what, ':') + 1 : what;

	switch (find_measure(what)) {
	case MAKESPAN:
		return makespan();
	case LOSS:
		return hart_time ? 100.0 * unclaimed / hart_time : 0;
	case GAP:
		return longest_gap / 1e6;
	case SHARE:
		return worst_share();
	case DELAYS:
		return worst_delay();
	case LOOKS:
		return looks_per_pass();
	case MIGRATIONS:
		return migrations();
	case WAIT:
		return worst_wait() / 1e6;
	case BADWAKES:
		return bad_wakes;
	case REFUSED:
		return refused;
	case MISSED:
		return missed(NULL);
	case DONE:
		return nr_tasks - alive;
	case TIME_OF:
		return 100.0 * time_of(name) / now;
	case LATENCY_OF:
		return worst_latency(name) / 1e6;
	case LEAST_OF:
		return least_of(name);
	case MISSED_OF:
		return missed(name);
	case USAGE_OF:
		return 100.0 * sched_group_usage(group_called(name)) / now;
	case NR_MEASURES:
		break;
	}
	BUG();
}
