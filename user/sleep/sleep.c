/* SPDX-License-Identifier: MIT */
/* sleep SECONDS: with a fraction, if you like. */
#include "sys.h"

int main(int argc, char **argv)
{
	uint64_t ns, unit = 100000000;
	char *end;

	if (argc != 2)
		usage("sleep SECONDS");
	ns = strtoul(argv[1], &end, 10) * 1000000000ULL;
	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9'; end++, unit /= 10)
			ns += (*end - '0') * unit;
	if (*end || end == argv[1])
		usage("sleep SECONDS");
	return nanosleep_ns(ns) ? 1 : 0;
}
