/* SPDX-License-Identifier: MIT */
/* perf stat's lines, for people and for programs, as perf 6.1 lays them out. */
#include <math.h>

#include "stat.h"

static uint64_t clock_ns;		/* the reference of rates: time of cpu-clock or task-clock in this unit */

static bool is_clock(const struct event *e)
{
	return e->type == PERF_TYPE_SOFTWARE && e->config <= PERF_COUNT_SW_TASK_CLOCK;
}

/* A count that was multiplexed, for all the time. */
static double scaled(struct values v)
{
	return !v.running ? 0 : v.running >= v.enabled ? v.count : (double)v.count * v.enabled / v.running;
}

/* The metric beside a count; false: none. */
static bool metric_of(const struct event *e, double value, double seconds, double *metric, char *unit)
{
	static const char units[] = " KMG";
	int u = 0;

	if (is_clock(e)) {
		*metric = seconds > 0 ? value / 1e9 / seconds : 0;
		strcpy(unit, "CPUs utilized");
		return true;
	}
	if (!clock_ns)
		return false;
	*metric = value * 1e9 / clock_ns;
	while (*metric > 1000 && u < 3) {
		*metric /= 1000;
		u++;
	}
	snprintf(unit, 8, "%.*s/sec", u ? 1 : 0, &units[u]);
	return true;
}

/* One line; @where: the hart's column, with its separator, or "". @deviation: per cent, or negative. */
static void print_line(const char *where, const struct event *e, struct values v, bool supported, double seconds, double deviation)
{
	double value = scaled(v), metric, pct = v.enabled ? 100.0 * min(v.running, v.enabled) / v.enabled : 100;
	const char *none = supported ? "<not counted>" : "<not supported>";
	bool counted = supported && v.running;
	char unit[24] = "";
	bool has = counted && metric_of(e, value, seconds, &metric, unit);
	const char *sep = separator;

	if (json) {
		fprintf(out, "{%s", where);
		if (counted)
			fprintf(out, "\"counter-value\" : \"%f\", ", is_clock(e) ? value / 1e6 : value);
		else
			fprintf(out, "\"counter-value\" : \"%s\", ", none);
		fprintf(out, "\"unit\" : \"%s\", \"event\" : \"%s\", \"event-runtime\" : %lu, \"pcnt-running\" : %.2f",
			is_clock(e) && counted ? "msec" : "", e->name, (unsigned long)v.running, pct);
		if (deviation >= 0)
			fprintf(out, ", \"variance\" : %.2f", deviation);
		if (has)
			fprintf(out, ", \"metric-value\" : %f, \"metric-unit\" : \"%s\"", metric, unit);
		fprintf(out, "}\n");
		return;
	}
	if (sep) {
		fprintf(out, "%s", where);
		if (!counted)
			fprintf(out, "%s%s%s", none, sep, sep);
		else if (is_clock(e))
			fprintf(out, "%.2f%smsec%s", value / 1e6, sep, sep);
		else
			fprintf(out, "%.0f%s%s", value, sep, sep);
		fprintf(out, "%s", e->name);
		if (deviation >= 0)
			fprintf(out, "%s%.2f%%", sep, deviation);
		fprintf(out, "%s%lu%s%.2f", sep, (unsigned long)v.running, sep, pct);
		if (has)
			fprintf(out, "%s%.3f%s%s\n", sep, metric, sep, unit);
		else
			fprintf(out, "%s%s\n", sep, sep);
		return;
	}
	fprintf(out, "%s", where);
	if (!counted)
		fprintf(out, "%18s %4s %-32s%-35s", none, "", e->name, "");
	else if (is_clock(e))
		fprintf(out, "%18.2f msec %-32s", value / 1e6, e->name);
	else
		fprintf(out, "%18.0f %4s %-32s", value, "", e->name);
	if (has)
		fprintf(out, " # %8.3f %-23s", metric, unit);
	else if (counted)
		fprintf(out, "%-35s", "");
	if (deviation >= 0)
		fprintf(out, " ( +-%6.2f%% )", deviation);
	if (counted && v.running < v.enabled)
		fprintf(out, "  (%.2f%%)", pct);
	fprintf(out, "\n");
}

static void add(struct values *sum, struct values v)
{
	sum->count += v.count;
	sum->enabled += v.enabled;
	sum->running += v.running;
}

/* Does column @c belong to the unit whose first column is @first? */
static bool same_unit(int first, int c)
{
	switch (aggregate) {
	case AGGR_GLOBAL:
		return true;
	case AGGR_NONE:
		return c == first;
	case AGGR_CORE:
		return columns[c].core == columns[first].core && columns[c].socket == columns[first].socket;
	case AGGR_SOCKET:
		return columns[c].socket == columns[first].socket;
	}
	return false;
}

