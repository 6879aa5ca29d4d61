/* SPDX-License-Identifier: MIT */
/* head: the first lines of files, ten unless told otherwise. */
#include "tool.h"

#define HELP "head [-n LINES] [-c BYTES] [-qv] [FILE...]\n" \
	"  -n, -c  so many (-n 5 is -5, too); all but the last so many if there is a - before the number\n" \
	"  -q, -v  never, always tell the names of files; else if there are several"

static long count = 10;
static bool bytes, names;

/* Up to the end of what is wanted of these bytes. */
static ssize_t part(const char *buf, ssize_t n, long *left)
{
	ssize_t i = 0;

	if (bytes)
		i = *left < n ? *left : n;
	while (!bytes && i < n && *left > 0)
		*left -= buf[i++] == '\n';
	*left -= bytes ? i : 0;
	return i;
}

static void first(int fd, const char *name)
{
	static char buf[4096];
	long left = count;
	ssize_t n = 0;

	while (left > 0 && (n = read(fd, buf, sizeof(buf))) > 0) {
		ssize_t i = part(buf, n, &left);

		if (write_all(STDOUT_FILENO, buf, i) < 0)
			die("head: write");
		/* What was read too much is left to who reads next: (head -n 1; cat) < file. */
		if (i < n)
			lseek(fd, i - n, SEEK_CUR);
	}
	if (n < 0)
		complain(name);
}

/* All but the last: they must be held back. */
static void all_but(int fd, const char *name)
{
	size_t n = 0, size = 0, end;
	char *buf = NULL;
	ssize_t got = 0;
	long left = -count;

	do {
		n += got;
		if (size - n < 4096)
			buf = need(realloc(buf, size += 65536));
	} while ((got = read(fd, buf + n, size - n)) > 0);
	if (got < 0)
		complain(name);
	end = n;
	if (bytes)
		end = (size_t)left < n ? n - left : 0;
	else if (end && buf[end - 1] != '\n' && left)	/* a last line without an end */
		left--, end = n - 1;
	while (!bytes && end) {
		if (buf[end - 1] == '\n' && left-- == 0)
			break;
		end--;
	}
	if (write_all(STDOUT_FILENO, buf, end) < 0)
		die("head: write");
	free(buf);
}

static void head(int fd, const char *name)
{
	static bool told;

	if (names) {
		printf("%s==> %s <==\n", told ? "\n" : "", fd == STDIN_FILENO ? "standard input" : name);
		fflush(stdout);
		told = true;
	}
	if (count < 0)
		all_but(fd, name);
	else
		first(fd, name);
}

int main(int argc, char **argv)
{
	int c, tell = 0;

	while ((c = next_option(argc, argv, "n:c:qv0123456789", HELP)) != -1) {
		if (c == 'n' || c == 'c') {
			bytes = c == 'c';
			count = number_of(optarg, 10, -0x7fffffffffffL, HELP);
			if (*optarg == '-' && !count)
				count = 0x7fffffffffffL;
		} else if (c == 'q' || c == 'v') {
			tell = c;
		} else {
			static long old;

			count = old = old * 10 + c - '0';
		}
	}
	names = tell == 'v' || (!tell && argc - optind > 1);
	each_input(argv + optind, argc - optind, head);
	return end_output();
}
