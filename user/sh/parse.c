/* SPDX-License-Identifier: MIT */
/*
 * Grammar:
 *   list     = andor { (';' | '&' | newline) andor }
 *   andor    = pipeline { ('&&' | '||') pipeline }
 *   pipeline = command { '|' command }
 *   command  = word or redirection, in any number; or '(' list ')' or '{ list }'
 * Words keep their quotes until they are expanded.
 */
#include "sh.h"

#define MAX_WORDS 256

static const char *p, *parse_error;

static struct node *parse_list(void);

static struct node *new_node(enum node_kind kind, struct node *l, struct node *r)
{
	struct node *n = xmalloc(sizeof(*n));

	*n = (struct node){ .kind = kind, .left = l, .right = r };
	return n;
}

void free_node(struct node *n)
{
	if (!n)
		return;
	free_node(n->left);
	free_node(n->right);
	for (struct redir *r = n->redirs, *next; r; r = next) {
		next = r->next;
		free(r->word);
		free(r);
	}
	for (int i = 0; i < n->nr_words; i++)
		free(n->words[i]);
	free(n->words);
	free(n);
}

static void skip_blanks(void)
{
	while (*p == ' ' || *p == '\t' || (*p == '\\' && p[1] == '\n'))
		p += *p == '\\' ? 2 : 1;
	if (*p == '#')
		while (*p && *p != '\n')
			p++;
}

static bool is_meta(char c)
{
	return !c || strchr(" \t\n;&|<>()", c);
}

/* A word with its quotes, or NULL. */
static char *take_word(void)
{
	const char *start = p;
	size_t n;
	char *w;

	while (!is_meta(*p)) {
		if (*p == '\\' && p[1]) {
			p += 2;
		} else if (*p == '\'' || *p == '"') {
			char q = *p++;

			while (*p && *p != q)
				p += q == '"' && *p == '\\' && p[1] ? 2 : 1;
			if (!*p) {
				parse_error = "unterminated quote";
				return NULL;
			}
			p++;
		} else {
			p++;
		}
	}
	n = p - start;
	if (!n)
		return NULL;
	w = xmalloc(n + 1);
	memcpy(w, start, n);
	w[n] = '\0';
	return w;
}

/* N> N>> N< N>&M with N left out or a digit. */
static bool take_redir(struct node *n)
{
	const char *q = p;
	int fd = -1;
	struct redir *r, **end;

	if (*q >= '0' && *q <= '9' && (q[1] == '<' || q[1] == '>'))
		fd = *q++ - '0';
	if (*q != '<' && *q != '>')
		return false;
	r = xmalloc(sizeof(*r));
	*r = (struct redir){ .fd = fd >= 0 ? fd : *q == '>' };
	if (*q == '<') {
		r->flags = O_RDONLY;
		q++;
	} else if (q[1] == '>') {
		r->flags = O_WRONLY | O_CREAT | O_APPEND;
		q += 2;
	} else {
		r->flags = O_WRONLY | O_CREAT | O_TRUNC;
		q++;
	}
	if (*q == '&') {
		r->flags = -1;
		q++;
	}
	p = q;
	skip_blanks();
	r->word = take_word();
	if (!r->word && !parse_error)
		parse_error = "redirection without a file";
	for (end = &n->redirs; *end; end = &(*end)->next)
		;
	*end = r;
	return true;
}

static struct node *parse_command(void)
{
	struct node *n;
	char *w;

	skip_blanks();
	if (*p == '(' || (*p == '{' && is_meta(p[1]))) {
		char close = *p == '(' ? ')' : '}';

		p++;
		n = new_node(close == ')' ? NODE_GROUP : NODE_SEQ, parse_list(), NULL);
		skip_blanks();
		if (*p != close) {
			if (!parse_error)
				parse_error = close == ')' ? "missing )" : "missing }";
			return n;
		}
		p++;
		skip_blanks();
		while (!parse_error && take_redir(n))
			skip_blanks();
		return n;
	}
	n = new_node(NODE_CMD, NULL, NULL);
	n->words = xmalloc((MAX_WORDS + 1) * sizeof(char *));
	for (;;) {
		skip_blanks();
		if (parse_error)
			break;
		if (take_redir(n))
			continue;
		if (*p == '}' && is_meta(p[1]) && !n->nr_words)
			break;
		w = take_word();
		if (!w)
			break;
		if (n->nr_words == MAX_WORDS) {
			free(w);
			parse_error = "too many words";
			break;
		}
		n->words[n->nr_words++] = w;
	}
	n->words[n->nr_words] = NULL;
	if (!n->nr_words && !n->redirs && !parse_error)
		parse_error = *p == '&' || *p == '|' || *p == ';' ? "command missing" : *p ? "unexpected character" : "command missing";
	return n;
}

static struct node *parse_pipeline(void)
{
	struct node *n = parse_command();

	skip_blanks();
	if (!parse_error && *p == '|' && p[1] != '|') {
		p++;
		while (*p == ' ' || *p == '\n')
			p++;
		n = new_node(NODE_PIPE, n, parse_pipeline());
	}
	return n;
}

