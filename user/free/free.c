/* SPDX-License-Identifier: MIT */
/* free [-k|-m]: memory, in KiB or MiB, as procps lays it out. */
#include "sys.h"

static char text[2048];

static long field(const char *name)
{
	char *p = strstr(text, name);

	return p ? strtol(p + strlen(name), NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	int unit = argc > 1 && !strcmp(argv[1], "-m") ? 1024 : 1;
	long total, avail, cache;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "-m") && strcmp(argv[1], "-k")))
		usage("free [-k|-m]");
	if (read_file("/proc/meminfo", text, sizeof(text)) < 0)
		die("free: /proc/meminfo");
	total = field("MemTotal:");
	avail = field("MemAvailable:");
	cache = field("Buffers:") + field("\nCached:");
	printf("               total        used        free      shared  buff/cache   available\n");
	printf("Mem:     %11ld %11ld %11ld %11ld %11ld %11ld\n", total / unit, (total - avail) / unit,
	       field("MemFree:") / unit, 0L, cache / unit, avail / unit);
	printf("Swap:    %11ld %11ld %11ld\n", field("SwapTotal:") / unit,
	       (field("SwapTotal:") - field("SwapFree:")) / unit, field("SwapFree:") / unit);
	return 0;
}
