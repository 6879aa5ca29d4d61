/* SPDX-License-Identifier: MIT */
/* Patterns: * ? [...] and \x; and the paths that match one. */
#include "class.h"
#include "sh.h"

static bool in_class(const char *name, size_t n, unsigned char c)
{
	class_fn is = class_of(name, n);

	return is && is(c);
}

static bool is(struct pattern p, size_t i, char c)
{
	return i < p.n && p.s[i] == c && !(p.flags[i] & QUOTED);
}

/* At [: is @c in? Return: the length up to ]; 0: there is none, so that [ is a byte like others. */
static size_t bracket(struct pattern p, unsigned char c, bool *in)
{
	bool invert = is(p, 1, '!') || is(p, 1, '^'), hit = false;
	size_t first = 1 + invert, i = first;

	for (; !is(p, i, ']') || i == first; i++) {
		unsigned char low;

		if (i >= p.n)
			return 0;
		if (is(p, i, '[') && is(p, i + 1, ':')) {
			size_t end = i + 2;

			while (end < p.n && !(is(p, end, ':') && is(p, end + 1, ']')))
				end++;
			if (end < p.n) {
				hit |= in_class(p.s + i + 2, end - i - 2, c);
				i = end + 1;
				continue;
			}
		}
		i += is(p, i, '\\') && i + 1 < p.n;
		low = p.s[i];
		if (is(p, i + 1, '-') && i + 2 < p.n && !is(p, i + 2, ']')) {
			i += 2;
			i += is(p, i, '\\') && i + 1 < p.n;
			hit |= c >= low && c <= (unsigned char)p.s[i];
		} else {
			hit |= c == low;
		}
	}
	*in = hit != invert;
	return i + 1;
}

/* Bytes of @p that stand for @c; 0: none do. */
static size_t match_one(struct pattern p, char c)
{
	size_t used;
	bool in;

	if (is(p, 0, '?'))
		return 1;
	if (is(p, 0, '[') && (used = bracket(p, c, &in)))
		return in ? used : 0;
	used = is(p, 0, '\\') && p.n > 1 ? 2 : 1;
	return p.s[used - 1] == c ? used : 0;
}

static struct pattern after(struct pattern p, size_t n)
{
	return (struct pattern){ p.s + n, p.flags + n, p.n - n };
}

bool pattern_match(struct pattern p, const char *s, size_t len)
{
	const char *end = s + len, *retry = NULL;	/* retry: what the last star may take one more byte of */
	struct pattern star = p;

	for (;;) {
		size_t used;

		if (is(p, 0, '*')) {
			star = p = after(p, 1);
			retry = s;
			continue;
		}
		if (!p.n && s == end)
			return true;
		if (p.n && s < end && (used = match_one(p, *s))) {
			p = after(p, used);
			s++;
			continue;
		}
		if (!retry || retry == end)
			return false;
		s = ++retry;
		p = star;
	}
}

bool has_pattern(struct pattern p)
{
	for (size_t i = 0; i < p.n; i++)
		if (is(p, i, '*') || is(p, i, '?') || is(p, i, '['))
			return true;
	return false;
}

static void walk(struct fields *found, struct text *path, struct pattern p);

/* The names in the folder @path that the first @n bytes of @p match. */
static void walk_folder(struct fields *found, struct text *path, struct pattern p, size_t n)
{
	int fd = open(path->n ? text_end(path) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct pattern component = { p.s, p.flags, n };
	size_t before = path->n;
	char buf[2048];
	ssize_t got;

	if (fd < 0)
		return;
	while ((got = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *at = buf; at < buf + got; ) {
			struct k_dirent64 *d = (void *)at;

			at += d->d_reclen;
			if ((d->d_name[0] == '.' && *p.s != '.') || !pattern_match(component, d->d_name, strlen(d->d_name)))
				continue;
			text_puts(path, d->d_name, 0);
			walk(found, path, after(p, n));
			path->n = before;
		}
	close(fd);
}

/* @path: what was matched so far; @p: the rest. */
static void walk(struct fields *found, struct text *path, struct pattern p)
{
	struct pattern component = p;
	size_t n = 0, before = path->n;
	struct k_stat st;

	while (n < p.n && p.s[n] == '/')
		text_put(path, p.s[n++], 0);
	p = after(p, n);
	for (n = 0; n < p.n && p.s[n] != '/'; n++)
		;
	component = (struct pattern){ p.s, p.flags, n };
	if (!p.n) {
		if (lstat(text_end(path), &st) == 0)
			fields_add(found, arena_copy(&scratch, path->s, path->n));
	} else if (has_pattern(component)) {
		walk_folder(found, path, p, n);
	} else {
		for (size_t i = 0; i < n; i++)
			text_put(path, p.s[i], 0);
		walk(found, path, after(p, n));
	}
	path->n = before;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int glob(struct pattern p, struct fields *fields)
{
	struct text path = { .arena = &scratch };
	int before = fields->n;

	walk(fields, &path, p);
	qsort(fields->list + before, fields->n - before, sizeof(char *), by_name);
	return fields->n - before;
}
