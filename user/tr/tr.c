/* SPDX-License-Identifier: MIT */
/* tr: other characters for those of a set, or none, or one for many. */
#include "class.h"
#include "tool.h"

#define HELP "tr [-cds] SET1 [SET2]\n" \
	"  -c  (or -C) all characters but those of SET1\n" \
	"  -d  without those of SET1\n" \
	"  -s  of a row of one character of the last set one\n" \
	"  SET abc, a-z, [:alpha:] and its kin, \\n \\t \\\\ \\012; SET2's last one goes on for the rest of SET1"

struct set {
	unsigned char c[1024];
	size_t n;
};

static void add(struct set *set, int c)
{
	if (set->n < sizeof(set->c))
		set->c[set->n++] = c;
}

/* One character, which may be escaped. */
static int character(const char **p)
{
	static const char letters[] = "abfnrtv\\", meant[] = "\a\b\f\n\r\t\v\\";
	const char *l;
	int c = 0;

	if (**p != '\\' || !(*p)[1])
		return (unsigned char)*(*p)++;
	(*p)++;
	for (int i = 0; i < 3 && **p >= '0' && **p <= '7'; i++, (*p)++) {
		c = c * 8 + **p - '0';
		if (i == 2 || (*p)[1] < '0' || (*p)[1] > '7') {
			(*p)++;
			return c & 255;
		}
	}
	l = strchr(letters, **p);
	c = l ? meant[l - letters] : **p;
	(*p)++;
	return (unsigned char)c;
}

/* "[:alpha:]" at *@p: all of them, in order. */
static bool class_at(struct set *set, const char **p)
{
	const char *end = (*p)[0] == '[' && (*p)[1] == ':' ? strstr(*p + 2, ":]") : NULL;
	class_fn is = end ? class_of(*p + 2, end - *p - 2) : NULL;

	if (!is)
		return false;
	for (int c = 0; c < 128; c++)
		if (is(c))
			add(set, c);
	*p = end + 2;
	return true;
}

static void read_set(struct set *set, const char *p)
{
	while (*p) {
		int c, last;

		if (class_at(set, &p))
			continue;
		c = last = character(&p);
		if (p[0] == '-' && p[1]) {
			p++;
			last = character(&p);
			if (last < c)
				usage(HELP);
		}
		for (; c <= last; c++)
			add(set, c);
	}
}

static bool has(const struct set *set, int c)
{
	return memchr(set->c, c, set->n) != NULL;
}

static void complement(struct set *set)
{
	struct set all = { .n = 0 };

	for (int c = 0; c < 256; c++)
		if (!has(set, c))
			add(&all, c);
	*set = all;
}

static void translate(const unsigned char *to, const bool *gone, const bool *once)
{
	static unsigned char in[4096], out[4096];
	int before = -1;
	ssize_t n;

	while ((n = read(STDIN_FILENO, in, sizeof(in))) > 0) {
		size_t k = 0;

		for (ssize_t i = 0; i < n; i++) {
			unsigned char c = to[in[i]];

			if (gone[in[i]] || (once[c] && c == before))
				continue;
			before = out[k++] = c;
		}
		if (write_all(STDOUT_FILENO, out, k) < 0)
			die("tr: write");
	}
	if (n < 0)
		complain("standard input");
}

int main(int argc, char **argv)
{
	bool rest = false, delete = false, squeeze = false, gone[256] = { false }, once[256] = { false };
	static struct set one, two;
	unsigned char to[256];
	int c, sets;

	while ((c = next_option(argc, argv, "+cCds", HELP)) != -1) {
		rest |= c == 'c' || c == 'C';
		delete |= c == 'd';
		squeeze |= c == 's';
	}
	sets = argc - optind;
	if (sets < 1 || sets > 2 || (sets == 1 && !delete && !squeeze) || (sets == 2 && delete && !squeeze) ||
	    (sets == 1 && delete && squeeze))
		usage(HELP);
	read_set(&one, argv[optind]);
	if (rest)
		complement(&one);
	if (sets == 2)
		read_set(&two, argv[optind + 1]);
	if (sets == 2 && !two.n)
		usage(HELP);
	for (c = 0; c < 256; c++) {
		to[c] = c;
		gone[c] = delete && has(&one, c);
		once[c] = squeeze && has(sets == 2 ? &two : &one, c);
	}
	for (size_t i = 0; sets == 2 && !delete && i < one.n; i++)
		to[one.c[i]] = two.c[i < two.n ? i : two.n - 1];
	translate(to, gone, once);
	return exit_status;
}
