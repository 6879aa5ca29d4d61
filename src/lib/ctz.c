/* SPDX-License-Identifier: MIT */
/*
 * What __builtin_ctzl() calls on a machine without Zbb. The compiler's own takes some 25
 * instructions; the lowest bit, multiplied by a de Bruijn sequence, has its number in the
 * top six bits. Ref: Leiserson, Prokop, Randall, "Using de Bruijn Sequences to Index a 1 in a
 * Computer Word".
 */
#include <stdint.h>

int __ctzdi2(uint64_t x);

#define DE_BRUIJN 0x03f79d71b4cb0a89UL
#define AT(n) [(DE_BRUIJN << (n)) >> 58] = (n)
#define AT8(n) AT(n), AT(n + 1), AT(n + 2), AT(n + 3), AT(n + 4), AT(n + 5), AT(n + 6), AT(n + 7)

/* @x is not 0. */
int __ctzdi2(uint64_t x)
{
	static const uint8_t number[64] = { AT8(0), AT8(8), AT8(16), AT8(24), AT8(32), AT8(40), AT8(48), AT8(56) };

	return number[((x & -x) * DE_BRUIJN) >> 58];
}
