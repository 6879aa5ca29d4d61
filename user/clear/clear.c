/* SPDX-License-Identifier: MIT */
/* clear: an empty screen. */
#include "tool.h"

int main(int argc, char **argv)
{
	if (next_option(argc, argv, "", "clear") != -1 || optind < argc)
		usage("clear");
	printf("\033[H\033[2J\033[3J");
	return end_output();
}
