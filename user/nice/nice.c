/* SPDX-License-Identifier: MIT */
/* nice [-n N] [PROGRAM ARGS...]: run it with a nice value N (10) higher; alone, print ours. */
#include "sys.h"

int main(int argc, char **argv)
{
	long now = 20 - SYSCALL(__NR_getpriority, 0, 0), add = 10;
	int i = 1;

	if (argc == 1) {
		printf("%ld\n", now);
		return 0;
	}
	if (!strcmp(argv[i], "-n") && i + 1 < argc) {
		char *end;

		add = strtol(argv[i + 1], &end, 10);
		if (*end || end == argv[i + 1])
			usage("nice [-n N] [PROGRAM ARGS...]");
		i += 2;
	}
	if (i == argc || argv[i][0] == '-')
		usage("nice [-n N] [PROGRAM ARGS...]");
	if (sys_ret(SYSCALL(__NR_setpriority, 0, 0, now + add)) < 0)
		fprintf(stderr, "nice: cannot set the nice value: %s\n", strerror(errno));
	execvp(argv[i], argv + i);
	die(argv[i]);
}
