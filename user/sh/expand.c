/* SPDX-License-Identifier: MIT */
/*
 * Words to arguments (XCU 2.6). A word becomes a text whose bytes are flagged: quoted, or of an expansion. Then it is
 * split where IFS says so, in bytes of expansions that are not quoted, and patterns in what results become paths.
 */
#include "sh.h"
#include "users.h"

static void expand(struct text *t, struct part *p, unsigned char inherited);

void fields_add(struct fields *f, char *s)
{
	if (f->n + 1 >= f->size) {
		char **list;

		f->size = f->size ? f->size * 2 : 16;
		list = arena_alloc(&scratch, f->size * sizeof(char *));
		if (f->n)
			memcpy(list, f->list, f->n * sizeof(char *));
		f->list = list;
	}
	f->list[f->n++] = s;
	f->list[f->n] = NULL;
}

/* ---- Parameters ---- */

/* The value of a parameter but $@ and $*; NULL: it is not set. */
static const char *param_value(const char *name)
{
	char *tmp;

	if (is_name_start(*name))
		return var_get(name);
	if (*name >= '0' && *name <= '9') {
		long n = strtol(name, NULL, 10);

		return n == 0 ? params.name : n <= params.n ? params.list[n - 1] : NULL;
	}
	if (*name == '-')
		return options_string();
	if (*name == '!' && !last_background)
		return NULL;
	tmp = arena_alloc(&scratch, 24);
	snprintf(tmp, 24, "%d", *name == '#' ? params.n : *name == '?' ? last_status : *name == '$' ? shell_pid : last_background);
	return tmp;
}

/* $@ and $*. In quotes, $* is one string with the first byte of IFS between; $@ is as many as there are. */
static void put_all(struct text *t, bool at, unsigned char flags)
{
	const char *ifs = var_get("IFS");
	bool quoted = flags & QUOTED;

	for (int i = 0; i < params.n; i++) {
		if (i && quoted && !at) {
			if (!ifs || *ifs)
				text_put(t, ifs ? *ifs : ' ', flags);
		} else if (i) {
			text_put(t, 0, quoted ? BREAK : BREAK | SPLIT);
		}
		if (quoted)
			text_put(t, 0, MARK);
		text_puts(t, params.list[i], flags);
	}
	if (quoted && !at)
		text_put(t, 0, MARK);
}

static bool is_all(const char *name)
{
	return !strcmp(name, "@") || !strcmp(name, "*");
}

/* What is left of @value without what @op cuts off. */
static char *cut(const char *value, enum param_op op, struct pattern p)
{
	size_t len = strlen(value);
	bool prefix = op == OP_CUT_PREFIX || op == OP_CUT_PREFIX_MOST, most = op == OP_CUT_PREFIX_MOST || op == OP_CUT_SUFFIX_MOST;

	for (size_t i = 0; i <= len; i++) {
		size_t n = most ? len - i : i;

		if (pattern_match(p, prefix ? value : value + len - n, n))
			return prefix ? arena_copy(&scratch, value + n, len - n) : arena_copy(&scratch, value, len - n);
	}
	return arena_copy(&scratch, value, len);
}

static void expand_length(struct text *t, struct part *p, unsigned char flags)
{
	const char *value = is_all(p->text) ? NULL : param_value(p->text);
	char tmp[24];

	if (!value && opt_nounset && !is_all(p->text))
		fail("%s: parameter not set", p->text);
	if (is_all(p->text))
		snprintf(tmp, sizeof(tmp), "%d", params.n);
	else
		snprintf(tmp, sizeof(tmp), "%zu", value ? strlen(value) : 0);
	text_puts(t, tmp, flags);
}

/* ${x=y} and ${x?y}, when x is not there. */
static const char *expand_missing(struct part *p)
{
	char *value = p->operand || p->op == OP_ASSIGN ? expand_string(p->operand) : NULL;

	if (p->op == OP_ERROR)
		fail("%s: %s", p->text, value ? value : p->colon ? "parameter not set or null" : "parameter not set");
	if (!is_name_start(*p->text))
		fail("%s: bad variable name", p->text);
	if (!var_set(p->text, value, 0))
		fail_status(STATUS_ERROR);
	return value;
}

