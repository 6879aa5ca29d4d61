/* SPDX-License-Identifier: MIT */
/* perf annotate: of a perf.data, how much of a function's samples is at which of its instructions. Layout: Linux's, with --stdio. */
#include "data.h"
#include "disasm.h"
#include "session.h"

#define USAGE "perf annotate [OPTIONS] [SYMBOL]\n\
  -i FILE           read that (perf.data)\n\
  -s, --symbol NAME this function alone (all that have samples)\n\
  --stdio           what it does anyhow"

/* A function, and where in it there are samples: nr of them, by address. */
struct hot {
	struct function f;
	struct dso *dso;
	struct entry **at;
	size_t nr;
	uint64_t samples, period;
};

static int by_place(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;

	if (x->dso != y->dso)
		return x->dso < y->dso ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int heavier(const void *a, const void *b)
{
	const struct hot *x = a, *y = b;

	return x->period > y->period ? -1 : x->period < y->period;
}

/* " <name+0x10>" of what @target is in. */
static void print_target(struct dso *dso, uint64_t target)
{
	uint64_t off;
	const char *name = target ? dso_symbol(dso, target, &off) : NULL;

	if (!name)
		return;
	printf(off ? " <%s+0x%lx>" : " <%s>", name, (unsigned long)off);
}

static void print(const struct hot *h, const char *event)
{
	const char *path = dso_code_path(h->dso), *slash = strrchr(path, '/');
	unsigned int len;
	size_t next = 0;
	int width;

	width = printf(" Percent |\tSource code & Disassembly of %s for %s (%lu samples, percent: local period)\n",
		       slash ? slash + 1 : path, event, (unsigned long)h->samples);
	for (int i = 0; i < width; i++)
		putchar('-');
	printf("\n         : %016lx <%s>:\n", (unsigned long)h->f.addr, h->f.name);
	for (uint64_t pc = h->f.addr; pc < h->f.end; pc += len) {
		uint64_t target, period = 0;
		char text[64], *operands;

		len = disassemble(h->f.code + (pc - h->f.addr), h->f.end - pc, pc, text, sizeof(text), &target);
		for (; next < h->nr && h->at[next]->at < pc + len; next++)
			period += h->at[next]->period;
		operands = strchr(text, '\t');
		if (operands)
			*operands++ = '\0';
		printf("%8.2f :   %lx:  %-*s%s%s", h->period ? 100.0 * period / h->period : 0.0, (unsigned long)pc,
		       operands ? 7 : 0, text, operands ? " " : "", operands ? operands : "");
		print_target(h->dso, target);
		printf("\n");
	}
}

static void tell_untold(struct dso *dso, uint64_t samples)
{
	int error = dso ? dso_error(dso) : 0;

	if (samples)
		fprintf(stderr, "perf: %s: %s: %lu samples cannot be shown\n", dso ? dso_code_path(dso) : "[unknown]",
			error ? strerror(error) : "no function is known there", (unsigned long)samples);
}

/* The functions of @v, whose @n places are in order: to @hot; @symbol: that one alone, or NULL. Return: how many. */
static size_t functions(struct entry **v, size_t n, const char *symbol, struct hot *hot)
{
	struct dso *dso = NULL;
	uint64_t untold = 0;
	size_t nr = 0;

	for (size_t i = 0, end; i < n; i = end) {
		struct hot h = { .dso = v[i]->dso, .at = &v[i] };

		end = i + 1;
		if (h.dso != dso) {
			tell_untold(dso, untold);
			untold = 0;
			dso = h.dso;
		}
		if (symbol && v[i]->symbol && strcmp(v[i]->symbol, symbol))
			continue;
		if (!dso || !dso_function(dso, v[i]->at, &h.f)) {
			untold += v[i]->samples;
			continue;
		}
		while (end < n && v[end]->dso == dso && v[end]->at < h.f.end)
			end++;
		h.nr = end - i;
		for (size_t k = 0; k < h.nr; k++) {
			h.samples += h.at[k]->samples;
			h.period += h.at[k]->period;
		}
		hot[nr++] = h;
	}
	tell_untold(dso, untold);
	qsort(hot, nr, sizeof(*hot), heavier);
	return nr;
}

int cmd_annotate(int argc, char **argv)
{
	struct session s = { .by = BY_ADDRESS | BY_SYMBOL | BY_DSO, .entries = RB_INITIALIZER(&s.entries) };
	const char *path = "perf.data", *symbol = NULL;
	struct sampled what[MAX_EVENTS];
	size_t n, nr_what, shown = 0;
	struct record *v;

	for (int i = 1; i < argc; i++) {
		bool value = i + 1 < argc;

		if (!strcmp(argv[i], "--stdio"))
			continue;
		if (value && !strcmp(argv[i], "-i"))
			path = argv[++i];
		else if (value && (!strcmp(argv[i], "-s") || !strcmp(argv[i], "--symbol")))
			symbol = argv[++i];
		else if (*argv[i] != '-' && !symbol)
			symbol = argv[i];
		else
			usage(USAGE);
	}
	v = data_load(path, &n, what, &nr_what);
	for (size_t w = 0; w < nr_what; w++) {
		struct entry **places;
		struct hot *hot;
		size_t nr;

		for (size_t i = 0; i < n; i++)
			if (data_is_of(&what[w], v[i].h))
				session_record(&s, v[i].h);
		places = session_sorted(&s, &nr);
		qsort(places, nr, sizeof(*places), by_place);
		hot = calloc(nr + 1, sizeof(*hot));
		if (!hot)
			die("perf");
		nr = functions(places, nr, symbol, hot);
		for (size_t i = 0; i < nr; i++)
			print(&hot[i], what[w].name);
		shown += nr;
		free(hot);
		free(places);
		session_clear(&s);
		session_forget();
	}
	if (!shown)
		fprintf(stderr, symbol ? "perf: %s: no samples of %s can be shown\n" : "perf: %s: no samples can be shown\n", path, symbol);
	return !shown;
}
