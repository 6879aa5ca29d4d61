/* SPDX-License-Identifier: MIT */
/* chrt: the scheduling policy and real-time priority of a program, or of a running task. */
#include "sys.h"

#define USAGE "chrt [-f|-r|-o|-b|-i] [-R] PRIORITY PROGRAM ARGS... | chrt [-f|-r|-o|-b|-i] [-R] -p [PRIORITY] PID | chrt -m"

static const struct {
	char option;
	int policy;
	const char *name;
} policies[] = {
	{ 'o', SCHED_NORMAL, "SCHED_OTHER" }, { 'f', SCHED_FIFO, "SCHED_FIFO" }, { 'r', SCHED_RR, "SCHED_RR" },
	{ 'b', SCHED_BATCH, "SCHED_BATCH" }, { 'i', SCHED_IDLE, "SCHED_IDLE" },
};

static void show(int pid)
{
	long policy = SYSCALL(__NR_sched_getscheduler, pid);
	int prio = 0;

	if (sys_ret(policy) < 0 || sys_ret(SYSCALL(__NR_sched_getparam, pid, &prio)) < 0)
		die("chrt: failed to get the policy");
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		if (policies[i].policy == (policy & ~SCHED_RESET_ON_FORK))
			printf("pid %d's current scheduling policy: %s%s\n", pid, policies[i].name,
			       policy & SCHED_RESET_ON_FORK ? "|SCHED_RESET_ON_FORK" : "");
	printf("pid %d's current scheduling priority: %d\n", pid, prio);
}

static int show_limits(void)
{
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		printf("%s min/max priority\t: %ld/%ld\n", policies[i].name,
		       SYSCALL(__NR_sched_get_priority_min, policies[i].policy),
		       SYSCALL(__NR_sched_get_priority_max, policies[i].policy));
	return 0;
}

static int number(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || end == s || n < 0 || n > 0x7fffffff)
		usage(USAGE);
	return n;
}

int main(int argc, char **argv)
{
	int policy = SCHED_RR, flags = 0, i = 1, prio, pid = 0;
	bool task = false;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		for (const char *o = argv[i] + 1; *o; o++) {
			bool known = *o == 'p' || *o == 'R' || *o == 'm';

			if (*o == 'm')
				return show_limits();
			task |= *o == 'p';
			flags |= *o == 'R' ? SCHED_RESET_ON_FORK : 0;
			for (size_t k = 0; k < ARRAY_LEN(policies); k++)
				if (policies[k].option == *o) {
					policy = policies[k].policy;
					known = true;
				}
			if (!known)
				usage(USAGE);
		}
	if (task && i + 1 == argc) {
		show(number(argv[i]));
		return 0;
	}
	if (task ? i + 2 != argc : i + 2 > argc)
		usage(USAGE);
	prio = number(argv[i]);
	if (task)
		pid = number(argv[i + 1]);
	if (sys_ret(SYSCALL(__NR_sched_setscheduler, pid, policy | flags, &prio)) < 0)
		die("chrt: failed to set the policy");
	if (task)
		return 0;
	execvp(argv[i + 1], argv + i + 1);
	die(argv[i + 1]);
}
