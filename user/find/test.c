/* SPDX-License-Identifier: MIT */
/* What find can ask of a file, and do with it. */
#define _GNU_SOURCE		/* FNM_CASEFOLD */
#include <fnmatch.h>

#include "find.h"
#include "spawn.h"
#include "when.h"
#include "users.h"

#define FEW 500			/* files a command of -exec + gets at once */

struct collected {
	int nr;
	char *path[FEW];
};

bool test_and(const struct expr *e, const struct file *f)
{
	return e->left->test(e->left, f) && e->right->test(e->right, f);
}

bool test_or(const struct expr *e, const struct file *f)
{
	return e->left->test(e->left, f) || e->right->test(e->right, f);
}

bool test_not(const struct expr *e, const struct file *f)
{
	return !e->left->test(e->left, f);
}

bool test_true(const struct expr *e, const struct file *f)
{
	return true;
}

bool test_false(const struct expr *e, const struct file *f)
{
	return false;
}

bool test_name(const struct expr *e, const struct file *f)
{
	return fnmatch(e->text, base_name(f->path), 0) == 0;
}

bool test_iname(const struct expr *e, const struct file *f)
{
	return fnmatch(e->text, base_name(f->path), FNM_CASEFOLD) == 0;
}

bool test_path(const struct expr *e, const struct file *f)
{
	return fnmatch(e->text, f->path, 0) == 0;
}

bool test_type(const struct expr *e, const struct file *f)
{
	char text[11];

	mode_text(f->st->st_mode, text);
	return text[0] == (*e->text == 'f' ? '-' : *e->text);
}

static bool in_range(const struct expr *e, int64_t n)
{
	return e->sign == '+' ? n > e->n : e->sign == '-' ? n < e->n : n == e->n;
}

bool test_size(const struct expr *e, const struct file *f)
{
	return in_range(e, (f->st->st_size + e->unit - 1) / e->unit);
}

bool test_perm(const struct expr *e, const struct file *f)
{
	unsigned int mode = f->st->st_mode & 07777;

	return e->sign == '-' ? (mode & e->n) == e->n : e->sign == '/' ? !e->n || mode & e->n : mode == e->n;
}

bool test_user(const struct expr *e, const struct file *f)
{
	char *end;
	unsigned long uid = strtoul(e->text, &end, 10);

	return *end ? !strcmp(e->text, user_name(f->st->st_uid)) : f->st->st_uid == uid;
}

bool test_links(const struct expr *e, const struct file *f)
{
	return in_range(e, f->st->st_nlink);
}

bool test_inum(const struct expr *e, const struct file *f)
{
	return in_range(e, f->st->st_ino);
}

bool test_mtime(const struct expr *e, const struct file *f)
{
	return in_range(e, (time_now(NULL) - f->st->st_mtime) / 86400);
}

/* Minutes are rounded up, days down. */
bool test_mmin(const struct expr *e, const struct file *f)
{
	return in_range(e, (time_now(NULL) - f->st->st_mtime + 59) / 60);
}

bool test_newer(const struct expr *e, const struct file *f)
{
	return f->st->st_mtime > e->n || (f->st->st_mtime == e->n && f->st->st_mtime_nsec > e->unit);
}

bool test_empty(const struct expr *e, const struct file *f)
{
	char **names;
	size_t nr;

	if (S_ISREG(f->st->st_mode))
		return !f->st->st_size;
	if (!S_ISDIR(f->st->st_mode))
		return false;
	names = read_names(f->path, &nr);
	if (names)
		free_names(names, nr);
	return names && !nr;
}

bool test_prune(const struct expr *e, const struct file *f)
{
	((struct file *)f)->pruned = true;
	return true;
}

bool test_quit(const struct expr *e, const struct file *f)
{
	exit(end_output());
}

bool test_print(const struct expr *e, const struct file *f)
{
	printf("%s\n", f->path);
	return true;
}

bool test_print0(const struct expr *e, const struct file *f)
{
	printf("%s%c", f->path, 0);
	return true;
}

bool test_delete(const struct expr *e, const struct file *f)
{
	if (!strcmp(f->path, ".") || (S_ISDIR(f->st->st_mode) ? rmdir(f->path) : unlink(f->path)) == 0)
		return true;
	complain(f->path);
	return false;
}

/* @word with @path for each {}. */
static char *replaced(const char *word, const char *path)
{
	size_t size = strlen(word) + 1, n = strlen(path);
	char *out, *to;

	for (const char *p = word; (p = strstr(p, "{}")); p += 2)
		size += n;
	out = to = need(malloc(size));
	for (; *word; word++)
		if (!strncmp(word, "{}", 2)) {
			memcpy(to, path, n);
			to += n;
			word++;
		} else {
			*to++ = *word;
		}
	*to = '\0';
	return out;
}

bool test_exec(const struct expr *e, const struct file *f)
{
	char **argv = need(calloc(e->argc + 1, sizeof(*argv)));
	int status;

	for (int i = 0; i < e->argc; i++)
		argv[i] = replaced(e->argv[i], f->path);
	status = run_program(argv);
	for (int i = 0; i < e->argc; i++)
		free(argv[i]);
	free(argv);
	return status == 0;
}

bool test_collect(const struct expr *e, const struct file *f)
{
	struct expr *own = (struct expr *)e;

	if (!own->files)
		own->files = need(calloc(1, sizeof(*own->files)));
	own->files->path[own->files->nr++] = need(strdup(f->path));
	if (own->files->nr == FEW)
		run_collected(own);
	return true;
}

void run_collected(struct expr *e)
{
	char **argv;

	if (!e->files || !e->files->nr)
		return;
	argv = need(calloc(e->argc + e->files->nr + 1, sizeof(*argv)));
	memcpy(argv, e->argv, e->argc * sizeof(*argv));
	memcpy(argv + e->argc, e->files->path, e->files->nr * sizeof(*argv));
	if (run_program(argv))
		exit_status = trouble;
	while (e->files->nr)
		free(e->files->path[--e->files->nr]);
	free(argv);
}
