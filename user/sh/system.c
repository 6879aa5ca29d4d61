/* SPDX-License-Identifier: MIT */
/* Built-in commands about the process that the shell is: cd, pwd, read, umask, ulimit, times. */
#include "sh.h"

/* ---- cd, pwd ---- */

/* @path without "." and "..", in scratch: by its text alone. */
static char *normal_path(const char *path)
{
	struct text t = { .arena = &scratch };

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !strncmp(path, "..", 2)) {
			while (t.n && t.s[--t.n] != '/')
				;
		} else if (n && !(n == 1 && *path == '.')) {
			text_put(&t, '/', 0);
			for (size_t i = 0; i < n; i++)
				text_put(&t, path[i], 0);
		}
		path += n + (path[n] == '/');
	}
	if (!t.n)
		text_put(&t, '/', 0);
	return text_end(&t);
}

static char *joined(const char *folder, size_t n, const char *name)
{
	struct text t = { .arena = &scratch };

	for (size_t i = 0; i < n; i++)
		text_put(&t, folder[i], 0);
	if (n)
		text_put(&t, '/', 0);
	text_puts(&t, name, 0);
	return text_end(&t);
}

static bool enter(const char *to, bool physical)
{
	const char *pwd = var_get("PWD");
	char *logical = normal_path(*to == '/' || !pwd ? to : joined(pwd, strlen(pwd), to)), cwd[4096];
	const char *old = pwd ? arena_copy(&scratch, pwd, strlen(pwd)) : NULL;

	if (physical || !pwd || chdir(logical) < 0)
		if (chdir(to) < 0)
			return false;
	if (physical || !pwd)
		logical = getcwd(cwd, sizeof(cwd)) ? cwd : logical;
	if (old)
		var_set("OLDPWD", old, 0);
	var_set("PWD", logical, 0);
	return true;
}

int do_cd(int argc, char **argv)
{
	const char *to, *path = NULL;
	bool physical = false, tell = false;
	int c;

	option_index = 0;
	while ((c = next_option(argc, argv, "LP"))) {
		if (c < 0)
			return STATUS_ERROR;
		physical = c == 'P';
	}
	to = option_index < argc ? argv[option_index] : var_get("HOME");
	if (to && !strcmp(to, "-")) {
		to = var_get("OLDPWD");
		tell = true;
	}
	if (!to)
		return error(tell ? "OLDPWD is not set" : "HOME is not set");
	if (*to != '/' && *to != '.')
		path = var_get("CDPATH");
	for (; path && *path; path += path[strcspn(path, ":")] ? strcspn(path, ":") + 1 : strcspn(path, ":"))
		if (enter(joined(path, strcspn(path, ":"), to), physical)) {
			tell |= *path != ':';
			goto entered;
		}
	if (!enter(*to ? to : ".", physical))
		return error("can't cd to %s: %s", to, strerror(errno));
entered:
	if (tell)
		printf("%s\n", var_get("PWD"));
	return 0;
}

int do_pwd(int argc, char **argv)
{
	char cwd[4096];
	bool physical = false;
	int c;

	option_index = 0;
	while ((c = next_option(argc, argv, "LP"))) {
		if (c < 0)
			return STATUS_ERROR;
		physical = c == 'P';
	}
	if (!physical && var_get("PWD")) {
		printf("%s\n", var_get("PWD"));
		return 0;
	}
	if (!getcwd(cwd, sizeof(cwd)))
		return error("%s", strerror(errno));
	printf("%s\n", cwd);
	return 0;
}

/* ---- read ---- */

/* A line from standard input, byte by byte: what follows is for others. Return: its status. */
static int read_text(struct text *t, bool raw)
{
	bool escaped = false;
	char c;

	for (;;) {
		ssize_t n = read(0, &c, 1);

		if (n < 0 && errno == EINTR && !traps_pending() && !interrupted)
			continue;
		if (n < 0 && errno != EINTR)
			return error("%s", strerror(errno));
		if (n <= 0)
			return interrupted ? 130 : 1;
		if (escaped) {
			escaped = false;
			if (c != '\n')
				text_put(t, c, QUOTED);
		} else if (c == '\\' && !raw) {
			escaped = true;
		} else if (c == '\n') {
			return 0;
		} else if (c) {
			text_put(t, c, 0);
		}
	}
}

