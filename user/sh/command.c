/* SPDX-License-Identifier: MIT */
/* What a command's name may be: a function, an alias, a program; and what is told of it. */
#include "sh.h"

struct alias {
	struct alias *next;
	char *name, *text;
};

static struct function *functions;
static struct alias *aliases;

/* ---- Functions ---- */

struct function *function_find(const char *name)
{
	for (struct function *f = functions; f; f = f->next)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

void function_define(struct node *n)
{
	struct function *f = function_find(n->text);

	if (!f) {
		f = xmalloc(sizeof(*f));
		*f = (struct function){ .next = functions, .name = xstrdup(n->text) };
		functions = f;
	}
	n->tree->refs++;
	if (f->tree)
		tree_put(f->tree);
	f->tree = n->tree;
	f->body = n->left;
}

bool function_unset(const char *name)
{
	for (struct function **at = &functions; *at; at = &(*at)->next) {
		struct function *f = *at;

		if (strcmp(f->name, name))
			continue;
		*at = f->next;
		tree_put(f->tree);
		free(f->name);
		free(f);
		return true;
	}
	return false;
}

/* ---- Aliases ---- */

const char *alias_find(const char *name)
{
	for (struct alias *a = aliases; a; a = a->next)
		if (!strcmp(a->name, name))
			return a->text;
	return NULL;
}

static bool alias_remove(const char *name)
{
	for (struct alias **at = &aliases; *at; at = &(*at)->next) {
		struct alias *a = *at;

		if (name && strcmp(a->name, name))
			continue;
		*at = a->next;
		free(a->name);
		free(a->text);
		free(a);
		return true;
	}
	return false;
}

static void alias_print(const struct alias *a)
{
	printf("%s=", a->name);
	print_quoted(a->text);
	printf("\n");
}

int do_alias(int argc, char **argv)
{
	int status = 0;

	for (struct alias *a = aliases; argc == 1 && a; a = a->next)
		alias_print(a);
	for (int i = 1; i < argc; i++) {
		char *eq = strchr(argv[i] + (*argv[i] != '\0'), '=');
		struct alias *a, **at = &aliases;

		if (eq) {
			a = xmalloc(sizeof(*a));
			*eq = '\0';
			alias_remove(argv[i]);
			while (*at && strcmp((*at)->name, argv[i]) < 0)
				at = &(*at)->next;
			*a = (struct alias){ *at, xstrdup(argv[i]), xstrdup(eq + 1) };
			*at = a;
			continue;
		}
		for (a = aliases; a && strcmp(a->name, argv[i]); a = a->next)
			;
		if (a) {
			alias_print(a);
		} else {
			complain("%s not found", argv[i]);
			status = 1;
		}
	}
	return status;
}

int do_unalias(int argc, char **argv)
{
	int c, status = 0;

	option_index = 0;
	while ((c = next_option(argc, argv, "a")))
		if (c < 0)
			return STATUS_ERROR;
		else
			while (alias_remove(NULL))
				;
	for (int i = option_index; i < argc; i++)
		if (!alias_remove(argv[i])) {
			complain("%s not found", argv[i]);
			status = 1;
		}
	return status;
}

/* ---- Programs ---- */

char *path_find(const char *name, const char *path)
{
	struct k_stat st;
	int why = ENOENT;

	if (strchr(name, '/'))
		return stat(name, &st) == 0 ? arena_copy(&scratch, name, strlen(name)) : NULL;
	path = path ? path : var_get("PATH") ? var_get("PATH") : "";
	for (;;) {
		size_t n = strcspn(path, ":");
		struct text t = { .arena = &scratch };

		for (size_t i = 0; i < n; i++)
			text_put(&t, path[i], 0);
		if (n)
			text_put(&t, '/', 0);
		text_puts(&t, name, 0);
		if (stat(text_end(&t), &st) == 0 && S_ISREG(st.st_mode)) {
			if (st.st_mode & 0111)
				return t.s;
			why = EACCES;
		}
		if (!path[n])
			break;
		path += n + 1;
	}
	errno = why;
	return NULL;
}

void exec_program(char **argv, const char *path)
{
	char *file = path_find(argv[0], path);
	int status;

	if (file) {
		execve(file, argv, var_environment());
		if (errno == ENOEXEC) {		/* a script without #! */
			struct fields f = { 0 };

			fields_add(&f, "sh");
			fields_add(&f, file);
			while (*++argv)
				fields_add(&f, *argv);
			execve("/bin/sh", f.list, var_environment());
		}
	}
	status = errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_RUN;
	command_name = NULL;
	complain("%s: %s", argv[0], errno == ENOENT ? "not found" : strerror(errno));
	shell_exit(status);
}

/* ---- type and command ---- */

/* @verbose: in a sentence; else what could be typed for it. */
static int describe(const char *name, const char *path, bool verbose)
{
	const struct builtin *b = builtin_find(name);
	const char *text = alias_find(name), *file;

	if (is_reserved(name)) {
		printf(verbose ? "%s is a shell keyword\n" : "%s\n", name);
	} else if (text) {
		printf(verbose ? "%s is an alias for %s\n" : "alias %s=", name, text);
		if (!verbose) {
			print_quoted(text);
			printf("\n");
		}
	} else if (b && b->flags & B_SPECIAL) {
		printf(verbose ? "%s is a special shell builtin\n" : "%s\n", name);
	} else if (function_find(name)) {
		printf(verbose ? "%s is a shell function\n" : "%s\n", name);
	} else if (b) {
		printf(verbose ? "%s is a shell builtin\n" : "%s\n", name);
	} else if ((file = path_find(name, path)) && access(file, 1) == 0) {
		printf(verbose ? "%s is %s\n" : "%.0s%s\n", name, file);
	} else {
		if (verbose)
			printf("%s: not found\n", name);
		return STATUS_NOT_FOUND;
	}
	return 0;
}

int do_type(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		status |= describe(argv[i], NULL, true);
	return status;
}

int do_command(int argc, char **argv)
{
	const char *path = NULL;
	int c, how = 0;

	option_index = 0;
	while ((c = next_option(argc, argv, "pvV"))) {
		if (c < 0)
			return STATUS_ERROR;
		if (c == 'p')
			path = "/usr/bin:/usr/sbin:/bin:/sbin";
		else
			how = c;
	}
	argc -= option_index;
	argv += option_index;
	if (!argc)
		return 0;
	if (how)
		return describe(argv[0], path, how == 'V');
	c = run_argv(argc, argv, false, false, path);
	builtin_failed = false;		/* special ones are like others here */
	return c;
}
