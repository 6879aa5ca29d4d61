/* SPDX-License-Identifier: MIT */
/* ps: every process, with the hart it runs on (PSR) and its class (CLS); or as procps lays out aux and -ef. */
#include "procinfo.h"
#include "when.h"
#include "users.h"

#define HELP "ps [-e | -eL | -ef | aux]\n" \
	"  -e   every process, as without it; -L its threads\n" \
	"  -ef  who, whose child, when and where from\n" \
	"  aux  who, with shares of time and memory"

static uint64_t up_ms;		/* since the machine was started */
static long memory_kib;

static const char *policy_name(int policy)
{
	static const char *const names[] = { "TS", "FF", "RR", "B", "?", "IDL", "DLN" };

	return policy >= 0 && policy < 7 ? names[policy] : "?";
}

static bool show(const struct task_stat *t)
{
	printf("%5d %5d %3d %-3s %3ld %c %4lu:%02lu.%02lu %7lu %6lu %s\n", t->pid, t->ppid, t->cpu, policy_name(t->policy), t->nice,
	       t->state, (unsigned long)t->time / 6000, (unsigned long)t->time / 100 % 60, (unsigned long)t->time % 100,
	       (unsigned long)t->vsize, (unsigned long)t->rss, t->comm);
	return true;
}

/* The words it was started with; of a kernel thread, its name in brackets. */
static const char *command(const struct task_stat *t, char *buf, size_t size)
{
	char path[32];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", t->pid);
	n = read_file(path, buf, size);
	if (n <= 0) {
		snprintf(buf, size, "[%s]", t->comm);
		return buf;
	}
	for (ssize_t i = 0; i < n - 1; i++)
		buf[i] = buf[i] ? buf[i] : ' ';
	return buf;
}

static const char *owner(const struct task_stat *t)
{
	char path[32];
	struct k_stat st;

	snprintf(path, sizeof(path), "/proc/%d", t->pid);
	return stat(path, &st) < 0 ? "?" : user_name(st.st_uid);
}

/* "tty", or "?" for who has none. */
static const char *terminal(const struct task_stat *t)
{
	return t->tty ? "ttyS0" : "?";
}

static const char *start_text(const struct task_stat *t, char *buf, size_t size)
{
	return format_time(buf, size, "%H:%M", time_now(NULL) - (int64_t)(up_ms - t->start * 10) / 1000, 0);
}

/* Per mille of the time it is there that it ran. */
static unsigned long share(const struct task_stat *t)
{
	uint64_t there = up_ms / 10 - t->start;

	return there && (int64_t)there > 0 ? t->time * 1000 / there : 0;
}

static bool show_aux(const struct task_stat *t)
{
	unsigned long cpu = share(t), mem = memory_kib ? t->rss * 1000 / memory_kib : 0;
	char start[16], words[256];

	printf("%-8s %7d %2lu.%lu %2lu.%lu %6lu %5lu %-8s %c    %s %3lu:%02lu %s\n", owner(t), t->pid, cpu / 10, cpu % 10,
	       mem / 10, mem % 10, (unsigned long)t->vsize, (unsigned long)t->rss, terminal(t), t->state,
	       start_text(t, start, sizeof(start)),
	       (unsigned long)t->time / 6000, (unsigned long)t->time / 100 % 60, command(t, words, sizeof(words)));
	return true;
}

static bool show_full(const struct task_stat *t)
{
	char start[16], words[256];

	printf("%-8s %7d %7d %2lu %s %-8s %02lu:%02lu:%02lu %s\n", owner(t), t->pid, t->ppid, share(t) / 10,
	       start_text(t, start, sizeof(start)), terminal(t), (unsigned long)t->time / 360000, (unsigned long)t->time / 6000 % 60,
	       (unsigned long)t->time / 100 % 60, command(t, words, sizeof(words)));
	return true;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "-e";
	char up[64] = "";

	read_file("/proc/uptime", up, sizeof(up));
	up_ms = strtoull(up, NULL, 10) * 1000;
	memory_kib = meminfo("MemTotal");
	if (argc > 2) {
		usage(HELP);
	} else if (!strcmp(how, "aux")) {
		printf("USER         PID %%CPU %%MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n");
		each_task(false, show_aux);
	} else if (!strcmp(how, "-ef")) {
		printf("UID          PID    PPID  C STIME TTY          TIME CMD\n");
		each_task(false, show_full);
	} else if (!strcmp(how, "-e") || !strcmp(how, "-eL")) {
		printf("  PID  PPID PSR CLS  NI S       TIME     VSZ    RSS COMMAND\n");
		each_task(how[2] == 'L', show);
	} else {
		usage(HELP);
	}
	return end_output();
}
