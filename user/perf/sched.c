/* SPDX-License-Identifier: MIT */
/*
 * perf sched: who ran, who waited. What it records is the text of /sys/kernel/tracing, which readers of ftrace take, too;
 * the host's ./hw trace --perf has perf.data.
 */
#include "sched.h"

#define T "/sys/kernel/tracing/"
#define USAGE "perf sched [-i FILE] record|latency|map|timehist\n\
  record [-o FILE] [-m KB] CMD...   run a command, note what is scheduled (sched.data; KB a hart: 1024)\n\
  latency [-s KEY]   each task's run time and longest wait for a hart; KEY: max, avg, runtime, switch\n\
  map                what each hart runs, a line a switch\n\
  timehist [-w]      each slice: how long it slept, waited and ran; -w: wake-ups, too"

struct task {
	struct task *next;
	int pid;
	char comm[17], tag[4];		/* tag: A0, in the map */
	double woken, left;		/* s: became ready; was switched from; 0: neither is known */
	bool ready;			/* waits for a hart, or runs */
	double run, delay, max, max_start, max_end; /* s */
	unsigned long switches;		/* to it */
};

static struct task *tasks;
static int nr_tags;
static struct {
	struct task *task;		/* who runs; NULL: not known, or nobody */
	double since, delay, slept;	/* what the slice began with */
	bool known;
} harts[MAX_HARTS];

void *task_of(void *list, int pid, size_t size)
{
	struct any {
		struct any *next;
		int pid;
	} **first = list, *t = *first;

	while (t && t->pid != pid)
		t = t->next;
	if (t)
		return t;
	t = calloc(1, size);
	if (!t)
		die("perf");
	*t = (struct any){ *first, pid };
	return *first = t;
}

static struct task *named(int pid, const char *comm)
{
	struct task *t = task_of(&tasks, pid, sizeof(*t));

	if (comm && *comm)
		snprintf(t->comm, sizeof(t->comm), "%s", comm);
	return t;
}

long sched_field(const char *args, const char *key, const char *end, char *buf, size_t n)
{
	const char *at = strstr(args, key), *stop;
	size_t len;

	*buf = '\0';
	if (!at)
		return 0;
	at += strlen(key);
	stop = end ? strstr(at, end) : NULL;
	len = stop ? (size_t)(stop - at) : strcspn(at, "\n");
	len = len < n ? len : n - 1;
	memcpy(buf, at, len);
	buf[len] = '\0';
	return strtol(buf, NULL, 10);
}

/* "   comm-pid (tgid) [cpu] flags time: name: args"; a comm may hold anything, so from the right. */
bool sched_parse(char *line, struct sched_event *e)
{
	static const char *const names[] = {
		"sched_switch", "sched_waking", "sched_wakeup", "sched_wakeup_new", "sched_migrate_task", "sched_process_fork",
		"sched_process_exec", "sched_process_exit", "tracing_mark_write",
	};
	char *at = NULL, want[40];

	for (size_t i = 0; i < ARRAY_LEN(names) && !at; i++) {
		snprintf(want, sizeof(want), ": %s: ", names[i]);
		at = strstr(line, want);
		if (at)
			strcpy(e->name, names[i]);
	}
	if (!at)
		return false;
	e->args = at + strlen(e->name) + 4;
	*at = '\0';
	for (int words = 0; words < 3; words++) {
		while (at > line && at[-1] == ' ')
			at--;
		while (at > line && at[-1] != ' ')
			at--;
		if (!words)
			e->time = strtod(at, NULL);
		else if (words == 1)
			e->irq = strcspn(at, "hsH ") == 2;
	}
	e->cpu = *at == '[' ? atoi(at + 1) : -1;
	while (at > line && *at != '(')
		at--;
	while (at > line && at[-1] != '-')
		at--;
	e->pid = atoi(at);
	return e->cpu >= 0 && e->cpu < MAX_HARTS;
}

