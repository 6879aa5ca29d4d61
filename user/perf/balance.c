/* SPDX-License-Identifier: MIT */
/* perf balance: how a command's work was balanced over harts. The report of the host's ./hw balance, made in the machine. */
#include "balance.h"

#include <math.h>

#define USAGE "perf balance [-e LIST] [-m KB] CMD... | perf balance -i FILE\n\
  -e LIST           events to count on each hart (page-faults, interrupts and fences that the firmware saw, TLB misses)\n\
  -m KB             of trace a hart (1024); what is oldest is lost\n\
  -i FILE           of a command that perf sched record has run (no counters)"

#define COUNTERS "page-faults,fw_ipi_sent,fw_ipi_received,fw_sfence_vma_sent,fw_sfence_vma_received,fw_fence_i_received,\
fw_set_timer,dTLB-load-misses,dTLB-store-misses,iTLB-load-misses"

#define COLUMNS 8			/* of harts, beside each other; more go below */

static int first;			/* the hart of the first column */

static int behind_last(void)
{
	return first + COLUMNS < balance.nr_harts ? first + COLUMNS : balance.nr_harts;
}

static double mean(const double *v)
{
	double sum = 0;

	for (int h = 0; h < balance.nr_harts; h++)
		sum += v[h];
	return sum / balance.nr_harts;
}

static void row(const char *name, const double *v, int digits, double total, bool spread)
{
	double m = mean(v), squares = 0;

	printf("%-28s", name);
	for (int h = first; h < behind_last(); h++)
		printf("%11.*f", digits, v[h]);
	for (int h = 0; h < balance.nr_harts; h++)
		squares += (v[h] - m) * (v[h] - m);
	if (behind_last() == balance.nr_harts)
		printf("%11.*f", digits, total);
	if (behind_last() == balance.nr_harts && spread && m > 0)
		printf("%9.1f %%", 100 * sqrt(squares / balance.nr_harts) / m);
	printf("\n");
}

enum total { MEAN, SUM, MOST };

/* A figure of each hart, and what they have in all. */
#define ROW(name, digits, total, spread, expr) do {			\
	double _v[MAX_HARTS], _most = 0;				\
	for (int _h = 0; _h < balance.nr_harts; _h++) {			\
		const struct hart *h = &balance.harts[_h];		\
		_v[_h] = (expr);					\
		_most = _v[_h] > _most ? _v[_h] : _most;		\
	}								\
	row(name, _v, digits, (total) == MOST ? _most : mean(_v) * ((total) == SUM ? balance.nr_harts : 1), spread); \
} while (0)

static void verdict(double seconds, const char *what)
{
	printf("%12.3f msec  %-24s  #  ", seconds * 1e3, what);
}

static void print_reasons(void)
{
	for (int left = balance.nr_reasons; left; left--) {
		int best = 0;
		char *name, *dash;

		for (int i = 1; i < balance.nr_reasons; i++)
			if (balance.reasons[i].n > balance.reasons[best].n)
				best = i;
		name = balance.reasons[best].name;
		dash = strrchr(name, '-');
		printf("%12lu      migrations by %-10.*s within %s\n", balance.reasons[best].n, dash ? (int)(dash - name) : 0, name,
		       dash ? dash + 1 : name);
		balance.reasons[best].n = 0;
	}
	printf("%12lu      balance moves from a hart that had no more tasks than where they went\n\n", balance.useless);
}

static void print_verdict(double length)
{
	double busy = 0, squares = 0, bound = 0, delays = 0;
	size_t n = balance.nr_delays;

	for (int h = 0; h < balance.nr_harts; h++) {
		busy += balance.harts[h].busy;
		squares += balance.harts[h].busy * balance.harts[h].busy;
	}
	bound = busy / balance.nr_harts;
	for (const struct task *t = balance.tasks; t; t = t->next)
		bound = t->ours && t->path > bound ? t->path : bound;
	verdict(balance.lost, "not work-conserving");
	printf("%.2f %% of the time some hart idled while a task waited\n", 100 * balance.lost / length);
	verdict(balance.longest, "longest such gap");
	printf("at %.6f; %d gaps in all\n", balance.longest_at, balance.gaps);
	printf("%12.4f       Jain index of busy time   #  1 = even, %.2f = one hart did it all\n",
	       squares > 0 ? busy * busy / (balance.nr_harts * squares) : 1.0, 1.0 / balance.nr_harts);
	verdict(length, "makespan");
	printf("%.2f x the lower bound of %.3f msec\n", length / bound, bound * 1e3);
	for (size_t i = 0; i < n; i++)
		delays += balance.delays[i];
	verdict(delays / n, "mean scheduling delay");
	printf("p99 %.3f, max %.3f\n\n", balance.delays[(n * 99 + 99) / 100 - 1] * 1e3, balance.delays[n - 1] * 1e3);
}