static struct node *parse_andor(void)
{
	struct node *n = parse_pipeline();

	for (skip_blanks(); !parse_error && ((*p == '&' && p[1] == '&') || (*p == '|' && p[1] == '|')); skip_blanks()) {
		enum node_kind kind = *p == '&' ? NODE_AND : NODE_OR;

		p += 2;
		while (*p == ' ' || *p == '\n')
			p++;
		n = new_node(kind, n, parse_pipeline());
	}
	return n;
}

static struct node *parse_list(void)
{
	struct node *list = NULL;

	for (;;) {
		struct node *n;

		skip_blanks();
		while (*p == '\n' || (*p == ';' && list)) {
			p++;
			skip_blanks();
		}
		if (!*p || *p == ')' || (*p == '}' && is_meta(p[1])) || parse_error)
			return list;
		n = parse_andor();
		skip_blanks();
		if (*p == '&' && !parse_error) {
			p++;
			n = new_node(NODE_BG, n, NULL);
		}
		list = list ? new_node(NODE_SEQ, list, n) : n;
	}
}

struct node *parse(const char *line, const char **error)
{
	struct node *n;

	p = line;
	parse_error = NULL;
	n = parse_list();
	if (!parse_error && *p)
		parse_error = *p == ')' ? "unexpected )" : "unexpected }";
	*error = parse_error;
	if (parse_error) {
		free_node(n);
		return NULL;
	}
	return n;
}

/* ---- Expansion ---- */

/*
 * Text in the making. A byte that was quoted is marked, so that globs and field
 * splitting leave it alone.
 */
struct text {
	char *s;
	bool *quoted;
	size_t n, size;
};

static void put(struct text *t, char c, bool quoted)
{
	if (t->n == t->size) {
		t->size = t->size ? t->size * 2 : 64;
		t->s = realloc(t->s, t->size);
		t->quoted = realloc(t->quoted, t->size * sizeof(bool));
		if (!t->s || !t->quoted)
			die("sh");
	}
	t->s[t->n] = c;
	t->quoted[t->n++] = quoted;
}

static const char *variable(const char *name, size_t n, char *tmp, size_t size)
{
	char key[64];

	if (n == 1 && *name == '?') {
		snprintf(tmp, size, "%d", last_status);
		return tmp;
	}
	if (n == 1 && *name == '$') {
		snprintf(tmp, size, "%d", getpid());
		return tmp;
	}
	if (n == 1 && *name == '!') {
		snprintf(tmp, size, "%d", last_background);
		return last_background ? tmp : "";
	}
	if (n == 1 && *name == '#') {
		snprintf(tmp, size, "%d", shell_argc - 1);
		return tmp;
	}
	if (n == 1 && *name >= '0' && *name <= '9')
		return *name - '0' < shell_argc ? shell_argv[*name - '0'] : "";
	if (n >= sizeof(key))
		return "";
	memcpy(key, name, n);
	key[n] = '\0';
	return getenv(key) ? getenv(key) : "";
}

/* $name, ${name}, $?, $$, $!, $#, $0-9 at @w. Return: what follows. */
static const char *expand_variable(const char *w, struct text *t, bool quoted)
{
	char tmp[16];
	const char *name = w + 1, *end, *v;
	bool brace = *name == '{';

	if (brace)
		name++;
	end = name;
	if (strchr("?$#!", *end) && *end) {
		end++;
	} else if (*end >= '0' && *end <= '9') {
		end++;
	} else {
		while ((*end >= 'a' && *end <= 'z') || (*end >= 'A' && *end <= 'Z') || *end == '_' ||
		       (end > name && *end >= '0' && *end <= '9'))
			end++;
	}
	if (end == name || (brace && *end != '}')) {
		put(t, '$', quoted);
		return w + 1;
	}
	for (v = variable(name, end - name, tmp, sizeof(tmp)); *v; v++)
		put(t, *v, quoted);
	return end + brace;
}

static void expand_text(const char *w, struct text *t, bool *any_quote)
{
	char q = 0;

	*any_quote = false;
	if (*w == '~' && (!w[1] || w[1] == '/') && getenv("HOME")) {
		for (const char *h = getenv("HOME"); *h; h++)
			put(t, *h, true);
		w++;
	}
	while (*w) {
		if (q == '\'') {
			if (*w == '\'')
				q = 0;
			else
				put(t, *w, true);
			w++;
		} else if (*w == '\\' && w[1] && (!q || strchr("\"\\$", w[1]))) {
			put(t, w[1], true);
			w += 2;
		} else if (*w == '"' || (*w == '\'' && !q)) {
			q = q ? 0 : *w;
			*any_quote = true;
			w++;
		} else if (*w == '$') {
			w = expand_variable(w, t, q);
		} else {
			put(t, *w++, q);
		}
	}
}

struct words {
	char **w;
	int n, size;
};