static void expand_param(struct text *t, struct part *p, unsigned char flags)
{
	bool all = is_all(p->text), there;
	const char *value;

	if (p->op == OP_BAD)
		fail("bad substitution");
	if (p->op == OP_LENGTH) {
		expand_length(t, p, flags);
		return;
	}
	value = all ? NULL : param_value(p->text);
	there = all ? params.n && !(p->colon && params.n == 1 && !*params.list[0]) : value && !(p->colon && !*value);
	if (p->op == OP_DEFAULT || p->op == OP_ALTERNATE) {
		if (there != (p->op == OP_DEFAULT)) {
			expand(t, p->operand, flags);
			if (flags & QUOTED)
				text_put(t, 0, MARK);
			return;
		}
		if (p->op == OP_ALTERNATE) {
			if (flags & QUOTED && !all)
				text_put(t, 0, MARK);
			return;
		}
	} else if ((p->op == OP_ASSIGN || p->op == OP_ERROR) && !there) {
		value = expand_missing(p);
		all = false;
	}
	if (all && (p->op == OP_NONE || p->op < OP_CUT_PREFIX)) {
		put_all(t, *p->text == '@', flags);
		return;
	}
	if (all)
		fail("%s: no pattern can be cut from it", p->text);
	if (!value && opt_nounset && p->op != OP_ASSIGN)
		fail("%s: parameter not set", p->text);
	value = value ? value : "";
	if (p->op >= OP_CUT_PREFIX)
		value = cut(value, p->op, expand_pattern(p->operand));
	if (flags & QUOTED)
		text_put(t, 0, MARK);
	text_puts(t, value, flags);
}

/* ---- Commands, arithmetic, ~ ---- */

static void expand_command(struct text *t, struct part *p, unsigned char flags)
{
	char buf[512];
	int pid, fd = start_substitution(p->list, &pid);
	size_t newlines = 0;
	ssize_t n;

	if (flags & QUOTED)
		text_put(t, 0, MARK);
	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] == '\n') {
				newlines++;
				continue;
			}
			for (; newlines; newlines--)	/* not at the end */
				text_put(t, '\n', flags);
			if (buf[i])
				text_put(t, buf[i], flags);
		}
	close(fd);
	substitution_status = wait_child(pid);
}

static void expand_arith(struct text *t, struct part *p, unsigned char flags)
{
	char tmp[24];

	snprintf(tmp, sizeof(tmp), "%lld", (long long)arith(expand_string(p->operand)));
	text_puts(t, tmp, flags);
}

/* ~ at the start of @s: HOME; ~NAME: that user's. @more: the word goes on behind @s. Return: what follows. */
static const char *tilde(struct text *t, const char *s, bool assigned, bool more)
{
	size_t n = strcspn(s, assigned ? "/:" : "/");
	const char *home;
	char name[64];

	if (*s != '~' || (!s[n] && more) || n > sizeof(name))
		return s;
	snprintf(name, sizeof(name), "%.*s", (int)n - 1, s + 1);
	home = *name ? user_home(name) : var_get("HOME");
	if (!home)
		return s;
	text_puts(t, home, QUOTED);
	return s + n;
}

static void expand_part(struct text *t, struct part *p, unsigned char inherited)
{
	unsigned char flags = p->quoted ? QUOTED : SPLIT | inherited;

	switch (p->kind) {
	case PART_TEXT:
		if (p->quoted)
			text_put(t, 0, MARK);
		text_puts(t, p->text, p->quoted ? QUOTED : inherited);
		break;
	case PART_PARAM:
		expand_param(t, p, flags);
		break;
	case PART_COMMAND:
		expand_command(t, p, flags);
		break;
	case PART_ARITH:
		expand_arith(t, p, flags);
		break;
	}
}

/* @inherited: SPLIT for the operand of an expansion; QUOTED in quotes. */
static void expand(struct text *t, struct part *p, unsigned char inherited)
{
	bool first = true;

	for (; p; p = p->next, first = false) {
		if (first && p->kind == PART_TEXT && !p->quoted)
			text_puts(t, tilde(t, p->text, false, p->next), inherited);
		else
			expand_part(t, p, inherited);
	}
}

