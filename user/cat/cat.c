/* SPDX-License-Identifier: MIT */
/* cat: files, or standard input, to standard output. */
#include "tool.h"

#define HELP "cat [-nbsvETAu] [FILE...]\n" \
	"  -n  number the lines; -b those that are not empty\n" \
	"  -s  of many empty lines in a row one\n" \
	"  -v  show what does not print, as ^X and M-X; -T tabs too, -E a $ at the end of each line, -A all that"

static bool number, nonblank, squeeze, unprinted, ends, tabs;
static unsigned long line_nr;
static int blank_lines;
static bool at_start = true;

static void plain(int fd, const char *name)
{
	static char buf[8192];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write_all(STDOUT_FILENO, buf, n) < 0)
			die("cat: write");
	if (n < 0)
		complain(name);
}

static void show(unsigned char c)
{
	if ((c == '\t' && !tabs) || !(unprinted || c == '\t')) {
		putchar(c);
		return;
	}
	if (c >= 128) {
		printf("M-");
		c -= 128;
	}
	if (c < 32 || c == 127)
		printf("^%c", c ^ 64);
	else
		putchar(c);
}

static void by_line(int fd, const char *name)
{
	struct lines in = { .fd = fd };
	size_t len;
	char *s;

	while ((s = next_line(&in, name, &len))) {
		/* A line may begin in one file and end in the next. */
		blank_lines = at_start && !len && in.ended ? blank_lines + 1 : 0;
		if (squeeze && blank_lines > 1)
			continue;
		if (at_start && number && (len || !nonblank))
			printf("%6lu\t", ++line_nr);
		for (size_t i = 0; i < len; i++)
			show(s[i]);
		if (in.ended)
			printf(ends ? "$\n" : "\n");
		at_start = in.ended;
	}
	free(in.buf);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = next_option(argc, argv, "nbsvetETAu", HELP)) != -1) {
		number |= c == 'n' || c == 'b';
		nonblank |= c == 'b';
		squeeze |= c == 's';
		unprinted |= strchr("vetA", c) != NULL;
		ends |= strchr("eEA", c) != NULL;
		tabs |= strchr("tTA", c) != NULL;
	}
	if (number || squeeze || unprinted || ends || tabs)
		buffer_output();
	each_input(argv + optind, argc - optind, number || squeeze || unprinted || ends || tabs ? by_line : plain);
	return end_output();
}
