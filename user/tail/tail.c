/* SPDX-License-Identifier: MIT */
/* tail: the last lines of files, ten unless told otherwise. */
#include "tool.h"

#define HELP "tail [-n LINES] [-c BYTES] [-fqv] [FILE...]\n" \
	"  -n, -c  so many (-n 5 is -5, too); from the one of that number on if there is a + before it\n" \
	"  -f      go on with what is added (of one file)\n" \
	"  -q, -v  never, always tell the names of files; else if there are several"

static long count = 10;
static bool bytes, from, names, follow;
static int last_fd = -1;

static void copy(int fd, const char *name)
{
	static char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write_all(STDOUT_FILENO, buf, n) < 0)
			die("tail: write");
	if (n < 0)
		complain(name);
}

/* From a line or byte on; the first is 1, and 0 as well. */
static void from_on(int fd, const char *name)
{
	char buf[4096];
	long left = count - 1;
	ssize_t n = 0, i;

	while (left > 0 && (n = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n && left > 0; i++)
			left -= bytes || buf[i] == '\n';
		if (write_all(STDOUT_FILENO, buf + i, n - i) < 0)
			die("tail: write");
	}
	if (n < 0)
		complain(name);
	else
		copy(fd, name);
}

/* Where the last part of @buf begins. */
static size_t last_part(const char *buf, size_t n)
{
	size_t at = n;
	long left = count;

	if (bytes)
		return (size_t)count < n ? n - count : 0;
	if (!left)
		return n;
	if (n && buf[n - 1] == '\n')
		at--;
	while (at && (buf[at - 1] != '\n' || --left))
		at--;
	return at;
}

/* Of a pipe nothing is known but what came: no more of it is kept than may be wanted. */
static void last(int fd, const char *name)
{
	size_t n = 0, size = 65536, at;
	char *buf = need(malloc(size));
	ssize_t got;

	while ((got = read(fd, buf + n, size - n)) > 0) {
		n += got;
		if (n < size)
			continue;
		at = last_part(buf, n);
		memmove(buf, buf + at, n -= at);
		if (n > size / 2)
			buf = need(realloc(buf, size *= 2));
	}
	if (got < 0)
		complain(name);
	at = last_part(buf, n);
	if (write_all(STDOUT_FILENO, buf + at, n - at) < 0)
		die("tail: write");
	free(buf);
}

static void tail(int fd, const char *name)
{
	static bool told;

	if (names) {
		printf("%s==> %s <==\n", told ? "\n" : "", fd == STDIN_FILENO ? "standard input" : name);
		fflush(stdout);
		told = true;
	}
	if (from)
		from_on(fd, name);
	else
		last(fd, name);
	if (follow)
		last_fd = dup(fd);
}

int main(int argc, char **argv)
{
	int c, tell = 0;

	while ((c = next_option(argc, argv, "n:c:fFqv0123456789", HELP)) != -1) {
		if (c == 'n' || c == 'c') {
			bytes = c == 'c';
			from = *optarg == '+';
			count = number_of(optarg + (*optarg == '-' || from), 10, 0, HELP);
		} else if (c == 'q' || c == 'v') {
			tell = c;
		} else if (c == 'f' || c == 'F') {
			follow = true;
		} else {
			static long old;

			count = old = old * 10 + c - '0';
		}
	}
	if (follow && argc - optind > 1)
		usage(HELP);
	names = tell == 'v' || (!tell && argc - optind > 1);
	each_input(argv + optind, argc - optind, tail);
	while (follow && last_fd >= 0 && !exit_status && nanosleep_ns(200000000) == 0)
		copy(last_fd, argv[optind]);
	return end_output();
}
