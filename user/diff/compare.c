/* SPDX-License-Identifier: MIT */
/*
 * The shortest way from one file to the other. Ref: E. Myers, "An O(ND) difference algorithm and its variations"
 * (1986), the variant in linear space: from both ends at once, until the ways meet; then both halves the same.
 * A point (x, y) is x lines of the one file and y of the other; its diagonal is x - y. Reach is how far, in x, one
 * comes on each diagonal with so many steps off it.
 */
#include "diff.h"

static const struct line *as, *bs;
static long *forward, *backward;	/* reach, by diagonal */

static bool same(long x, long y)
{
	return as[x].hash == bs[y].hash && !strcmp(as[x].key, bs[y].key);
}

/* A part of both files: lines x to x_end of the one, y to y_end of the other. */
struct part {
	long x, x_end, y, y_end;
};

/* The diagonals that one step more reaches, of those that are in the part; what lies beside them is out of reach. */
static void widen(long *reach, long *low, long *high, const struct part *p, long nowhere)
{
	if (*low > p->x - p->y_end)
		reach[--*low - 1] = nowhere;
	else
		++*low;
	if (*high < p->x_end - p->y)
		reach[++*high + 1] = nowhere;
	else
		--*high;
}

/* Where the ways from both ends meet: (*mx, *my). */
static void meet(const struct part *p, long *mx, long *my)
{
	long f_low = p->x - p->y, f_high = f_low, b_low = p->x_end - p->y_end, b_high = b_low;
	bool odd = (f_low - b_low) & 1;

	forward[f_low] = p->x;
	backward[b_low] = p->x_end;
	for (;;) {
		widen(forward, &f_low, &f_high, p, -1);
		for (long d = f_high; d >= f_low; d -= 2) {
			long x = forward[d - 1] < forward[d + 1] ? forward[d + 1] : forward[d - 1] + 1, y = x - d;

			for (; x < p->x_end && y < p->y_end && same(x, y); x++)
				y++;
			forward[d] = x;
			if (odd && d >= b_low && d <= b_high && backward[d] <= x) {
				*mx = x;
				*my = y;
				return;
			}
		}
		widen(backward, &b_low, &b_high, p, __LONG_MAX__);
		for (long d = b_high; d >= b_low; d -= 2) {
			long x = backward[d - 1] < backward[d + 1] ? backward[d - 1] : backward[d + 1] - 1, y = x - d;

			for (; x > p->x && y > p->y && same(x - 1, y - 1); x--)
				y--;
			backward[d] = x;
			if (!odd && d >= f_low && d <= f_high && x <= forward[d]) {
				*mx = x;
				*my = y;
				return;
			}
		}
	}
}

static void compare(struct line *a, struct line *b, struct part p)
{
	long x, y;

	while (p.x < p.x_end && p.y < p.y_end && same(p.x, p.y))
		p.x++, p.y++;
	while (p.x < p.x_end && p.y < p.y_end && same(p.x_end - 1, p.y_end - 1))
		p.x_end--, p.y_end--;
	if (p.x == p.x_end || p.y == p.y_end) {
		while (p.x < p.x_end)
			a[p.x++].changed = true;
		while (p.y < p.y_end)
			b[p.y++].changed = true;
		return;
	}
	meet(&p, &x, &y);
	compare(a, b, (struct part){ p.x, x, p.y, y });
	compare(a, b, (struct part){ x, p.x_end, y, p.y_end });
}

/* Of the places where lines may have been put in or taken out the last one, as all diffs have it. */
static void slide(struct file *f, const struct file *other)
{
	long at = 0, there = 0;

	while (at < f->nr) {
		long end = at;

		if (!f->line[at].changed) {
			while (other->line[there].changed)
				there++;
			there++;
			at++;
			continue;
		}
		while (f->line[end].changed)
			end++;
		while (end < f->nr && !other->line[there].changed && f->line[at].hash == f->line[end].hash &&
		       !strcmp(f->line[at].key, f->line[end].key)) {
			f->line[at++].changed = false;
			f->line[end++].changed = true;
			there++;
			while (f->line[end].changed)
				end++;
		}
		at = end;
	}
}

void compare_files(struct file *a, struct file *b)
{
	long *space = need(calloc(2 * (a->nr + b->nr + 3), sizeof(*space)));

	as = a->line;
	bs = b->line;
	forward = space + b->nr + 1;
	backward = forward + a->nr + b->nr + 3;
	compare(a->line, b->line, (struct part){ 0, a->nr, 0, b->nr });
	free(space);
	slide(a, b);
	slide(b, a);
}
