/* SPDX-License-Identifier: MIT */
/*
 * Grammar, as POSIX has it (XCU 2.10):
 *   list      = andor { (';' | '&' | newline) andor }
 *   andor     = pipeline { ('&&' | '||') pipeline }
 *   pipeline  = ['time' ['-p']] ['!'] command { '|' command }
 *   command   = assignments, words and redirections; or a compound command, and then redirections; or NAME () command
 * What does not fit is a syntax error: parse_fail() goes back to parse_command().
 */
#include "sh.h"

struct arena *parse_arena;
static struct tree *parsed_tree;
static struct token token;
static bool have_token;
static jmp_buf failed;
static int nesting;

static struct node *parse_list(bool line);
static struct node *parse_pipeline(void);

static struct token *peek(void)
{
	if (!have_token)
		lex_token(&token);
	have_token = true;
	return &token;
}

static void take(void)
{
	have_token = false;
}

void parse_fail(const char *what)
{
	if (!input_interrupted()) {
		command_line = line_number;
		command_name = NULL;
		complain("syntax error: %s", what);
	}
	longjmp(failed, 1);
}

void parse_deeper(void)
{
	if (++nesting > MAX_NESTING)
		parse_fail("nested too deep");
}

void parse_shallower(void)
{
	nesting--;
}

static const char *token_text(const struct token *t)
{
	static const char *const texts[] = {
		[T_EOF] = "end of file", [T_NEWLINE] = "newline", [T_WORD] = "word", [T_REDIR] = "redirection", [T_SEMI] = "\";\"",
		[T_DSEMI] = "\";;\"", [T_AMP] = "\"&\"", [T_AND] = "\"&&\"", [T_PIPE] = "\"|\"", [T_OR] = "\"||\"", [T_OPEN] = "\"(\"",
		[T_CLOSE] = "\")\"",
	};

	return t->kind == T_WORD && t->literal ? t->literal : texts[t->kind];
}

static void unexpected(const char *wanted) __attribute__((noreturn));
static void unexpected(const char *wanted)
{
	char text[128];

	snprintf(text, sizeof(text), wanted ? "%.60s unexpected, not %s" : "%.60s unexpected", token_text(peek()), wanted);
	parse_fail(text);
}

static struct node *new_node(enum node_kind kind, struct node *left, struct node *right)
{
	struct node *n = arena_alloc(parse_arena, sizeof(*n));

	*n = (struct node){ .kind = kind, .left = left, .right = right, .line = peek()->line };
	return n;
}

static struct word *new_word(struct part *parts)
{
	struct word *w = arena_alloc(parse_arena, sizeof(*w));

	*w = (struct word){ .parts = parts };
	return w;
}

static void skip_newlines(void)
{
	while (peek()->kind == T_NEWLINE)
		take();
}

static bool at_word(const char *word)
{
	struct token *t = peek();

	return t->kind == T_WORD && t->literal && !strcmp(t->literal, word);
}

static bool take_word(const char *word)
{
	if (!at_word(word))
		return false;
	take();
	return true;
}

static void expect_word(const char *word)
{
	if (!take_word(word))
		unexpected(word);
}

bool is_reserved(const char *name)
{
	static const char *const words[] = { "!", "{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in",
					     "then", "time", "until", "while" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(words[i], name))
			return true;
	return false;
}

static bool at_reserved(void)
{
	return peek()->kind == T_WORD && peek()->literal && is_reserved(peek()->literal);
}

/* The next token where a command may begin: an alias is what it stands for, reserved words come first. */
static struct token *peek_command(bool reserved)
{
	for (;;) {
		struct token *t = peek();
		const char *text;

		if (t->kind != T_WORD || !t->literal || (reserved && at_reserved()) || alias_active(t->literal))
			return t;
		text = alias_find(t->literal);
		if (!text)
			return t;
		record_cut(t->from);
		push_string(text, t->literal);
		take();
	}
}

/* ---- Redirections ---- */

static struct redir *parse_redir(void)
{
	struct redir *r = arena_alloc(parse_arena, sizeof(*r));
	bool strip = peek()->strip;

	*r = (struct redir){ .kind = peek()->redir, .fd = peek()->fd };
	take();
	if (peek()->kind != T_WORD)
		unexpected("a word after a redirection");
	r->word = new_word(peek()->parts);
	take();
	if (r->kind == REDIR_HERE)
		lex_here(r, r->word->parts, strip);
	return r;
}

static void parse_redirs(struct node *n)
{
	struct redir **end = &n->redirs;

	while (*end)
		end = &(*end)->next;
	for (; peek()->kind == T_REDIR; end = &(*end)->next)
		*end = parse_redir();
}

/* ---- Compound commands ---- */

static struct node *parse_body(const char *end)
{
	struct node *n = parse_list(false);

	if (!n)
		unexpected(NULL);
	expect_word(end);
	return n;
}

static struct node *parse_if(void)
{
	struct node *n = new_node(NODE_IF, NULL, NULL);

	n->left = parse_body("then");
	n->right = parse_list(false);
	if (!n->right)
		unexpected(NULL);
	if (take_word("elif"))
		n->other = parse_if();
	else if (take_word("else"))
		n->other = parse_body("fi");
	else
		expect_word("fi");
	return n;
}

