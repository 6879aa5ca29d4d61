/* SPDX-License-Identifier: MIT */
/* mpstat [-P ALL|LIST] [INTERVAL [COUNT]]: where each hart's time goes. sysstat's layout. */
#include "procinfo.h"

#include "abi/time.h"

#define USAGE "mpstat [-P ALL|LIST] [INTERVAL [COUNT]]"

static bool chosen[MAX_CPUS], sum = true;

static void header(const char *when)
{
	printf("\n%-11s  CPU    %%usr   %%nice    %%sys %%iowait    %%irq   %%soft  %%steal  %%guest  %%gnice   %%idle\n", when);
}

static void line(const char *when, const char *cpu, const struct cpu_stat *a, const struct cpu_stat *b)
{
	printf("%-11s %4s %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f\n", when, cpu,
	       cpu_share(a, b, offsetof(struct cpu_stat, user)), cpu_share(a, b, offsetof(struct cpu_stat, nice)),
	       cpu_share(a, b, offsetof(struct cpu_stat, system)), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
	       cpu_share(a, b, offsetof(struct cpu_stat, idle)));
}

static void show(const char *when, const struct system_stat *a, const struct system_stat *b)
{
	header(when);
	if (sum)
		line(when, "all", &a->all, &b->all);
	for (int cpu = 0; cpu < b->nr_cpus; cpu++) {
		char name[8];

		snprintf(name, sizeof(name), "%d", cpu);
		if (chosen[cpu] && b->cpu[cpu].online)
			line(when, name, &a->cpu[cpu], &b->cpu[cpu]);
	}
	fflush(stdout);
}

static void parse_list(const char *s)
{
	if (!strcmp(s, "ALL")) {
		memset(chosen, true, sizeof(chosen));
		return;
	}
	sum = false;
	while (*s) {
		char *end;
		long from = strtol(s, &end, 10), to = from;

		if (end != s && *end == '-')
			to = strtol(end + 1, &end, 10);
		if (end == s || from < 0 || to >= MAX_CPUS || (*end && *end != ','))
			usage(USAGE);
		for (; from <= to; from++)
			chosen[from] = true;
		s = end + (*end == ',');
	}
}

/* "12:34:56", of the wall clock. */
static const char *time_of_day(void)
{
	struct timespec64 ts;
	static char text[16];

	SYSCALL(__NR_clock_gettime, CLOCK_REALTIME, &ts);
	snprintf(text, sizeof(text), "%02d:%02d:%02d", (int)(ts.tv_sec / 3600 % 24), (int)(ts.tv_sec / 60 % 60), (int)(ts.tv_sec % 60));
	return text;
}

int main(int argc, char **argv)
{
	static struct system_stat zero, first, a, b;
	long interval, count;
	int online = 0;

	if (argc > 2 && !strcmp(argv[1], "-P")) {
		parse_list(argv[2]);
		argv += 2;
		argc -= 2;
	}
	interval = argc > 1 ? atol(argv[1]) : 0;
	count = argc > 2 ? atol(argv[2]) : interval ? -1 : 0;
	if (argc > 3 || (argc > 1 && interval < 1) || (argc > 2 && count < 1))
		usage(USAGE);
	read_system_stat(&first);
	for (int cpu = 0; cpu < first.nr_cpus; cpu++)
		online += first.cpu[cpu].online;
	printf("Linux 6.12.0-hartwood (hartwood) \t_riscv64_\t(%d CPU)\n", online);
	if (!interval)
		show(time_of_day(), &zero, &first);
	b = first;
	for (long i = 0; i != count; i++) {
		a = b;
		nanosleep_ns(interval * 1000000000);
		read_system_stat(&b);
		show(time_of_day(), &a, &b);
	}
	if (count > 0)
		show("Average:", &first, &b);
	return 0;
}
