/* SPDX-License-Identifier: MIT */
/* perf balance: how a command's work was balanced over harts. The report of the host's ./hw balance, made in the machine. */
#include "sched.h"

#include <math.h>

#define USAGE "perf balance [-e LIST] [-m KB] CMD... | perf balance -i FILE\n\
  -e LIST           events to count on each hart (page-faults, interrupts and fences that the firmware saw, TLB misses)\n\
  -m KB             of trace a hart (1024); what is oldest is lost\n\
  -i FILE           of a command that perf sched record has run (no counters)"

#define COUNTERS "page-faults,fw_ipi_sent,fw_ipi_received,fw_sfence_vma_sent,fw_sfence_vma_received,fw_fence_i_received,\
fw_set_timer,dTLB-load-misses,dTLB-store-misses,iTLB-load-misses"

struct task {
	struct task *next;
	int pid, hart;
	bool waits;
	double since;			/* it waits; s */
	double run;
	bool ours, asleep;		/* ours: the program, or made by it */
	double slept;			/* since when; s */
	/*
	 * s: in what time it would have come as far as it is, had nobody ever waited for a hart: what it ran, slept up to an
	 * interrupt, and what those that it was made or woken by had done up to there.
	 */
	double path;
};

struct hart {
	struct task *runs;		/* NULL: idle */
	bool known;
	double since, busy, area;	/* s; of the queue's depth over time */
	int depth, most;
	unsigned long switches, involuntary, in, out;
};

static struct {
	struct hart harts[MAX_HARTS];
	int nr_harts;
	struct task *tasks;
	double start, end, last;
	bool begun;
	/* Some hart idles while a task waits: */
	double gap, lost, longest, longest_at, unclaimed;
	int gaps;
	double *delays;
	size_t nr_delays, room;
	struct {
		char name[32];
		unsigned long n;
	} reasons[48];
	int nr_reasons;
	int had_from, had_to;		/* depths at the last migration; from -1: none */
	unsigned long useless, overwritten;
} b;

static struct task *task_of(int pid)
{
	struct task *t = b.tasks;

	while (t && t->pid != pid)
		t = t->next;
	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			die("perf");
		t->pid = pid;
		t->next = b.tasks;
		b.tasks = t;
	}
	return t;
}

static bool runs(const struct task *t)
{
	for (int h = 0; h < b.nr_harts; h++)
		if (b.harts[h].runs == t)
			return true;
	return false;
}

/* What runs on @h has run, in this slice and window. */
static double has_run(const struct hart *h, double now)
{
	return now - (h->since > b.start ? h->since : b.start);
}

static double path_now(const struct task *t, double now)
{
	for (int h = 0; h < b.nr_harts; h++)
		if (b.harts[h].runs == t)
			return t->path + has_run(&b.harts[h], now);
	return t->path;
}

/* All figures up to @now. */
static void advance(double now)
{
	int idle = 0, waiting = 0, unclaimed;
	double dt = now - b.last;

	if (!b.begun || dt <= 0)
		return;
	for (struct task *t = b.tasks; t; t = t->next)
		waiting += t->waits;
	for (int h = 0; h < b.nr_harts; h++) {
		idle += !b.harts[h].runs;
		b.harts[h].area += b.harts[h].depth * dt;
	}
	unclaimed = idle < waiting ? idle : waiting;
	b.unclaimed += unclaimed * dt;
	if (unclaimed && b.gap < 0)
		b.gap = b.last;
	if (!unclaimed && b.gap >= 0) {
		double length = b.last - b.gap;

		b.lost += length;
		b.gaps++;
		if (length > b.longest) {
			b.longest = length;
			b.longest_at = b.gap;
		}
		b.gap = -1;
	}
	b.last = now;
}

static void count_depths(void)
{
	for (int h = 0; h < b.nr_harts; h++)
		b.harts[h].depth = !!b.harts[h].runs;
	for (struct task *t = b.tasks; t; t = t->next)
		b.harts[t->hart].depth += t->waits;
	for (int h = 0; h < b.nr_harts; h++)
		if (b.begun && b.harts[h].depth > b.harts[h].most)
			b.harts[h].most = b.harts[h].depth;
}

