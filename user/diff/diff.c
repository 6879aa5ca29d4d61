/* SPDX-License-Identifier: MIT */
/* diff: what lines two files differ in, or the files in two folders. */
#include <ctype.h>

#include "diff.h"

#define HELP "diff [-abBiNqrsuw] [-U LINES] FILE FILE\n" \
	"  -u, -U      with three lines, with LINES around each change, as patch(1) reads it\n" \
	"  -q, -s      just whether they differ; tell of those that do not\n" \
	"  -i, -b, -w  upper case as lower case; any blanks as one; without blanks\n" \
	"  -B          changes of empty lines alone are none\n" \
	"  -a          text, whatever is in it\n" \
	"  -r, -N      folders in folders too; who is missing is empty"

static bool brief, same_too, ignore_case, any_blanks, no_blanks, no_empty, text, deep, absent_empty;
static long context = -1;
static int differ;
static char options[256];	/* as they were given, for what is told of each file of a folder */

static const char *key_of(const char *s, size_t len)
{
	char *key, *to;

	if (!ignore_case && !any_blanks && !no_blanks)
		return s;
	key = to = need(malloc(len + 1));
	for (size_t i = 0; i < len; i++) {
		bool blank = isspace((unsigned char)s[i]);

		if (blank && (no_blanks || (any_blanks && (i + 1 == len || isspace((unsigned char)s[i + 1])))))
			continue;
		*to++ = blank && any_blanks ? ' ' : ignore_case ? tolower((unsigned char)s[i]) : s[i];
	}
	while (any_blanks && to > key && to[-1] == ' ')
		to--;
	*to = '\0';
	return key;
}

static bool read_whole(struct file *f, size_t *n)
{
	int fd = strcmp(f->name, "-") ? open(f->name, O_RDONLY) : STDIN_FILENO;
	size_t size = 0;
	ssize_t got = 0;

	*n = 0;
	f->data = NULL;
	f->ended = true;
	if (fd < 0 && errno == ENOENT && absent_empty) {
		f->data = need(calloc(1, 1));
		return true;
	}
	if (fd < 0 || fstat(fd, &f->st) < 0) {
		complain(f->name);
		return false;
	}
	do {
		*n += got;
		if (size - *n < 4096)
			f->data = need(realloc(f->data, size = size * 2 + 8192));
	} while ((got = read(fd, f->data + *n, size - *n - 1)) > 0);
	close_input(fd);
	if (got < 0)
		complain(f->name);
	f->data[*n] = '\0';
	f->ended = !*n || f->data[*n - 1] == '\n';
	f->binary = !text && memchr(f->data, '\0', *n);
	return got == 0;
}

static void find_lines(struct file *f, size_t n)
{
	char *end = f->data + n;
	long size = 1;

	for (char *p = f->data; p < end; p++)
		size += *p == '\n';
	f->nr = 0;
	f->line = need(calloc(size + 1, sizeof(*f->line)));
	for (char *p = f->data, *stop; p < end; p = stop + 1) {
		struct line *l = &f->line[f->nr++];
		bool last;

		stop = memchr(p, '\n', end - p);
		last = !stop;
		stop = stop ? stop : end;
		*stop = '\0';
		l->s = p;
		l->len = stop - p;
		l->key = key_of(p, l->len);
		l->hash = 2166136261u ^ (last && !any_blanks && !no_blanks);	/* a line without an end is another one */
		for (const char *k = l->key; *k; k++)
			l->hash = (l->hash ^ (unsigned char)*k) * 16777619u;
	}
}

static void drop(struct file *f)
{
	for (long i = 0; f->line && i < f->nr; i++)
		if (f->line[i].key != f->line[i].s)
			free((char *)f->line[i].key);
	free(f->line);
	free(f->data);
}

/* A change of nothing but empty lines is forgotten. */
static void forget_empty(struct file *a, struct file *b)
{
	struct change c = { 0 };

	while (next_change(a, b, &c)) {
		bool all = true;

		for (long i = c.a; i < c.a_end; i++)
			all &= !*a->line[i].key;
		for (long i = c.b; i < c.b_end; i++)
			all &= !*b->line[i].key;
		for (long i = c.a; all && i < c.a_end; i++)
			a->line[i].changed = false;
		for (long i = c.b; all && i < c.b_end; i++)
			b->line[i].changed = false;
	}
}

