/* SPDX-License-Identifier: MIT */
/* perf script: each sample of a perf.data, in the layout of Linux's. */
#include "data.h"
#include "session.h"
#include "tracepoint.h"

#define USAGE "perf script [OPTIONS]\n\
  -i FILE           read that (perf.data)\n\
  -F LIST           these alone: comm, pid, tid, cpu, time, period, event, trace (of trace points), ip, sym, symoff, dso\n\
  -G                without who called"

enum { COMM = 1, PID = 2, TID = 4, CPU = 8, TIME = 16, PERIOD = 32, EVENT = 64, IP = 128, SYM = 256, SYMOFF = 512, DSO = 1024,
	TRACE = 2048 };

static int parse_fields(char *list)
{
	static const char *const names[] = { "comm", "pid", "tid", "cpu", "time", "period", "event", "ip", "sym", "symoff", "dso",
					     "trace" };
	int fields = 0;

	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		size_t i = 0;

		while (i < ARRAY_LEN(names) && strcmp(word, names[i]))
			i++;
		if (i == ARRAY_LEN(names))
			usage(USAGE);
		fields |= 1 << i;
	}
	if (!fields || (fields & SYMOFF && !(fields & SYM)))
		usage(USAGE);
	return fields;
}

static void print_place(const struct place *p, int fields)
{
	if (fields & IP)
		printf("%16lx", (unsigned long)p->at);
	if (fields & SYM) {
		printf(" %s", p->symbol ? p->symbol : "[unknown]");
		if (fields & SYMOFF && p->symbol)
			printf("+0x%lx", (unsigned long)p->off);
	}
	if (fields & DSO)
		printf(" (%s)", p->dso ? dso_path(p->dso) : "[unknown]");
}

static void print_sample(const struct of_sample *r, const struct sampled *what, int width, int fields, bool calls)
{
	struct place v[PERF_MAX_STACK_DEPTH];
	size_t n;

	if (fields & COMM)
		printf(calls ? "%s " : "%16s ", session_comm(r->tid));
	if (fields & PID && fields & TID)
		printf("%5u/%-5u ", (unsigned int)r->pid, (unsigned int)r->tid);
	else if (fields & (PID | TID))
		printf("%5u ", (unsigned int)(fields & PID ? r->pid : r->tid));
	if (fields & CPU)
		printf("[%03u] ", (unsigned int)r->cpu);
	if (fields & TIME)
		printf("%5lu.%06lu: ", (unsigned long)(r->time / 1000000000), (unsigned long)(r->time / 1000 % 1000000));
	if (fields & PERIOD)
		printf("%10lu ", (unsigned long)r->period);
	if (fields & EVENT)
		printf("%*s: ", width, what->name);
	if (what->tracepoint && fields & TRACE) {
		struct tracepoint *t = tracepoint_of(what->tracepoint);
		size_t size;
		const uint8_t *raw = data_raw(what, &r->h, &size);

		if (t)
			tracepoint_print(t, raw, size, stdout);
	}
	if (!calls && fields & (IP | SYM | DSO)) {
		*v = session_place(r->pid, sample_in_kernel(r), r->ip);
		printf(" ");
		print_place(v, fields);
	}
	printf("\n");
	if (!calls)
		return;
	n = chain_places(r, v, ARRAY_LEN(v));
	for (size_t i = 0; i < n; i++) {
		printf("\t");
		print_place(&v[i], fields);
		printf("\n");
	}
	printf("\n");
}

int cmd_script(int argc, char **argv)
{
	struct session s = { .entries = RB_INITIALIZER(&s.entries) };
	int asked = 0, width = 0;
	const char *path = "perf.data";
	struct sampled what[MAX_EVENTS];
	bool calls = true;
	struct record *v;
	size_t n, nr_what;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-G"))
			calls = false;
		else if (!strcmp(argv[i], "-i") && i + 1 < argc)
			path = argv[++i];
		else if (!strcmp(argv[i], "-F") && i + 1 < argc)
			asked = parse_fields(argv[++i]);
		else
			usage(USAGE);
	}
	v = data_load(path, &n, what, &nr_what);
	for (size_t w = 0; w < nr_what; w++)
		width = (int)strlen(what[w].name) > width ? (int)strlen(what[w].name) : width;
	for (size_t i = 0; i < n; i++) {
		const struct sampled *w = what;
		int fields;

		if (v[i].h->type != PERF_RECORD_SAMPLE) {
			session_record(&s, v[i].h);
			continue;
		}
		while (!data_is_of(w, v[i].h))
			w++;		/* data_load() has seen that there is one */
		fields = asked ? asked : COMM | TID | CPU | TIME | EVENT | (w->tracepoint ? TRACE : PERIOD);
		if (!asked && (!w->tracepoint || w->chains))
			fields |= IP | SYM | SYMOFF | DSO;
		print_sample((const void *)v[i].h, w, width, fields, calls && w->chains && fields & (IP | SYM | DSO));
	}
	free(v);
	return 0;
}