static void add_delay(double delay)
{
	if (b.nr_delays == b.room) {
		b.room = b.room * 2 + 1024;
		b.delays = realloc(b.delays, b.room * sizeof(double));
		if (!b.delays)
			die("perf");
	}
	b.delays[b.nr_delays++] = delay;
}

static void take_switch(const struct sched_event *e)
{
	struct hart *h = &b.harts[e->cpu];
	char text[24];
	struct task *prev, *next;
	int pid = sched_field(e->args, "prev_pid=", " ", text, sizeof(text));

	prev = pid ? task_of(pid) : NULL;
	pid = sched_field(e->args, "next_pid=", " ", text, sizeof(text));
	next = pid ? task_of(pid) : NULL;
	sched_field(e->args, "prev_state=", " ", text, sizeof(text));
	if (prev && b.begun) {
		double ran = has_run(h, e->time);

		prev->run += ran;
		prev->path += ran;
		h->busy += ran;
	}
	if (prev && text[0] != 'R') {
		prev->asleep = true;
		prev->slept = b.begun ? e->time : 0;
	}
	if (b.begun) {
		h->switches++;
		h->involuntary += !strcmp(text, "R+");
	}
	if (prev && text[0] == 'R') {
		prev->waits = true;
		prev->hart = e->cpu;
		prev->since = e->time;
	}
	if (next && next->waits) {
		if (b.begun)
			add_delay(e->time - next->since);
		next->waits = false;
	}
	h->runs = next;
	h->known = true;
	h->since = e->time;
}

static void take_waking(const struct sched_event *e)
{
	char text[24];
	struct task *t = task_of(sched_field(e->args, " pid=", " ", text, sizeof(text)));
	double far;

	if (!t->asleep || !b.begun)
		return;
	t->asleep = false;
	if (e->irq || !e->pid)
		far = t->path + e->time - (t->slept > b.start ? t->slept : b.start);
	else
		far = task_of(e->pid)->ours ? path_now(task_of(e->pid), e->time) : 0;
	t->path = far > t->path ? far : t->path;
}

static void take_wakeup(const struct sched_event *e)
{
	char text[24];
	struct task *t = task_of(sched_field(e->args, " pid=", " ", text, sizeof(text)));

	t->asleep = false;
	if (b.begun && !strcmp(e->name, "sched_wakeup_new"))
		t->path = task_of(e->pid)->ours ? path_now(task_of(e->pid), e->time) : 0;
	if (runs(t) || t->waits)
		return;
	t->waits = true;
	t->since = e->time;
	t->hart = sched_field(e->args, "target_cpu=", NULL, text, sizeof(text));
	t->hart = t->hart >= 0 && t->hart < MAX_HARTS ? t->hart : 0;
}

static void take_migration(const struct sched_event *e)
{
	char text[24];
	struct task *t = task_of(sched_field(e->args, " pid=", " ", text, sizeof(text)));
	int from = sched_field(e->args, "orig_cpu=", " ", text, sizeof(text));
	int to = sched_field(e->args, "dest_cpu=", NULL, text, sizeof(text));

	if (from < 0 || to < 0 || from >= MAX_HARTS || to >= MAX_HARTS)
		return;
	b.had_from = b.harts[from].depth;
	b.had_to = b.harts[to].depth;
	if (t->waits)
		t->hart = to;
	if (b.begun) {
		b.harts[to].in++;
		b.harts[from].out++;
	}
}

