/* SPDX-License-Identifier: MIT */
/* taskset: on which harts a program, or a running task, may run. */
#include "sys.h"

#define HARTS 1024
#define USAGE "taskset MASK PROGRAM ARGS... | taskset -c LIST PROGRAM ARGS... | taskset -p [-c] [MASK|LIST] PID"

static uint64_t mask[HARTS / 64];

static bool set_range(long from, long to, long step)
{
	if (from < 0 || to < from || to >= HARTS || step < 1)
		return false;
	for (; from <= to; from += step)
		mask[from / 64] |= 1UL << from % 64;
	return true;
}

/* 0,2-5,8-14:2 */
static bool parse_list(const char *s)
{
	do {
		char *end;
		long from = strtol(s, &end, 10), to = from, step = 1;

		if (end == s)
			return false;
		if (*end == '-')
			to = strtol(end + 1, &end, 10);
		if (*end == ':')
			step = strtol(end + 1, &end, 10);
		if ((*end && *end != ',') || !set_range(from, to, step))
			return false;
		s = end + (*end == ',');
	} while (*s);
	return true;
}

static bool parse_mask(const char *s)
{
	size_t n;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		s += 2;
	n = strlen(s);
	for (size_t i = 0; i < n; i++) {
		char c = s[n - 1 - i] | 32;
		uint64_t v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;

		if (v == 16 || i >= HARTS / 4)
			return false;
		mask[i / 16] |= v << i % 16 * 4;
	}
	return n > 0;
}

static void print_list(void)
{
	const char *comma = "";

	for (int i = 0; i < HARTS; i++) {
		int from = i;

		if (!(mask[i / 64] >> i % 64 & 1))
			continue;
		while (i + 1 < HARTS && (mask[(i + 1) / 64] >> (i + 1) % 64 & 1))
			i++;
		if (i == from)
			printf("%s%d", comma, from);
		else
			printf("%s%d%c%d", comma, from, i == from + 1 ? ',' : '-', i);
		comma = ",";
	}
	printf("\n");
}

static void print_mask(void)
{
	int i = HARTS / 64 - 1;

	while (i && !mask[i])
		i--;
	printf("%lx", (unsigned long)mask[i]);
	while (i--)
		printf("%016lx", (unsigned long)mask[i]);
	printf("\n");
}

static void show(int pid, const char *which, bool list)
{
	memset(mask, 0, sizeof(mask));
	if (sys_ret(SYSCALL(__NR_sched_getaffinity, pid, sizeof(mask), mask)) < 0)
		die("taskset: failed to get the affinity");
	printf("pid %d's %s affinity %s: ", pid, which, list ? "list" : "mask");
	if (list)
		print_list();
	else
		print_mask();
}

int main(int argc, char **argv)
{
	bool list = false, task = false;
	int i = 1, pid = 0;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		for (const char *o = argv[i] + 1; *o; o++) {
			if (*o != 'c' && *o != 'p')
				usage(USAGE);
			list |= *o == 'c';
			task |= *o == 'p';
		}
	if (task) {
		char *end;

		if (i + 1 != argc && i + 2 != argc)
			usage(USAGE);
		pid = strtol(argv[argc - 1], &end, 10);
		if (*end || pid < 0)
			usage(USAGE);
		show(pid, "current", list);
		if (i + 1 == argc)
			return 0;
	} else if (i + 2 > argc) {
		usage(USAGE);
	}
	memset(mask, 0, sizeof(mask));
	if (!(list ? parse_list(argv[i]) : parse_mask(argv[i])))
		usage(USAGE);
	if (sys_ret(SYSCALL(__NR_sched_setaffinity, pid, sizeof(mask), mask)) < 0)
		die("taskset: failed to set the affinity");
	if (task) {
		show(pid, "new", list);
		return 0;
	}
	execvp(argv[i + 1], argv + i + 1);
	die(argv[i + 1]);
}
