/* SPDX-License-Identifier: MIT */
/*
 * $(( )): whole numbers of 64 bits, the operators of C but ++, -- and the comma, as dash has it. A recursive descent by
 * precedence; where a part is not to be evaluated ("0 && x / 0"), it is read with @skipped on.
 */
#include "sh.h"

static const char *at, *whole;
static int skipped;
static int nesting;

static int64_t assignment(void);

static void bad(const char *what) __attribute__((noreturn));
static void bad(const char *what)
{
	fail("arithmetic expression: %s: \"%s\"", what, whole);
}

static void blanks(void)
{
	at += strspn(at, " \t\n");
}

/* Binary operators, each with its precedence; longer ones before those that they start with. */
static const struct operator {
	char text[3];
	char precedence;
} operators[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 6 }, { "!=", 6 }, { "<<", 8 }, { ">>", 8 }, { "<=", 7 }, { ">=", 7 }, { "|", 3 },
	{ "^", 4 }, { "&", 5 }, { "<", 7 }, { ">", 7 }, { "+", 9 }, { "-", 9 }, { "*", 10 }, { "/", 10 }, { "%", 10 },
};

static const struct operator *peek_operator(void)
{
	blanks();
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (!strncmp(at, operators[i].text, strlen(operators[i].text)))
			return &operators[i];
	return NULL;
}

static int64_t apply(const char *op, int64_t a, int64_t b)
{
	uint64_t ua = a, ub = b;	/* what wraps, wraps */

	switch (op[0]) {
	case '|': return op[1] ? a || b : a | b;
	case '&': return op[1] ? a && b : a & b;
	case '^': return a ^ b;
	case '=': return a == b;
	case '!': return a != b;
	case '<': return op[1] == '<' ? (int64_t)(ua << (ub & 63)) : op[1] ? a <= b : a < b;
	case '>': return op[1] == '>' ? a >> (ub & 63) : op[1] ? a >= b : a > b;
	case '+': return ua + ub;
	case '-': return ua - ub;
	case '*': return ua * ub;
	}
	if (skipped)
		return 0;
	if (!b)
		bad("division by zero");
	if (b == -1)		/* the least number by -1 traps on some machines */
		return op[0] == '/' ? -ua : 0;
	return op[0] == '/' ? a / b : a % b;
}

static int64_t number(const char *s, const char **end)
{
	char *stop;
	int64_t n = strtoll(s, &stop, 0);

	if (stop == s || is_name_char(*stop))
		bad("not a number");
	*end = stop;
	return n;
}

static int64_t variable(const char *name)
{
	const char *value = var_get(name), *end;
	int64_t n;

	if (skipped)
		return 0;
	if (!value || !value[strspn(value, " \t\n")])
		return 0;
	value += strspn(value, " \t\n");
	n = number(value, &end);
	if (end[strspn(end, " \t\n")])
		fail("illegal number: %s", value);
	return n;
}

/* A rule of the grammar within another. */
static int64_t nested(int64_t (*rule)(void))
{
	int64_t n;

	if (++nesting > MAX_NESTING)
		bad("nested too deep");
	n = rule();
	nesting--;
	return n;
}

static int64_t primary(void)
{
	int64_t n;

	blanks();
	switch (*at) {
	case '+': at++; return nested(primary);
	case '-': at++; return -(uint64_t)nested(primary);
	case '~': at++; return ~nested(primary);
	case '!': at++; return !nested(primary);
	case '(':
		at++;
		n = nested(assignment);
		blanks();
		if (*at++ != ')')
			bad("missing )");
		return n;
	}
	if (*at >= '0' && *at <= '9')
		return number(at, &at);
	if (is_name_start(*at)) {
		size_t len = name_length(at);

		at += len;
		return variable(arena_copy(&scratch, at - len, len));
	}
	bad("a number is missing");
}

static int64_t binary(int precedence)
{
	int64_t a = primary();
	const struct operator *op;

	while ((op = peek_operator()) && op->precedence >= precedence) {
		bool decided = (op->precedence == 1 && a) || (op->precedence == 2 && !a);
		int64_t b;

		at += strlen(op->text);
		skipped += decided;
		b = binary(op->precedence + 1);
		skipped -= decided;
		a = apply(op->text, a, b);
	}
	return a;
}

static int64_t conditional(void)
{
	int64_t condition = binary(1), a, b;

	blanks();
	if (*at != '?')
		return condition;
	at++;
	skipped += !condition;
	a = nested(assignment);
	skipped -= !condition;
	blanks();
	if (*at++ != ':')
		bad("missing :");
	skipped += !!condition;
	b = nested(assignment);
	skipped -= !!condition;
	return condition ? a : b;
}

/* NAME = value, or NAME op= value; or no assignment at all. */
static int64_t assignment(void)
{
	const struct operator *op = NULL;
	const char *start;
	size_t len;
	char *name;
	int64_t value;

	blanks();
	start = at;
	len = name_length(at);
	at += len;
	blanks();
	if (len && *at == '=' && at[1] != '=') {
		at++;
	} else {
		op = len ? peek_operator() : NULL;
		if (!op || !strchr("|^&<>+-*/%", op->text[0]) || (op->text[1] && op->precedence != 8) || at[strlen(op->text)] != '=') {
			at = start;
			return conditional();
		}
		at += strlen(op->text) + 1;
	}
	name = arena_copy(&scratch, start, len);
	value = nested(assignment);
	if (op)
		value = apply(op->text, variable(name), value);
	if (!skipped)
		var_set_int(name, value);
	return value;
}

int64_t arith(const char *expression)
{
	int64_t n;

	at = whole = expression;
	skipped = nesting = 0;
	n = assignment();
	blanks();
	if (*at)
		bad("what is this?");
	return n;
}
