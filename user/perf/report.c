/* SPDX-License-Identifier: MIT */
/* perf report: of a perf.data, how much of the samples is whose. */
#include "data.h"
#include "sample.h"
#include "session.h"

#define USAGE "perf report [OPTIONS]\n\
  -i FILE           read that (perf.data)\n\
  -s, --sort LIST   one line for each comm, pid, dso, sym, cpu (comm,dso,sym)\n\
  -n                number of samples, too\n\
  --percent-limit N no lines below N %\n\
  --stdio           what it does anyhow"

struct record {
	uint64_t time, nr;
	const struct perf_event_header *h;
};

static int by_time(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->nr < y->nr ? -1 : 1;
}

/* Samples have it third but one; others end with tid, time, cpu and id. */
static uint64_t time_of(const struct perf_event_header *h)
{
	const uint64_t *w = (const void *)h;

	return h->type == PERF_RECORD_SAMPLE ? w[4] : w[h->size / 8 - 3];
}

static void bad_file(const char *path, const char *why)
{
	fprintf(stderr, "perf: %s: %s\n", path, why);
	exit(1);
}

/* What was sampled: a name, and the numbers of the samples that are of it. */
struct sampled {
	char name[40];
	const uint64_t *ids;
	size_t nr;
};

/* All records of the file at @path, by time: those of a hart are in order, harts are one after the other. */
static struct record *load(const char *path, size_t *n, struct sampled *what, size_t *nr_what)
{
	struct perf_file_header h;
	struct k_stat st;
	int fd = open(path, O_RDONLY);
	struct record *v = NULL;
	char *file;

	if (fd < 0 || fstat(fd, &st) < 0)
		bad_file(path, strerror(errno));
	file = (size_t)st.st_size >= sizeof(h) ? mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : (void *)-1L;
	close(fd);
	if ((long)file == -1)
		bad_file(path, "not a perf.data file");
	memcpy(&h, file, sizeof(h));
	if (h.magic != PERF_DATA_MAGIC || h.data.offset > (uint64_t)st.st_size || h.data.size > st.st_size - h.data.offset ||
	    h.attr_size < sizeof(struct perf_file_attr) || h.attrs.offset > (uint64_t)st.st_size ||
	    h.attrs.size < h.attr_size || h.attrs.size > st.st_size - h.attrs.offset)
		bad_file(path, "not a perf.data file, or perf record did not end");
	*nr_what = h.attrs.size / h.attr_size;
	for (size_t i = 0; i < *nr_what; i++) {
		struct perf_event_attr attr = { 0 };
		struct perf_file_section ids;

		memcpy(&attr, file + h.attrs.offset + i * h.attr_size, PERF_ATTR_SIZE_VER7);
		memcpy(&ids, file + h.attrs.offset + (i + 1) * h.attr_size - sizeof(ids), sizeof(ids));
		if (attr.sample_type != SAMPLE_TYPE || i == MAX_EVENTS)
			bad_file(path, "its samples are not those of perf record here");
		if (ids.offset > (uint64_t)st.st_size || ids.size > st.st_size - ids.offset || ids.offset % 8)
			bad_file(path, "it is damaged");
		event_name(&attr, what[i].name, sizeof(what[i].name));
		what[i].ids = (void *)(file + ids.offset);
		what[i].nr = ids.size / 8;
	}
	*n = 0;
	for (int pass = 0; pass < 2; pass++) {
		uint64_t at = 0, nr = 0;

		while (at + sizeof(struct perf_event_header) <= h.data.size) {
			const struct perf_event_header *r = (void *)(file + h.data.offset + at);

			if (r->size < 32 || r->size % 8 || r->size > h.data.size - at)
				bad_file(path, "it is damaged");
			if (v)
				v[nr] = (struct record){ time_of(r), nr, r };
			nr++;
			at += r->size;
		}
		*n = nr;
		if (!v)
			v = malloc((nr + 1) * sizeof(*v));
		if (!v)
			die("perf");
	}
	qsort(v, *n, sizeof(*v), by_time);
	return v;
}

static bool is_of(const struct sampled *w, const struct perf_event_header *h)
{
	for (size_t i = 0; i < w->nr; i++)
		if (w->ids[i] == ((const uint64_t *)h)[1])
			return true;
	return h->type != PERF_RECORD_SAMPLE;
}

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
	for (size_t i = 0; i < n && 100.0 * v[i]->period >= limit * s->period; i++)
		columns(s, v[i], count, width, false);
	printf("\n");
	free(v);
}

int cmd_report(int argc, char **argv)
{
	struct session s = { .by = BY_COMM | BY_DSO | BY_SYMBOL, .entries = RB_INITIALIZER(&s.entries) };
	const char *path = "perf.data";
	double limit = 0;
	bool count = false;
	struct record *v;
	struct sampled what[MAX_EVENTS];
	size_t n, nr_what;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "-n"))
			count = true;
		else if (!strcmp(argv[i], "--stdio"))
			;
		else if (!value)
			usage(USAGE);
		else if (!strcmp(argv[i], "-i"))
			path = argv[++i];
		else if (!strcmp(argv[i], "-s") || !strcmp(argv[i], "--sort"))
			s.by = parse_sort(argv[++i]);
		else if (!strcmp(argv[i], "--percent-limit"))
			limit = strtod(argv[++i], NULL);
		else
			usage(USAGE);
	}
	v = load(path, &n, what, &nr_what);
	for (size_t w = 0; w < nr_what; w++) {
		for (size_t i = 0; i < n; i++)
			if (is_of(&what[w], v[i].h))
				session_record(&s, v[i].h);
		print(&s, what[w].name, count, limit);
		session_clear(&s);
		session_forget();
	}
	return 0;
}
