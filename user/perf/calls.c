/* SPDX-License-Identifier: MIT */
/* The tree of calls, in the layout of perf report --stdio --no-children -g. */
#include "calls.h"

#define MARGIN 11
#define MAX_DEPTH 128
#define MAX_PREFIX 400

struct calls {
	struct calls *next, *child;	/* others that called the same; who called this */
	const char *symbol;		/* NULL: unknown, then at tells */
	uint64_t at, period;
};

static struct calls *find(struct calls **list, const struct place *p)
{
	uint64_t at = p->symbol ? 0 : p->at;
	struct calls *c = *list;

	while (c && (c->symbol != p->symbol || c->at != at))
		c = c->next;
	if (!c) {
		c = calloc(1, sizeof(*c));
		if (!c)
			die("perf");
		c->symbol = p->symbol;
		c->at = at;
		c->next = *list;
		*list = c;
	}
	return c;
}

void calls_add(struct calls **root, const struct of_sample *r)
{
	struct place v[MAX_DEPTH];
	size_t n = chain_places(r, v, MAX_DEPTH);

	for (size_t i = 0; i < n; i++) {
		struct calls *c = find(root, &v[i]);

		c->period += r->period;
		root = &c->child;
	}
}

void calls_free(struct calls *c)
{
	while (c) {
		struct calls *next = c->next;

		calls_free(c->child);
		free(c);
		c = next;
	}
}

/* The heaviest first. */
static struct calls *sorted(struct calls *list)
{
	struct calls *out = NULL, *next;

	for (; list; list = next) {
		struct calls **at = &out;

		next = list->next;
		while (*at && (*at)->period >= list->period)
			at = &(*at)->next;
		list->next = *at;
		*at = list;
	}
	return out;
}

static void name(const struct calls *c)
{
	if (c->symbol)
		printf("%s\n", c->symbol);
	else
		printf("0x%lx\n", (unsigned long)c->at);
}

static void branches(struct calls *c, const char *prefix, uint64_t total, double limit);

/* @c's name has been printed: who called it is below, in its column, as long as it is one and always the same. */
static void callers(struct calls *c, const char *prefix, uint64_t total, double limit)
{
	while (c->child && !c->child->next && c->child->period == c->period) {
		c = c->child;
		printf("%s", prefix);
		name(c);
	}
	c->child = sorted(c->child);
	if (c->child)
		branches(c->child, prefix, total, limit);
}

static void branches(struct calls *c, const char *prefix, uint64_t total, double limit)
{
	char below[MAX_PREFIX];

	for (; c && 100.0 * c->period >= limit * total; c = c->next) {
		bool last = !c->next || 100.0 * c->next->period < limit * total;

		printf("%s|\n%s%s--%.2f%%--", prefix, prefix, last ? " " : "|", 100.0 * c->period / total);
		name(c);
		snprintf(below, sizeof(below), "%s%s          ", prefix, last ? " " : "|");
		callers(c, below, total, limit);
	}
}

void calls_print(struct calls *root, uint64_t total, double limit)
{
	char prefix[MAX_PREFIX];

	if (!root)
		return;
	snprintf(prefix, sizeof(prefix), "%*s", MARGIN + 1, "");
	if (root->next) {
		branches(sorted(root), prefix, total, limit);
	} else {
		printf("%s|\n%s---", prefix, prefix);
		name(root);
		snprintf(prefix, sizeof(prefix), "%*s", MARGIN + 4, "");
		callers(root, prefix, total, limit);
	}
	printf("\n");
}
