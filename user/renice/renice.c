/* SPDX-License-Identifier: MIT */
/* renice [-n] N [-p] PID...: set the nice value of running processes. */
#include "sys.h"

#define USAGE "renice [-n] N [-p] PID..."

static long number(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || end == s)
		usage(USAGE);
	return n;
}

int main(int argc, char **argv)
{
	int i = 1, ret = 0;
	long nice;

	if (i < argc && !strcmp(argv[i], "-n"))
		i++;
	if (i + 1 >= argc)
		usage(USAGE);
	nice = number(argv[i++]);
	if (!strcmp(argv[i], "-p"))
		i++;
	if (i == argc)
		usage(USAGE);
	for (; i < argc; i++) {
		long pid = number(argv[i]), old = SYSCALL(__NR_getpriority, 0, pid);

		if (sys_ret(old) < 0 || sys_ret(SYSCALL(__NR_setpriority, 0, pid, nice)) < 0) {
			fprintf(stderr, "renice: %ld: %s\n", pid, strerror(errno));
			ret = 1;
		} else {
			printf("%ld (process ID) old priority %ld, new priority %ld\n", pid, 20 - old,
			       20 - SYSCALL(__NR_getpriority, 0, pid));
		}
	}
	return ret;
}
