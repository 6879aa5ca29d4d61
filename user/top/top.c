/* SPDX-License-Identifier: MIT */
/* top: tasks by what they use, and each hart's time. Options, keys and layout are procps's. */
#include "procinfo.h"

#include "abi/time.h"

#define USAGE "top [-b] [-H] [-1] [-t] [-n COUNT] [-d SECONDS] [-o FIELD] [-p PID]\n\
  -b: for files, one after the other; -H: threads; -1: a line a hart; -t: bars; FIELD: %CPU %MEM TIME+ PID\n\
  keys: q ends, P M T N sort by use, memory, time, pid; 1 harts, H threads, t bars"

#define MAX_TASKS 512
#define BAR 50				/* characters: | user, # system */

struct row {
	struct task_stat st;
	uint64_t used;			/* hundredths of a second, since the last time */
};

static struct row rows[MAX_TASKS], before[MAX_TASKS];
static int nr_rows, nr_before, only_pid;
static int states[128];			/* how many tasks are in each */
static char order = 'P';
static bool threads, each_hart, bars, batch;
static struct k_termios cooked;

static bool add_row(const struct task_stat *st)
{
	struct row *r = &rows[nr_rows];

	if (only_pid && st->tgid != only_pid)
		return true;
	states[st->state & 127]++;
	if (nr_rows == MAX_TASKS)
		return true;
	nr_rows++;
	r->st = *st;
	r->used = 0;
	for (int i = 0; i < nr_before; i++)
		if (before[i].st.pid == st->pid)
			r->used = st->time - before[i].st.time;
	return true;
}

static int compare(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int64_t d = order == 'M' ? (int64_t)(b->st.rss - a->st.rss) : order == 'T' ? (int64_t)(b->st.time - a->st.time) :
		    order == 'N' ? b->st.pid - a->st.pid : (int64_t)(b->used - a->used);

	return d ? (d > 0) - (d < 0) : a->st.pid - b->st.pid;
}

static void cpu_line(const char *name, const struct cpu_stat *a, const struct cpu_stat *b)
{
	if (bars) {
		double user = cpu_share(a, b, offsetof(struct cpu_stat, user)) + cpu_share(a, b, offsetof(struct cpu_stat, nice));
		double system = cpu_share(a, b, offsetof(struct cpu_stat, system));
		int nr_user = user * BAR / 100 + 0.5, nr = (user + system) * BAR / 100 + 0.5;

		printf("%-8s: %5.1f/%-5.1f %3.0f[", name, user, system, user + system);
		for (int i = 0; i < BAR; i++)
			putchar(i < nr_user ? '|' : i < nr ? '#' : ' ');
		printf("]\n");
		return;
	}
	printf("%-8s: %4.1f us, %4.1f sy, %4.1f ni, %4.1f id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\n", name,
	       cpu_share(a, b, offsetof(struct cpu_stat, user)), cpu_share(a, b, offsetof(struct cpu_stat, system)),
	       cpu_share(a, b, offsetof(struct cpu_stat, nice)), cpu_share(a, b, offsetof(struct cpu_stat, idle)));
}

static void summary(const struct system_stat *a, const struct system_stat *b)
{
	char up[64], load[64], *p = load;
	struct timespec64 ts;
	long s, total = meminfo("MemTotal"), free = meminfo("MemFree"), cache = meminfo("Buffers") + meminfo("Cached");
	int all = 0;

	if (read_file("/proc/uptime", up, sizeof(up)) < 0 || read_file("/proc/loadavg", load, sizeof(load)) < 0)
		die("top: /proc");
	for (int spaces = 0; *p; p++)
		if (*p == ' ' && ++spaces == 3)
			*p = '\0';
	s = strtol(up, NULL, 10);
	SYSCALL(__NR_clock_gettime, CLOCK_REALTIME, &ts);
	for (int i = 0; i < 128; i++)
		all += states[i];
	printf("top - %02d:%02d:%02d up %ld:%02ld,  load average: ", (int)(ts.tv_sec / 3600 % 24), (int)(ts.tv_sec / 60 % 60),
	       (int)(ts.tv_sec % 60), s / 3600, s / 60 % 60);
	for (p = load; *p; p++)
		printf(*p == ' ' ? ", " : "%c", *p);
	printf("\n%s: %3d total, %3d running, %3d sleeping, %3d stopped, %3d zombie\n", threads ? "Threads" : "Tasks", all, states['R'],
	       states['S'] + states['D'] + states['I'], states['T'] + states['t'], states['Z']);
	if (each_hart)
		for (int cpu = 0; cpu < b->nr_cpus; cpu++) {
			char name[12];

			snprintf(name, sizeof(name), "%%Cpu%d", cpu);
			if (b->cpu[cpu].online)
				cpu_line(name, &a->cpu[cpu], &b->cpu[cpu]);
		}
	else
		cpu_line("%Cpu(s)", &a->all, &b->all);
	printf("MiB Mem : %8.1f total, %8.1f free, %8.1f used, %8.1f buff/cache\n", total / 1024.0, free / 1024.0,
	       (total - free - cache) / 1024.0, cache / 1024.0);
}

