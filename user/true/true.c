/* SPDX-License-Identifier: MIT */
/* true: success. */
#include "sys.h"

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--help"))
		usage("true");
	return 0;
}
