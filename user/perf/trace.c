/* SPDX-License-Identifier: MIT */
/*
 * perf trace: the system calls of a program and of what it starts, from raw_syscalls:* of /sys/kernel/tracing, while it runs.
 * What a pointer points to is not in the trace, but for paths: fs:getname has them, one after the other.
 */
#include "sched.h"
#include "syscalls.h"

#define T "/sys/kernel/tracing/"
#define LITTLE 2048			/* bytes */
#define EVENTS "raw_syscalls:*\nsched:sched_process_fork\nfs:getname\n"
#define NO_EVENTS "!raw_syscalls:*\n!sched:sched_process_fork\n!fs:getname\n"
#define MAX_PATHS 2
#define CUT 55				/* characters, of which the trace has no more */
#define USAGE "perf trace [OPTIONS] [CMD ARGS...]\n\
  -p PID            a task that runs already, until ^C or CMD ends; -a: all\n\
  -s                a summary alone: calls of each task, how often, how long\n\
  -S                a summary, too\n\
  -o FILE           write there (stderr)\n\
  -m KB             of a hart's ring (1024)"

struct call_stat {
	unsigned long calls, errors;
	double total, min, max;		/* ms */
};

/* A task that is traced. */
struct traced {
	struct traced *next;
	int pid;
	char comm[17];
	int nr;				/* the call it is in; -1: none */
	double since;			/* s */
	unsigned long args[6];
	char paths[MAX_PATHS][CUT + 1];	/* of its arguments */
	int nr_paths;
	struct call_stat *stats;	/* NR_syscalls of them */
};

static struct traced *tasks;
static bool everybody, lines = true, summary;
static int starting;			/* it is perf's own until it calls execve; 0: nobody is */
static double began;			/* s: the first event */
static unsigned long lost;
static FILE *out;
static volatile bool interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = true;
}

static struct traced *find(int pid)
{
	struct traced *t = tasks;

	while (t && t->pid != pid)
		t = t->next;
	return t;
}

static struct traced *follow(int pid)
{
	struct traced *t = find(pid);

	if (t)
		return t;
	t = task_of(&tasks, pid, sizeof(*t));
	t->stats = calloc(NR_syscalls, sizeof(*t->stats));
	if (!t->stats)
		die("perf");
	t->nr = -1;
	return t;
}

/* Small numbers are that, some below 0; others are addresses or masks. */
static int print_value(char *buf, size_t n, long v)
{
	return snprintf(buf, n, v > -4096 && v < 65536 ? "%ld" : "0x%lx", v);
}

/* As the kernel sees it: of a register it takes as many bits as the argument has. */
static int print_arg(char *buf, size_t n, char kind, unsigned long v)
{
	long small = kind == 'd' ? (int)v : 0;

	if (kind == 'p' || kind == 's')
		return snprintf(buf, n, v ? "0x%lx" : "NULL", v);
	if (kind == 'd' || kind == 'u')
		v = small < 0 && small > -4096 ? (unsigned long)small : (unsigned int)v;
	return print_value(buf, n, v);
}

static bool is_dir_fd(const char *arg, size_t len)
{
	return len >= 3 && !strncmp(arg + len - 3, "dfd", 3);
}

/* Is it a path, which the kernel has read? */
static bool is_path(const struct call_info *call, int i, const char *arg, size_t len)
{
	return call && call->kinds[i] == 's' && (len != 3 || strncmp(arg, "buf", 3));
}

static void format_call(const struct traced *t, char *buf, size_t n)
{
	int paths = 0;
	const struct call_info *call = call_info(t->nr);
	const char *args = call ? strchr(call->text, ' ') : NULL;
	size_t at;

	at = call ? snprintf(buf, n, "%.*s(", (int)strcspn(call->text, " "), call->text) : snprintf(buf, n, "syscall_%d(", t->nr);
	args += args != NULL;
	for (int i = 0; i < 6 && (!args || *args) && at + 96 < n; i++) {
		size_t len = args ? strcspn(args, " ") : 0;

		at += args ? snprintf(buf + at, n - at, "%s%.*s: ", i ? ", " : "", (int)len, args) :
			     snprintf(buf + at, n - at, "%sarg%d: ", i ? ", " : "", i);
		if (is_dir_fd(args, len) && (int)t->args[i] == AT_FDCWD)
			at += snprintf(buf + at, n - at, "CWD");
		else if (is_path(call, i, args, len) && paths < t->nr_paths)
			at += snprintf(buf + at, n - at, "\"%s\"%s", t->paths[paths], strlen(t->paths[paths]) == CUT ? "..." : "");
		else
			at += print_arg(buf + at, n - at, args ? call->kinds[i] : 'x', t->args[i]);
		paths += is_path(call, i, args, len);
		args += args ? len + (args[len] == ' ') : 0;
	}
	snprintf(buf + at, n - at, ")");
}

