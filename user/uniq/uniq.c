/* SPDX-License-Identifier: MIT */
/* uniq: of equal lines in a row one. */
#include <ctype.h>

#include "tool.h"

#define HELP "uniq [-cdiu] [-f FIELDS] [-s CHARS] [-w CHARS] [INPUT [OUTPUT]]\n" \
	"  -c          with their number before\n" \
	"  -d, -u      only lines that are there more than once, only those that are not\n" \
	"  -i          upper case as lower case\n" \
	"  -f, -s, -w  without so many fields, then so many characters; of the rest so many"

static bool count, doubles, singles, ignore;
static long skip_fields, skip_chars, width = 0x7fffffff;

static const char *counts(const char *s)
{
	for (long i = 0; i < skip_fields; i++) {
		while (isblank((unsigned char)*s))
			s++;
		while (*s && !isblank((unsigned char)*s))
			s++;
	}
	for (long i = 0; i < skip_chars && *s; i++)
		s++;
	return s;
}

static bool same(const char *a, const char *b)
{
	a = counts(a);
	b = counts(b);
	return !(ignore ? strncasecmp(a, b, width) : strncmp(a, b, width));
}

static void show(const char *line, unsigned long nr)
{
	if ((doubles && nr < 2) || (singles && nr > 1))
		return;
	if (count)
		printf("%7lu ", nr);
	printf("%s\n", line);
}

static void uniq(int fd, const char *name)
{
	struct lines in = { .fd = fd };
	char *s, *first = NULL;
	unsigned long nr = 0;
	size_t len;

	while ((s = next_line(&in, name, &len))) {
		if (first && same(first, s)) {
			nr++;
			continue;
		}
		if (first)
			show(first, nr);
		free(first);
		first = need(strdup(s));
		nr = 1;
	}
	if (first)
		show(first, nr);
}

int main(int argc, char **argv)
{
	int c, fd;

	while ((c = next_option(argc, argv, "cdiuf:s:w:", HELP)) != -1) {
		count |= c == 'c';
		doubles |= c == 'd';
		singles |= c == 'u';
		ignore |= c == 'i';
		if (strchr("fsw", c))
			*(c == 'f' ? &skip_fields : c == 's' ? &skip_chars : &width) = number_of(optarg, 10, 0, HELP);
	}
	if (argc - optind > 2)
		usage(HELP);
	fd = optind < argc ? open_input(argv[optind]) : STDIN_FILENO;
	if (fd < 0)
		return exit_status;
	if (argc - optind == 2) {
		int out = open(argv[optind + 1], O_WRONLY | O_CREAT | O_TRUNC, 0666);

		if (out < 0 || dup2(out, STDOUT_FILENO) < 0)
			die(argv[optind + 1]);
	}
	buffer_output();
	uniq(fd, optind < argc ? argv[optind] : "-");
	return end_output();
}
