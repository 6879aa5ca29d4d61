/* SPDX-License-Identifier: MIT */
/* poweroff [STATUS]: leave the machine, with a status for who started it. */
#include "sys.h"

int main(int argc, char **argv)
{
	if (argc > 2 || (argc == 2 && (argv[1][0] < '0' || argv[1][0] > '9')))
		usage("poweroff [STATUS]");
	reboot(LINUX_REBOOT_CMD_POWER_OFF, argc > 1 ? atoi(argv[1]) : 0);
	die("poweroff");
}