/* "I|1|migrate COMM 0->2 newidle-MC" */
static void take_mark(const char *args)
{
	char reason[32] = "";
	const char *last = strrchr(args, ' ');
	int i = 0;

	if (!b.begun || strncmp(args, "I|1|migrate ", 12) || !last)
		return;
	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(last + 1, "\n"), last + 1);
	while (i < b.nr_reasons && strcmp(b.reasons[i].name, reason))
		i++;
	if (i == b.nr_reasons && i < 48)
		strcpy(b.reasons[b.nr_reasons++].name, reason);
	if (i < 48)
		b.reasons[i].n++;
	if ((!strncmp(reason, "periodic", 8) || !strncmp(reason, "newidle", 7) || !strncmp(reason, "active", 6)) && b.had_from >= 0) {
		b.useless += b.had_from <= b.had_to;
		b.had_from = -1;
	}
}

static void take(const struct sched_event *e, double end)
{
	char text[24];

	if (e->time > end)
		return;
	advance(e->time);
	if (!strcmp(e->name, "sched_process_exec") && !b.begun) {
		b.begun = true;
		b.start = b.last = e->time;
		b.gap = -1;
		task_of(e->pid)->ours = true;
	} else if (!strcmp(e->name, "sched_process_fork")) {
		task_of(sched_field(e->args, "child_pid=", NULL, text, sizeof(text)))->ours = task_of(e->pid)->ours;
	} else if (!strcmp(e->name, "sched_switch")) {
		take_switch(e);
	} else if (!strcmp(e->name, "sched_waking")) {
		take_waking(e);
	} else if (!strncmp(e->name, "sched_wakeup", 12)) {
		take_wakeup(e);
	} else if (!strcmp(e->name, "sched_migrate_task")) {
		take_migration(e);
	} else if (!strcmp(e->name, "tracing_mark_write")) {
		take_mark(e->args);
	}
	count_depths();
}

