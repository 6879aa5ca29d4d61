/* SPDX-License-Identifier: MIT */
/* echo [-n] WORD...: its words, and a newline unless -n. */
#include "sys.h"

int main(int argc, char **argv)
{
	bool newline = !(argc > 1 && !strcmp(argv[1], "-n"));

	if (argc == 2 && !strcmp(argv[1], "--help"))
		usage("echo [-n] WORD...");
	for (int i = newline ? 1 : 2; i < argc; i++)
		printf("%s%s", argv[i], i + 1 < argc ? " " : "");
	if (newline)
		printf("\n");
	return fflush(stdout) ? 1 : 0;
}
