/* SPDX-License-Identifier: MIT */
/* perf top: where all harts are, again and again, until q, ^C or the end of standard input. */
#include "sample.h"
#include "session.h"

#define USAGE "perf top [OPTIONS]\n" SAMPLING_USAGE "\
  -d N              every N seconds (2)\n\
  -E N              the first N lines (20)"

static struct session session = { .by = BY_DSO | BY_SYMBOL, .entries = RB_INITIALIZER(&session.entries) };
static volatile bool interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = true;
}

static void take(const struct perf_event_header *h)
{
	session_record(&session, h);
}

/* For @ms, but not beyond a q or the end of standard input. */
static bool pause_ms(int ms)
{
	uint64_t end = monotonic_ns() + ms * 1000000UL;

	while (!interrupted && monotonic_ns() < end) {
		struct { int fd; short events, revents; } in = { STDIN_FILENO, 1 /* POLLIN */, 0 };
		struct timespec64 now = { 0, 0 };
		char c;

		if (SYSCALL(__NR_ppoll, &in, 1, &now, NULL, 0) == 1 && (read(STDIN_FILENO, &c, 1) != 1 || c == 'q'))
			return false;
		sampling_wait(50);
		sampling_drain(take);
	}
	return !interrupted;
}

static void print(const struct sampling *s, double seconds, unsigned int lines)
{
	size_t n;
	struct entry **v = session_sorted(&session, &n);
	char symbol[96], whose[32] = "all";

	if (s->pid > 0)
		snprintf(whose, sizeof(whose), "target_pid: %d", s->pid);
	if (isatty(STDOUT_FILENO))
		printf("\033[H\033[J");
	printf("   PerfTop: %7.0f irqs/sec  kernel:%4.1f%%  exact:  0.0%% lost: %lu/0 drop: 0/0 [%lu%s %s],  (%s, %d CPUs)\n",
	       session.samples / seconds, session.samples ? 100.0 * session.kernel_samples / session.samples : 0.0,
	       (unsigned long)session.lost, (unsigned long)(s->period ? s->period : s->freq), s->period ? "" : "Hz", s->events[0].name,
	       whose, nr_rings / s->nr_events);
	printf("-------------------------------------------------------------------------------\n\n");
	for (size_t i = 0; i < n && i < lines; i++)
		printf("%9.2f%%  %-20.20s  %s\n", 100.0 * v[i]->period / session.period, entry_dso(v[i]),
		       entry_symbol(v[i], symbol, sizeof(symbol)));
	printf("\n");
	fflush(stdout);
	free(v);
}

int cmd_top(int argc, char **argv)
{
	struct sampling s = { .pid = -1, .flags = PERF_ATTR_INHERIT };
	int delay = 2, lines = 20;
	double since;

	for (int i = 1; i < argc; i++) {
		if (sampling_option(&s, argc, argv, &i))
			continue;
		if (!strcmp(argv[i], "-d") && i + 1 < argc && (delay = atoi(argv[i + 1])) > 0)
			i++;
		else if (!strcmp(argv[i], "-E") && i + 1 < argc && (lines = atoi(argv[i + 1])) > 0)
			i++;
		else
			usage(USAGE);
	}
	signal_set(SIGINT, on_interrupt, 0);
	sampling_open(&s);
	sampling_running(s.pid, take);
	sampling_enable();
	for (bool more = true; more; ) {
		since = monotonic_ns();
		more = pause_ms(delay * 1000);
		print(&s, (monotonic_ns() - since) / 1e9, lines);
		session_clear(&session);
	}
	return 0;
}