static void wakes(const struct sched_event *e)
{
	char comm[17], number[24];
	struct task *t;

	sched_field(e->args, "comm=", " pid=", comm, sizeof(comm));
	t = named(sched_field(e->args, " pid=", " ", number, sizeof(number)), comm);
	if (t->ready)
		return;			/* it had not slept yet */
	t->ready = true;
	t->woken = e->time;
}

/* @e is a switch. Its slice ends; @fn hears of it, then of the one that begins. */
static void switches(const struct sched_event *e, void (*fn)(const struct sched_event *e, struct task *prev, struct task *next))
{
	char comm[17], state[8], number[24];
	struct task *prev, *next;
	int pid;

	sched_field(e->args, "prev_comm=", " prev_pid=", comm, sizeof(comm));
	pid = sched_field(e->args, "prev_pid=", " ", number, sizeof(number));
	prev = pid ? named(pid, comm) : NULL;
	sched_field(e->args, "prev_state=", " ", state, sizeof(state));
	sched_field(e->args, "next_comm=", " next_pid=", comm, sizeof(comm));
	pid = sched_field(e->args, "next_pid=", " ", number, sizeof(number));
	next = pid ? named(pid, comm) : NULL;
	if (prev) {
		if (harts[e->cpu].known)
			prev->run += e->time - harts[e->cpu].since;
		prev->ready = *state == 'R';
		prev->woken = prev->ready ? e->time : 0;
	}
	if (fn)
		fn(e, prev, next);
	harts[e->cpu].delay = harts[e->cpu].slept = 0;
	if (next) {
		double delay = next->ready && next->woken ? e->time - next->woken : 0;

		if (delay >= next->max) {
			next->max = delay;
			next->max_start = next->woken;
			next->max_end = e->time;
		}
		next->delay += delay;
		next->switches++;
		next->ready = true;
		harts[e->cpu].delay = delay;
		harts[e->cpu].slept = next->left && next->woken > next->left ? next->woken - next->left : 0;
	}
	if (prev)
		prev->left = e->time;
	harts[e->cpu].since = e->time;
	harts[e->cpu].task = next;
	harts[e->cpu].known = true;
}

static void replay(const char *path, void (*on_switch)(const struct sched_event *e, struct task *prev, struct task *next),
		   void (*on_wake)(const struct sched_event *e))
{
	FILE *f = fopen(path, "r");
	char line[512];
	bool any = false;

	if (!f) {
		fprintf(stderr, "perf: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	while (fgets(line, sizeof(line), f)) {
		struct sched_event e;

		if (!sched_parse(line, &e))
			continue;
		any = true;
		if (!strcmp(e.name, "sched_switch")) {
			switches(&e, on_switch);
		} else if (!strncmp(e.name, "sched_wakeup", 12)) {
			if (on_wake)
				on_wake(&e);
			wakes(&e);
		}
	}
	fclose(f);
	if (!any) {
		fprintf(stderr, "perf: %s: no switch in it; perf sched record makes such a file\n", path);
		exit(1);
	}
}

/* ---- record ---- */

/* A line at a time: all events by their names are more than the kernel takes at once. */
static void put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_TRUNC);
	bool done = fd >= 0;

	while (done && *text) {
		size_t n = strcspn(text, "\n");

		n += text[n] == '\n';
		done = write_all(fd, text, n) >= 0;
		text += n;
	}
	if (!done) {
		fprintf(stderr, "perf: %s: %s\n", file, strerror(errno));
		exit(1);
	}
	close(fd);
}

