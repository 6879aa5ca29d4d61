/* SPDX-License-Identifier: MIT */
/*
 * What the boot may cost, one hart, 128 MiB, -icount shift=0, where a nanosecond is an
 * instruction: to the first program, and in memory. Hartwood's own figures, not Linux's.
 */
#include "tap.h"

static long field(const char *text, const char *key)
{
	char *at = strstr(text, key);

	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

int main(void)
{
	uint64_t ns = monotonic_ns();
	char text[2048];
	long total, left;

	ok(ns < 20000000, "the first program runs after %lu instructions, 20 million at most", ns);
	read_file("/proc/meminfo", text, sizeof(text));
	total = 128 * 1024;
	left = field(text, "MemFree:");
	ok(left > 0 && total - left < 4096 + 2048, "%ld KiB are in use, the firmware's 2 MiB among them: 6 MiB at most", total - left);
	return tap_done();
}