static void show(const struct system_stat *a, const struct system_stat *b, double seconds, int lines)
{
	long total = meminfo("MemTotal");

	printf(batch ? "" : "\033[H\033[J");
	summary(a, b);
	printf("\n%s    PID USER      PR  NI    VIRT    RES P S  %%CPU  %%MEM     TIME+ COMMAND%s\n", batch ? "" : "\033[7m",
	       batch ? "" : "\033[0m");
	lines -= 7 + (each_hart ? b->nr_cpus - 1 : 0);
	for (int i = 0; i < nr_rows && (batch || i < lines); i++) {
		const struct task_stat *t = &rows[i].st;
		char prio[8];

		snprintf(prio, sizeof(prio), t->prio < -99 ? "rt" : "%ld", t->prio);
		printf("%7d root     %3s %3ld %7lu %6lu %d %c %5.1f %5.1f %3lu:%02lu.%02lu %s\n", t->pid, prio, t->nice,
		       (unsigned long)t->vsize, (unsigned long)t->rss, t->cpu, t->state, rows[i].used / seconds, 100.0 * t->rss / total,
		       (unsigned long)t->time / 6000, (unsigned long)t->time / 100 % 60, (unsigned long)t->time % 100, t->comm);
	}
	if (batch)
		printf("\n");
	fflush(stdout);
}

/* Wait, and do as the keys say. Return: false: it is to end. */
static bool wait_keys(uint64_t ns)
{
	struct k_pollfd keyboard = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec64 left = { ns / 1000000000, ns % 1000000000 };
	char key;

	if (batch) {
		nanosleep_ns(ns);
		return true;
	}
	if (SYSCALL(__NR_ppoll, &keyboard, 1, &left, NULL, 8) <= 0)
		return true;
	if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 3)
		return false;
	if (key && strchr("PMTN", key))
		order = key;
	each_hart ^= key == '1';
	bars ^= key == 't';
	threads ^= key == 'H';
	return true;
}

static void restore(void)
{
	ioctl(STDIN_FILENO, TCSETS, &cooked);
}

static int screen(bool *small)
{
	unsigned short size[4] = { 0 };

	*small = ioctl(STDOUT_FILENO, TIOCGWINSZ, size) < 0 || !size[0];
	return *small ? 24 : size[0];
}

static int field_order(const char *name)
{
	return !strcmp(name, "%CPU") ? 'P' : !strcmp(name, "%MEM") ? 'M' : !strcmp(name, "TIME+") ? 'T' : !strcmp(name, "PID") ? 'N' : 0;
}

int main(int argc, char **argv)
{
	static struct system_stat a, b;
	double seconds = 3;
	long count = -1;
	bool small;

	for (int i = 1; i < argc; i++) {
		const char *o = argv[i], *value = NULL;

		if (o[0] != '-' || !o[1])
			usage(USAGE);
		if (strchr("ndop", o[1])) {
			value = o[2] ? o + 2 : argv[++i];
			if (!value)
				usage(USAGE);
		}
		if (o[1] == 'n')
			count = atol(value);
		else if (o[1] == 'd')
			seconds = strtod(value, NULL);
		else if (o[1] == 'p')
			only_pid = atoi(value);
		else if (o[1] == 'o')
			order = field_order(value);
		else if (!o[2] && o[1] == 'b')
			batch = true;
		else if (!o[2] && o[1] == 'H')
			threads = true;
		else if (!o[2] && o[1] == '1')
			each_hart = true;
		else if (!o[2] && o[1] == 't')
			bars = true;
		else
			usage(USAGE);
	}
	if (!order || seconds < 0.01 || !count || count < -1)
		usage(USAGE);
	if (!batch) {
		struct k_termios raw;

		if (ioctl(STDIN_FILENO, TCGETS, &cooked) < 0) {
			fprintf(stderr, "top: no terminal; -b for files\n");
			return 1;
		}
		raw = cooked;
		raw.c_lflag &= ~(ICANON | ECHO | ISIG);
		ioctl(STDIN_FILENO, TCSETS, &raw);
		atexit(restore);
	}
	/* The first figures are of a short while. */
	read_system_stat(&b);
	each_task(threads, add_row);
	memcpy(before, rows, sizeof(rows));
	nr_before = nr_rows;
	for (double span = batch ? 0.3 : 0.1; count--; span = seconds) {
		uint64_t since = monotonic_ns();

		if (!wait_keys(span * 1e9))
			break;
		a = b;
		read_system_stat(&b);
		nr_rows = 0;
		memset(states, 0, sizeof(states));
		each_task(threads, add_row);
		qsort(rows, nr_rows, sizeof(rows[0]), compare);
		show(&a, &b, (monotonic_ns() - since) / 1e9, screen(&small));
		memcpy(before, rows, sizeof(rows));
		nr_before = nr_rows;
	}
	return 0;
}
