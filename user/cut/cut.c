/* SPDX-License-Identifier: MIT */
/* cut: parts of each line. */
#include "tool.h"

#define HELP "cut -b LIST | -c LIST | -f LIST [-s] [-d CHAR] [FILE...]\n" \
	"  -b, -c  bytes\n" \
	"  -f      fields; CHAR, a tab unless told otherwise, is between them; -s no lines without one\n" \
	"  LIST    numbers from 1, and ranges: 1,3-5,7-"

#define MAX_RANGES 64

static struct {
	unsigned long from, to;
} ranges[MAX_RANGES];
static int nr_ranges;
static bool fields, only_delimited;
static char delimiter = '\t';

static bool wanted(unsigned long nr)
{
	for (int i = 0; i < nr_ranges; i++)
		if (nr >= ranges[i].from && nr <= ranges[i].to)
			return true;
	return false;
}

static void read_list(char *s)
{
	do {
		unsigned long from = *s == '-' ? 1 : strtoul(s, &s, 10), to = from;

		if (*s == '-')
			to = s[1] >= '0' && s[1] <= '9' ? strtoul(s + 1, &s, 10) : (s++, ~0UL);
		if (nr_ranges == MAX_RANGES || !from || to < from || (*s && *s != ','))
			usage(HELP);
		ranges[nr_ranges].from = from;
		ranges[nr_ranges++].to = to;
	} while (*s++);
}

static void cut_fields(const char *s, size_t len)
{
	const char *end = s + len;
	bool any = false;

	if (!memchr(s, delimiter, len)) {
		if (!only_delimited)
			printf("%s\n", s);
		return;
	}
	for (unsigned long nr = 1; s <= end; nr++) {
		const char *stop = memchr(s, delimiter, end - s);

		stop = stop ? stop : end;
		if (wanted(nr)) {
			if (any)
				putchar(delimiter);
			fwrite(s, 1, stop - s, stdout);
			any = true;
		}
		s = stop + 1;
	}
	putchar('\n');
}

static void cut(int fd, const char *name)
{
	struct lines in = { .fd = fd };
	size_t len;
	char *s;

	while ((s = next_line(&in, name, &len))) {
		if (fields) {
			cut_fields(s, len);
			continue;
		}
		for (size_t i = 0; i < len; i++)
			if (wanted(i + 1))
				putchar(s[i]);
		putchar('\n');
	}
	free(in.buf);
}

int main(int argc, char **argv)
{
	int c, lists = 0;

	while ((c = next_option(argc, argv, "b:c:f:d:sn", HELP)) != -1) {
		if (c == 'd' && (!*optarg || optarg[1]))
			usage(HELP);
		if (c == 'd')
			delimiter = *optarg;
		only_delimited |= c == 's';
		fields |= c == 'f';
		if (strchr("bcf", c)) {
			read_list(optarg);
			lists++;
		}
	}
	if (lists != 1)
		usage(HELP);
	buffer_output();
	each_input(argv + optind, argc - optind, cut);
	return end_output();
}
