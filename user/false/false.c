/* SPDX-License-Identifier: MIT */
/* false: failure. */
#include "sys.h"

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--help"))
		usage("false");
	return 1;
}
