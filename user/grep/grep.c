/* SPDX-License-Identifier: MIT */
/* grep [-civnq] PATTERN [FILE...]: lines that match a basic expression of . * ^ $ [ ]. */
#include "sys.h"

static bool count, ignore, invert, number, quiet;

static char fold(char c)
{
	return ignore && c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Length of the pattern's first item, and whether @c matches it. */
static size_t item(const char *p, char c, bool *hit)
{
	if (*p == '[') {
		bool inv = p[1] == '^', in = false;
		const char *q = p + 1 + inv;

		for (const char *start = q; *q && (*q != ']' || q == start); q++) {
			if (q[1] == '-' && q[2] && q[2] != ']') {
				in |= fold(c) >= fold(*q) && fold(c) <= fold(q[2]);
				q += 2;
			} else {
				in |= fold(*q) == fold(c);
			}
		}
		if (*q) {
			*hit = c && in != inv;
			return q + 1 - p;
		}
	}
	if (*p == '\\' && p[1]) {
		*hit = fold(p[1]) == fold(c);
		return 2;
	}
	*hit = c && (*p == '.' || fold(*p) == fold(c));
	return 1;
}

static bool match_here(const char *p, const char *s)
{
	bool hit;
	size_t n;

	if (!*p)
		return true;
	if (*p == '$' && !p[1])
		return !*s;
	n = item(p, *s, &hit);
	if (p[n] == '*') {
		const char *t = s;

		while (*t && (item(p, *t, &hit), hit))
			t++;
		for (;; t--) {
			if (match_here(p + n + 1, t))
				return true;
			if (t == s)
				return false;
		}
	}
	return *s && hit && match_here(p + n, s + 1);
}

static bool match(const char *p, const char *s)
{
	if (*p == '^')
		return match_here(p + 1, s);
	do {
		if (match_here(p, s))
			return true;
	} while (*s++);
	return false;
}

static unsigned long grep_fd(int fd, const char *pattern, const char *name)
{
	static char line[4096];
	unsigned long hits = 0, nr = 0;
	size_t n = 0;
	char c;
	static char buf[4096];
	ssize_t got, i = 0;

	for (got = 0; ; ) {
		if (i == got) {
			got = read(fd, buf, sizeof(buf));
			i = 0;
			if (got <= 0 && !n)
				break;
		}
		c = got > 0 ? buf[i++] : '\n';
		if (c != '\n') {
			if (n < sizeof(line) - 1)
				line[n++] = c;
			continue;
		}
		line[n] = '\0';
		n = 0;
		nr++;
		if (match(pattern, line) != invert) {
			hits++;
			if (quiet)
				break;
			if (!count) {
				if (name)
					printf("%s:", name);
				if (number)
					printf("%lu:", nr);
				printf("%s\n", line);
			}
		}
		if (got <= 0)
			break;
	}
	if (count)
		printf("%s%s%lu\n", name ? name : "", name ? ":" : "", hits);
	return hits;
}

int main(int argc, char **argv)
{
	const char *pattern;
	unsigned long hits = 0;
	int i, err = 0;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		for (char *o = argv[i] + 1; *o; o++) {
			count |= *o == 'c';
			ignore |= *o == 'i';
			invert |= *o == 'v';
			number |= *o == 'n';
			quiet |= *o == 'q';
			if (!strchr("civnq", *o))
				usage("grep [-civnq] PATTERN [FILE...]");
		}
	if (i == argc)
		usage("grep [-civnq] PATTERN [FILE...]");
	pattern = argv[i++];
	if (i == argc)
		hits = grep_fd(0, pattern, NULL);
	for (int first = i; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY);

		if (fd < 0) {
			fprintf(stderr, "grep: %s: %s\n", argv[i], strerror(errno));
			err = 2;
			continue;
		}
		hits += grep_fd(fd, pattern, argc - first > 1 ? argv[i] : NULL);
		close(fd);
	}
	return err ? err : hits ? 0 : 1;
}