/* Twice: who runs on a hart before its first switch, and when the last task ends, is known only then. */
static void replay(const char *path)
{
	char line[512];
	FILE *f = fopen(path, "r");

	if (!f) {
		fprintf(stderr, "perf: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	b.had_from = -1;
	b.gap = -1;
	for (int pass = 0; pass < 2; pass++) {
		while (fgets(line, sizeof(line), f)) {
			struct sched_event e;
			char text[24];

			if (!pass && !strncmp(line, "CPU:", 4) && strstr(line, "[LOST "))
				b.overwritten += strtoul(strstr(line, "[LOST ") + 6, NULL, 10);
			if (!sched_parse(line, &e))
				continue;
			if (pass) {
				take(&e, b.end);
			} else if (!strcmp(e.name, "sched_process_exit")) {
				b.end = e.time;
			} else if (!strcmp(e.name, "sched_switch") && !b.harts[e.cpu].known) {
				int pid = sched_field(e.args, "prev_pid=", " ", text, sizeof(text));

				b.harts[e.cpu].runs = pid ? task_of(pid) : NULL;
				b.harts[e.cpu].known = true;
			}
		}
		for (int h = 0; h < MAX_HARTS; h++)
			b.harts[h].known = false;
		fseek(f, 0, SEEK_SET);
	}
	fclose(f);
	if (!b.begun || b.end <= b.start) {
		fprintf(stderr, "perf: no program began and ended in the trace\n");
		exit(1);
	}
	advance(b.end);
	if (b.gap >= 0) {
		b.lost += b.end - b.gap;
		b.gaps++;
		if (b.end - b.gap > b.longest) {
			b.longest = b.end - b.gap;
			b.longest_at = b.gap;
		}
	}
	for (int h = 0; h < b.nr_harts; h++) {
		struct hart *k = &b.harts[h];

		if (k->runs && k->since < b.end) {
			double ran = has_run(k, b.end);

			k->busy += ran;
			k->runs->run += ran;
			k->runs->path += ran;
		}
	}
}

/* ---- The report ---- */

static double mean(const double *v)
{
	double sum = 0;

	for (int h = 0; h < b.nr_harts; h++)
		sum += v[h];
	return sum / b.nr_harts;
}

static void row(const char *name, const double *v, int digits, double total, bool spread)
{
	double m = mean(v), squares = 0;

	printf("%-28s", name);
	for (int h = 0; h < b.nr_harts; h++) {
		printf("%11.*f", digits, v[h]);
		squares += (v[h] - m) * (v[h] - m);
	}
	printf("%11.*f", digits, total);
	if (spread && m > 0)
		printf("%9.1f %%", 100 * sqrt(squares / b.nr_harts) / m);
	printf("\n");
}

enum total { MEAN, SUM, MOST };

/* A figure of each hart, and what they have in all. */
#define ROW(name, digits, total, spread, expr) do {			\
	double _v[MAX_HARTS], _most = 0;				\
	for (int _h = 0; _h < b.nr_harts; _h++) {			\
		const struct hart *h = &b.harts[_h];			\
		_v[_h] = (expr);					\
		_most = _v[_h] > _most ? _v[_h] : _most;		\
	}								\
	row(name, _v, digits, (total) == MOST ? _most : mean(_v) * ((total) == SUM ? b.nr_harts : 1), spread); \
} while (0)

static int by_size(const void *x, const void *y)
{
	double d = *(const double *)x - *(const double *)y;

	return d < 0 ? -1 : d > 0;
}

static void verdict(double seconds, const char *what)
{
	printf("%12.3f msec  %-24s  #  ", seconds * 1e3, what);
}

static void print_reasons(void)
{
	for (int left = b.nr_reasons; left; left--) {
		int best = 0;
		char *dash;

		for (int i = 1; i < b.nr_reasons; i++)
			if (b.reasons[i].n > b.reasons[best].n)
				best = i;
		dash = strrchr(b.reasons[best].name, '-');
		printf("%12lu      migrations by %-10.*s within %s\n", b.reasons[best].n,
		       dash ? (int)(dash - b.reasons[best].name) : 0, b.reasons[best].name, dash ? dash + 1 : b.reasons[best].name);
		b.reasons[best].n = 0;
	}
	printf("%12lu      balance moves from a hart that had no more tasks than where they went\n\n", b.useless);
}

static void print_verdict(double length)
{
	double busy = 0, squares = 0, bound = 0, delays = 0;

	for (int h = 0; h < b.nr_harts; h++) {
		busy += b.harts[h].busy;
		squares += b.harts[h].busy * b.harts[h].busy;
	}
	bound = busy / b.nr_harts;
	for (const struct task *t = b.tasks; t; t = t->next)
		bound = t->ours && t->path > bound ? t->path : bound;
	verdict(b.lost, "not work-conserving");
	printf("%.2f %% of the time some hart idled while a task waited\n", 100 * b.lost / length);
	verdict(b.longest, "longest such gap");
	printf("at %.6f; %d gaps in all\n", b.longest_at, b.gaps);
	printf("%12.4f       Jain index of busy time   #  1 = even, %.2f = one hart did it all\n",
	       squares > 0 ? busy * busy / (b.nr_harts * squares) : 1.0, 1.0 / b.nr_harts);
	verdict(length, "makespan");
	printf("%.2f x the lower bound of %.3f msec\n", length / bound, bound * 1e3);
	if (!b.nr_delays)
		add_delay(0);
	qsort(b.delays, b.nr_delays, sizeof(double), by_size);
	for (size_t i = 0; i < b.nr_delays; i++)
		delays += b.delays[i];
	verdict(delays / b.nr_delays, "mean scheduling delay");
	printf("p99 %.3f, max %.3f\n\n", b.delays[(b.nr_delays * 99 + 99) / 100 - 1] * 1e3, b.delays[b.nr_delays - 1] * 1e3);
}

static struct event events[MAX_EVENTS];
static int nr_events, fds[MAX_EVENTS][MAX_HARTS];
static uint64_t counts[MAX_EVENTS][MAX_HARTS];

static void print_counters(bool nonsense)
{
	for (int e = 0; e < nr_events; e++) {
		char name[48];
		bool all = !(nonsense && is_cycle_counter(&events[e]));

		snprintf(name, sizeof(name), " %.40s", events[e].name);
		for (int h = 0; h < b.nr_harts; h++)
			all &= fds[e][h] >= 0;
		if (all)
			ROW(name, 0, SUM, true, counts[e][h - b.harts]);
		else
			printf("%-28s%22s\n", name, "<not supported>");
	}
}

static void print(char **argv)
{
	double length = b.end - b.start;

	printf(" Hart balance for '");
	for (int i = 0; argv[i]; i++)
		printf(i ? " %s" : "%s", argv[i]);
	printf("': %d harts, %.3f msec\n\n%28s", b.nr_harts, length * 1e3, "");
	for (int h = 0; h < b.nr_harts; h++) {
		char name[16];

		snprintf(name, sizeof(name), "HART%d", h);
		printf("%11s", name);
	}
	printf("%11s   spread [1]\n", "all");
	ROW(" utilized           %", 2, MEAN, true, 100 * h->busy / length);
	ROW(" idle               %", 2, MEAN, false, 100 - 100 * h->busy / length);
	printf("%-28s%*s%11.2f\n", " unclaimed idle [2]  %", 11 * b.nr_harts, "", 100 * b.unclaimed / length / b.nr_harts);
	ROW(" run queue, average", 2, MEAN, true, h->area / length);
	ROW(" run queue, max", 0, MOST, false, h->most);
	ROW(" context-switches", 0, SUM, true, h->switches);
	ROW("   involuntary", 0, SUM, true, h->involuntary);
	ROW(" migrations in", 0, SUM, true, h->in);
	ROW(" migrations out", 0, SUM, true, h->out);
	print_counters(counters_are_time());
	printf("\n");
	print_reasons();
	print_verdict(length);
	if (b.overwritten)
		printf(" %lu records were overwritten; -m makes room\n", b.overwritten);
	printf(" [1] standard deviation / mean over the harts   [2] idle that waiting tasks could have used; masks are not looked at\n");
}

/* Run @argv and count meanwhile. Return: its status. */
static int run_and_count(char **argv, const char *list, const char *kib, const char *path)
{
	uint64_t bytes;
	int status;

	nr_events = parse_events(list, events, 0);
	for (int e = 0; e < nr_events; e++)
		for (int h = 0; h < b.nr_harts; h++)
			fds[e][h] = event_open(&events[e], -1, h, -1, 0);
	status = sched_record(path, kib, argv, &bytes);
	for (int e = 0; e < nr_events; e++)
		for (int h = 0; h < b.nr_harts; h++) {
			uint64_t v[3];

			if (fds[e][h] >= 0 && read(fds[e][h], v, sizeof(v)) == sizeof(v))
				counts[e][h] = v[0];
		}
	return status;
}

int cmd_balance(int argc, char **argv)
{
	const char *kib = "1024", *list = COUNTERS, *in = NULL;
	char path[40], online[64];
	int i, status = 0;

	for (i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--"); i += 2) {
		if (i + 1 < argc && !strcmp(argv[i], "-m"))
			kib = argv[i + 1];
		else if (i + 1 < argc && !strcmp(argv[i], "-e"))
			list = argv[i + 1];
		else if (i + 1 < argc && !strcmp(argv[i], "-i"))
			in = argv[i + 1];
		else
			usage(USAGE);
	}
	i += i < argc && !strcmp(argv[i], "--");
	if ((i >= argc) != !!in)
		usage(USAGE);
	if (read_file("/sys/devices/system/cpu/possible", online, sizeof(online)) > 0)
		b.nr_harts = strtol(strrchr(online, '-') ? strrchr(online, '-') + 1 : online, NULL, 10) + 1;
	if (b.nr_harts < 1 || b.nr_harts > MAX_HARTS) {
		fprintf(stderr, "perf: how many harts there are is not known\n");
		return 1;
	}
	if (in) {
		replay(in);
		argv[0] = (char *)in;
		argv[1] = NULL;
		print(argv);
		return 0;
	}
	snprintf(path, sizeof(path), "/tmp/perf-balance.%d", getpid());
	status = run_and_count(argv + i, list, kib, path);
	replay(path);
	unlink(path);
	print(argv + i);
	return status;
}
