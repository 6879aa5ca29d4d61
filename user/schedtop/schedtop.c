/* SPDX-License-Identifier: MIT */
/* schedtop: what the scheduler does, hart by hart, level by level; and who waits most. Of /proc/schedstat, version 17. */
#include "procinfo.h"

#define USAGE "schedtop [-b] [-n COUNT] [-d SECONDS] [-t TASKS]\n\
  each 2 seconds, until ^C; -b: for files, one after the other; -t: tasks shown (10)"

#define MAX_LEVELS 8
#define MAX_TASKS 512
#define PASS_FIELDS 11			/* of a domain, for each of: busy, idle, newly idle */

struct hart {
	bool online;
	uint64_t yields, switches, idles, wakeups, local, run, wait, slices; /* run, wait: ns */
};

struct level {
	char name[16];
	uint64_t passes[3], balanced, failed, pulled, hot, active; /* passes of a busy, an idle, a newly idle hart */
};

struct waiter {
	int pid, cpu;
	char comm[17];
	uint64_t run, wait, slices;
};

struct snapshot {
	struct hart harts[MAX_CPUS];
	struct level levels[MAX_LEVELS];
	struct waiter tasks[MAX_TASKS];
	int nr_harts, nr_levels, nr_tasks;
	uint64_t at;			/* ns, when harts' figures were read */
};

static struct snapshot *filling;

static struct level *level_called(struct snapshot *s, const char *name)
{
	for (int i = 0; i < s->nr_levels; i++)
		if (!strcmp(s->levels[i].name, name))
			return &s->levels[i];
	if (s->nr_levels == MAX_LEVELS)
		return &s->levels[MAX_LEVELS - 1];
	snprintf(s->levels[s->nr_levels].name, sizeof(s->levels[0].name), "%s", name);
	return &s->levels[s->nr_levels++];
}

/* "domain0 MC ff NUMBERS": three times eleven, then active balancing's. */
static void take_domain(struct snapshot *s, char *line)
{
	char *name = strchr(line, ' '), *mask = name ? strchr(name + 1, ' ') : NULL, *at = mask ? strchr(mask + 1, ' ') : NULL;
	struct level *l;

	if (!at)
		return;
	*mask = '\0';
	l = level_called(s, name + 1);
	for (int i = 0; i < 3 * PASS_FIELDS + 3; i++) {
		uint64_t v = strtoull(at, &at, 10);
		int f = i % PASS_FIELDS;

		if (i == 3 * PASS_FIELDS + 2)
			l->active += v;
		else if (i >= 3 * PASS_FIELDS)
			continue;
		else if (f == 0)
			l->passes[i / PASS_FIELDS] += v;
		else if (f == 1)
			l->balanced += v;
		else if (f == 2)
			l->failed += v;
		else if (f == 7)
			l->pulled += v;
		else if (f == 8)
			l->hot += v;
	}
}

static void take_cpu(struct snapshot *s, char *line)
{
	int cpu = strtol(line + 3, &line, 10);
	struct hart *h;
	uint64_t v[9];

	if (cpu < 0 || cpu >= MAX_CPUS)
		return;
	for (int i = 0; i < 9; i++)
		v[i] = strtoull(line, &line, 10);
	h = &s->harts[cpu];
	*h = (struct hart){ true, v[0], v[2], v[3], v[4], v[5], v[6], v[7], v[8] };
	s->nr_harts = cpu >= s->nr_harts ? cpu + 1 : s->nr_harts;
}

static bool take_task(const struct task_stat *st)
{
	struct waiter *t = &filling->tasks[filling->nr_tasks];
	char path[64], text[80], *at = text;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", st->tgid, st->pid);
	if (filling->nr_tasks == MAX_TASKS || read_file(path, text, sizeof(text)) <= 0)
		return true;
	*t = (struct waiter){ .pid = st->pid, .cpu = st->cpu };
	snprintf(t->comm, sizeof(t->comm), "%.16s", st->comm);
	t->run = strtoull(at, &at, 10);
	t->wait = strtoull(at, &at, 10);
	t->slices = strtoull(at, &at, 10);
	filling->nr_tasks++;
	return true;
}

#define TICK_NS 10000000UL

/* When the text with this timestamp was made, somewhere between @before and @after: we may have been held up in between. */
static uint64_t when_made(uint64_t ticks, uint64_t before, uint64_t after)
{
	uint64_t first = ticks * TICK_NS, last = first + TICK_NS;

	before = before > first ? before : first;
	after = after < last ? after : last;
	return before + (after - before) / 2;
}

static void take(struct snapshot *s)
{
	static char text[MAX_CPUS * 1024];
	uint64_t before = monotonic_ns();

	memset(s, 0, sizeof(*s));
	if (read_file("/proc/schedstat", text, sizeof(text)) <= 0 || strncmp(text, "version 17\n", 11)) {
		fprintf(stderr, "schedtop: no /proc/schedstat of version 17\n");
		exit(1);
	}
	s->at = monotonic_ns();
	for (char *line = text; line && *line; ) {
		char *next = strchr(line, '\n');

		if (next)
			*next++ = '\0';
		if (!strncmp(line, "timestamp ", 10))
			s->at = when_made(strtoull(line + 10, NULL, 10), before, s->at);
		else if (!strncmp(line, "cpu", 3))
			take_cpu(s, line);
		else if (!strncmp(line, "domain", 6))
			take_domain(s, line);
		line = next;
	}
	filling = s;
	each_task(true, take_task);
}

