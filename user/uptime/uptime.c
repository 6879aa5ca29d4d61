/* SPDX-License-Identifier: MIT */
/* uptime: how long the machine is up, and its load averages. */
#include "sys.h"

int main(int argc, char **argv)
{
	char up[64], load[64], *p = load;
	long s;

	(void)argv;
	if (argc > 1)
		usage("uptime");
	if (read_file("/proc/uptime", up, sizeof(up)) < 0 || read_file("/proc/loadavg", load, sizeof(load)) < 0)
		die("uptime: /proc");
	s = strtol(up, NULL, 10);
	for (int spaces = 0; *p; p++)
		if (*p == ' ' && ++spaces == 3)
			*p = '\0';
		else if (*p == ' ')
			*p = ',';
	printf(" up %ld:%02ld:%02ld,  load average: %s\n", s / 3600, s / 60 % 60, s % 60, load);
	return 0;
}
