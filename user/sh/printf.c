/* SPDX-License-Identifier: MIT */
/* echo and printf. */
#include "sh.h"

/*
 * The byte that the escape at *@s (after the backslash) stands for; *@s goes behind it. -1: no escape; -2: \c. Octal
 * digits are up to three, and in @echo's way a 0 may come before them.
 */
static int escape(const char **s, bool echo)
{
	static const char letters[] = "abfnrtv\\", bytes[] = "\a\b\f\n\r\t\v\\";
	const char *at = *s, *known;
	int value = 0, digits = 0;

	if (*at == 'c' && echo) {
		*s = at + 1;
		return -2;
	}
	known = *at ? strchr(letters, *at) : NULL;
	if (known) {
		*s = at + 1;
		return bytes[known - letters];
	}
	if (*at < '0' || *at > '7')
		return -1;
	at += echo && *at == '0';
	while (digits < 3 && *at >= '0' && *at <= '7') {
		value = value * 8 + *at++ - '0';
		digits++;
	}
	*s = at;
	return value & 0xff;
}

/* @s with its escapes into @t. Return: false: \c, nothing is to follow. */
static bool unescape(struct text *t, const char *s)
{
	while (*s) {
		int c = (unsigned char)*s++;

		if (c == '\\') {
			c = escape(&s, true);
			if (c == -2)
				return false;
			c = c < 0 ? '\\' : c;
		}
		text_put(t, c, 0);
	}
	return true;
}

int do_echo(int argc, char **argv)
{
	struct text t = { .arena = &scratch };
	bool newline = true;
	int i = 1;

	if (argc > 1 && !strcmp(argv[1], "-n")) {
		newline = false;
		i++;
	}
	for (int first = i; i < argc; i++) {
		if (i > first)
			text_put(&t, ' ', 0);
		if (!unescape(&t, argv[i])) {
			newline = false;
			break;
		}
	}
	if (newline)
		text_put(&t, '\n', 0);
	fwrite(t.s, 1, t.n, stdout);
	return 0;
}

/* ---- printf ---- */

static char **arguments;
static int status;

static const char *argument(void)
{
	return *arguments ? *arguments++ : NULL;
}

static void check(const char *s, const char *stop, const char *what)
{
	if (stop == s)
		complain("%s: expected numeric value", s);
	else if (*stop)
		complain("%s: not completely converted", s);
	else if (what)
		complain("%s: %s", s, what);
	else
		return;
	status = 1;
}

/* "'x is the byte x. */
static bool is_byte(const char *s)
{
	return s && (*s == '"' || *s == '\'');
}

static int64_t integer(bool is_signed)
{
	const char *s = argument();
	char *stop;
	int64_t n;

	if (!s)
		return 0;
	if (is_byte(s))
		return (unsigned char)s[1];
	errno = 0;
	n = is_signed ? strtoll(s, &stop, 0) : (int64_t)strtoull(s, &stop, 0);
	check(s, stop, errno == ERANGE ? strerror(errno) : NULL);
	return n;
}

static double real(void)
{
	const char *s = argument();
	char *stop;
	double d;

	if (!s)
		return 0;
	if (is_byte(s))
		return (unsigned char)s[1];
	d = strtod(s, &stop);
	check(s, stop, NULL);
	return d;
}

static void pad(int n)
{
	for (; n > 0; n--)
		putchar(' ');
}

/* Of %s, %b and %c: bytes, with a width (negative: left) and a precision (-1: none). */
static void put_bytes(const char *s, size_t n, int width, int precision)
{
	if (precision >= 0 && (size_t)precision < n)
		n = precision;
	pad(width > 0 ? width - (int)n : 0);
	fwrite(s, 1, n, stdout);
	pad(width < 0 ? -width - (int)n : 0);
}

/* A number of the format, or * for one of the arguments. */
static int width_of(const char **f, int none)
{
	int n = none;

	if (**f == '*') {
		++*f;
		return integer(true);
	}
	if (**f >= '0' && **f <= '9')
		n = strtol(*f, (char **)f, 10);
	return n;
}

/* The conversion at *@f, after the percent sign. Return: false: that is the end of all output. */
static bool convert(const char **f)
{
	const char *s = *f, *start = s;
	char flags[8], format[20];
	int width, precision = -1;
	size_t n;
	bool go = true;

	n = strspn(s, "#0+- ");
	snprintf(flags, sizeof(flags), "%.*s", n > 6 ? 6 : (int)n, s);
	s += n;
	width = width_of(&s, 0);
	if (*s == '.') {
		s++;
		precision = width_of(&s, 0);
	}
	if (strchr(flags, '-') && width > 0)
		width = -width;
	*f = s + (*s != '\0');
	snprintf(format, sizeof(format), "%%%s*.*%s%c", flags, *s && strchr("diouxX", *s) ? "ll" : "", *s);
	switch (*s) {
	case 'd':
	case 'i':
		printf(format, width, precision, (long long)integer(true));
		break;
	case 'o':
	case 'u':
	case 'x':
	case 'X':
		printf(format, width, precision, (unsigned long long)integer(false));
		break;
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		printf(format, width, precision, real());
		break;
	case 'c':
		s = argument();
		put_bytes(s ? s : "", 1, width, precision);	/* of an empty one, its NUL */
		break;
	case 's':
		s = argument();
		put_bytes(s ? s : "", s ? strlen(s) : 0, width, precision);
		break;
	case 'b': {
		struct text t = { .arena = &scratch };

		s = argument();
		go = unescape(&t, s ? s : "");
		put_bytes(text_end(&t), t.n, width, precision);
		break;
	}
	default:
		status = error("%%%.*s: invalid directive", (int)(s + (*s != '\0') - start), start);
		return false;
	}
	return go;
}

static bool print_once(const char *f)
{
	while (*f) {
		if (*f == '\\') {
			int c;

			f++;
			c = escape(&f, false);
			putchar(c < 0 ? '\\' : c);
		} else if (*f == '%' && f[1] == '%') {
			putchar('%');
			f += 2;
		} else if (*f == '%') {
			f++;
			if (!convert(&f))
				return false;
		} else {
			putchar(*f++);
		}
	}
	return true;
}

/* The format, again and again while there are arguments. */
int do_printf(int argc, char **argv)
{
	char **before;

	status = 0;
	option_index = 0;
	if (next_option(argc, argv, "") < 0)
		return STATUS_ERROR;
	if (option_index == argc)
		return error("usage: printf FORMAT [ARG...]");
	arguments = argv + option_index + 1;
	do {
		before = arguments;
		if (!print_once(argv[option_index]))
			break;
	} while (*arguments && arguments > before);
	return status;
}