static struct node *parse_loop(enum node_kind kind)
{
	struct node *n = new_node(kind, NULL, NULL);

	n->left = parse_body("do");
	n->right = parse_body("done");
	return n;
}

static struct node *parse_for(void)
{
	struct node *n = new_node(NODE_FOR, NULL, NULL);
	struct word **end = &n->words;
	struct token *t = peek();

	if (t->kind != T_WORD || !t->literal || name_length(t->literal) != strlen(t->literal))
		parse_fail("bad for loop variable");
	n->text = (char *)t->literal;
	take();
	skip_newlines();
	if (take_word("in")) {
		n->flag = true;
		for (; peek()->kind == T_WORD; take(), end = &(*end)->next)
			*end = new_word(peek()->parts);
		if (peek()->kind != T_NEWLINE && peek()->kind != T_SEMI)
			unexpected(NULL);
		take();
	} else if (peek()->kind == T_SEMI) {
		take();
	}
	skip_newlines();
	expect_word("do");
	n->right = parse_body("done");
	return n;
}

static struct node *parse_case(void)
{
	struct node *n = new_node(NODE_CASE, NULL, NULL), **item = &n->left;

	if (peek()->kind != T_WORD)
		unexpected("a word");
	n->words = new_word(peek()->parts);
	take();
	skip_newlines();
	expect_word("in");
	for (skip_newlines(); !take_word("esac"); skip_newlines()) {
		struct word **end;

		*item = new_node(NODE_CASE, NULL, NULL);
		end = &(*item)->words;
		if (peek()->kind == T_OPEN)
			take();
		for (;;) {
			if (peek()->kind != T_WORD)
				unexpected("a pattern");
			*end = new_word(peek()->parts);
			end = &(*end)->next;
			take();
			if (peek()->kind != T_PIPE)
				break;
			take();
		}
		if (peek()->kind != T_CLOSE)
			unexpected("\")\"");
		take();
		(*item)->right = parse_list(false);
		item = &(*item)->other;
		if (peek()->kind == T_DSEMI) {
			take();
		} else {
			expect_word("esac");
			break;
		}
	}
	return n;
}

static struct node *parse_subshell(void)
{
	struct node *n = new_node(NODE_SUBSHELL, NULL, NULL);

	take();
	n->left = parse_list(false);
	if (!n->left || peek()->kind != T_CLOSE)
		unexpected(n->left ? "\")\"" : NULL);
	take();
	return n;
}

/* NULL: it is none. */
static struct node *parse_compound(void)
{
	struct node *n;

	if (peek()->kind == T_OPEN) {
		n = parse_subshell();
	} else if (take_word("{")) {
		n = new_node(NODE_BRACE, NULL, NULL);
		n->left = parse_body("}");
	} else if (take_word("if")) {
		n = parse_if();
	} else if (take_word("while")) {
		n = parse_loop(NODE_WHILE);
	} else if (take_word("until")) {
		n = parse_loop(NODE_UNTIL);
	} else if (take_word("for")) {
		n = parse_for();
	} else if (take_word("case")) {
		n = parse_case();
	} else {
		return NULL;
	}
	parse_redirs(n);
	return n;
}

/* ---- Simple commands ---- */

static struct node *parse_command_node(void);

static struct node *parse_function(const char *name)
{
	struct node *n = new_node(NODE_FUNCTION, NULL, NULL);

	take();
	if (peek()->kind != T_CLOSE)
		unexpected("\")\"");
	take();
	if (!name || name_length(name) != strlen(name))
		parse_fail("bad function name");
	n->text = arena_copy(parse_arena, name, strlen(name));
	n->tree = parsed_tree;
	skip_newlines();
	n->left = parse_command_node();
	return n;
}

bool is_assignment(const struct part *p)
{
	size_t n = p && p->kind == PART_TEXT && !p->quoted ? name_length(p->text) : 0;

	return n && p->text[n] == '=';
}

static struct node *parse_simple(void)
{
	struct node *n = new_node(NODE_CMD, NULL, NULL);
	struct word **assign = &n->assigns, **word = &n->words;
	struct redir **redir = &n->redirs;
	const char *name = NULL;
	size_t from = peek()->from;

	for (;;) {
		struct token *t = peek();

		if (t->kind == T_WORD && (!n->words || t->after_alias))
			t = peek_command(false);
		if (t->kind == T_REDIR) {
			*redir = parse_redir();
			redir = &(*redir)->next;
		} else if (t->kind == T_WORD && !n->words && is_assignment(t->parts)) {
			*assign = new_word(t->parts);
			assign = &(*assign)->next;
			take();
		} else if (t->kind == T_WORD) {
			if (!n->words)
				name = t->literal;
			*word = new_word(t->parts);
			word = &(*word)->next;
			take();
		} else if (t->kind == T_OPEN && n->words && !n->words->next && !n->assigns && !n->redirs) {
			return parse_function(name);
		} else {
			break;
		}
	}
	if (!n->assigns && !n->words && !n->redirs)
		unexpected(NULL);
	n->text = record_text(parse_arena, from, peek()->from);
	return n;
}

