/* SPDX-License-Identifier: MIT */
/* rmdir DIRECTORY...: take empty directories away, and control groups without tasks. */
#include "sys.h"

int main(int argc, char **argv)
{
	int bad = 0;

	if (argc < 2 || argv[1][0] == '-')
		usage("rmdir DIRECTORY...");
	for (int i = 1; i < argc; i++)
		if (rmdir(argv[i]) < 0) {
			fprintf(stderr, "rmdir: %s: %s\n", argv[i], strerror(errno));
			bad = 1;
		}
	return bad;
}
