/* SPDX-License-Identifier: MIT */
/* vmstat [INTERVAL [COUNT]]: tasks, memory, interrupts, switches and time, a line an interval. procps's layout. */
#include "procinfo.h"

static void show(const struct system_stat *a, const struct system_stat *b, double seconds)
{
	const struct cpu_stat *x = &a->all, *y = &b->all;
	double user = cpu_share(x, y, offsetof(struct cpu_stat, user)) + cpu_share(x, y, offsetof(struct cpu_stat, nice));
	double system = cpu_share(x, y, offsetof(struct cpu_stat, system));

	printf("%2ld %2ld %6ld %6ld %6ld %6ld %4d %4d %5d %5d %4.0f %4.0f %2.0f %2.0f %2.0f %2d %2d\n", b->running, b->blocked,
	       meminfo("SwapTotal") - meminfo("SwapFree"), meminfo("MemFree"), meminfo("Buffers"), meminfo("Cached"), 0, 0, 0, 0,
	       (b->interrupts - a->interrupts) / seconds, (b->switches - a->switches) / seconds, user, system, 100 - user - system,
	       0, 0);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long interval = argc > 1 ? atol(argv[1]) : 0, count = argc > 2 ? atol(argv[2]) : interval ? -1 : 1;
	static struct system_stat a, b;
	char up[64];

	if (argc > 3 || (argc > 1 && interval < 1) || (argc > 2 && count < 1))
		usage("vmstat [INTERVAL [COUNT]]");
	printf("procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n"
	       " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n");
	read_system_stat(&b);
	if (read_file("/proc/uptime", up, sizeof(up)) < 0)
		die("vmstat: /proc/uptime");
	show(&a, &b, strtod(up, NULL));		/* since boot */
	while (--count) {
		a = b;
		nanosleep_ns(interval * 1000000000);
		read_system_stat(&b);
		show(&a, &b, interval);
	}
	return 0;
}
