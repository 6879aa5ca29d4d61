/* SPDX-License-Identifier: MIT */
/* seq: numbers in a row. With fractions they are whole numbers of the smallest one: no rounding. */
#include "tool.h"

#define HELP "seq [-w] [-s STRING] [FIRST [STEP]] LAST\n" \
	"  -w  all of one width, with zeros before\n" \
	"  -s  what is between them, a newline unless told otherwise"

struct decimal {
	int64_t n;
	int places;		/* n is so many tenths of tenths of ... */
};

static struct decimal read_decimal(const char *s)
{
	struct decimal d = { 0, 0 };
	bool minus = *s == '-', any = false, point = false;

	for (s += *s == '-' || *s == '+'; (*s >= '0' && *s <= '9') || (*s == '.' && !point); s++) {
		if (*s == '.') {
			point = true;
			continue;
		}
		if (d.n > INT64_MAX / 10 - 1 || d.places == 15)
			usage(HELP);
		d.n = d.n * 10 + *s - '0';
		d.places += point;
		any = true;
	}
	if (*s || !any)
		usage(HELP);
	d.n = minus ? -d.n : d.n;
	return d;
}

static int64_t scaled(struct decimal d, int places)
{
	for (; d.places < places; d.places++)
		if (__builtin_mul_overflow(d.n, 10, &d.n))
			usage(HELP);
	return d.n;
}

static int text_of(char *buf, int64_t n, int places, int width)
{
	uint64_t u = n < 0 ? -(uint64_t)n : (uint64_t)n, unit = 1;
	char *to = buf;

	for (int i = 0; i < places; i++)
		unit *= 10;
	width -= (places ? places + 1 : 0) + (n < 0);
	if (n < 0)
		*to++ = '-';
	to += sprintf(to, "%0*lu", width < 0 ? 0 : width, (unsigned long)(u / unit));
	if (places)
		to += sprintf(to, ".%0*lu", places, (unsigned long)(u % unit));
	return to - buf;
}

int main(int argc, char **argv)
{
	struct decimal arg[3] = { { 1, 0 }, { 1, 0 }, { 1, 0 } };
	const char *between = "\n";
	int i = 1, nr, places = 0, width = 0;
	int64_t first, step, last;
	char buf[80];

	/* By hand: -1 is a number. */
	for (; i < argc && argv[i][0] == '-' && !strchr(".0123456789", argv[i][1]); i++) {
		if (!strcmp(argv[i], "-w"))
			width = 1;
		else if (!strcmp(argv[i], "-s") && i + 1 < argc)
			between = argv[++i];
		else
			usage(HELP);
	}
	nr = argc - i;
	if (nr < 1 || nr > 3)
		usage(HELP);
	arg[2] = read_decimal(argv[argc - 1]);
	if (nr > 1)
		arg[0] = read_decimal(argv[i]);
	if (nr > 2)
		arg[1] = read_decimal(argv[i + 1]);
	places = arg[0].places > arg[1].places ? arg[0].places : arg[1].places;
	first = scaled(arg[0], places);
	step = scaled(arg[1], places);
	/* Of the last one more places may be given than are printed. */
	last = arg[2].n;
	for (int p = arg[2].places; p > places; p--)
		last = last / 10 + (step < 0 ? last % 10 > 0 : -(last % 10 < 0));
	if (arg[2].places < places)
		last = scaled(arg[2], places);
	if (!step)
		usage(HELP);
	if (width) {
		int a = text_of(buf, first, places, 0), b = text_of(buf, last, places, 0);

		width = a > b ? a : b;
	}
	buffer_output();
	for (int64_t n = first; step > 0 ? n <= last : n >= last; ) {
		text_of(buf, n, places, width);
		printf("%s%s", n == first ? "" : between, buf);
		if (__builtin_add_overflow(n, step, &n) || (step > 0 ? n > last : n < last))
			printf("\n");
	}
	return end_output();
}
