/* SPDX-License-Identifier: MIT */
/* Who ran where, who waited, and how far each task could have come: over the events of a trace, one after the other. */
#include "balance.h"

struct balance balance;

static struct task *task(int pid)
{
	return task_of(&balance.tasks, pid, sizeof(struct task));
}

static bool runs(const struct task *t)
{
	for (int h = 0; h < balance.nr_harts; h++)
		if (balance.harts[h].runs == t)
			return true;
	return false;
}

/* What runs on @h has run, in this slice and window. */
static double has_run(const struct hart *h, double now)
{
	return now - (h->since > balance.start ? h->since : balance.start);
}

static double path_now(const struct task *t, double now)
{
	for (int h = 0; h < balance.nr_harts; h++)
		if (balance.harts[h].runs == t)
			return t->path + has_run(&balance.harts[h], now);
	return t->path;
}

/* All figures up to @now. */
static void advance(double now)
{
	int idle = 0, waiting = 0, unclaimed;
	double dt = now - balance.last;

	if (!balance.begun || dt <= 0)
		return;
	for (struct task *t = balance.tasks; t; t = t->next)
		waiting += t->waits;
	for (int h = 0; h < balance.nr_harts; h++) {
		idle += !balance.harts[h].runs;
		balance.harts[h].area += balance.harts[h].depth * dt;
	}
	unclaimed = idle < waiting ? idle : waiting;
	balance.unclaimed += unclaimed * dt;
	if (unclaimed && balance.gap < 0)
		balance.gap = balance.last;
	if (!unclaimed && balance.gap >= 0) {
		double length = balance.last - balance.gap;

		balance.lost += length;
		balance.gaps++;
		if (length > balance.longest) {
			balance.longest = length;
			balance.longest_at = balance.gap;
		}
		balance.gap = -1;
	}
	balance.last = now;
}

static void count_depths(void)
{
	for (int h = 0; h < balance.nr_harts; h++)
		balance.harts[h].depth = !!balance.harts[h].runs;
	for (struct task *t = balance.tasks; t; t = t->next)
		balance.harts[t->hart].depth += t->waits;
	for (int h = 0; h < balance.nr_harts; h++)
		if (balance.begun && balance.harts[h].depth > balance.harts[h].most)
			balance.harts[h].most = balance.harts[h].depth;
}

static void add_delay(double delay)
{
	if (balance.nr_delays == balance.room) {
		balance.room = balance.room * 2 + 1024;
		balance.delays = realloc(balance.delays, balance.room * sizeof(double));
		if (!balance.delays)
			die("perf");
	}
	balance.delays[balance.nr_delays++] = delay;
}

static void take_switch(const struct sched_event *e)
{
	struct hart *h = &balance.harts[e->cpu];
	char text[24];
	struct task *prev, *next;
	int pid = sched_field(e->args, "prev_pid=", " ", text, sizeof(text));

	prev = pid ? task(pid) : NULL;
	pid = sched_field(e->args, "next_pid=", " ", text, sizeof(text));
	next = pid ? task(pid) : NULL;
	sched_field(e->args, "prev_state=", " ", text, sizeof(text));
	if (prev && balance.begun) {
		double ran = has_run(h, e->time);

		prev->run += ran;
		prev->path += ran;
		h->busy += ran;
	}
	if (prev && text[0] != 'R') {
		prev->asleep = true;
		prev->slept = balance.begun ? e->time : 0;
	}
	if (balance.begun) {
		h->switches++;
		h->involuntary += !strcmp(text, "R+");
	}
	if (prev && text[0] == 'R') {
		prev->waits = true;
		prev->hart = e->cpu;
		prev->since = e->time;
	}
	if (next && next->waits) {
		if (balance.begun)
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
	struct task *t = task(sched_field(e->args, " pid=", " ", text, sizeof(text)));
	double far;

	if (!t->asleep || !balance.begun)
		return;
	t->asleep = false;
	if (e->irq || !e->pid)
		far = t->path + e->time - (t->slept > balance.start ? t->slept : balance.start);
	else
		far = task(e->pid)->ours ? path_now(task(e->pid), e->time) : 0;
	t->path = far > t->path ? far : t->path;
}

static void take_wakeup(const struct sched_event *e)
{
	char text[24];
	struct task *t = task(sched_field(e->args, " pid=", " ", text, sizeof(text)));

	t->asleep = false;
	if (balance.begun && !strcmp(e->name, "sched_wakeup_new"))
		t->path = task(e->pid)->ours ? path_now(task(e->pid), e->time) : 0;
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
	struct task *t = task(sched_field(e->args, " pid=", " ", text, sizeof(text)));
	int from = sched_field(e->args, "orig_cpu=", " ", text, sizeof(text));
	int to = sched_field(e->args, "dest_cpu=", NULL, text, sizeof(text));

	if (from < 0 || to < 0 || from >= MAX_HARTS || to >= MAX_HARTS)
		return;
	balance.had_from = balance.harts[from].depth;
	balance.had_to = balance.harts[to].depth;
	if (t->waits)
		t->hart = to;
	if (balance.begun) {
		balance.harts[to].in++;
		balance.harts[from].out++;
	}
}

/* "I|1|migrate COMM 0->2 newidle-MC" */
static void take_mark(const char *args)
{
	char reason[32] = "";
	const char *last = strrchr(args, ' ');
	int i = 0;

	if (!balance.begun || strncmp(args, "I|1|migrate ", 12) || !last)
		return;
	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(last + 1, "\n"), last + 1);
	while (i < balance.nr_reasons && strcmp(balance.reasons[i].name, reason))
		i++;
	if (i == balance.nr_reasons && i < 48)
		strcpy(balance.reasons[balance.nr_reasons++].name, reason);
	if (i < 48)
		balance.reasons[i].n++;
	if (balance.had_from >= 0 && (!strncmp(reason, "periodic", 8) || !strncmp(reason, "newidle", 7) || !strncmp(reason, "active", 6))) {
		balance.useless += balance.had_from <= balance.had_to;
		balance.had_from = -1;
	}
}