static bool separates(const struct text *t, size_t i, const char *ifs, bool blank)
{
	return i < t->n && !t->flags[i] && strchr(ifs, t->s[i]) && !blank == !strchr(" \t\n", t->s[i]);
}

static size_t skip_blanks(const struct text *t, size_t i, const char *ifs)
{
	while (separates(t, i, ifs, true))
		i++;
	return i;
}

/* The end of the word at @i; *@next: of what separates it from the one after. */
static size_t word_end(const struct text *t, size_t i, const char *ifs, size_t *next)
{
	while (i < t->n && !separates(t, i, ifs, true) && !separates(t, i, ifs, false))
		i++;
	*next = skip_blanks(t, i, ifs);
	if (separates(t, *next, ifs, false))
		*next = skip_blanks(t, *next + 1, ifs);
	return i;
}

int do_read(int argc, char **argv)
{
	const char *ifs = var_get("IFS") ? var_get("IFS") : " \t\n";
	struct text t = { .arena = &scratch };
	size_t at, end, next;
	bool raw = false;
	int c, status;

	option_index = 0;
	while ((c = next_option(argc, argv, "rp:"))) {
		if (c < 0)
			return STATUS_ERROR;
		if (c == 'r')
			raw = true;
		else if (isatty(0))
			fprintf(stderr, "%s", option_value);
	}
	fflush(stderr);
	if (option_index == argc)
		return error("usage: read [-r] [-p PROMPT] NAME...");
	status = read_text(&t, raw);
	at = skip_blanks(&t, 0, ifs);
	for (int i = option_index; i < argc; i++, at = next) {
		end = word_end(&t, at, ifs, &next);
		if (i == argc - 1 && next < t.n)	/* all that is left */
			for (end = t.n; end > at && separates(&t, end - 1, ifs, true); end--)
				;
		if (!var_set(argv[i], arena_copy(&scratch, t.n ? t.s + at : "", end - at), 0))
			return STATUS_ERROR;
	}
	return status;
}

/* ---- umask, ulimit, times ---- */

/* u=rwx,g+w,... applied to what is allowed. Return: -1: it is none of that. */
static long symbolic_mask(const char *s, long allowed)
{
	while (*s) {
		static const char letters[] = "ugo", rights[] = "xwr";
		long who = 0, bits = 0;
		char op;

		for (; *s && strchr("ugoa", *s); s++)
			who |= *s == 'a' ? 0777 : 0700 >> 3 * (strchr(letters, *s) - letters);
		who = who ? who : 0777;
		op = *s++;
		if (!op || !strchr("=+-", op))
			return -1;
		for (; *s && strchr("rwx", *s); s++)
			bits |= 0111 << (strchr(rights, *s) - rights);
		bits &= who;
		allowed = op == '=' ? (allowed & ~who) | bits : op == '+' ? allowed | bits : allowed & ~bits;
		if (*s && (*s++ != ',' || !*s))
			return -1;
	}
	return allowed;
}

int do_umask(int argc, char **argv)
{
	long mask = SYSCALL(__NR_umask, 0), new;
	bool symbolic = false;
	char *end;
	int c;

	SYSCALL(__NR_umask, mask);
	option_index = 0;
	while ((c = next_option(argc, argv, "S"))) {
		if (c < 0)
			return STATUS_ERROR;
		symbolic = true;
	}
	if (option_index < argc) {
		const char *word = argv[option_index];

		new = strtol(word, &end, 8);
		if (*word < '0' || *word > '9') {
			new = symbolic_mask(word, ~mask & 0777);
			if (new >= 0)
				new = ~new & 0777;
		} else if (*end || new > 0777) {
			new = -1;
		}
		if (new < 0)
			return error("illegal mode: %s", word);
		SYSCALL(__NR_umask, new);
		return 0;
	}
	if (!symbolic) {
		printf("%04lo\n", mask);
		return 0;
	}
	for (int i = 6; i >= 0; i -= 3) {
		long allowed = ~mask >> i & 7;

		printf("%c=%s%s%s%c", i == 6 ? 'u' : i ? 'g' : 'o', allowed & 4 ? "r" : "", allowed & 2 ? "w" : "", allowed & 1 ? "x" : "",
		       i ? ',' : '\n');
	}
	return 0;
}