/* @took: ms; below 0: it is not known. @result: NULL: it has not returned. */
static void print_call(const struct traced *t, double took, const long *result)
{
	char text[400];

	format_call(t, text, sizeof(text));
	fprintf(out, "%10.3f ", (t->since - began) * 1e3);
	fprintf(out, took < 0 ? "(         ): " : "(%6.3f ms): ", took);
	fprintf(out, "%s/%d %-60s", t->comm, t->pid, text);
	if (!result)
		fprintf(out, " ...\n");
	else if (*result < 0 && error_name(-*result))
		fprintf(out, " = -1 %s\n", error_name(-*result));
	else {
		char value[24];

		print_value(value, sizeof(value), *result);
		fprintf(out, " = %s\n", value);
	}
}

static void on_exit_of(struct traced *t, double now, long result)
{
	struct call_stat *s;
	double took = (now - t->since) * 1e3;

	if (lines)
		print_call(t, took, &result);
	if (t->nr < NR_syscalls) {
		s = &t->stats[t->nr];
		s->min = !s->calls || took < s->min ? took : s->min;
		s->max = took > s->max ? took : s->max;
		s->total += took;
		s->errors += result < 0 && result > -4096;
		s->calls++;
	}
	t->nr = -1;
}

/* A call that does not come back: exit, or what perf saw the beginning of only. */
static void unfinished(struct traced *t)
{
	if (t->nr >= 0 && lines)
		print_call(t, -1, NULL);
	t->nr = -1;
}

/* @event, with @args, of @t at @now. */
static void take_event(struct traced *t, double now, const char *event, const char *args)
{
	char number[24], *at;

	if (!strcmp(event, "sched_process_fork")) {
		follow(sched_field(args, "child_pid=", NULL, number, sizeof(number)));
	} else if (!strcmp(event, "getname")) {
		if (t->nr >= 0 && t->nr_paths < MAX_PATHS)
			sched_field(args, "pathname=", NULL, t->paths[t->nr_paths++], CUT + 1);
	} else if (!strcmp(event, "sys_enter")) {
		unfinished(t);
		t->nr = strtol(args + 3, &at, 10);
		t->since = now;
		t->nr_paths = 0;
		at++;
		for (int i = 0; i < 6 && *at; i++)
			t->args[i] = strtoul(at + 1, &at, 16);
	} else if (!strcmp(event, "sys_exit") && t->nr >= 0 && t->nr == strtol(args + 3, &at, 10)) {
		on_exit_of(t, now, strtol(at + 3, NULL, 10));
	}
}

/* "   comm-pid (tgid) [cpu] flags time: name: args", or "CPU:1 [LOST 23 EVENTS]" */
static void take_line(char *line)
{
	char *event, *args, *at = strstr(line, "] "), *dash;
	unsigned long missed;
	struct traced *t;
	double now;
	int pid;

	if (sscanf(line, "CPU:%d [LOST %lu EVENTS]", &pid, &missed) == 2) {
		fprintf(out, "LOST %lu events!\n", missed);
		lost += missed;
		return;
	}
	event = at ? strstr(at, ": ") : NULL;
	args = event ? strstr(event + 2, ": ") : NULL;
	if (!args)
		return;
	while (at > line && *at != '(')
		at--;			/* before it, the task; a name may hold anything */
	for (dash = at; dash > line && *dash != '-'; )
		dash--;
	pid = atoi(dash + 1);
	*event = *args = '\0';
	event += 2;
	args += 2;
	now = strtod(strrchr(line, ' ') + 1, NULL);
	t = everybody && pid != getpid() ? follow(pid) : find(pid);
	if (!t)
		return;
	if (pid == starting) {
		if (strcmp(event, "sys_enter") || strtol(args + 3, NULL, 10) != __NR_execve)
			return;
		starting = 0;
	}
	began = began ? began : now;
	*dash = '\0';
	snprintf(t->comm, sizeof(t->comm), "%s", line + strspn(line, " "));
	take_event(t, now, event, args);
}

