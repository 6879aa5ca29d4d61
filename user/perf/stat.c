/* SPDX-License-Identifier: MIT */
/* perf stat: counts over a command, of tasks or of harts, in perf 6.1's layouts. */
#include "stat.h"

#define USAGE "perf stat [OPTIONS] [CMD ARGS...]\n\
  -e LIST           events; {a,b} is a group, a:u counts in user mode, a:k in the kernel\n\
  -a                all harts, whatever runs there; -C LIST: these harts\n\
  -p PID, -t TID    a process that runs already, or one thread; until CMD ends or ^C\n\
  -A                do not add harts up; --per-core, --per-socket: add up so far\n\
  -i                without the tasks that CMD makes\n\
  -I MS             print each MS milliseconds\n\
  -r N              run CMD N times: mean and deviation\n\
  -x SEP, -j        for programs: fields with SEP between, or JSON\n\
  -o FILE           print there"

struct event events[MAX_EVENTS];
struct counter counters[MAX_EVENTS][MAX_HARTS];
int nr_events, nr_columns;
struct column columns[MAX_HARTS];
bool system_wide, json;
static bool nonsense, said_nonsense;
const char *separator;
enum aggregate aggregate;
FILE *out;
static int out_fd = -1;
static volatile bool interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = true;
}

