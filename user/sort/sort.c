/* SPDX-License-Identifier: MIT */
/* sort: lines in order. */
#include <ctype.h>

#include "tool.h"

#define HELP "sort [-bcdfhimnrsu] [-k KEY]... [-t CHAR] [-o FILE] [FILE...]\n" \
	"  -n, -h  as numbers; as sizes like 2K and 1.5M\n" \
	"  -r      the other way round\n" \
	"  -f      upper case as lower case; -b without blanks before, -d letters, digits and blanks alone, -i what prints\n" \
	"  -k      FIELD[.CHAR][nhrfbdi][,FIELD[.CHAR]]: compare this part; -t what is between fields\n" \
	"  -u      of equal lines one; -s equal ones in the order they came in\n" \
	"  -c      is it sorted? -m is taken, and sorts\n" \
	"  -o      where to, and not standard output"

enum { NUMBER = 1, HUMAN = 2, FOLD = 4, BLANKS = 8, DICTIONARY = 16, PRINTABLE = 32, REVERSE = 64 };

struct key {
	long field, at, end_field, end_at;	/* from 1; 0: not given */
	int how;
};

struct text {
	char *s;
	size_t len;
};

static struct key keys[16];
static int nr_keys, how;
static char separator;
static bool stable, unique;
static struct text *lines;
static size_t nr_lines, size;

static int flag_of(char c)
{
	static const char letters[] = "nhfbdir";
	const char *p = c ? strchr(letters, c) : NULL;

	return p ? 1 << (p - letters) : 0;
}

/* Where field @nr (from 1) of @t begins; with blanks as separators those before belong to it. */
static const char *field(const struct text *t, long nr)
{
	const char *p = t->s, *end = t->s + t->len;

	while (--nr > 0 && p < end) {
		if (separator) {
			while (p < end && *p != separator)
				p++;
			p += p < end;
			continue;
		}
		while (p < end && isblank((unsigned char)*p))
			p++;
		while (p < end && !isblank((unsigned char)*p))
			p++;
	}
	return p;
}

static const char *field_end(const struct text *t, long nr)
{
	const char *p = field(t, nr), *end = t->s + t->len;

	if (!separator)
		return field(t, nr + 1);
	while (p < end && *p != separator)
		p++;
	return p;
}

static void part(const struct text *t, const struct key *k, int flags, const char **from, const char **to)
{
	const char *end = t->s + t->len;

	*from = field(t, k->field);
	while (flags & BLANKS && *from < end && isblank((unsigned char)**from))
		(*from)++;
	*from += k->at > 1 ? k->at - 1 : 0;
	*to = !k->end_field ? end : k->end_at ? field(t, k->end_field) + k->end_at : field_end(t, k->end_field);
	*to = *to > end ? end : *to;
	*from = *from > *to ? *to : *from;
}

/* A number's sign, digits before and behind the point: of any length, so compared as they stand. */
static int compare_digits(const char *a, const char *ae, const char *b, const char *be)
{
	size_t na, nb;
	int d;

	while (a < ae && *a == '0')
		a++;
	while (b < be && *b == '0')
		b++;
	for (na = 0; a + na < ae && isdigit((unsigned char)a[na]); na++)
		;
	for (nb = 0; b + nb < be && isdigit((unsigned char)b[nb]); nb++)
		;
	if (na != nb)
		return na < nb ? -1 : 1;
	d = memcmp(a, b, na);
	if (d)
		return d;
	a += na;
	b += nb;
	a += a < ae && *a == '.' ? 1 : ae - a;
	b += b < be && *b == '.' ? 1 : be - b;
	for (;; a++, b++) {
		char ca = a < ae && isdigit((unsigned char)*a) ? *a : 0, cb = b < be && isdigit((unsigned char)*b) ? *b : 0;

		if (!ca)
			a = ae - 1;
		if (!cb)
			b = be - 1;
		if ((ca ? ca : '0') != (cb ? cb : '0'))
			return (ca ? ca : '0') - (cb ? cb : '0');
		if (!ca && !cb)
			return 0;
	}
}

static int unit_of(const char *p, const char *end)
{
	static const char units[] = "KMGTPE";
	const char *u;

	while (p < end && (isdigit((unsigned char)*p) || *p == '.'))
		p++;
	u = p < end && *p ? strchr(units, toupper((unsigned char)*p)) : NULL;
	return u ? u - units + 1 : 0;
}

static bool is_zero(const char *p, const char *end)
{
	for (; p < end && (isdigit((unsigned char)*p) || *p == '.'); p++)
		if (*p != '0' && *p != '.')
			return false;
	return true;
}

static int compare_numbers(const char *a, const char *ae, const char *b, const char *be, bool sizes)
{
	int sa, sb, d = 0;

	while (a < ae && isblank((unsigned char)*a))
		a++;
	while (b < be && isblank((unsigned char)*b))
		b++;
	sa = a < ae && *a == '-' ? -1 : 1;
	sb = b < be && *b == '-' ? -1 : 1;
	a += sa < 0;
	b += sb < 0;
	sa = is_zero(a, ae) ? 0 : sa;
	sb = is_zero(b, be) ? 0 : sb;
	if (sa != sb || !sa)
		return sa - sb;
	if (sizes)
		d = unit_of(a, ae) - unit_of(b, be);
	return sa * (d ? d : compare_digits(a, ae, b, be));
}

