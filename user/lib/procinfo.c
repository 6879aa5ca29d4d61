/* SPDX-License-Identifier: MIT */
#include "procinfo.h"

bool read_task_stat(int pid, int tid, struct task_stat *st)
{
	char path[64], buf[1024], *comm, *rest;
	long f[52] = { 0 };
	int n = 3;

	snprintf(path, sizeof(path), tid ? "/proc/%d/task/%d/stat" : "/proc/%d/stat", pid, tid);
	if (read_file(path, buf, sizeof(buf)) <= 0 || !(comm = strchr(buf, '(')) || !(rest = strrchr(buf, ')')))
		return false;
	*rest = '\0';
	for (char *p = rest + 3; *p && n < 52; n++)
		f[n] = strtol(p, &p, 10);
	/* f[i] is field i + 1 of proc(5). */
	*st = (struct task_stat){
		.pid = tid ? tid : pid, .tgid = pid, .ppid = f[3], .cpu = f[38], .state = rest[2], .prio = f[17], .nice = f[18],
		.policy = f[40], .rt_priority = f[39], .time = f[13] + f[14], .user = f[13], .system = f[14], .start = f[21],
		.vsize = f[22] / 1024, .rss = f[23] * 4, .tty = f[6],
	};
	strncpy(st->comm, comm + 1, sizeof(st->comm) - 1);
	return true;
}

/* Call @fn for each name of @path that is a number. */
static bool each_number(const char *path, bool (*fn)(int parent, int nr, void *arg), int parent, void *arg)
{
	char buf[2048];
	bool more = true;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return true;		/* it is gone */
	while (more && (n = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; more && p < buf + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (d->d_name[0] >= '1' && d->d_name[0] <= '9')
				more = fn(parent, atoi(d->d_name), arg);
		}
	close(fd);
	return more;
}

struct each {
	bool threads;
	bool (*fn)(const struct task_stat *st);
};

static bool one_thread(int pid, int tid, void *arg)
{
	struct each *e = arg;
	struct task_stat st;

	return !read_task_stat(pid, tid, &st) || e->fn(&st);
}

static bool one_process(int unused, int pid, void *arg)
{
	struct each *e = arg;
	char path[32];

	(void)unused;
	if (!e->threads)
		return one_thread(pid, 0, e);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	return each_number(path, one_thread, pid, e);
}

void each_task(bool threads, bool (*fn)(const struct task_stat *st))
{
	struct each e = { threads, fn };

	if (access("/proc/stat", 0) < 0)
		die("/proc");
	each_number("/proc", one_process, 0, &e);
}

void read_system_stat(struct system_stat *s)
{
	static char text[16384];
	char *line = text, *next;

	if (read_file("/proc/stat", text, sizeof(text)) < 0)
		die("/proc/stat");
	memset(s, 0, sizeof(*s));
	for (; *line; line = next) {
		struct cpu_stat *c = &s->all;
		char *p = line + 3;

		next = strchr(line, '\n');
		next = next ? next + 1 : line + strlen(line);
		if (!strncmp(line, "cpu", 3)) {
			if (*p >= '0' && *p <= '9') {
				long nr = strtol(p, &p, 10);

				if (nr >= MAX_CPUS)
					continue;
				c = &s->cpu[nr];
				s->nr_cpus = nr + 1;
			}
			c->online = true;
			c->user = strtoull(p, &p, 10);
			c->nice = strtoull(p, &p, 10);
			c->system = strtoull(p, &p, 10);
			c->idle = strtoull(p, &p, 10);
		} else if (!strncmp(line, "intr ", 5)) {
			s->interrupts = strtoull(line + 5, NULL, 10);
		} else if (!strncmp(line, "ctxt ", 5)) {
			s->switches = strtoull(line + 5, NULL, 10);
		} else if (!strncmp(line, "procs_running ", 14)) {
			s->running = strtol(line + 14, NULL, 10);
		} else if (!strncmp(line, "procs_blocked ", 14)) {
			s->blocked = strtol(line + 14, NULL, 10);
		}
	}
}

/* The sum of times is of sampled ones and exact ones: what each had is its part of that. */
double cpu_share(const struct cpu_stat *a, const struct cpu_stat *b, size_t part)
{
	uint64_t all = b->user + b->nice + b->system + b->idle - a->user - a->nice - a->system - a->idle;
	uint64_t was = *(const uint64_t *)((const char *)a + part), is = *(const uint64_t *)((const char *)b + part);

	return (int64_t)all > 0 && is > was ? 100.0 * (is - was) / all : 0;
}

long meminfo(const char *name)
{
	char text[2048], key[32], *p;

	snprintf(key, sizeof(key), "\n%s:", name);
	text[0] = '\n';
	if (read_file("/proc/meminfo", text + 1, sizeof(text) - 1) < 0)
		return 0;
	p = strstr(text, key);
	return p ? strtol(p + strlen(key), NULL, 10) : 0;
}