static long file_number(const char *fmt, long n)
{
	char path[96], text[32];

	snprintf(path, sizeof(path), fmt, n);
	return read_file(path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : -1;
}

static void add_column(int cpu, int task)
{
	if (nr_columns == MAX_HARTS) {
		fprintf(stderr, "perf: too many harts or threads\n");
		exit(1);
	}
	columns[nr_columns].cpu = cpu;
	columns[nr_columns].task = task;
	if (cpu >= 0) {
		columns[nr_columns].core = file_number("/sys/devices/system/cpu/cpu%ld/topology/core_id", cpu);
		columns[nr_columns].socket = file_number("/sys/devices/system/cpu/cpu%ld/topology/physical_package_id", cpu);
	}
	nr_columns++;
}

/* "0-3,5" */
static bool add_harts(const char *s)
{
	while (*s && *s != '\n') {
		char *end;
		long from = strtol(s, &end, 10), to;

		if (end == s)
			return false;
		to = *end == '-' ? strtol(end + 1, &end, 10) : from;
		for (; from <= to; from++)
			add_column(from, -1);
		s = end + (*end == ',');
		if (s == end && *s && *s != '\n')
			return false;
	}
	return true;
}

static void add_threads(int pid)
{
	char path[48], buf[2048];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		fprintf(stderr, "perf: no process %d\n", pid);
		exit(1);
	}
	while ((n = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (d->d_name[0] != '.')
				add_column(-1, atoi(d->d_name));
		}
	close(fd);
}

static void open_all(int task, uint64_t flags)
{
	for (int c = 0; c < nr_columns; c++)
		for (int i = 0, leader = -1; i < nr_events; i++) {
			bool member = i && events[i].group >= 0 && events[i].group == events[i - 1].group;
			struct counter *k = &counters[i][c];

			if (!member)
				leader = -1;
			k->last = (struct values){ 0 };
			if (nonsense && is_cycle_counter(&events[i])) {
				said_nonsense = true;
				k->fd = -ENOENT;
				continue;
			}
			k->fd = event_open(&events[i], columns[c].cpu >= 0 ? -1 : task ? task : columns[c].task, columns[c].cpu,
					   leader, flags);
			if (k->fd < 0 && k->fd != -ENOENT && k->fd != -95 /* EOPNOTSUPP */ && k->fd != -19 /* ENODEV */) {
				fprintf(stderr, "perf: %s cannot be counted: %s\n", events[i].name,
					k->fd == -13 || k->fd == -1 ? "no permission (see /proc/sys/kernel/perf_event_paranoid)" :
					k->fd == -3 ? "no such task" : "error");
				exit(1);
			}
			if (leader < 0)
				leader = k->fd >= 0 ? k->fd : -1;
		}
}

static void control_all(unsigned int what)
{
	for (int i = 0; i < nr_events; i++)
		for (int c = 0; c < nr_columns; c++)
			if (counters[i][c].fd >= 0)
				ioctl(counters[i][c].fd, what, NULL);
}

static void close_all(void)
{
	for (int i = 0; i < nr_events; i++)
		for (int c = 0; c < nr_columns; c++)
			if (counters[i][c].fd >= 0)
				close(counters[i][c].fd);
}

/* Since the last time; @v has a place for each event and column. */
static void read_all(struct values (*v)[MAX_HARTS])
{
	for (int i = 0; i < nr_events; i++)
		for (int c = 0; c < nr_columns; c++) {
			struct counter *k = &counters[i][c];
			struct values now = { 0 };

			if (k->fd >= 0 && read(k->fd, &now, sizeof(now)) != sizeof(now))
				now = k->last;
			v[i][c] = (struct values){ now.count - k->last.count, now.enabled - k->last.enabled,
						   now.running - k->last.running };
			k->last = now;
		}
}

static double now_s(void)
{
	return monotonic_ns() / 1e9;
}

/* From now on, when the command has its own, our standard output is where -o says: by lines, as trace_marker wants them. */
static void redirect(void)
{
	if (out_fd < 0)
		return;
	dup2(out_fd, STDOUT_FILENO);
	out = stdout;
}

static void print_interval(double since, double length)
{
	static struct values v[MAX_EVENTS][MAX_HARTS];
	char prefix[40];

	read_all(v);
	if (json)
		snprintf(prefix, sizeof(prefix), "\"interval\" : %.9f, ", since);
	else
		snprintf(prefix, sizeof(prefix), separator ? "%.9f%s" : "%16.9f%s", since, separator ? separator : " ");
	print_values(v, length, prefix);
	fflush(out);
}

static double of_rusage(const int64_t *tv)
{
	return tv[0] + tv[1] / 1e6;
}

/* Run @argv once (NULL: until ^C) and count. */
static void run_once(char **argv, bool attached, bool inherit, uint64_t interval_ns, struct run *r)
{
	uint64_t flags = PERF_ATTR_DISABLED | (inherit ? PERF_ATTR_INHERIT : 0);
	int pid = 0, go_fd = -1, status = 0;
	int64_t usage[18] = { 0 };
	double begin, last;

	if (argv)
		pid = start_command(argv, &go_fd);
	if (interval_ns) {
		redirect();
		if (!separator && !json)
			fprintf(out, "#           time %s            counts unit events\n", aggregate == AGGR_GLOBAL ? "" : "CPU       ");
	}
	if (!system_wide && !attached)
		open_all(pid, flags | PERF_ATTR_ENABLE_ON_EXEC);
	else
		open_all(0, flags);
	if (system_wide || attached)
		control_all(PERF_EVENT_IOC_ENABLE);
	begin = last = now_s();
	if (argv && write(go_fd, "", 1) != 1)
		die("perf: pipe");
	for (uint64_t next = monotonic_ns() + interval_ns; !interrupted; ) {
		uint64_t now_ns;

		if (!interval_ns && argv) {
			if (SYSCALL(__NR_wait4, pid, &status, 0, usage) == pid)
				break;
			continue;
		}
		if (argv && SYSCALL(__NR_wait4, pid, &status, WNOHANG, usage) == pid)
			break;
		now_ns = monotonic_ns();
		nanosleep_ns(!interval_ns ? 100000000 : now_ns < next ? min(next - now_ns, 10000000UL) : 0);
		if (interval_ns && monotonic_ns() >= next) {
			double now = now_s();

			print_interval(now - begin, now - last);
			last = now;
			next += interval_ns;
		}
	}
	if (argv && interrupted)
		SYSCALL(__NR_wait4, pid, &status, 0, usage);
	r->seconds = now_s() - begin;
	if (system_wide || attached)
		control_all(PERF_EVENT_IOC_DISABLE);
	if (interval_ns)
		print_interval(r->seconds, now_s() - last);
	else
		read_all(r->v);
	r->status = status;
	r->user = of_rusage(usage);
	r->sys = of_rusage(usage + 2);
	close_all();
	if (go_fd >= 0)
		close(go_fd);
}

static void bad_option(const char *word)
{
	fprintf(stderr, "perf: %s: not understood\n", word);
	usage(USAGE);
}

int cmd_stat(int argc, char **argv)
{
	static struct run runs[8];
	const char *harts = NULL, *target = NULL, *path = NULL;
	int nr_runs = 1, i, pid = 0, tid = 0;
	uint64_t interval_ns = 0;
	bool inherit = true;
	char what[40], online[64];

	out = stderr;
	for (i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--"); i++) {
		const char *o = argv[i], *value = NULL;

		if (o[1] && o[1] != '-' && strchr("eCptIrxo", o[1])) {
			value = o[2] ? o + 2 : argv[++i];
			if (!value)
				bad_option(o);
		} else if (o[1] != '-' && o[1] && o[2]) {
			bad_option(o);
		}
		if (!strcmp(o, "--per-core"))
			aggregate = AGGR_CORE;
		else if (!strcmp(o, "--per-socket"))
			aggregate = AGGR_SOCKET;
		else if (o[1] == 'e')
			nr_events = parse_events(value, events, nr_events);
		else if (o[1] == 'a')
			system_wide = true;
		else if (o[1] == 'A')
			aggregate = AGGR_NONE;
		else if (o[1] == 'C')
			harts = value;
		else if (o[1] == 'p')
			pid = atoi(value);
		else if (o[1] == 't')
			tid = atoi(value);
		else if (o[1] == 'i')
			inherit = false;
		else if (o[1] == 'I')
			interval_ns = strtoul(value, NULL, 10) * 1000000;
		else if (o[1] == 'r')
			nr_runs = atoi(value);
		else if (o[1] == 'x')
			separator = value;
		else if (o[1] == 'j')
			json = true;
		else if (o[1] == 'o')
			path = value;
		else if (o[1] == 'h')
			usage(USAGE);
		else
			bad_option(o);
		if ((o[1] == 'I' && interval_ns < 10000000) || (o[1] == 'p' && pid <= 0) || (o[1] == 't' && tid <= 0) ||
		    (o[1] == 'r' && (nr_runs < 1 || nr_runs > (int)ARRAY_LEN(runs))))
			bad_option(value);
	}
	i += i < argc && !strcmp(argv[i], "--");
	argv += i;
	if (harts)
		system_wide = true;
	if (aggregate != AGGR_GLOBAL && !system_wide) {
		fprintf(stderr, "perf: -A, --per-core and --per-socket are of harts: use -a\n");
		usage(USAGE);
	}
	if ((!*argv && !system_wide && !pid && !tid) || (nr_runs > 1 && (interval_ns || !*argv || aggregate != AGGR_GLOBAL)))
		usage(USAGE);
	if (!nr_events)
		nr_events = parse_events(system_wide ? "cpu-clock,context-switches,cpu-migrations,page-faults,cycles,instructions" :
					 "task-clock,context-switches,cpu-migrations,page-faults,cycles,instructions", events, 0);
	if (system_wide) {
		if (!harts && read_file("/sys/devices/system/cpu/online", online, sizeof(online)) > 0)
			harts = online;
		if (!harts || !add_harts(harts))
			bad_option(harts ? harts : "-a");
	} else if (pid) {
		add_threads(pid);
		snprintf(what, sizeof(what), "process id '%d'", pid);
		target = what;
	} else {
		add_column(-1, tid);
		if (tid) {
			snprintf(what, sizeof(what), "thread id '%d'", tid);
			target = what;
		}
	}
	if (path && (out_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) < 0) {
		fprintf(stderr, "perf: %s: %s\n", path, strerror(errno));
		return 1;
	}
	nonsense = counters_are_time();
	signal_set(SIGINT, on_interrupt, 0);
	for (int k = 0; k < nr_runs; k++)
		run_once(*argv ? argv : NULL, target, inherit, interval_ns, &runs[k]);
	redirect();
	if (!interval_ns) {
		print_header(argv, target, nr_runs);
		if (nr_runs > 1) {
			print_runs(runs, nr_runs);
		} else {
			print_values(runs[0].v, runs[0].seconds, "");
			print_footer(&runs[0], *argv && !system_wide && !target);
		}
	}
	if (said_nonsense && !separator && !json)
		fprintf(out, "cycles and instructions: the counters of this machine (QEMU without -icount) run with the host's time,\n"
			"whatever the program does.\n\n");
	return WIFEXITED(runs[nr_runs - 1].status) ? WEXITSTATUS(runs[nr_runs - 1].status) : 128 + WTERMSIG(runs[nr_runs - 1].status);
}