static void show_hart(const char *name, const struct hart *a, const struct hart *b, double s, int n)
{
	uint64_t wakeups = b->wakeups - a->wakeups;

	printf("%-5s %6.1f %6.1f %12.1f %12.1f %7.1f %12.1f %10.1f\n", name, (b->run - a->run) / s / 1e7 / n,
	       (b->wait - a->wait) / s / 1e7 / n, (b->switches - a->switches) / s, wakeups / s,
	       wakeups ? 100.0 * (b->local - a->local) / wakeups : 0.0, (b->idles - a->idles) / s, (b->yields - a->yields) / s);
}

static void sum(struct hart *all, const struct hart *h)
{
	all->yields += h->yields;
	all->switches += h->switches;
	all->idles += h->idles;
	all->wakeups += h->wakeups;
	all->local += h->local;
	all->run += h->run;
	all->wait += h->wait;
}

static int by_wait(const void *x, const void *y)
{
	const struct waiter *a = x, *b = y;

	return a->wait != b->wait ? (a->wait < b->wait ? 1 : -1) : a->run != b->run ? (a->run < b->run ? 1 : -1) : a->pid - b->pid;
}

static void show_tasks(const struct snapshot *a, const struct snapshot *b, double s, int lines)
{
	static struct waiter v[MAX_TASKS];
	int n = 0;

	for (int i = 0; i < b->nr_tasks; i++) {
		struct waiter d = b->tasks[i];

		for (int k = 0; k < a->nr_tasks; k++)
			if (a->tasks[k].pid == d.pid) {
				d.run -= a->tasks[k].run;
				d.wait -= a->tasks[k].wait;
				d.slices -= a->tasks[k].slices;
				break;
			}
		if (d.slices || d.run)
			v[n++] = d;
	}
	qsort(v, n, sizeof(v[0]), by_wait);
	printf("\n    PID HART   %%RUN  %%WAIT     SLICES/s COMMAND\n");
	for (int i = 0; i < n && i < lines; i++)
		printf("%7d %4d %6.1f %6.1f %12.1f %s\n", v[i].pid, v[i].cpu, v[i].run / s / 1e7, v[i].wait / s / 1e7, v[i].slices / s,
		       v[i].comm);
}

static void show(const struct snapshot *a, const struct snapshot *b, double s, int lines)
{
	struct hart was = { 0 }, is = { 0 };
	int online = 0;

	printf("HART    %%RUN  %%WAIT   SWITCHES/s    WAKEUPS/s  %%LOCAL    TO-IDLE/s   YIELDS/s\n");
	for (int cpu = 0; cpu < b->nr_harts; cpu++) {
		char name[8];

		if (!b->harts[cpu].online)
			continue;
		snprintf(name, sizeof(name), "%d", cpu);
		show_hart(name, &a->harts[cpu], &b->harts[cpu], s, 1);
		sum(&was, &a->harts[cpu]);
		sum(&is, &b->harts[cpu]);
		online++;
	}
	show_hart("all", &was, &is, s, online);
	printf("\nLEVEL     BUSY/s     IDLE/s  NEWIDLE/s BALANCED/s   FAILED/s   PULLED/s      HOT/s   ACTIVE/s\n");
	for (int i = 0; i < b->nr_levels; i++) {
		const struct level *x = &a->levels[i], *y = &b->levels[i];

		printf("%-5s %10.1f %10.1f %10.1f %10.1f %10.1f %10.1f %10.1f %10.1f\n", y->name, (y->passes[0] - x->passes[0]) / s,
		       (y->passes[1] - x->passes[1]) / s, (y->passes[2] - x->passes[2]) / s, (y->balanced - x->balanced) / s,
		       (y->failed - x->failed) / s, (y->pulled - x->pulled) / s, (y->hot - x->hot) / s, (y->active - x->active) / s);
	}
	show_tasks(a, b, s, lines);
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static struct snapshot v[2];
	bool batch = !isatty(STDOUT_FILENO);
	double seconds = 2;
	long count = -1;
	int lines = 10, turn = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-b")) {
			batch = true;
			continue;
		}
		if (i + 1 == argc || argv[i][0] != '-')
			usage(USAGE);
		if (!strcmp(argv[i], "-n"))
			count = atol(argv[++i]);
		else if (!strcmp(argv[i], "-d"))
			seconds = strtod(argv[++i], NULL);
		else if (!strcmp(argv[i], "-t"))
			lines = atoi(argv[++i]);
		else
			usage(USAGE);
	}
	if (seconds < 0.01 || !count || count < -1 || lines < 0)
		usage(USAGE);
	take(&v[0]);
	while (count--) {
		nanosleep_ns(seconds * 1e9);
		take(&v[!turn]);
		/* Domains that were rebuilt count anew. */
		if (v[0].nr_levels != v[1].nr_levels)
			memset(v[turn].levels, 0, sizeof(v[turn].levels));
		printf(batch ? "" : "\033[H\033[J");
		show(&v[turn], &v[!turn], (v[!turn].at - v[turn].at) / 1e9, lines);
		turn = !turn;
	}
	return 0;
}