static void add_word(struct words *out, const char *s, size_t n)
{
	char *w = xmalloc(n + 1);

	memcpy(w, s, n);
	w[n] = '\0';
	if (out->n + 1 >= out->size) {
		out->size = out->size ? out->size * 2 : 16;
		out->w = realloc(out->w, out->size * sizeof(char *));
		if (!out->w)
			die("sh");
	}
	out->w[out->n++] = w;
	out->w[out->n] = NULL;
}

/* Does @s match the pattern of @n bytes, quoted ones literal? */
static bool match(const char *pat, const bool *quoted, size_t n, const char *s)
{
	for (; n; pat++, quoted++, n--) {
		if (*pat == '*' && !*quoted) {
			do {
				if (match(pat + 1, quoted + 1, n - 1, s))
					return true;
			} while (*s++);
			return false;
		}
		if (!*s)
			return false;
		if (*pat == '[' && !*quoted) {
			bool hit = false, inv = n > 1 && (pat[1] == '!' || pat[1] == '^');
			size_t i = 1 + inv;

			for (; i < n && (pat[i] != ']' || i == 1u + inv); i++) {
				if (i + 2 < n && pat[i + 1] == '-' && pat[i + 2] != ']') {
					hit |= *s >= pat[i] && *s <= pat[i + 2];
					i += 2;
				} else {
					hit |= *s == pat[i];
				}
			}
			if (i < n) {
				if (hit == inv)
					return false;
				pat += i;
				quoted += i;
				n -= i;
				s++;
				continue;
			}
		}
		if (!(*pat == '?' && !*quoted) && *pat != *s)
			return false;
		s++;
	}
	return !*s;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names that the pattern @s matches, component by component from @done. */
static void glob_from(const char *dir, const char *s, const bool *quoted, size_t n, struct words *out)
{
	size_t len = 0, dlen = strlen(dir);
	bool wild = false;
	char buf[2048], path[512];
	ssize_t got;
	int fd;

	while (len < n && s[len] == '/')
		len++;
	if (len) {
		snprintf(path, sizeof(path), "%s/", dir);
		glob_from(dlen && dir[dlen - 1] == '/' ? dir : path, s + len, quoted + len, n - len, out);
		return;
	}
	for (; len < n && s[len] != '/'; len++)
		wild |= !quoted[len] && strchr("*?[", s[len]);
	if (!len) {
		add_word(out, dir, dlen);
		return;
	}
	if (!wild) {
		snprintf(path, sizeof(path), "%s%.*s", dir, (int)len, s);
		if (access(path, 0) == 0)
			glob_from(path, s + len, quoted + len, n - len, out);
		return;
	}
	fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return;
	while ((got = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *at = buf; at < buf + got; ) {
			struct k_dirent64 *d = (void *)at;

			at += d->d_reclen;
			if ((d->d_name[0] == '.' && s[0] != '.') || !match(s, quoted, len, d->d_name))
				continue;
			snprintf(path, sizeof(path), "%s%s", dir, d->d_name);
			if (len == n || access(path, 0) == 0)
				glob_from(path, s + len, quoted + len, n - len, out);
		}
	close(fd);
}

static void add_globbed(struct words *out, const struct text *t, size_t from, size_t to)
{
	int before = out->n;
	bool wild = false;

	for (size_t i = from; i < to; i++)
		wild |= !t->quoted[i] && strchr("*?[", t->s[i]);
	if (wild) {
		glob_from("", t->s + from, t->quoted + from, to - from, out);
		qsort(out->w + before, out->n - before, sizeof(char *), by_name);
	}
	if (out->n == before)
		add_word(out, t->s + from, to - from);
}

char **expand_words(char **words, int nr)
{
	struct words out = { 0 };

	out.w = xmalloc(sizeof(char *));
	out.w[0] = NULL;
	out.size = 1;
	for (int i = 0; i < nr; i++) {
		struct text t = { 0 };
		bool any_quote;
		size_t from = 0;

		/* "$@" and $@: all arguments. */
		if (!strcmp(words[i], "$@") || !strcmp(words[i], "\"$@\"")) {
			for (int k = 1; k < shell_argc; k++)
				add_word(&out, shell_argv[k], strlen(shell_argv[k]));
			continue;
		}
		expand_text(words[i], &t, &any_quote);
		if (!t.n && any_quote)
			add_word(&out, "", 0);
		/* Unquoted blanks, from variables, separate words. */
		for (size_t k = 0; k <= t.n; k++)
			if (k == t.n || (!t.quoted[k] && strchr(" \t\n", t.s[k]))) {
				if (k > from)
					add_globbed(&out, &t, from, k);
				from = k + 1;
			}
		free(t.s);
		free(t.quoted);
	}
	return out.w;
}

char *expand_one(const char *word)
{
	struct text t = { 0 };
	bool any;

	expand_text(word, &t, &any);
	put(&t, '\0', true);
	free(t.quoted);
	return t.s;
}

void free_words(char **words)
{
	for (char **w = words; *w; w++)
		free(*w);
	free(words);
}