static void take(const struct sched_event *e, double end)
{
	char text[24];

	if (e->time > end)
		return;
	advance(e->time);
	if (!strcmp(e->name, "sched_process_exec") && !balance.begun) {
		balance.begun = true;
		balance.start = balance.last = e->time;
		balance.gap = -1;
		task(e->pid)->ours = true;
	} else if (!strcmp(e->name, "sched_process_fork")) {
		task(sched_field(e->args, "child_pid=", NULL, text, sizeof(text)))->ours = task(e->pid)->ours;
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

static int by_size(const void *x, const void *y)
{
	double d = *(const double *)x - *(const double *)y;

	return d < 0 ? -1 : d > 0;
}

/* Twice: who runs on a hart before its first switch, and when the last task ends, is known only then. */
void balance_replay(const char *path)
{
	char line[512];
	FILE *f = fopen(path, "r");

	if (!f) {
		fprintf(stderr, "perf: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	balance.had_from = -1;
	balance.gap = -1;
	for (int pass = 0; pass < 2; pass++) {
		while (fgets(line, sizeof(line), f)) {
			struct sched_event e;
			char text[24];

			if (!pass && !strncmp(line, "CPU:", 4) && strstr(line, "[LOST "))
				balance.overwritten += strtoul(strstr(line, "[LOST ") + 6, NULL, 10);
			if (!sched_parse(line, &e))
				continue;
			if (pass) {
				take(&e, balance.end);
			} else if (!strcmp(e.name, "sched_process_exit")) {
				balance.end = e.time;
			} else if (!strcmp(e.name, "sched_switch") && !balance.harts[e.cpu].known) {
				int pid = sched_field(e.args, "prev_pid=", " ", text, sizeof(text));

				balance.harts[e.cpu].runs = pid ? task(pid) : NULL;
				balance.harts[e.cpu].known = true;
			}
		}
		for (int h = 0; h < MAX_HARTS; h++)
			balance.harts[h].known = false;
		fseek(f, 0, SEEK_SET);
	}
	fclose(f);
	if (!balance.begun || balance.end <= balance.start) {
		fprintf(stderr, "perf: no program began and ended in the trace\n");
		exit(1);
	}
	advance(balance.end);
	if (balance.gap >= 0) {
		balance.lost += balance.end - balance.gap;
		balance.gaps++;
		if (balance.end - balance.gap > balance.longest) {
			balance.longest = balance.end - balance.gap;
			balance.longest_at = balance.gap;
		}
	}
	for (int h = 0; h < balance.nr_harts; h++) {
		struct hart *k = &balance.harts[h];

		if (k->runs && k->since < balance.end) {
			double ran = has_run(k, balance.end);

			k->busy += ran;
			k->runs->run += ran;
			k->runs->path += ran;
		}
	}
	if (!balance.nr_delays)
		add_delay(0);
	qsort(balance.delays, balance.nr_delays, sizeof(double), by_size);
}
