/* SPDX-License-Identifier: MIT */
/* grep: lines that a pattern matches. */
#include <regex.h>

#include "tool.h"

#define HELP "grep [-EFchHilLnoqrsvwx] [-A N] [-B N] [-C N] [-m N] [-e PATTERN]... [PATTERN] [FILE...]\n" \
	"  -E, -F      extended expressions (a|b, a+, a?); no expressions, just text\n" \
	"  -i, -v      upper case as lower case; lines that do not match\n" \
	"  -w, -x      whole words, whole lines\n" \
	"  -c, -l, -L  how many lines; the names of files with such lines, of those without\n" \
	"  -o, -n      what matches, and not the line; with its number\n" \
	"  -H, -h      with, without the names of files\n" \
	"  -A, -B, -C  so many lines after, before, around\n" \
	"  -m          no more than N of a file\n" \
	"  -r          all files in folders\n" \
	"  -q, -s      print nothing, just the status; do not tell of files that cannot be read"

struct line {
	char *s;
	size_t len;
};

static bool count, ignore, invert, number, quiet, whole_words, whole_lines, only_part, with_names, silent, any, deep;
static int list;		/* 'l', 'L' or 0 */
static int ask_names;		/* 'h', 'H' or 0 */
static int kind;		/* 'E', 'F' or 0 */
static long most = 0x7fffffffffff, lines_after, lines_before;
static regex_t patterns[32];
static int nr_patterns;

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Basic expressions know no alternatives, and GNU's \| \+ \? mean those all the same: as an extended one, then. */
static char *extended(const char *p)
{
	char *out = need(malloc(2 * strlen(p) + 1)), *to = out;
	const char *start = p;

	for (; *p; p++) {
		bool first = p == start || (p - start >= 2 && p[-2] == '\\' && strchr("(|", p[-1])) || (p == start + 1 && *start == '^');

		if (*p == '[') {
			const char *end = p + 1 + (p[1] == '^');

			end = strchr(end + (*end == ']'), ']');
			if (end)
				while (p < end)
					*to++ = *p++;
		} else if (*p == '\\' && p[1] && strchr("|+?(){}", p[1])) {
			*to++ = *++p;
			continue;
		} else if (*p == '\\' && p[1]) {
			*to++ = *p++;
		} else if (strchr("|+?(){}", *p) || (*p == '*' && first)) {
			*to++ = '\\';
		}
		*to++ = *p;
	}
	*to = '\0';
	return out;
}

static bool has_alternatives(const char *p)
{
	for (; *p; p++)
		if (*p == '\\' && p[1] && strchr("|+?", *++p))
			return true;
	return false;
}

static void add_pattern(const char *s)
{
	bool gnu = !kind && has_alternatives(s);
	int error;

	if (nr_patterns == ARRAY_LEN(patterns)) {
		complain_of(s, "too many patterns");
		exit(trouble);
	}
	/* This library's compiler does not take an empty expression. */
	error = regcomp(&patterns[nr_patterns++], !*s ? "^" : gnu ? extended(s) : s, (kind == 'E' || gnu || !*s ? REG_EXTENDED : 0) |
			(kind == 'F' && *s ? REG_NOSPEC : 0) | (ignore ? REG_ICASE : 0));
	if (error) {
		char why[80];

		regerror(error, &patterns[nr_patterns - 1], why, sizeof(why));
		complain_of(s, why);
		exit(trouble);
	}
}

/* Each line of @s is a pattern. */
static void add_patterns(char *s)
{
	char *end;

	for (; (end = strchr(s, '\n')); s = end + 1) {
		*end = '\0';
		add_pattern(s);
	}
	add_pattern(s);
}

/* The first match from @at on that is a word or a line, if it must be one. */
static bool match_one(const regex_t *re, const char *s, size_t len, size_t at, regmatch_t *m)
{
	for (; at <= len; at = m->rm_so + 1) {
		m->rm_so = at;
		m->rm_eo = len;
		if (regexec(re, s, 1, m, REG_STARTEND | (at ? REG_NOTBOL : 0)))
			return false;
		if (whole_lines) {
			if (!m->rm_so && m->rm_eo == (regoff_t)len)
				return true;
			return false;
		}
		if (!whole_words || ((!m->rm_so || !is_word(s[m->rm_so - 1])) && !is_word(s[m->rm_eo])))
			return true;
	}
	return false;
}

/* The first, and of those the longest, of all patterns. */
static bool match(const char *s, size_t len, size_t at, regmatch_t *best)
{
	bool found = false;

	for (int i = 0; i < nr_patterns; i++) {
		regmatch_t m;

		if (!match_one(&patterns[i], s, len, at, &m))
			continue;
		if (!found || m.rm_so < best->rm_so || (m.rm_so == best->rm_so && m.rm_eo > best->rm_eo))
			*best = m;
		found = true;
	}
	return found;
}

static void prefix(const char *name, unsigned long nr, char sign)
{
	if (with_names)
		printf("%s%c", name, sign);
	if (number)
		printf("%lu%c", nr, sign);
}

static void print_line(const char *s, size_t len, const char *name, unsigned long nr, char sign)
{
	regmatch_t m;

	if (!only_part) {
		prefix(name, nr, sign);
		fwrite(s, 1, len, stdout);
		putchar('\n');
		return;
	}
	for (size_t at = 0; !invert && sign == ':' && at <= len && match(s, len, at, &m); at = m.rm_eo > m.rm_so ? m.rm_eo : m.rm_eo + 1)
		if (m.rm_eo > m.rm_so) {
			prefix(name, nr, ':');
			printf("%.*s\n", (int)(m.rm_eo - m.rm_so), s + m.rm_so);
		}
}

