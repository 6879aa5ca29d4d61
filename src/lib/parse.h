/* SPDX-License-Identifier: MIT */
/* Numbers from text, without errno: the C library's would write it at tp. */
#ifndef LIB_PARSE_H
#define LIB_PARSE_H

#include <string.h>

#include "lib/compiler.h"

/** parse_uint - Decimal digits and nothing else, at most 9 of them. Return: the number or -1. */
static inline int parse_uint(const char *s)
{
	int v = 0, n = 0;

	for (; *s >= '0' && *s <= '9' && n < 9; s++, n++)
		v = v * 10 + *s - '0';
	return n && !*s ? v : -1;
}

/** parse_uint_line - As parse_uint(), of the @n bytes that were written to a file: a newline may end them. Return: the number or -1. */
static inline int parse_uint_line(const char *text, size_t n)
{
	char number[10 + 1] = { 0 };

	n -= n && text[n - 1] == '\n';
	if (n >= sizeof(number))
		return -1;
	memcpy(number, text, n);
	return parse_uint(number);
}

/** parse_u64 - The digits of @base, 8 or 10, at *@s, which is then behind them. Return: false: there is none, or too many for *@v. */
static inline bool parse_u64(const char **s, unsigned int base, u64 *v)
{
	const char *p = *s;

	for (*v = 0; *p >= '0' && *p < (char)('0' + base); p++)
		if (__builtin_mul_overflow(*v, (u64)base, v) || __builtin_add_overflow(*v, (u64)(*p - '0'), v))
			return false;
	if (p == *s)
		return false;
	*s = p;
	return true;
}

#endif
