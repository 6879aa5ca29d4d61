/* SPDX-License-Identifier: MIT */
/*
 * test and [: by the number of arguments where POSIX says so (up to four), else by precedence: ! binds closest, then -a,
 * then -o.
 */
#include "sh.h"

static char **at, **end;
static bool bad;

static bool either(void);

static bool wrong(const char *what, const char *word)
{
	if (!bad)
		error("%s%s%s", word ? word : "", word ? ": " : "", what);
	bad = true;
	return false;
}

static bool is_binary(const char *s)
{
	static const char *const operators[] = { "=", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef" };

	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (!strcmp(s, operators[i]))
			return true;
	return false;
}

static bool is_unary(const char *s)
{
	return *s == '-' && s[1] && !s[2] && strchr("bcdefghkLnOGprsStuwxz", s[1]);
}

static long number(const char *s)
{
	char *stop;
	long n = strtol(s, &stop, 10);

	stop += strspn(stop, " \t\n");
	if (stop == s || *stop)
		wrong("illegal number", s);
	return n;
}

static bool permitted(const char *path, int mode)
{
	return sys_ret(SYSCALL(__NR_faccessat2, AT_FDCWD, path, mode, AT_EACCESS)) == 0;
}

static bool unary(char op, const char *s)
{
	struct k_stat st;

	switch (op) {
	case 'n': return *s;
	case 'z': return !*s;
	case 't': return isatty(number(s));
	case 'r': return permitted(s, 4);
	case 'w': return permitted(s, 2);
	case 'x': return permitted(s, 1);
	case 'h':
	case 'L': return lstat(s, &st) == 0 && S_ISLNK(st.st_mode);
	}
	if (stat(s, &st) < 0)
		return false;
	switch (op) {
	case 'b': return (st.st_mode & S_IFMT) == S_IFBLK;
	case 'c': return S_ISCHR(st.st_mode);
	case 'd': return S_ISDIR(st.st_mode);
	case 'f': return S_ISREG(st.st_mode);
	case 'g': return st.st_mode & S_ISGID;
	case 'k': return st.st_mode & S_ISVTX;
	case 'O': return st.st_uid == SYSCALL(__NR_geteuid);
	case 'G': return st.st_gid == SYSCALL(__NR_getegid);
	case 'p': return S_ISFIFO(st.st_mode);
	case 's': return st.st_size > 0;
	case 'S': return (st.st_mode & S_IFMT) == S_IFSOCK;
	case 'u': return st.st_mode & S_ISUID;
	default: return true;		/* -e */
	}
}

static bool files(const char *a, const char *op, const char *b)
{
	struct k_stat sa, sb;
	bool have_a = stat(a, &sa) == 0, have_b = stat(b, &sb) == 0, newer;

	if (op[1] == 'e')
		return have_a && have_b && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
	if (!have_a || !have_b)
		return false;
	newer = sa.st_mtime != sb.st_mtime ? sa.st_mtime > sb.st_mtime : sa.st_mtime_nsec > sb.st_mtime_nsec;
	return op[1] == 'n' ? newer : !newer && (sa.st_mtime != sb.st_mtime || sa.st_mtime_nsec != sb.st_mtime_nsec);
}

static bool binary(const char *a, const char *op, const char *b)
{
	long x, y;

	switch (*op) {
	case '=': return !strcmp(a, b);
	case '!': return strcmp(a, b) != 0;
	case '<': return strcmp(a, b) < 0;
	case '>': return strcmp(a, b) > 0;
	}
	if (!strcmp(op, "-nt") || !strcmp(op, "-ot") || !strcmp(op, "-ef"))
		return files(a, op, b);
	x = number(a);
	y = number(b);
	switch (op[1] * 256 + op[2]) {
	case 'e' * 256 + 'q': return x == y;
	case 'n' * 256 + 'e': return x != y;
	case 'l' * 256 + 't': return x < y;
	case 'l' * 256 + 'e': return x <= y;
	case 'g' * 256 + 't': return x > y;
	default: return x >= y;
	}
}

static bool primary(void)
{
	bool value;

	if (at == end)
		return wrong("argument expected", NULL);
	if (end - at >= 3 && is_binary(at[1])) {
		at += 3;
		return binary(at[-3], at[-2], at[-1]);
	}
	if (!strcmp(*at, "!") && end - at > 1) {
		at++;
		return !primary();
	}
	if (!strcmp(*at, "(") && end - at > 1) {
		at++;
		value = either();
		if (at == end || strcmp(*at++, ")"))
			return wrong("closing paren expected", NULL);
		return value;
	}
	if (is_unary(*at) && end - at > 1) {
		at += 2;
		return unary(at[-2][1], at[-1]);
	}
	return **at++;
}

static bool both(void)
{
	bool value = primary();

	while (at < end && !strcmp(*at, "-a")) {
		at++;
		value = primary() && value;
	}
	return value;
}

static bool either(void)
{
	bool value = both();

	while (at < end && !strcmp(*at, "-o")) {
		at++;
		value = both() || value;
	}
	return value;
}

/* The cases that POSIX tells by their number. */
static bool evaluate(int n)
{
	if (n == 0)
		return false;
	if (n == 1)
		return **at++;
	if (n == 3 && (is_binary(at[1]) || !strcmp(at[1], "-a") || !strcmp(at[1], "-o"))) {
		at += 3;
		if (at[-2][1] == 'a' && !at[-2][2])
			return *at[-3] && *at[-1];
		if (at[-2][1] == 'o' && !at[-2][2])
			return *at[-3] || *at[-1];
		return binary(at[-3], at[-2], at[-1]);
	}
	if (n <= 4 && !strcmp(*at, "!")) {
		at++;
		return !evaluate(n - 1);
	}
	if ((n == 3 || n == 4) && !strcmp(*at, "(") && !strcmp(at[n - 1], ")")) {
		bool value;

		at++;
		value = evaluate(n - 2);
		at++;
		return value;
	}
	if (n == 2 && !is_unary(*at))
		return wrong("unexpected operator", *at);
	return either();
}

int do_test(int argc, char **argv)
{
	bool value;

	if (!strcmp(argv[0], "[")) {
		if (strcmp(argv[argc - 1], "]"))
			return error("missing ]");
		argc--;
	}
	at = argv + 1;
	end = argv + argc;
	bad = false;
	value = evaluate(argc - 1);
	if (!bad && at != end)
		wrong("unexpected operator", *at);
	return bad ? STATUS_ERROR : !value;
}