static const struct limit {
	const char *name;
	int resource, factor;
	char letter;
} limits[] = {
	{ "time(seconds)", RLIMIT_CPU, 1, 't' }, { "file(blocks)", RLIMIT_FSIZE, 512, 'f' }, { "data(kbytes)", RLIMIT_DATA, 1024, 'd' },
	{ "stack(kbytes)", RLIMIT_STACK, 1024, 's' }, { "coredump(blocks)", RLIMIT_CORE, 512, 'c' },
	{ "memory(kbytes)", RLIMIT_RSS, 1024, 'm' }, { "locked memory(kbytes)", RLIMIT_MEMLOCK, 1024, 'l' },
	{ "process", RLIMIT_NPROC, 1, 'p' }, { "nofiles", RLIMIT_NOFILE, 1, 'n' }, { "vmemory(kbytes)", RLIMIT_AS, 1024, 'v' },
	{ "locks", RLIMIT_LOCKS, 1, 'w' }, { "rtprio", RLIMIT_RTPRIO, 1, 'r' },
};

static void print_limit(const struct limit *l, bool hard)
{
	uint64_t now[2];

	SYSCALL(__NR_prlimit64, 0, l->resource, 0, now);
	if (now[hard] == ~0UL)
		printf("unlimited\n");
	else
		printf("%llu\n", (unsigned long long)now[hard] / l->factor);
}

int do_ulimit(int argc, char **argv)
{
	const struct limit *l = &limits[1];
	bool hard = false, soft = false, all = false;
	uint64_t now[2];
	long n = 0;
	int c;

	option_index = 0;
	while ((c = next_option(argc, argv, "HSatfdscmlpnvwr"))) {
		if (c < 0)
			return STATUS_ERROR;
		hard |= c == 'H';
		soft |= c == 'S';
		all |= c == 'a';
		for (size_t i = 0; i < ARRAY_LEN(limits); i++)
			if (limits[i].letter == c)
				l = &limits[i];
	}
	for (size_t i = 0; all && i < ARRAY_LEN(limits); i++) {
		printf("%-20s ", limits[i].name);
		print_limit(&limits[i], hard && !soft);
	}
	if (all)
		return 0;
	if (option_index == argc) {
		print_limit(l, hard && !soft);
		return 0;
	}
	if (strcmp(argv[option_index], "unlimited") && (!parse_number(argv[option_index], &n) || n < 0))
		return error("bad number: %s", argv[option_index]);
	SYSCALL(__NR_prlimit64, 0, l->resource, 0, now);
	for (int i = 0; i < 2; i++)
		if (i ? hard || !soft : soft || !hard)
			now[i] = strcmp(argv[option_index], "unlimited") ? (uint64_t)n * l->factor : ~0UL;
	if (sys_ret(SYSCALL(__NR_prlimit64, 0, l->resource, now, 0)) < 0)
		return error("error setting limit: %s", strerror(errno));
	return 0;
}

int do_times(int argc, char **argv)
{
	int64_t t[4];

	SYSCALL(__NR_times, t);
	for (int i = 0; i < 4; i++)	/* hundredths of a second */
		printf("%dm%d.%02d0000s%c", (int)(t[i] / 6000), (int)(t[i] / 100 % 60), (int)(t[i] % 100), i % 2 ? '\n' : ' ');
	return 0;
}
