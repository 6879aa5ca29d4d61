/* SPDX-License-Identifier: MIT */
/* perf report: of a perf.data, how much of the samples is whose. */
#include "calls.h"
#include "data.h"
#include "sample.h"
#include "session.h"

#define USAGE "perf report [OPTIONS]\n\
  -i FILE           read that (perf.data)\n\
  -s, --sort LIST   one line for each comm, pid, dso, sym, cpu (comm,dso,sym)\n\
  -n                number of samples, too\n\
  --percent-limit N no lines below N %\n\
  -g none           without who called; what perf record -g wrote has it else\n\
  --stdio, --no-children   what it does anyhow"

static int parse_sort(char *list)
{
	static const struct {
		const char *name;
		int by;
	} keys[] = {
		{ "comm", BY_COMM }, { "dso", BY_DSO }, { "sym", BY_SYMBOL }, { "symbol", BY_SYMBOL }, { "cpu", BY_CPU }, { "pid", BY_PID },
	};
	int by = 0;

	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		size_t i = 0;

		while (i < ARRAY_LEN(keys) && strcmp(word, keys[i].name))
			i++;
		if (i == ARRAY_LEN(keys))
			usage(USAGE);
		by |= keys[i].by;
	}
	return by;
}

#define MAX_WIDTH 60
#define CALLS_LIMIT 0.5			/* per cent, as perf has it */

/* The columns of a line, or (@e NULL) their titles; @width: of each, or NULL. */
static void columns(const struct session *s, const struct entry *e, bool count, int *width, bool measure)
{
	char symbol[96], number[24];
	struct {
		const char *title, *text;
		bool is, right;
	} c[] = {
		{ "CPU", number, s->by & BY_CPU, false },
		{ s->by & BY_COMM ? "Command" : "Pid", e ? e->comm : "", s->by & (BY_COMM | BY_PID), false },
		{ "Shared Object", e ? entry_dso(e) : "", s->by & BY_DSO, false },
		{ "Symbol", e ? entry_symbol(e, symbol, sizeof(symbol)) : "", s->by & BY_SYMBOL, false },
	};

	snprintf(number, sizeof(number), "%03d", e ? e->cpu : 0);
	if (!measure)
		printf(e ? "%9.2f%%" : "# Overhead", e ? 100.0 * e->period / (s->period ? s->period : 1) : 0.0);
	if (count && !measure)
		printf(e ? "  %12lu" : "       Samples", e ? (unsigned long)e->samples : 0UL);
	for (size_t i = 0; i < ARRAY_LEN(c); i++) {
		const char *text = e ? c[i].text : c[i].title;
		int len = strlen(text);

		if (!c[i].is)
			continue;
		if (measure)
			width[i] = len > width[i] ? len < MAX_WIDTH ? len : MAX_WIDTH : width[i];
		else
			printf("  %-*s", width[i], text);
	}
	if (!measure)
		printf("\n");
}

static void print(struct session *s, const char *event, bool count, double limit)
{
	int width[4] = { 0 };
	size_t n;
	struct entry **v = session_sorted(s, &n);

	printf("# Total Lost Samples: %lu\n#\n# Samples: %lu  of event '%s'\n# Event count (approx.): %lu\n#\n", (unsigned long)s->lost,
	       (unsigned long)s->samples, event, (unsigned long)s->period);
	columns(s, NULL, count, width, true);
	for (size_t i = 0; i < n; i++)
		columns(s, v[i], count, width, true);
	columns(s, NULL, count, width, false);
	printf("# ........%s", count ? "  ............" : "");
	for (int i = 0; i < 4; i++)
		if (width[i]) {
			printf("  ");
			for (int k = 0; k < width[i]; k++)
				putchar('.');
		}
	printf("\n#\n");
	for (size_t i = 0; i < n && 100.0 * v[i]->period >= limit * s->period; i++) {
		columns(s, v[i], count, width, false);
		calls_print(v[i]->calls, s->period, limit > CALLS_LIMIT ? limit : CALLS_LIMIT);
	}
	printf("\n");
	free(v);
}

int cmd_report(int argc, char **argv)
{
	struct session s = { .by = BY_COMM | BY_DSO | BY_SYMBOL, .entries = RB_INITIALIZER(&s.entries) };
	const char *path = "perf.data";
	double limit = 0;
	bool count = false, calls = true;
	struct record *v;
	struct sampled what[MAX_EVENTS];
	size_t n, nr_what;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "-n"))
			count = true;
		else if (!strcmp(argv[i], "--stdio") || !strcmp(argv[i], "--no-children"))
			;
		else if (!strcmp(argv[i], "-g") && (!value || strcmp(value, "none")))
			calls = true;
		else if (!value)
			usage(USAGE);
		else if (!strcmp(argv[i], "-g"))
			calls = !++i;
		else if (!strcmp(argv[i], "-i"))
			path = argv[++i];
		else if (!strcmp(argv[i], "-s") || !strcmp(argv[i], "--sort"))
			s.by = parse_sort(argv[++i]);
		else if (!strcmp(argv[i], "--percent-limit"))
			limit = strtod(argv[++i], NULL);
		else
			usage(USAGE);
	}
	v = data_load(path, &n, what, &nr_what);
	for (size_t w = 0; w < nr_what; w++) {
		s.chains = calls && what[w].chains;
		for (size_t i = 0; i < n; i++)
			if (data_is_of(&what[w], v[i].h))
				session_record(&s, v[i].h);
		print(&s, what[w].name, count, limit);
		session_clear(&s);
		session_forget();
	}
	return 0;
}
