/* SPDX-License-Identifier: MIT */
/* find: the files under folders that an expression is true of. It is compiled to a tree, which is then asked of each file. */
#include "find.h"

#define HELP "find [FOLDER...] [EXPRESSION]\n" \
	"  -name PATTERN  -iname PATTERN  -path PATTERN  -type [fdlpcbs]  -size [+-]N[ckMG]  -perm [-/]MODE  -user NAME|N  -links [+-]N\n" \
	"  -empty  -mtime [+-]DAYS  -mmin [+-]MINUTES  -newer FILE  -inum N\n" \
	"  -print  -print0  -delete  -exec COMMAND {} ;  -exec COMMAND {} +  -prune  -quit\n" \
	"  -maxdepth N  -mindepth N  -depth   ! A  A -a B  A -o B  ( A )"

static char **words;		/* what is left to read */
static const struct expr *expression;
static long max_depth = 0x7fffffff, min_depth;
static bool depth_first, acts;
static struct expr *collectors;

static struct expr *either(void);

static char *next_word(void)
{
	if (!*words)
		usage(HELP);
	return *words++;
}

/* [+-]N, where a sign means more and less. */
static void read_range(struct expr *e, char *s)
{
	char *end;

	e->sign = *s == '+' || *s == '-' ? *s++ : 0;
	e->n = strtol(s, &end, 10);
	e->unit = 512;
	if (e->test == test_size && *end)
		e->unit = *end == 'c' ? 1 : *end == 'k' ? 1 << 10 : *end == 'M' ? 1 << 20 : *end == 'G' ? 1 << 30 : 0, end++;
	if (end == s || *end || !e->unit)
		usage(HELP);
}

static void read_command(struct expr *e)
{
	e->argv = words;
	while (strcmp(next_word(), ";"))
		if (!strcmp(words[-1], "+") && words - e->argv > 1 && !strcmp(words[-2], "{}")) {
			e->test = test_collect;
			e->argc = words - e->argv - 2;
			e->next = collectors;
			collectors = e;
			return;
		}
	e->argc = words - e->argv - 1;
	if (!e->argc)
		usage(HELP);
}

static void read_argument(struct expr *e)
{
	struct k_stat st;

	if (e->test == test_exec) {
		read_command(e);
		return;
	}
	e->text = next_word();
	if (e->test == test_size || e->test == test_mtime || e->test == test_mmin || e->test == test_links || e->test == test_inum)
		read_range(e, e->text);
	if (e->test == test_type && (!strchr("fdlpcbs", *e->text) || !*e->text || e->text[1]))
		usage(HELP);
	if (e->test == test_perm) {
		e->sign = *e->text == '-' || *e->text == '/' ? *e->text : 0;
		e->n = number_of(e->text + !!e->sign, 8, 0, HELP);
	}
	if (e->test == test_newer) {
		if (stat(e->text, &st) < 0)
			die(e->text);
		e->n = st.st_mtime;
		e->unit = st.st_mtime_nsec;
	}
}

static const struct {
	const char *name;
	bool (*test)(const struct expr *e, const struct file *f);
	bool argument, acts;
} primaries[] = {
	{ "-name", test_name, true, false }, { "-iname", test_iname, true, false }, { "-path", test_path, true, false },
	{ "-type", test_type, true, false }, { "-size", test_size, true, false }, { "-perm", test_perm, true, false },
	{ "-user", test_user, true, false }, { "-links", test_links, true, false }, { "-inum", test_inum, true, false },
	{ "-mtime", test_mtime, true, false }, { "-mmin", test_mmin, true, false }, { "-newer", test_newer, true, false },
	{ "-empty", test_empty, false, false }, { "-prune", test_prune, false, false }, { "-quit", test_quit, false, true },
	{ "-true", test_true, false, false }, { "-false", test_false, false, false },
	{ "-print", test_print, false, true }, { "-print0", test_print0, false, true }, { "-delete", test_delete, false, true },
	{ "-exec", test_exec, true, true },
};

static struct expr *node(bool (*test)(const struct expr *e, const struct file *f), struct expr *left, struct expr *right)
{
	struct expr *e = need(calloc(1, sizeof(*e)));

	e->test = test;
	e->left = left;
	e->right = right;
	return e;
}

static struct expr *primary(void)
{
	const char *word = next_word();
	struct expr *e;

	if (!strcmp(word, "!") || !strcmp(word, "-not"))
		return node(test_not, primary(), NULL);
	if (!strcmp(word, "(")) {
		e = either();
		if (strcmp(next_word(), ")"))
			usage(HELP);
		return e;
	}
	if (!strcmp(word, "-maxdepth") || !strcmp(word, "-mindepth")) {
		*(word[2] == 'a' ? &max_depth : &min_depth) = number_of(next_word(), 10, 0, HELP);
		return node(test_true, NULL, NULL);
	}
	if (!strcmp(word, "-depth")) {
		depth_first = true;
		return node(test_true, NULL, NULL);
	}
	for (size_t i = 0; i < ARRAY_LEN(primaries); i++)
		if (!strcmp(word, primaries[i].name)) {
			e = node(primaries[i].test, NULL, NULL);
			acts |= primaries[i].acts;
			depth_first |= primaries[i].test == test_delete;
			if (primaries[i].argument)
				read_argument(e);
			return e;
		}
	fprintf(stderr, "find: %s is not known\n", word);
	usage(HELP);
}

static struct expr *both(void)
{
	struct expr *e = primary();

	while (*words && strcmp(*words, "-o") && strcmp(*words, ")")) {
		if (!strcmp(*words, "-a"))
			words++;
		e = node(test_and, e, primary());
	}
	return e;
}

static struct expr *either(void)
{
	struct expr *e = both();

	while (*words && !strcmp(*words, "-o")) {
		words++;
		e = node(test_or, e, both());
	}
	return e;
}

static bool one(const char *path, const struct k_stat *st, enum walk_when when, int depth)
{
	struct file f = { .path = path, .st = st };
	bool now = when == WALK_FILE || (when == WALK_AFTER) == depth_first;

	if (now && depth >= min_depth)
		expression->test(expression, &f);
	return depth < max_depth && (!f.pruned || depth_first);
}

int main(int argc, char **argv)
{
	int nr = 1;

	while (nr < argc && argv[nr][0] != '-' && strcmp(argv[nr], "!") && strcmp(argv[nr], "("))
		nr++;
	words = argv + nr;
	expression = *words ? either() : node(test_true, NULL, NULL);
	if (*words)
		usage(HELP);
	if (!acts)
		expression = node(test_and, (struct expr *)expression, node(test_print, NULL, NULL));
	buffer_output();
	for (int i = 1; i < nr; i++)
		walk(argv[i], 0, one);
	if (nr == 1)
		walk(".", 0, one);
	for (; collectors; collectors = collectors->next)
		run_collected(collectors);
	return end_output();
}