static void print_word(const char *s)
{
	printf(strchr(s, ' ') ? " \"%s\"" : " %s", s);
}

/* Return: whether they differ, with what is to be printed of that. */
static bool diff_lines(struct file *a, struct file *b, bool title)
{
	struct change c = { 0 };

	compare_files(a, b);
	if (no_empty)
		forget_empty(a, b);
	if (!next_change(a, b, &c))
		return false;
	if (title && !brief) {
		printf("diff%s", options);
		print_word(a->name);
		print_word(b->name);
		printf("\n");
	}
	if (brief)
		printf("Files %s and %s differ\n", a->name, b->name);
	else if (context >= 0)
		print_unified(a, b, context);
	else
		print_normal(a, b);
	return true;
}

static void diff_files(const char *from, const char *to, bool title)
{
	struct file a = { .name = from }, b = { .name = to };
	size_t na, nb;
	bool other;

	if (!read_whole(&a, &na) | !read_whole(&b, &nb)) {
		drop(&a);
		drop(&b);
		return;
	}
	if (a.binary || b.binary) {
		other = na != nb || memcmp(a.data, b.data, na);
		if (other)
			printf(brief ? "Files %s and %s differ\n" : "Binary files %s and %s differ\n", from, to);
	} else {
		find_lines(&a, na);
		find_lines(&b, nb);
		other = diff_lines(&a, &b, title);
	}
	differ |= other;
	if (!other && same_too)
		printf("Files %s and %s are identical\n", from, to);
	drop(&a);
	drop(&b);
}

static void diff_folders(const char *from, const char *to);

static void diff_paths(const char *from, const char *to)
{
	bool folder = is_folder(from);

	if (folder && is_folder(to)) {
		if (deep)
			diff_folders(from, to);
		else
			printf("Common subdirectories: %s and %s\n", from, to);
	} else if (folder != is_folder(to) && access(from, 0) == 0 && access(to, 0) == 0) {
		printf("File %s is a %s while file %s is a %s\n", from, folder ? "directory" : "regular file", to,
		       folder ? "regular file" : "directory");
		differ = 1;
	} else {
		diff_files(from, to, true);
	}
}

static void diff_folders(const char *from, const char *to)
{
	size_t na, nb, i = 0, k = 0;
	char **a = read_names(from, &na), **b = read_names(to, &nb);

	if (!a || !b) {
		complain(a ? to : from);
		return;
	}
	while (i < na || k < nb) {
		int d = i == na ? 1 : k == nb ? -1 : strcmp(a[i], b[k]);
		const char *name = d <= 0 ? a[i] : b[k];
		char *left = join_path(from, name), *right = join_path(to, name);

		if (d && !(absent_empty && !is_folder(d < 0 ? left : right))) {
			printf("Only in %s: %s\n", d < 0 ? from : to, name);
			differ = 1;
		} else {
			diff_paths(left, right);
		}
		free(left);
		free(right);
		i += d <= 0;
		k += d >= 0;
	}
	free_names(a, na);
	free_names(b, nb);
}

int main(int argc, char **argv)
{
	const char *from, *to;
	int c;

	trouble = 2;
	for (int i = 1; i < argc && strlen(options) + strlen(argv[i]) + 2 < sizeof(options); i++)
		if (argv[i][0] == '-' && argv[i][1])
			strcat(strcat(options, " "), argv[i]);
	while ((c = next_option(argc, argv, "abBiNqrsuU:w", HELP)) != -1)
		switch (c) {
		case 'a': text = true; break;
		case 'b': any_blanks = true; break;
		case 'B': no_empty = true; break;
		case 'i': ignore_case = true; break;
		case 'N': absent_empty = true; break;
		case 'q': brief = true; break;
		case 'r': deep = true; break;
		case 's': same_too = true; break;
		case 'u': context = context < 0 ? 3 : context; break;
		case 'U': context = number_of(optarg, 10, 0, HELP); break;
		case 'w': no_blanks = true; break;
		}
	if (argc - optind != 2)
		usage(HELP);
	from = argv[optind];
	to = argv[optind + 1];
	buffer_output();
	if (is_folder(from) && is_folder(to))
		diff_folders(from, to);
	else if (is_folder(from))
		diff_files(in_folder(from, to), to, false);
	else
		diff_files(from, in_folder(to, from), false);
	return end_output() ? trouble : differ;
}