static struct node *parse_command_node(void)
{
	struct node *n;

	peek_command(true);
	n = parse_compound();
	if (n)
		return n;
	if (at_reserved())
		unexpected(NULL);
	return parse_simple();
}

/* ---- Lists ---- */

static struct node *parse_pipe(void)
{
	size_t from = peek()->from;
	struct node *n = parse_command_node();

	if (peek()->kind == T_PIPE) {
		struct node *first = n;

		take();
		skip_newlines();
		n = new_node(NODE_PIPE, first, NULL);
		n->right = parse_pipe();
	}
	if (n->kind == NODE_PIPE || n->kind == NODE_SUBSHELL)
		n->text = record_text(parse_arena, from, peek()->from);
	return n;
}

static struct node *parse_pipeline(void)
{
	struct node *n;

	peek_command(true);
	if (take_word("time")) {
		n = new_node(NODE_TIME, NULL, NULL);
		n->flag = take_word("-p");
		n->left = parse_pipeline();
		return n;
	}
	if (take_word("!"))
		return new_node(NODE_NOT, parse_pipeline(), NULL);
	return parse_pipe();
}

static struct node *parse_andor(void)
{
	struct node *n = parse_pipeline();

	while (peek()->kind == T_AND || peek()->kind == T_OR) {
		enum node_kind kind = peek()->kind == T_AND ? NODE_AND : NODE_OR;

		take();
		skip_newlines();
		n = new_node(kind, n, parse_pipeline());
	}
	return n;
}

static bool at_end(bool line)
{
	static const char *const ends[] = { "then", "else", "elif", "fi", "do", "done", "esac", "}" };
	struct token *t = peek_command(true);

	if (t->kind == T_EOF || t->kind == T_CLOSE || t->kind == T_DSEMI || (line && t->kind == T_NEWLINE))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (at_word(ends[i]))
			return true;
	return false;
}

/* Up to the end of the line (@line), which is not taken, or over many of them to a word or sign that ends a list. */
static struct node *list_here(bool line)
{
	struct node *list = NULL, **end = &list;

	for (;;) {
		struct node *n;
		enum token_kind after;
		size_t from;

		if (!line)
			skip_newlines();
		if (at_end(line))
			return list;
		from = peek()->from;
		n = parse_andor();
		after = peek()->kind;
		if (after == T_AMP) {
			n = new_node(NODE_BG, n, NULL);
			n->text = record_text(parse_arena, from, peek()->from);
		}
		if (*end) {
			*end = new_node(NODE_SEQ, *end, n);
			end = &(*end)->right;
		} else {
			*end = n;
		}
		if (after == T_AMP || after == T_SEMI)
			take();
		else if (after != T_NEWLINE || line)
			return list;
	}
}

static struct node *parse_list(bool line)
{
	struct node *list;

	parse_deeper();
	list = list_here(line);
	parse_shallower();
	return list;
}

struct node *parse_substitution(bool parenthesis)
{
	struct token was = token;
	bool had = have_token;
	struct here *heres = lex_heres(NULL);
	struct node *n;

	have_token = false;
	n = parse_list(false);
	if (peek()->kind != (parenthesis ? T_CLOSE : T_EOF))
		unexpected(parenthesis ? "\")\"" : NULL);
	lex_heres(heres);
	token = was;
	have_token = had;
	return n;
}

struct part *parse_prompt(const char *s)
{
	struct token was = token;
	bool had = have_token;
	struct arena *arena = parse_arena;
	struct here *heres = lex_heres(NULL);
	struct part *p = NULL;
	int depth = nesting;
	jmp_buf outer;

	memcpy(&outer, &failed, sizeof(outer));
	parse_arena = &scratch;
	if (!setjmp(failed))
		p = lex_text(s);
	memcpy(&failed, &outer, sizeof(outer));
	nesting = depth;
	lex_heres(heres);
	parse_arena = arena;
	token = was;
	have_token = had;
	return p;
}

static void start(void)
{
	record_reset();
	input_fresh();
	lex_heres(NULL);
	have_token = false;
	nesting = 0;
	parsed_tree = xmalloc(sizeof(*parsed_tree));
	*parsed_tree = (struct tree){ .refs = 1 };
	parse_arena = &parsed_tree->arena;
}

/* Nothing is left over between commands: each begins on a line, or after a syntax error that ended the last one. */
enum parsed parse_command(struct tree **tree)
{
	int depth = input_depth();
	enum parsed result = PARSED_ERROR;

	start();
	if (!setjmp(failed)) {
		parsed_tree->root = parse_list(true);
		result = parsed_tree->root ? PARSED : peek()->kind == T_EOF ? PARSED_END : PARSED_NOTHING;
		if (peek()->kind != T_NEWLINE && peek()->kind != T_EOF)
			unexpected(NULL);
	} else {
		result = PARSED_ERROR;
		pop_to(depth);
	}
	if (result != PARSED)
		tree_put(parsed_tree);
	else
		*tree = parsed_tree;
	have_token = false;
	return result;
}