int sched_record(const char *path, const char *kib, char **argv, uint64_t *bytes)
{
	char had[2048] = "", *text = malloc(65536);
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), in, go, pid, status = 0;
	ssize_t n, events;

	if (out < 0 || !text) {
		fprintf(stderr, "perf: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	events = read_file(T "set_event", had, sizeof(had));
	put(T "buffer_size_kb", kib);
	put(T "set_event", "sched:*");
	put(T "trace", "\n");
	pid = start_command(argv, &go);
	if (write(go, "", 1) != 1)
		die("perf: pipe");
	signal_set(SIGINT, (handler_t)SIG_IGN, 0);
	waitpid(pid, &status, 0);
	put(T "set_event", events > 0 ? had : "!sched:*");
	in = open(T "trace_pipe", O_RDONLY | O_NONBLOCK);
	if (in < 0)
		die("perf: " T "trace_pipe");
	for (*bytes = 0; (n = read(in, text, 65536)) > 0; *bytes += n)
		if (write_all(out, text, n) < 0)
			die("perf: write");
	close(in);
	close(out);
	free(text);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int record(const char *path, const char *kib, char **argv)
{
	uint64_t bytes;
	int status = sched_record(path, kib, argv, &bytes);

	fprintf(stderr, "[ perf sched record: Captured and wrote %.3f MB %s ]\n", bytes / 1048576.0, path);
	return status;
}

/* ---- latency: tasks of a name together, as in perf ---- */

static const char *sort_key = "max";

static double key_of(const struct task *t)
{
	return !strcmp(sort_key, "avg") ? (t->switches ? t->delay / t->switches : 0) : !strcmp(sort_key, "runtime") ? t->run :
	       !strcmp(sort_key, "switch") ? (double)t->switches : t->max;
}

static int by_key(const void *a, const void *b)
{
	double x = key_of(*(struct task *const *)a), y = key_of(*(struct task *const *)b);

	return x < y ? 1 : x > y ? -1 : (*(struct task *const *)a)->pid - (*(struct task *const *)b)->pid;
}

static void rule(int n)
{
	printf(" ");
	while (n--)
		putchar('-');
	printf("\n");
}

static int latency(const char *path)
{
	struct task **v, *t, *u;
	double run = 0;
	unsigned long all = 0;
	size_t n = 0;

	replay(path, NULL, NULL);
	for (t = tasks; t; t = t->next)
		n++;
	v = malloc(n * sizeof(*v));
	if (!v)
		die("perf");
	n = 0;
	for (t = tasks; t; t = t->next) {
		size_t i = 0;

		while (i < n && strcmp(v[i]->comm, t->comm))
			i++;
		if (i == n) {
			v[n++] = t;
			t->left = 1;	/* from now on: how many they are */
			continue;
		}
		u = v[i];
		u->left++;
		u->run += t->run;
		u->delay += t->delay;
		u->switches += t->switches;
		if (t->max > u->max) {
			u->max = t->max;
			u->max_start = t->max_start;
			u->max_end = t->max_end;
		}
	}
	qsort(v, n, sizeof(*v), by_key);
	printf("\n");
	rule(139);
	printf("  Task                  |   Runtime ms  | Switches | Avg delay ms    | Max delay ms    | Max delay start           |"
	       " Max delay end          |\n");
	rule(139);
	for (size_t i = 0; i < n; i++) {
		char name[40];

		t = v[i];
		if (!t->switches && t->run <= 0)
			continue;
		if (t->left > 1)
			snprintf(name, sizeof(name), "%s:(%d)", t->comm, (int)t->left);
		else
			snprintf(name, sizeof(name), "%s:%d", t->comm, t->pid);
		printf("  %-22s|%11.3f ms |%9lu | avg:%8.3f ms | max:%8.3f ms | max start: %12.6f s | max end: %12.6f s\n", name,
		       t->run * 1e3, t->switches, t->switches ? t->delay / t->switches * 1e3 : 0, t->max * 1e3, t->max_start, t->max_end);
		run += t->run;
		all += t->switches;
	}
	rule(139);
	printf("  TOTAL:                |%11.3f ms |%9lu |\n", run * 1e3, all);
	rule(51);
	printf("\n");
	free(v);
	return 0;
}

/* ---- map ---- */

static int columns;

static void tag(struct task *t)
{
	int letter = nr_tags % 36, digit = nr_tags / 36 % 10;

	t->tag[0] = letter < 26 ? 'A' + letter : '0' + letter - 26;
	t->tag[1] = '0' + digit;
	nr_tags++;
}

static void map_switch(const struct sched_event *e, struct task *prev, struct task *next)
{
	bool new = next && !next->tag[0];

	(void)prev;
	if (new)
		tag(next);
	columns = e->cpu >= columns ? e->cpu + 1 : columns;
	printf("  ");
	for (int cpu = 0; cpu < columns; cpu++) {
		const struct task *t = cpu == e->cpu ? next : harts[cpu].task;

		printf("%s%-2s ", cpu == e->cpu ? "*" : " ", t ? t->tag : cpu == e->cpu || harts[cpu].known ? "." : "");
	}
	printf(" %12.6f secs ", e->time);
	if (new)
		printf("%s => %s:%d", next->tag, next->comm, next->pid);
	printf("\n");
}

/* ---- timehist ---- */

static void hist_line(const struct sched_event *e, const struct task *t)
{
	char name[40];

	snprintf(name, sizeof(name), t ? "%s[%d]" : "<idle>", t ? t->comm : "", t ? t->pid : 0);
	printf("%15.6f [%04d]  %-30s  ", e->time, e->cpu, name);
}

static void hist_switch(const struct sched_event *e, struct task *prev, struct task *next)
{
	(void)next;
	if (!harts[e->cpu].known)
		return;
	hist_line(e, prev);
	printf("%9.3f  %9.3f  %9.3f\n", harts[e->cpu].slept * 1e3, harts[e->cpu].delay * 1e3, (e->time - harts[e->cpu].since) * 1e3);
}

static void hist_wake(const struct sched_event *e)
{
	char comm[17], number[24];
	long pid;

	sched_field(e->args, "comm=", " pid=", comm, sizeof(comm));
	pid = sched_field(e->args, " pid=", " ", number, sizeof(number));
	hist_line(e, harts[e->cpu].task);
	printf("%31s  awakened: %s[%ld]\n", "", comm, pid);
}

int cmd_sched(int argc, char **argv)
{
	const char *path = "sched.data", *kib = "1024", *what;
	bool wakeups = false;
	int i = 1;

	if (i + 1 < argc && !strcmp(argv[i], "-i")) {
		path = argv[i + 1];
		i += 2;
	}
	if (i == argc)
		usage(USAGE);
	what = argv[i++];
	for (; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--"); i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(what, "timehist") && !strcmp(argv[i], "-w"))
			wakeups = true;
		else if (!value)
			usage(USAGE);
		else if (!strcmp(argv[i], "-i") || (!strcmp(what, "record") && !strcmp(argv[i], "-o")))
			path = argv[++i];
		else if (!strcmp(what, "record") && !strcmp(argv[i], "-m"))
			kib = argv[++i];
		else if (!strcmp(what, "latency") && !strcmp(argv[i], "-s") &&
			 (!strcmp(value, "max") || !strcmp(value, "avg") || !strcmp(value, "runtime") || !strcmp(value, "switch")))
			sort_key = argv[++i];
		else
			usage(USAGE);
	}
	i += i < argc && !strcmp(argv[i], "--");
	if (!strcmp(what, "record") && i < argc)
		return record(path, kib, argv + i);
	if (i < argc)
		usage(USAGE);
	if (!strcmp(what, "latency"))
		return latency(path);
	if (!strcmp(what, "map")) {
		replay(path, map_switch, NULL);
		return 0;
	}
	if (strcmp(what, "timehist"))
		usage(USAGE);
	printf("           time    cpu  task name                       wait time  sch delay   run time\n"
	       "                        [tid/pid]                          (msec)     (msec)     (msec)\n"
	       "--------------- ------  ------------------------------  ---------  ---------  ---------\n");
	replay(path, hist_switch, wakeups ? hist_wake : NULL);
	return 0;
}
