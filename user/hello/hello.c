/* SPDX-License-Identifier: MIT */
/* hello: the smallest program; the README says how to add another. */
#include "sys.h"

int main(int argc, char **argv)
{
	printf("Hello, %s! I am process %d.\n", argc > 1 ? argv[1] : "world", getpid());
	return 0;
}