static struct event events[MAX_EVENTS];
static int nr_events, fds[MAX_EVENTS][MAX_HARTS];
static uint64_t counts[MAX_EVENTS][MAX_HARTS];

static void print_counters(bool nonsense)
{
	for (int e = 0; e < nr_events; e++) {
		char name[48];
		bool all = !(nonsense && is_cycle_counter(&events[e]));

		snprintf(name, sizeof(name), " %.40s", events[e].name);
		for (int h = 0; h < balance.nr_harts; h++)
			all &= fds[e][h] >= 0;
		if (all)
			ROW(name, 0, SUM, true, counts[e][h - balance.harts]);
		else if (behind_last() == balance.nr_harts)
			printf("%-28s%22s\n", name, "<not supported>");
	}
}

static void print_columns(double length, bool nonsense)
{
	bool last = behind_last() == balance.nr_harts;

	printf("\n%28s", "");
	for (int h = first; h < behind_last(); h++) {
		char name[16];

		snprintf(name, sizeof(name), "HART%d", h);
		printf("%11s", name);
	}
	printf(last ? "%11s   spread [1]\n" : "\n", "all");
	ROW(" utilized           %", 2, MEAN, true, 100 * h->busy / length);
	ROW(" idle               %", 2, MEAN, false, 100 - 100 * h->busy / length);
	if (last)
		printf("%-28s%*s%11.2f\n", " unclaimed idle [2]  %", 11 * (behind_last() - first), "",
		       100 * balance.unclaimed / length / balance.nr_harts);
	ROW(" run queue, average", 2, MEAN, true, h->area / length);
	ROW(" run queue, max", 0, MOST, false, h->most);
	ROW(" context-switches", 0, SUM, true, h->switches);
	ROW("   involuntary", 0, SUM, true, h->involuntary);
	ROW(" migrations in", 0, SUM, true, h->in);
	ROW(" migrations out", 0, SUM, true, h->out);
	print_counters(nonsense);
}

static void print(char **argv)
{
	double length = balance.end - balance.start;
	bool nonsense = counters_are_time();

	printf(" Hart balance for '");
	for (int i = 0; argv[i]; i++)
		printf(i ? " %s" : "%s", argv[i]);
	printf("': %d harts, %.3f msec\n", balance.nr_harts, length * 1e3);
	for (first = 0; first < balance.nr_harts; first += COLUMNS)
		print_columns(length, nonsense);
	printf("\n");
	print_reasons();
	print_verdict(length);
	if (balance.overwritten)
		printf(" %lu records were overwritten; -m makes room\n", balance.overwritten);
	printf(" [1] standard deviation / mean over the harts   [2] idle that waiting tasks could have used; masks are not looked at\n");
}

/* Run @argv and count meanwhile. Return: its status. */
static int run_and_count(char **argv, const char *list, const char *kib, const char *path)
{
	uint64_t bytes;
	int status;

	nr_events = parse_events(list, events, 0);
	for (int e = 0; e < nr_events; e++)
		for (int h = 0; h < balance.nr_harts; h++)
			fds[e][h] = event_open(&events[e], -1, h, -1, 0);
	status = sched_record(path, kib, argv, &bytes);
	for (int e = 0; e < nr_events; e++)
		for (int h = 0; h < balance.nr_harts; h++) {
			uint64_t v[3];

			if (fds[e][h] >= 0 && read(fds[e][h], v, sizeof(v)) == sizeof(v))
				counts[e][h] = v[0];
		}
	return status;
}

int cmd_balance(int argc, char **argv)
{
	const char *kib = "1024", *list = COUNTERS, *in = NULL;
	char path[40], online[64];
	int i, status = 0;

	for (i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--"); i += 2) {
		if (i + 1 < argc && !strcmp(argv[i], "-m"))
			kib = argv[i + 1];
		else if (i + 1 < argc && !strcmp(argv[i], "-e"))
			list = argv[i + 1];
		else if (i + 1 < argc && !strcmp(argv[i], "-i"))
			in = argv[i + 1];
		else
			usage(USAGE);
	}
	i += i < argc && !strcmp(argv[i], "--");
	if ((i >= argc) != !!in)
		usage(USAGE);
	if (read_file("/sys/devices/system/cpu/possible", online, sizeof(online)) > 0)
		balance.nr_harts = strtol(strrchr(online, '-') ? strrchr(online, '-') + 1 : online, NULL, 10) + 1;
	if (balance.nr_harts < 1 || balance.nr_harts > MAX_HARTS) {
		fprintf(stderr, "perf: how many harts there are is not known\n");
		return 1;
	}
	if (in) {
		balance_replay(in);
		argv[0] = (char *)in;
		argv[1] = NULL;
		print(argv);
		return 0;
	}
	snprintf(path, sizeof(path), "/tmp/perf-balance.%d", getpid());
	status = run_and_count(argv + i, list, kib, path);
	balance_replay(path);
	unlink(path);
	print(argv + i);
	return status;
}
