/* SPDX-License-Identifier: MIT */
/* free: memory, as procps lays it out. */
#include "procinfo.h"
#include "tool.h"

#define HELP "free [-bkmgh]\n  -b, -k, -m, -g, -h  bytes, KiB, MiB, GiB, in words"

static int unit = 'k';

/* As procps: three digits at most, a tenth if the number has but one digit. */
static const char *words(long kib, char out[24])
{
	static const char units[] = "KMGT";
	uint64_t n = kib, size = 1;
	const char *u = units;

	if (!n)
		return strcpy(out, "0B");
	while (n >= size * 1000 && u[1]) {
		size *= 1024;
		u++;
	}
	if (size > 1 && n * 10 / size < 100)
		snprintf(out, 24, "%lu.%lu%ci", (unsigned long)(n / size), (unsigned long)(n * 10 / size % 10), *u);
	else
		snprintf(out, 24, "%lu%ci", (unsigned long)(n / size), *u);
	return out;
}

static void show(long kib)
{
	char text[24];

	if (unit == 'h')
		words(kib, text);
	else
		snprintf(text, sizeof(text), "%ld", unit == 'b' ? kib * 1024 : unit == 'k' ? kib : unit == 'm' ? kib >> 10 : kib >> 20);
	printf(" %11s", text);
}

int main(int argc, char **argv)
{
	long total, available, swap, free_swap;
	int c;

	while ((c = next_option(argc, argv, "bkmgh", HELP)) != -1)
		unit = c;
	if (optind < argc)
		usage(HELP);
	total = meminfo("MemTotal");
	available = meminfo("MemAvailable");
	swap = meminfo("SwapTotal");
	free_swap = meminfo("SwapFree");
	if (!total) {
		complain("/proc/meminfo");
		return exit_status;
	}
	printf("               total        used        free      shared  buff/cache   available\nMem:    ");
	show(total);
	show(total - available);
	show(meminfo("MemFree"));
	show(0);
	show(meminfo("Buffers") + meminfo("Cached"));
	show(available);
	printf("\nSwap:   ");
	show(swap);
	show(swap - free_swap);
	show(free_swap);
	printf("\n");
	return end_output();
}