/* What counts of the text from @p on: NULL if nothing more. */
static const char *counts(const char *p, const char *end, int flags)
{
	for (; p < end; p++) {
		unsigned char c = *p;

		if ((flags & DICTIONARY && !isalnum(c) && !isblank(c)) || (flags & PRINTABLE && !isprint(c)))
			continue;
		return p;
	}
	return NULL;
}

static int compare_text(const char *a, const char *ae, const char *b, const char *be, int flags)
{
	for (;; a++, b++) {
		unsigned char ca, cb;

		a = counts(a, ae, flags);
		b = counts(b, be, flags);
		if (!a || !b)
			return (a != NULL) - (b != NULL);
		ca = flags & FOLD ? toupper((unsigned char)*a) : *a;
		cb = flags & FOLD ? toupper((unsigned char)*b) : *b;
		if (ca != cb)
			return ca - cb;
	}
}

static int compare_part(const struct text *x, const struct text *y, const struct key *k)
{
	const char *a, *ae, *b, *be;
	int flags = k->how ? k->how : how, d;

	part(x, k, flags, &a, &ae);
	part(y, k, flags, &b, &be);
	d = flags & (NUMBER | HUMAN) ? compare_numbers(a, ae, b, be, flags & HUMAN) : compare_text(a, ae, b, be, flags);
	return flags & REVERSE ? -d : d;
}

static int compare_keys(const struct text *x, const struct text *y)
{
	static const struct key whole = { .field = 1 };
	int d = 0;

	for (int i = 0; i < nr_keys && !d; i++)
		d = compare_part(x, y, &keys[i]);
	return nr_keys ? d : compare_part(x, y, &whole);
}

static int compare(const void *a, const void *b)
{
	const struct text *x = a, *y = b;
	int d = compare_keys(x, y);

	if (d || stable || unique)
		return d;
	d = compare_text(x->s, x->s + x->len, y->s, y->s + y->len, 0);
	return how & REVERSE ? -d : d;
}

/* Merge sort: it keeps the order of equals, and needs log n steps of any input. */
static void merge_sort(struct text *t, size_t n, struct text *other)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge_sort(t, half, other);
	merge_sort(t + half, n - half, other);
	memcpy(other, t, half * sizeof(*t));
	while (i < half && j < n)
		t[k++] = compare(&other[i], &t[j]) <= 0 ? other[i++] : t[j++];
	while (i < half)
		t[k++] = other[i++];
}

static void read_lines(int fd, const char *name)
{
	struct lines in = { .fd = fd };
	size_t len;
	char *s;

	while ((s = next_line(&in, name, &len))) {
		if (nr_lines == size)
			lines = need(realloc(lines, (size = size ? size * 2 : 256) * sizeof(*lines)));
		lines[nr_lines].s = memcpy(need(malloc(len + 1)), s, len + 1);
		lines[nr_lines++].len = len;
	}
	free(in.buf);
}

static void read_key(const char *s)
{
	struct key *k = &keys[nr_keys++];
	char *p;

	if (nr_keys > (int)ARRAY_LEN(keys))
		usage(HELP);
	k->field = strtol(s, &p, 10);
	if (*p == '.')
		k->at = strtol(p + 1, &p, 10);
	while (flag_of(*p))
		k->how |= flag_of(*p++);
	if (*p == ',') {
		k->end_field = strtol(p + 1, &p, 10);
		if (*p == '.')
			k->end_at = strtol(p + 1, &p, 10);
		while (flag_of(*p))
			k->how |= flag_of(*p++);
		if (k->end_field < 1)
			usage(HELP);
	}
	if (*p || k->field < 1)
		usage(HELP);
}

static int check(const char *name)
{
	for (size_t i = 1; i < nr_lines; i++) {
		int d = compare(&lines[i - 1], &lines[i]);

		if (d > 0 || (unique && !d)) {
			fprintf(stderr, "sort: %s:%lu: disorder: %s\n", name, (unsigned long)i + 1, lines[i].s);
			return 1;
		}
	}
	return exit_status;
}

static void print(const char *to)
{
	if (to) {
		int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);

		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
			die(to);
	}
	buffer_output();
	for (size_t i = 0; i < nr_lines; i++)
		if (!unique || !i || compare_keys(&lines[i - 1], &lines[i])) {
			fwrite(lines[i].s, 1, lines[i].len, stdout);
			putchar('\n');
		}
}

static char one_char(const char *s)
{
	if (!*s || s[1])
		usage(HELP);
	return *s;
}

int main(int argc, char **argv)
{
	const char *to = NULL;
	bool only_check = false;
	int c;

	trouble = 2;
	while ((c = next_option(argc, argv, "bcdfhimnrsuk:t:o:", HELP)) != -1) {
		how |= flag_of(c);
		only_check |= c == 'c';
		stable |= c == 's';
		unique |= c == 'u';
		if (c == 'k')
			read_key(optarg);
		if (c == 't')
			separator = one_char(optarg);
		if (c == 'o')
			to = optarg;
	}
	each_input(argv + optind, argc - optind, read_lines);
	if (only_check)
		return check(optind < argc ? argv[optind] : "-");
	if (nr_lines)
		merge_sort(lines, nr_lines, need(malloc(nr_lines * sizeof(*lines))));
	print(to);
	return end_output();
}