/* The same for the value of an assignment, where ~ may also stand after each colon and the first =. */
static void expand_value(struct text *t, struct part *p, bool name)
{
	bool start = !name;

	for (; p; p = p->next) {
		if (p->kind != PART_TEXT || p->quoted) {
			expand_part(t, p, 0);
			start = false;
			continue;
		}
		for (const char *s = p->text; *s; ) {
			const char *rest = start ? tilde(t, s, true, p->next) : s;

			start = false;
			if (rest == s) {
				start = *s == ':' || (name && *s == '=');
				name = name && *s != '=';
				text_put(t, *s++, 0);
			} else {
				s = rest;
			}
		}
	}
}

/* ---- From texts to fields ---- */

/* Without the marks, where nothing is split: "$@" is joined by blanks, $* and $@ as "$*" is. */
static struct text plain(struct text *t)
{
	struct text out = { .arena = &scratch };
	const char *ifs = var_get("IFS");

	for (size_t i = 0; i < t->n; i++)
		if (t->flags[i] == BREAK || (t->flags[i] & BREAK && !ifs))
			text_put(&out, ' ', QUOTED);
		else if (t->flags[i] & BREAK)
			text_puts(&out, (char[]){ *ifs, '\0' }, QUOTED);
		else if (!(t->flags[i] & MARK))
			text_put(&out, t->s[i], t->flags[i]);
	text_end(&out);
	return out;
}

char *expand_string(struct part *parts)
{
	struct text t = { .arena = &scratch };

	expand(&t, parts, 0);
	return plain(&t).s;
}

char *expand_assigned(struct part *parts)
{
	struct text t = { .arena = &scratch };

	expand_value(&t, parts, true);
	return plain(&t).s;
}

struct pattern expand_pattern(struct part *parts)
{
	struct text t = { .arena = &scratch };

	expand(&t, parts, 0);
	t = plain(&t);
	return (struct pattern){ t.s, t.flags, t.n };
}

char *expand_prompt(const char *s)
{
	struct part *p = strpbrk(s, "$`") ? parse_prompt(s) : NULL;

	return p ? expand_string(p) : arena_copy(&scratch, s, strlen(s));
}

static void add_field(struct fields *f, struct text *field)
{
	struct pattern p = { text_end(field), field->flags, field->n };

	if (opt_noglob || !has_pattern(p) || !glob(p, f))
		fields_add(f, field->s);
	*field = (struct text){ .arena = &scratch };
}

static void split(struct text *t, struct fields *f)
{
	const char *ifs = var_get("IFS") ? var_get("IFS") : " \t\n";
	struct text field = { .arena = &scratch };
	bool have = false, by_blank = false;	/* by_blank: the last field ended by one: a delimiter may follow yet */

	for (size_t i = 0; i < t->n; i++) {
		bool delimiter = t->flags[i] & SPLIT && !(t->flags[i] & (QUOTED | MARK | BREAK)) && strchr(ifs, t->s[i]);

		if (t->flags[i] & BREAK) {
			if (have)
				add_field(f, &field);
			have = by_blank = false;
		} else if (delimiter && strchr(" \t\n", t->s[i])) {
			if (have) {
				add_field(f, &field);
				by_blank = true;
			}
			have = false;
		} else if (delimiter) {
			if (have || !by_blank)
				add_field(f, &field);
			have = by_blank = false;
		} else {
			have = true;
			by_blank = false;
			if (!(t->flags[i] & MARK))
				text_put(&field, t->s[i], t->flags[i]);
		}
	}
	if (have)
		add_field(f, &field);
}

void expand_words(struct word *words, bool assignments, struct fields *f)
{
	for (; words; words = words->next) {
		struct text t = { .arena = &scratch };

		if (assignments && is_assignment(words->parts)) {
			fields_add(f, expand_assigned(words->parts));
			continue;
		}
		expand(&t, words->parts, 0);
		split(&t, f);
	}
}