/* The last lines that were not printed, for -B: the one with number n is at n % (lines_before + 1). */
static struct line *ring;

static void print_before(const char *name, unsigned long nr, unsigned long *printed)
{
	unsigned long from = nr > (unsigned long)lines_before ? nr - lines_before : 1;
	static bool apart;

	from = from > *printed ? from : *printed + 1;
	if ((lines_before || lines_after) && apart && !only_part && from > *printed + 1)
		printf("--\n");
	else if ((lines_before || lines_after) && apart && !*printed && !only_part)
		printf("--\n");
	apart = true;
	for (; from < nr; from++) {
		struct line *l = &ring[from % (lines_before + 1)];

		print_line(l->s, l->len, name, from, '-');
	}
}

static void keep(const char *s, size_t len, unsigned long nr)
{
	struct line *l;

	if (!lines_before)
		return;
	l = &ring[nr % (lines_before + 1)];
	free(l->s);
	l->s = memcpy(need(malloc(len + 1)), s, len + 1);
	l->len = len;
}

static unsigned long search(struct lines *in, const char *name)
{
	unsigned long hits = 0, nr = 0, printed = 0, until = 0;
	bool show = !count && !list && !quiet;
	regmatch_t m;
	size_t len;
	char *s;

	while ((hits < (unsigned long)most || nr < until) && (s = next_line(in, name, &len))) {
		nr++;
		if (hits < (unsigned long)most && match(s, len, 0, &m) != invert) {
			hits++;
			if (quiet || list)
				break;
			if (!show)
				continue;
			print_before(name, nr, &printed);
			print_line(s, len, name, nr, ':');
			printed = nr;
			until = nr + lines_after;
		} else if (show && nr <= until) {
			print_line(s, len, name, nr, '-');
			printed = nr;
		}
		keep(s, len, nr);
	}
	return hits;
}

static void grep(int fd, const char *name)
{
	struct lines in = { .fd = fd };
	unsigned long hits;

	if (fd == STDIN_FILENO)
		name = "(standard input)";
	hits = search(&in, name);
	free(in.buf);
	any |= list == 'L' ? !hits : hits > 0;
	if (quiet)
		return;
	if (list && (list == 'l') == (hits > 0))
		printf("%s\n", name);
	if (count && !list) {
		if (with_names)
			printf("%s:", name);
		printf("%lu\n", hits);
	}
}

static void grep_file(const char *name)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY) : STDIN_FILENO;

	if (fd >= 0) {
		grep(fd, name);
		close_input(fd);
	} else if (silent) {
		exit_status = trouble;
	} else {
		complain(name);
	}
}

static bool one(const char *path, const struct k_stat *st, enum walk_when when, int depth)
{
	if (when == WALK_FILE && (S_ISREG(st->st_mode) || (!depth && !S_ISLNK(st->st_mode))))
		grep_file(path);
	return true;
}

static void read_options(int argc, char **argv, char **texts, int *nr_texts)
{
	int c;

	while ((c = next_option(argc, argv, "EFGchHilLnoqrRsvwxA:B:C:m:e:", HELP)) != -1)
		switch (c) {
		case 'E': case 'F': kind = c; break;
		case 'G': kind = 0; break;
		case 'c': count = true; break;
		case 'h': case 'H': ask_names = c; break;
		case 'i': ignore = true; break;
		case 'l': case 'L': list = c; break;
		case 'n': number = true; break;
		case 'o': only_part = true; break;
		case 'q': quiet = true; break;
		case 'r': case 'R': deep = true; break;
		case 's': silent = true; break;
		case 'v': invert = true; break;
		case 'w': whole_words = true; break;
		case 'x': whole_lines = true; break;
		case 'A': lines_after = number_of(optarg, 10, 0, HELP); break;
		case 'B': lines_before = number_of(optarg, 10, 0, HELP); break;
		case 'C': lines_after = lines_before = number_of(optarg, 10, 0, HELP); break;
		case 'm': most = number_of(optarg, 10, 0, HELP); break;
		case 'e': texts[(*nr_texts)++] = optarg; break;
		}
}

int main(int argc, char **argv)
{
	char **texts = need(calloc(argc + 1, sizeof(*texts)));
	int nr_texts = 0;

	trouble = 2;
	read_options(argc, argv, texts, &nr_texts);
	if (!nr_texts && optind == argc)
		usage(HELP);
	if (!nr_texts)
		texts[nr_texts++] = argv[optind++];
	for (int i = 0; i < nr_texts; i++)
		add_patterns(texts[i]);
	with_names = ask_names ? ask_names == 'H' : deep || argc - optind > 1;
	ring = need(calloc(lines_before + 1, sizeof(*ring)));
	buffer_output();
	if (deep && optind == argc)
		walk(".", 0, one);
	else if (optind == argc)
		grep(STDIN_FILENO, "-");
	for (; optind < argc; optind++)
		if (deep)
			walk(argv[optind], WALK_FOLLOW_TOP, one);
		else
			grep_file(argv[optind]);
	end_output();
	return any && (quiet || !exit_status) ? 0 : exit_status ? exit_status : 1;
}
