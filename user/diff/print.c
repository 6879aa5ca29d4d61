/* SPDX-License-Identifier: MIT */
/* The two forms in which changes are told. */
#include "diff.h"
#include "when.h"

bool next_change(const struct file *a, const struct file *b, struct change *c)
{
	for (c->a = c->a_end, c->b = c->b_end; c->a < a->nr || c->b < b->nr; c->a++, c->b++)
		if (a->line[c->a].changed || b->line[c->b].changed)
			break;
	for (c->a_end = c->a; a->line[c->a_end].changed; )
		c->a_end++;
	for (c->b_end = c->b; b->line[c->b_end].changed; )
		c->b_end++;
	return c->a < c->a_end || c->b < c->b_end;
}

static void print_lines(const struct file *f, long from, long to, const char *sign)
{
	for (; from < to; from++) {
		printf("%s", sign);
		fwrite(f->line[from].s, 1, f->line[from].len, stdout);
		printf(from == f->nr - 1 && !f->ended ? "\n\\ No newline at end of file\n" : "\n");
	}
}

/* Lines from + 1 to to; of none, the one before. */
static void print_range(long from, long to)
{
	if (to - from > 1)
		printf("%ld,", from + 1);
	printf("%ld", to);
}

void print_normal(const struct file *a, const struct file *b)
{
	struct change c = { 0 };

	while (next_change(a, b, &c)) {
		print_range(c.a, c.a_end);
		putchar(c.a == c.a_end ? 'a' : c.b == c.b_end ? 'd' : 'c');
		print_range(c.b, c.b_end);
		putchar('\n');
		print_lines(a, c.a, c.a_end, "< ");
		if (c.a < c.a_end && c.b < c.b_end)
			printf("---\n");
		print_lines(b, c.b, c.b_end, "> ");
	}
}

static void print_name(const char *sign, const struct file *f)
{
	char text[64];

	printf("%s %s\t%s\n", sign, f->name,
	       format_time(text, sizeof(text), "%Y-%m-%d %H:%M:%S.%N %z", f->st.st_mtime, f->st.st_mtime_nsec));
}

static void print_place(char sign, long from, long to)
{
	printf("%c%ld", sign, to > from ? from + 1 : from);
	if (to - from != 1)
		printf(",%ld", to - from);
	putchar(' ');
}

/* Changes so near to each other that what is between them is shown anyhow are told together. */
void print_unified(const struct file *a, const struct file *b, long context)
{
	struct change first = { 0 }, last, next;
	bool more;

	if (!next_change(a, b, &first))
		return;
	print_name("---", a);
	print_name("+++", b);
	do {
		long before = first.a < first.b ? first.a : first.b, after, at, left;

		before = before < context ? before : context;
		for (last = next = first; (more = next_change(a, b, &next)) && next.a - last.a_end <= 2 * context; )
			last = next;
		left = a->nr - last.a_end;
		after = left < context ? left : context;
		printf("@@ ");
		print_place('-', first.a - before, last.a_end + after);
		print_place('+', first.b - before, last.b_end + after);
		printf("@@\n");
		at = first.a - before;
		for (struct change c = first; ; next_change(a, b, &c)) {
			print_lines(a, at, c.a, " ");
			print_lines(a, c.a, c.a_end, "-");
			print_lines(b, c.b, c.b_end, "+");
			at = c.a_end;
			if (c.a_end == last.a_end && c.b_end == last.b_end)
				break;
		}
		print_lines(a, at, last.a_end + after, " ");
		first = next;
	} while (more);
}