/* What has come in. While calls are traced so is each read() here: so not until there is nothing, but until there is little. */
static void drain(int in, ssize_t little)
{
	static char buf[16384 + 1];
	static size_t have;
	ssize_t n;

	while ((n = read(in, buf + have, sizeof(buf) - 1 - have)) > 0) {
		char *line = buf, *end;

		buf[have += n] = '\0';
		while ((end = strchr(line, '\n'))) {
			*end = '\0';
			take_line(line);
			line = end + 1;
		}
		have -= line - buf;
		memmove(buf, line, have);
		if (have == sizeof(buf) - 1)
			have = 0;	/* no line is so long */
		if (n <= little)
			break;
	}
}

static void put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_TRUNC);

	if (fd < 0 || write_all(fd, text, strlen(text)) < 0) {
		fprintf(stderr, "perf: %s: %s\n", file, strerror(errno));
		exit(1);
	}
	close(fd);
}

static void print_summary(void)
{
	fprintf(out, "\n Summary of events:\n");
	for (struct traced *t = tasks; t; t = t->next) {
		unsigned long calls = 0;
		const char *name;

		for (int i = 0; i < NR_syscalls; i++)
			calls += t->stats[i].calls;
		if (!calls)
			continue;
		fprintf(out, "\n %s (%d), %lu calls\n\n"
			"   syscall            calls  errors  total       min       avg       max\n"
			"                                     (msec)    (msec)    (msec)    (msec)\n"
			"   --------------- --------  ------ --------- --------- --------- ---------\n", t->comm, t->pid, calls);
		for (;;) {
			struct call_stat *s = NULL;

			for (int i = 0; i < NR_syscalls; i++)
				if (t->stats[i].calls && (!s || t->stats[i].total > s->total))
					s = &t->stats[i];
			if (!s)
				break;
			name = call_info(s - t->stats) ? call_info(s - t->stats)->text : "?";
			fprintf(out, "   %-15.*s %8lu  %6lu %9.3f %9.3f %9.3f %9.3f\n", (int)strcspn(name, " "), name, s->calls,
				s->errors, s->total, s->min, s->total / s->calls, s->max);
			s->calls = 0;
		}
	}
}

/* Trace until @child (0: none) has ended, or ^C. Return: its status. */
static int run(char **argv, int target, const char *kib)
{
	char had[2048] = "";
	int in, go = -1, pid = 0, status = 0;
	bool events = read_file(T "set_event", had, sizeof(had)) > 0;

	put(T "buffer_size_kb", kib);
	put(T "trace", "\n");
	in = open(T "trace_pipe", O_RDONLY | O_NONBLOCK);
	if (in < 0)
		die("perf: " T "trace_pipe");
	fcntl(in, F_SETFD, FD_CLOEXEC);
	if (*argv)
		pid = start_command(argv, &go);
	starting = pid;
	if (target || pid)
		follow(target ? target : pid);
	put(T "set_event", EVENTS);
	if (pid && write(go, "", 1) != 1)
		die("perf: pipe");
	while (!interrupted && (!pid || waitpid(pid, &status, WNOHANG) != pid)) {
		drain(in, LITTLE);
		nanosleep_ns(5000000);
	}
	if (pid && interrupted)
		waitpid(pid, &status, 0);
	put(T "set_event", events ? had : NO_EVENTS);
	drain(in, 0);
	close(in);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int cmd_trace(int argc, char **argv)
{
	const char *kib = "1024";
	int i, target = 0, status;

	out = stderr;
	for (i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--"); i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "-s"))
			lines = !(summary = true);
		else if (!strcmp(argv[i], "-S"))
			summary = true;
		else if (!strcmp(argv[i], "-a"))
			everybody = true;
		else if (value && !strcmp(argv[i], "-p") && (target = atoi(value)) > 0)
			i++;
		else if (value && !strcmp(argv[i], "-m"))
			kib = argv[++i];
		else if (value && !strcmp(argv[i], "-o")) {
			out = fopen(argv[++i], "w");
			if (!out)
				die(argv[i]);
		} else
			usage(USAGE);
	}
	i += i < argc && !strcmp(argv[i], "--");
	if (i == argc && !target && !everybody)
		usage(USAGE);
	if (target && kill(target, 0) < 0) {
		fprintf(stderr, "perf: %d: %s\n", target, strerror(errno));
		return 1;
	}
	signal_set(SIGINT, on_interrupt, 0);
	status = run(argv + i, target, kib);
	for (struct traced *t = tasks; t; t = t->next)
		unfinished(t);
	if (summary)
		print_summary();
	if (lost)
		fprintf(stderr, "perf: %lu events were lost: a larger ring (-m) may help\n", lost);
	fflush(out);
	return status;
}
