/* SPDX-License-Identifier: MIT */
/*
 * memcpy, memmove, memset: the C library's go byte by byte. Used by the kernel
 * and by user programs.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((may_alias)) word;

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	char *d = to;
	const char *s = from;

	if (n >= 16 && !(((uintptr_t)d ^ (uintptr_t)s) & 7)) {
		word *dw;
		const word *sw;

		while ((uintptr_t)d & 7) {
			*d++ = *s++;
			n--;
		}
		dw = (word *)d;
		sw = (const word *)s;
		for (; n >= 64; n -= 64, dw += 8, sw += 8) {
			word a = sw[0], b = sw[1], c = sw[2], e = sw[3], f = sw[4], g = sw[5], h = sw[6], i = sw[7];

			dw[0] = a; dw[1] = b; dw[2] = c; dw[3] = e;
			dw[4] = f; dw[5] = g; dw[6] = h; dw[7] = i;
		}
		for (; n >= 8; n -= 8)
			*dw++ = *sw++;
		d = (char *)dw;
		s = (const char *)sw;
	}
	while (n--)
		*d++ = *s++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	char *d = to;
	const char *s = from;

	if (d <= s || d >= s + n)
		return memcpy(to, from, n);
	while (n--)
		d[n] = s[n];
	return to;
}

void *memset(void *to, int c, size_t n)
{
	char *d = to;

	if (n >= 16) {
		word v = (uint8_t)c * 0x0101010101010101ULL, *dw;

		while ((uintptr_t)d & 7) {
			*d++ = c;
			n--;
		}
		dw = (word *)d;
		for (; n >= 64; n -= 64, dw += 8) {
			dw[0] = v; dw[1] = v; dw[2] = v; dw[3] = v;
			dw[4] = v; dw[5] = v; dw[6] = v; dw[7] = v;
		}
		for (; n >= 8; n -= 8)
			*dw++ = v;
		d = (char *)dw;
	}
	while (n--)
		*d++ = c;
	return to;
}
