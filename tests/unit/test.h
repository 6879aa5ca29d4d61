/* SPDX-License-Identifier: MIT */
/* Host tests: checks that print and count; TAP out. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <stdio.h>
#include <stdlib.h>

static int unit_n, unit_bad;

#define CHECK(c) do {							\
	if (!(c)) {							\
		fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c);	\
		abort();						\
	}								\
} while (0)

static inline void pass(const char *what)
{
	printf("ok %d - %s\n", ++unit_n, what);
}

static inline int unit_done(void)
{
	printf("1..%d\n", unit_n);
	return unit_bad != 0;
}

static inline unsigned int rnd(void)
{
	static unsigned long x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x >> 16;
}

#endif
