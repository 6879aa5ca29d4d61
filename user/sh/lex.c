/* SPDX-License-Identifier: MIT */
/* Tokens, and the parts that words are made of. */
#include "sh.h"

struct here {
	struct here *next;
	struct redir *redir;
	const char *delimiter;
	bool strip, quoted;
};

/* Parts in the making: text gathers until something else comes. */
struct builder {
	struct part *first, **end;
	struct text text;
	bool quoted;
};

static struct here *heres;

static struct part *lex_parts(enum lex_mode mode);

bool is_name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(int c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

size_t name_length(const char *s)
{
	size_t n = 0;

	if (is_name_start(*s))
		while (is_name_char(s[n]))
			n++;
	return n;
}

static bool is_meta(int c)
{
	return c == END || strchr(" \t\n;&|<>()", c);
}

static struct part *new_part(enum part_kind kind, bool quoted)
{
	struct part *p = arena_alloc(parse_arena, sizeof(*p));

	*p = (struct part){ .kind = kind, .quoted = quoted };
	return p;
}

static void append(struct builder *b, struct part *p)
{
	*b->end = p;
	while (*b->end)
		b->end = &(*b->end)->next;
}

static void flush(struct builder *b)
{
	struct part *p;

	if (!b->text.n)
		return;
	p = new_part(PART_TEXT, b->quoted);
	p->text = text_end(&b->text);
	b->text = (struct text){ .arena = parse_arena };
	append(b, p);
}

static void put(struct builder *b, int c, bool quoted)
{
	if (quoted != b->quoted)
		flush(b);
	b->quoted = quoted;
	text_put(&b->text, c, 0);
}

static void append_part(struct builder *b, struct part *p)
{
	flush(b);
	append(b, p);
}

static void single_quotes(struct builder *b)
{
	int c = next_char();

	if (c == '\'') {
		struct part *p = new_part(PART_TEXT, true);

		p->text = arena_copy(parse_arena, "", 0);
		append_part(b, p);
		return;
	}
	for (; c != '\''; c = next_char()) {
		if (c == END)
			parse_fail("unterminated quoted string");
		put(b, c, true);
	}
}

static void double_quotes(struct builder *b)
{
	struct part *p = lex_parts(LEX_DQUOTE);

	if (!p) {
		p = new_part(PART_TEXT, true);
		p->text = arena_copy(parse_arena, "", 0);
	}
	append_part(b, p);
}

/* What stands between backquotes is text first: one level of backslashes goes. */
static struct part *backquotes(bool quoted)
{
	struct part *p = new_part(PART_COMMAND, quoted);
	struct text t = { .arena = parse_arena };
	int c, before = input_depth();

	while ((c = next_char()) != '`') {
		if (c == '\\') {
			c = next_char();
			if (c == '\n')
				continue;
			if (c != END && !strchr(quoted ? "\\`$\"" : "\\`$", c))
				text_put(&t, '\\', 0);
		}
		if (c == END)
			parse_fail("end of file in a backquote substitution");
		text_put(&t, c, 0);
	}
	record_pause(true);
	push_string(text_end(&t), NULL);
	p->list = parse_substitution(false);
	pop_to(before);
	record_pause(false);
	return p;
}

static void name_into(struct text *t, int c)
{
	if (is_name_start(c))
		for (; c != END && is_name_char(c); c = next_char_joined())
			text_put(t, c, 0);
	unget_char(c);
}

/* After ${NAME: the operation. @c: what came after the name. */
static void operation(struct part *p, int c, bool quoted)
{
	static const char letters[] = "-=?+";

	if (c == '}')
		return;
	p->op = OP_BAD;
	if (c == ':') {
		p->colon = true;
		c = next_char_joined();
	}
	if (c != END && strchr(letters, c)) {
		p->op = OP_DEFAULT + (strchr(letters, c) - letters);
	} else if ((c == '#' || c == '%') && !p->colon) {
		p->op = c == '#' ? OP_CUT_PREFIX : OP_CUT_SUFFIX;
		if (peek_char() == c) {
			next_char_joined();
			p->op++;
		}
	} else {
		unget_char(c);
	}
	/* A pattern's quotes count, even between quotes. */
	p->operand = lex_parts(quoted && p->op < OP_CUT_PREFIX ? LEX_BRACE_DQUOTE : LEX_BRACE);
}

static struct part *braces(bool quoted)
{
	struct part *p = new_part(PART_PARAM, quoted);
	struct text name = { .arena = parse_arena };
	int c = next_char_joined();

	if (c == '#') {
		int next = peek_char();

		if (next != END && (is_name_char(next) || strchr("@*?-$!#", next))) {
			c = next_char_joined();
			if (strchr("?-#", c) && peek_char() != '}') {	/* ${#-x}: of $# */
				p->text = arena_copy(parse_arena, "#", 1);
				operation(p, c, quoted);
				return p;
			}
			p->op = OP_LENGTH;
		}
	}
	if (is_name_start(c)) {
		name_into(&name, c);
	} else if (c >= '0' && c <= '9') {
		for (; c >= '0' && c <= '9'; c = next_char_joined())
			text_put(&name, c, 0);
		unget_char(c);
	} else if (c != END && strchr("@*#?-$!", c)) {
		text_put(&name, c, 0);
	} else {
		unget_char(c);
		p->op = OP_BAD;
	}
	p->text = text_end(&name);
	c = next_char_joined();
	if (p->op == OP_NONE) {
		operation(p, c, quoted);
	} else if (c != '}' || p->op == OP_BAD) {
		unget_char(c);
		p->op = OP_BAD;
		lex_parts(quoted ? LEX_BRACE_DQUOTE : LEX_BRACE);
	}
	return p;
}

static struct part *dollar(bool quoted)
{
	struct text name = { .arena = parse_arena };
	struct part *p;
	int c = next_char_joined();

	if (c == '{')
		return braces(quoted);
	if (c == '(') {
		if (peek_char() == '(') {
			next_char_joined();
			p = new_part(PART_ARITH, quoted);
			p->operand = lex_parts(LEX_ARITH);
		} else {
			p = new_part(PART_COMMAND, quoted);
			p->list = parse_substitution(true);
		}
		return p;
	}
	if (is_name_start(c)) {
		name_into(&name, c);
	} else if (c != END && strchr("0123456789@*#?-$!", c)) {
		text_put(&name, c, 0);
	} else {
		unget_char(c);
		return NULL;
	}
	p = new_part(PART_PARAM, quoted);
	p->text = text_end(&name);
	return p;
}

static void backslash(struct builder *b, enum lex_mode mode, bool quoted)
{
	static const char *const special[] = {
		[LEX_DQUOTE] = "$`\"\\", [LEX_BRACE_DQUOTE] = "$`\"\\}", [LEX_ARITH] = "$`\"\\", [LEX_HERE] = "$`\\",
	};
	int c = next_char();

	if (c == END) {
		put(b, '\\', true);
	} else if (quoted && !strchr(special[mode], c)) {
		put(b, '\\', true);
		unget_char(c);
	} else {
		put(b, c, true);
	}
}

static struct part *parts_here(enum lex_mode mode)
{
	struct builder b = { .text = { .arena = parse_arena } };
	bool quoted = mode != LEX_WORD && mode != LEX_BRACE;
	int c, parentheses = 0;

	b.end = &b.first;
	for (;;) {
		struct part *p;

		c = next_char_joined();
		if (mode == LEX_WORD && is_meta(c)) {
			unget_char(c);
			break;
		}
		if (c == END && mode == LEX_HERE)
			break;
		if (c == END)
			parse_fail(mode == LEX_DQUOTE ? "unterminated quoted string" : mode == LEX_ARITH ? "missing ))" : "missing }");
		if ((c == '"' && mode == LEX_DQUOTE) || (c == '}' && (mode == LEX_BRACE || mode == LEX_BRACE_DQUOTE)))
			break;
		if (mode == LEX_ARITH && c == ')' && !parentheses--) {
			if (next_char_joined() != ')')
				parse_fail("missing ))");
			break;
		}
		parentheses += c == '(';
		if (c == '\\') {
			backslash(&b, mode, quoted);
		} else if (c == '\'' && !quoted) {
			single_quotes(&b);
		} else if (c == '"' && mode != LEX_HERE) {
			if (mode != LEX_ARITH)
				double_quotes(&b);
		} else if (c == '`') {
			append_part(&b, backquotes(quoted));
		} else if (c == '$' && (p = dollar(quoted))) {
			append_part(&b, p);
		} else {
			put(&b, c, quoted);
		}
	}
	flush(&b);
	return b.first;
}

/* The parts up to what ends @mode, which is taken, but for a word's end. */
static struct part *lex_parts(enum lex_mode mode)
{
	struct part *p;

	parse_deeper();
	p = parts_here(mode);
	parse_shallower();
	return p;
}

struct part *lex_text(const char *s)
{
	int before = input_depth();
	struct part *p;

	record_pause(true);
	push_string(s, NULL);
	p = lex_parts(LEX_HERE);
	pop_to(before);
	record_pause(false);
	return p;
}

void lex_here(struct redir *r, const struct part *delimiter, bool strip)
{
	struct here *h = arena_alloc(parse_arena, sizeof(*h)), **end = &heres;
	struct text t = { .arena = parse_arena };

	*h = (struct here){ .redir = r, .strip = strip };
	for (; delimiter; delimiter = delimiter->next) {
		if (delimiter->kind != PART_TEXT)
			parse_fail("illegal end marker for <<");
		h->quoted |= delimiter->quoted;
		text_puts(&t, delimiter->text, 0);
	}
	h->delimiter = text_end(&t);
	while (*end)
		end = &(*end)->next;
	*end = h;
}

struct here *lex_heres(struct here *other)
{
	struct here *was = heres;

	heres = other;
	return was;
}

static void read_here(struct here *h)
{
	struct text body = { .arena = parse_arena };
	bool joined = false;		/* the line before goes on: this one is no delimiter */

	for (;;) {
		size_t start = body.n, backslashes = 0;
		int c = next_char();

		while (h->strip && c == '\t' && !joined)
			c = next_char();
		for (; c != END && c != '\n'; c = next_char()) {
			backslashes = c == '\\' ? backslashes + 1 : 0;
			text_put(&body, c, 0);
		}
		if (!joined && !strcmp(text_end(&body) + start, h->delimiter)) {
			body.n = start;
			break;
		}
		if (c == END)
			break;
		text_put(&body, '\n', 0);
		joined = !h->quoted && backslashes % 2;
	}
	h->redir->word = arena_alloc(parse_arena, sizeof(struct word));
	*h->redir->word = (struct word){ 0 };
	if (h->quoted) {
		struct part *p = new_part(PART_TEXT, true);

		p->text = text_end(&body);
		h->redir->word->parts = p;
	} else {
		h->redir->word->parts = lex_text(text_end(&body));
	}
}

static void read_heres(void)
{
	while (heres) {
		struct here *h = heres;

		heres = h->next;
		read_here(h);
	}
}

static bool take(int c)
{
	if (peek_char() != c)
		return false;
	next_char_joined();
	return true;
}

static void lex_redir(struct token *t, int c)
{
	t->kind = T_REDIR;
	t->fd = c == '>';
	if (c == '<') {
		if (take('<')) {
			t->redir = REDIR_HERE;
			t->strip = take('-');
		} else {
			t->redir = take('&') ? REDIR_DUP : take('>') ? REDIR_BOTH : REDIR_IN;
		}
	} else {
		t->redir = take('&') ? REDIR_DUP : take('>') ? REDIR_APPEND : take('|') ? REDIR_CLOBBER : REDIR_OUT;
	}
}

static void lex_word(struct token *t)
{
	const char *s;
	int c;

	t->kind = T_WORD;
	t->parts = lex_parts(LEX_WORD);
	if (t->parts->next || t->parts->kind != PART_TEXT || t->parts->quoted)
		return;
	s = t->literal = t->parts->text;
	c = peek_char();
	if (*s >= '0' && *s <= '9' && !s[1] && (c == '<' || c == '>')) {
		lex_redir(t, next_char_joined());
		t->fd = *s - '0';
	}
}

void lex_token(struct token *t)
{
	int c = next_char_joined();

	while (c == ' ' || c == '\t')
		c = next_char_joined();
	if (c == '#')
		while (c != '\n' && c != END)
			c = next_char();
	*t = (struct token){ .after_alias = alias_ended(), .line = line_number, .from = record_position() - (c != END) };
	switch (c) {
	case END:
		t->kind = T_EOF;
		read_heres();
		break;
	case '\n':
		t->kind = T_NEWLINE;
		t->line--;
		read_heres();
		break;
	case ';': t->kind = take(';') ? T_DSEMI : T_SEMI; break;
	case '&': t->kind = take('&') ? T_AND : T_AMP; break;
	case '|': t->kind = take('|') ? T_OR : T_PIPE; break;
	case '(': t->kind = T_OPEN; break;
	case ')': t->kind = T_CLOSE; break;
	case '<':
	case '>':
		lex_redir(t, c);
		break;
	default:
		unget_char(c);
		lex_word(t);
	}
}
