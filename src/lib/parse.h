/* SPDX-License-Identifier: MIT */
/* Numbers from text, without errno: the C library's would write it at tp. */
#ifndef LIB_PARSE_H
#define LIB_PARSE_H

#include "lib/compiler.h"

/** parse_uint - Decimal digits and nothing else, at most 9 of them. Return: the number or -1. */
static inline int parse_uint(const char *s)
{
	int v = 0, n = 0;

	for (; *s >= '0' && *s <= '9' && n < 9; s++, n++)
		v = v * 10 + *s - '0';
	return n && !*s ? v : -1;
}

#endif