static void unit_name(int first, int n, char *where, size_t size)
{
	int socket = max(columns[first].socket, 0), core = max(columns[first].core, 0);

	if (aggregate == AGGR_GLOBAL)
		*where = '\0';
	else if (json && aggregate == AGGR_NONE)
		snprintf(where, size, "\"cpu\" : \"%d\", ", columns[first].cpu);
	else if (json && aggregate == AGGR_CORE)
		snprintf(where, size, "\"core\" : \"S%d-D0-C%d\", \"aggregate-number\" : %d, ", socket, core, n);
	else if (json)
		snprintf(where, size, "\"socket\" : \"S%d\", \"aggregate-number\" : %d, ", socket, n);
	else if (separator && aggregate == AGGR_NONE)
		snprintf(where, size, "CPU%d%s", columns[first].cpu, separator);
	else if (separator && aggregate == AGGR_CORE)
		snprintf(where, size, "S%d-D0-C%d%s%d%s", socket, core, separator, n, separator);
	else if (separator)
		snprintf(where, size, "S%d%s%d%s", socket, separator, n, separator);
	else if (aggregate == AGGR_NONE)
		snprintf(where, size, "CPU%-7d ", columns[first].cpu);
	else if (aggregate == AGGR_CORE)
		snprintf(where, size, "S%d-D0-C%-8d %4d ", socket, core, n);
	else
		snprintf(where, size, "S%-5d %4d ", socket, n);
}

/* All lines of one reading. @prefix: the time, with -I. */
void print_values(struct values (*v)[MAX_HARTS], double seconds, const char *prefix)
{
	for (int i = 0; i < nr_events; i++)
		for (int first = 0; first < nr_columns; first++) {
			struct values sum = { 0 };
			bool supported = false, begins = true;
			char where[96];
			int n = 0;

			for (int c = 0; c < first; c++)
				begins &= !same_unit(c, first);
			if (!begins)
				continue;
			clock_ns = 0;
			for (int c = first; c < nr_columns; c++) {
				if (!same_unit(first, c))
					continue;
				n++;
				add(&sum, v[i][c]);
				supported |= counters[i][c].fd >= 0;
				for (int k = 0, found = 0; k < nr_events && !found; k++)
					if (is_clock(&events[k])) {
						clock_ns += scaled(v[k][c]);
						found = 1;
					}
			}
			strcpy(where, prefix);
			unit_name(first, n, where + strlen(where), sizeof(where) - strlen(where));
			print_line(where, &events[i], sum, supported, seconds, -1);
		}
}

void print_header(char **argv, const char *target, int runs)
{
	if (separator || json)
		return;
	fprintf(out, "\n Performance counter stats for ");
	if (system_wide)
		fprintf(out, "'system wide'");
	else if (target)
		fprintf(out, "%s", target);
	else
		for (char **a = argv; *a; a++)
			fprintf(out, "%s%s%s", a == argv ? "'" : " ", *a, a[1] ? "" : "'");
	if (runs > 1)
		fprintf(out, " (%d runs)", runs);
	fprintf(out, ":\n\n");
}

/* Mean and standard error of the mean, in per cent of it. */
static void statistics(const double *x, int n, double *mean, double *error)
{
	double square = 0;

	*mean = 0;
	for (int i = 0; i < n; i++)
		*mean += x[i] / n;
	for (int i = 0; i < n; i++)
		square += (x[i] - *mean) * (x[i] - *mean);
	*error = *mean > 0 && n > 1 ? 100 * sqrt(square / (n - 1) / n) / *mean : 0;
}

void print_runs(struct run *runs, int n)
{
	double x[100], mean, error, seconds, time_error;

	for (int k = 0; k < n; k++)
		x[k] = runs[k].seconds;
	statistics(x, n, &seconds, &time_error);
	for (int i = 0; i < nr_events; i++) {
		struct values sum = { 0 };

		clock_ns = 0;
		for (int k = 0; k < n; k++) {
			x[k] = 0;
			for (int c = 0; c < nr_columns; c++) {
				add(&sum, runs[k].v[i][c]);
				x[k] += scaled(runs[k].v[i][c]);
			}
			for (int e = 0, found = 0; e < nr_events && !found; e++)
				if (is_clock(&events[e])) {
					for (int c = 0; c < nr_columns; c++)
						clock_ns += scaled(runs[k].v[e][c]) / n;
					found = 1;
				}
		}
		statistics(x, n, &mean, &error);
		sum.count /= n;
		sum.enabled /= n;
		sum.running /= n;
		print_line("", &events[i], sum, counters[i][0].fd >= 0, seconds, error);
	}
	if (!separator && !json)
		fprintf(out, "\n %17.9f +- %.9f seconds time elapsed  ( +-%6.2f%% )\n\n", seconds, seconds * time_error / 100, time_error);
}

void print_footer(const struct run *r, bool usage_known)
{
	if (!separator && !json) {
		fprintf(out, "\n %17.9f seconds time elapsed\n\n", r->seconds);
		if (usage_known)
			fprintf(out, " %17.9f seconds user\n %17.9f seconds sys\n\n\n", r->user, r->sys);
	}
}
