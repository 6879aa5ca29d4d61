/* SPDX-License-Identifier: MIT */
/* Variables, those that a function has of its own, and positional parameters. */
#include "sh.h"

struct var {
	struct var *next;
	char *name, *value;	/* value: NULL when unset */
	int flags;
};

/* What a name was before "local", or before an assignment in front of a command. */
struct local {
	struct local *next;
	char *name, *value;
	int flags;
};

struct frame {
	struct frame *outer;
	struct local *locals;
	struct params params;
	bool has_params;	/* the caller's, to come back */
};

#define BUCKETS 64

static struct var *table[BUCKETS];
static struct frame *frame;
static int nr_frames;
struct params params;

static struct var *find(const char *name, bool create)
{
	unsigned int h = 0;
	struct var *v;

	for (const char *c = name; *c; c++)
		h = h * 31 + (unsigned char)*c;
	for (v = table[h % BUCKETS]; v; v = v->next)
		if (!strcmp(v->name, name))
			return v;
	if (!create)
		return NULL;
	v = xmalloc(sizeof(*v));
	*v = (struct var){ .next = table[h % BUCKETS], .name = xstrdup(name) };
	table[h % BUCKETS] = v;
	return v;
}

char *var_get(const char *name)
{
	static char line[12];
	struct var *v;

	if (!strcmp(name, "LINENO")) {
		snprintf(line, sizeof(line), "%d", command_line);
		return line;
	}
	v = find(name, false);
	return v ? v->value : NULL;
}

static void set_value(struct var *v, const char *value)
{
	char *copy = value ? xstrdup(value) : NULL;

	free(v->value);
	v->value = copy;
	if (!strcmp(v->name, "OPTIND"))
		getopts_reset();
}

bool var_set(const char *name, const char *value, int flags)
{
	struct var *v = find(name, true);

	if (v->flags & VAR_READONLY) {
		complain("%s: is read only", name);
		return false;
	}
	if (value)
		set_value(v, value);
	v->flags |= flags | (opt_allexport ? VAR_EXPORT : 0);
	return true;
}

void var_set_int(const char *name, long value)
{
	char tmp[24];

	snprintf(tmp, sizeof(tmp), "%ld", value);
	if (!var_set(name, tmp, 0))
		fail_status(STATUS_ERROR);
}

void var_mark(const char *name, int flags)
{
	find(name, true)->flags |= flags;
}

bool var_unset(const char *name)
{
	struct var *v = find(name, false);

	if (!v)
		return true;
	if (v->flags & VAR_READONLY) {
		complain("%s: is read only", name);
		return false;
	}
	set_value(v, NULL);
	v->flags = 0;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct var *const *)a)->name, (*(struct var *const *)b)->name);
}

/* Those with @flags (0: all that are set) in order, in scratch. */
static struct var **sorted(int flags, int *n)
{
	struct var **list;

	*n = 0;
	for (int i = 0; i < BUCKETS; i++)
		for (struct var *v = table[i]; v; v = v->next)
			++*n;
	list = arena_alloc(&scratch, *n * sizeof(*list));
	*n = 0;
	for (int i = 0; i < BUCKETS; i++)
		for (struct var *v = table[i]; v; v = v->next)
			if (flags ? v->flags & flags : v->value != NULL)
				list[(*n)++] = v;
	qsort(list, *n, sizeof(*list), by_name);
	return list;
}

void print_quoted(const char *s)
{
	do {
		size_t n = strcspn(s, "'");

		if (n || !*s)
			printf("'%.*s'", (int)n, s);
		s += n;
		n = strspn(s, "'");
		if (n)
			printf("\"%.*s\"", (int)n, s);
		s += n;
	} while (*s);
}

void var_list(int flags, const char *prefix)
{
	int n;
	struct var **list = sorted(flags, &n);

	for (int i = 0; i < n; i++) {
		printf("%s%s%s", prefix, *prefix ? " " : "", list[i]->name);
		if (list[i]->value) {
			printf("=");
			print_quoted(list[i]->value);
		}
		printf("\n");
	}
}

char **var_environment(void)
{
	int n, k = 0;
	struct var **list = sorted(VAR_EXPORT, &n);
	char **env = arena_alloc(&scratch, (n + 1) * sizeof(char *));

	for (int i = 0; i < n; i++) {
		struct text t = { .arena = &scratch };

		if (!list[i]->value)
			continue;
		text_puts(&t, list[i]->name, 0);
		text_put(&t, '=', 0);
		text_puts(&t, list[i]->value, 0);
		env[k++] = text_end(&t);
	}
	env[k] = NULL;
	return env;
}

void vars_init(void)
{
	char cwd[1024];

	for (char **e = environ; *e; e++) {
		char *eq = strchr(*e, '=');
		size_t n = name_length(*e);

		if (n && eq == *e + n) {
			char *name = xstrdup(*e);

			name[n] = '\0';
			var_set(name, eq + 1, VAR_EXPORT);
			free(name);
		}
	}
	var_set("IFS", " \t\n", 0);
	var_set("OPTIND", "1", 0);
	var_set("PS1", "$ ", 0);
	var_set("PS2", "> ", 0);
	var_set("PS4", "+ ", 0);
	var_set_int("PPID", getppid());
	if (!var_get("PATH"))
		var_set("PATH", "/usr/bin:/usr/sbin:/bin:/sbin", 0);
	if (getcwd(cwd, sizeof(cwd)))
		var_set("PWD", cwd, 0);
}

static void params_free(struct params *p)
{
	for (int i = 0; i < p->n; i++)
		free(p->list[i]);
	free(p->list);
	p->list = NULL;
	p->n = 0;
}

void params_set(int n, char **list)
{
	char **copy = xmalloc((n + 1) * sizeof(char *));

	for (int i = 0; i < n; i++)
		copy[i] = xstrdup(list[i]);
	copy[n] = NULL;
	params_free(&params);
	params.list = copy;
	params.n = n;
	getopts_reset();
}

void frame_push(int argc, char **argv)
{
	struct frame *f = xmalloc(sizeof(*f));

	*f = (struct frame){ .outer = frame, .params = params, .has_params = argv };
	frame = f;
	nr_frames++;
	if (argv) {
		params.list = NULL;
		params.n = 0;
		params_set(argc - 1, argv + 1);
	}
}

void frame_pop(void)
{
	struct frame *f = frame;

	while (f->locals) {
		struct local *l = f->locals;
		struct var *v = find(l->name, true);

		set_value(v, l->value);
		v->flags = l->flags;
		f->locals = l->next;
		free(l->name);
		free(l->value);
		free(l);
	}
	if (f->has_params) {
		params_free(&params);
		params = f->params;
	}
	frame = f->outer;
	nr_frames--;
	free(f);
}

int frames_depth(void)
{
	return nr_frames;
}

void local_declare(const char *name)
{
	struct var *v = find(name, true);
	struct local *l;

	for (l = frame->locals; l; l = l->next)
		if (!strcmp(l->name, name))
			return;
	l = xmalloc(sizeof(*l));
	*l = (struct local){ frame->locals, xstrdup(name), v->value ? xstrdup(v->value) : NULL, v->flags };
	frame->locals = l;
}
