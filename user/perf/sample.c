/* SPDX-License-Identifier: MIT */
#include "sample.h"

#define L_ENOENT 2
#define L_EOPNOTSUPP 95

struct ring *rings;
int nr_rings;

static void bad_value(const char *option, const char *value)
{
	fprintf(stderr, "perf: %s %s: not understood\n", option, value ? value : "");
	exit(129);
}

static uint64_t number(const char *option, const char *value)
{
	char *end;
	uint64_t n = value ? strtoull(value, &end, 10) : 0;

	if (!n || *end)
		bad_value(option, value);
	return n;
}

bool sampling_option(struct sampling *s, int argc, char **argv, int *i)
{
	const char *o = argv[*i], *value;

	if (!strcmp(o, "-a")) {
		s->pid = -1;
		return true;
	}
	if (o[0] != '-' || !o[1] || !strchr("ecFCpm", o[1]))
		return false;
	value = o[2] ? o + 2 : *i + 1 < argc ? argv[++*i] : NULL;
	if (!value)
		bad_value(o, value);
	if (o[1] == 'e')
		s->nr_events = parse_events(value, s->events, s->nr_events);
	else if (o[1] == 'c')
		s->period = number("-c", value);
	else if (o[1] == 'F')
		s->freq = number("-F", value);
	else if (o[1] == 'p')
		s->pid = number("-p", value);
	else if (o[1] == 'm')
		s->pages = number("-m", value);
	if (o[1] == 'm' && (s->pages & (s->pages - 1)))
		bad_value("-m", value);
	if (o[1] == 'C') {
		s->harts = value;
		s->pid = -1;
	}
	return true;
}

struct perf_event_attr sampling_attr(const struct sampling *s, int e)
{
	bool trace = s->events[e].type == PERF_TYPE_TRACEPOINT;
	struct perf_event_attr attr = {
		.type = s->events[e].type, .size = PERF_ATTR_SIZE_VER7, .config = s->events[e].config,
		.sample_type = SAMPLE_TYPE | (s->chains ? PERF_SAMPLE_CALLCHAIN : 0) | (trace ? PERF_SAMPLE_RAW : 0),
		.sample_period = s->period ? s->period : s->freq, .read_format = PERF_FORMAT_ID,
		.flags = s->flags | s->events[e].flags | PERF_ATTR_DISABLED | PERF_ATTR_SAMPLE_ID_ALL | (s->period ? 0 : PERF_ATTR_FREQ),
	};

	if (trace && s->usual) {
		attr.flags &= ~PERF_ATTR_FREQ;
		attr.sample_period = 1;
	}
	if (!e)
		attr.flags |= PERF_ATTR_MMAP | PERF_ATTR_COMM | PERF_ATTR_COMM_EXEC | PERF_ATTR_TASK;
	return attr;
}

static int try_open(const struct sampling *s, int e, int cpu)
{
	struct perf_event_attr attr = sampling_attr(s, e);

	return SYSCALL(__NR_perf_event_open, &attr, s->pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static void cannot(const struct sampling *s, int e, int err)
{
	fprintf(stderr, "perf: %s cannot be sampled: %s\n", s->events[e].name,
		err == -L_EOPNOTSUPP || err == -L_ENOENT ? "this machine has no interrupt for it (try cpu-clock)" :
		err == -1 || err == -13 ? "no permission (see /proc/sys/kernel/perf_event_paranoid)" :
		err == -3 ? "no such task" : err == -12 ? "no memory" : "error");
	exit(1);
}

static void add_ring(struct sampling *s, int e, int cpu)
{
	int fd = try_open(s, e, cpu);
	struct ring *r;

	if (fd == -19)			/* ENODEV: the hart is off */
		return;
	if (fd < 0)
		cannot(s, e, fd);
	rings = realloc(rings, (nr_rings + 1) * sizeof(*rings));
	if (!rings)
		cannot(s, e, -12);
	r = &rings[nr_rings++];
	*r = (struct ring){ .fd = fd, .event = e, .cpu = cpu };
	ioctl(fd, PERF_EVENT_IOC_ID, &r->id);
	r->page = mmap(NULL, (s->pages + 1) * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if ((long)r->page == -1)
		cannot(s, e, errno == EPERM ? -1 : -12);
}

void sampling_open(struct sampling *s)
{
	char online[64] = "";
	const char *h = s->harts;

	s->usual = !s->freq && !s->period;
	if (!s->freq)
		s->freq = 1000;
	if (!s->pages)
		s->pages = 128;
	if (!s->nr_events) {
		int fd;

		s->nr_events = parse_events("cycles", s->events, 0);
		fd = try_open(s, 0, 0);
		if (fd >= 0)
			close(fd);
		else
			s->nr_events = parse_events("cpu-clock", s->events, 0);
	}
	if (!h && read_file("/sys/devices/system/cpu/online", online, sizeof(online)) > 0)
		h = online;
	while (h && *h && *h != '\n') {
		char *end;
		long from = strtol(h, &end, 10), to;

		if (end == h)
			bad_value("-C", h);
		to = *end == '-' ? strtol(end + 1, &end, 10) : from;
		for (; from <= to; from++)
			for (int e = 0; e < s->nr_events; e++)
				add_ring(s, e, from);
		h = end + (*end == ',');
		if (h == end && *h && *h != '\n')
			bad_value("-C", h);
	}
	if (!nr_rings)
		bad_value("-C", s->harts);
}

void sampling_enable(void)
{
	for (int i = 0; i < nr_rings; i++)
		ioctl(rings[i].fd, PERF_EVENT_IOC_ENABLE, NULL);
}

void sampling_disable(void)
{
	for (int i = 0; i < nr_rings; i++)
		ioctl(rings[i].fd, PERF_EVENT_IOC_DISABLE, NULL);
}

void sampling_wait(int ms)
{
	struct pollfd { int fd; short events, revents; } p[64];
	struct timespec64 ts = { ms / 1000, ms % 1000 * 1000000L };
	int n = nr_rings < 64 ? nr_rings : 64;

	for (int i = 0; i < n; i++)
		p[i] = (struct pollfd){ rings[i].fd, 1 /* POLLIN */, 0 };
	SYSCALL(__NR_ppoll, p, n, &ts, NULL, 0);
	for (int i = 0; i < n; i++)
		if (p[i].revents & 0x10)	/* POLLHUP: its task is gone, do not run hot */
			nanosleep_ns(1000000);
}

static unsigned long drain(struct ring *r, void (*fn)(const struct perf_event_header *h))
{
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE), tail = r->page->data_tail, size = r->page->data_size;
	const char *data = (const char *)r->page + r->page->data_offset;
	static uint64_t record[65536 / 8];
	unsigned long n = 0;

	while (tail < head) {
		const struct perf_event_header *h = (const void *)(data + tail % size);
		uint64_t first = size - tail % size;

		if (h->size > first) {
			/* It wraps; its header does not, for records are of whole words. */
			memcpy(record, h, first);
			memcpy((char *)record + first, data, h->size - first);
			h = (const void *)record;
		}
		tail += h->size;
		fn(h);
		n++;
	}
	__atomic_store_n(&r->page->data_tail, tail, __ATOMIC_RELEASE);
	return n;
}

unsigned long sampling_drain(void (*fn)(const struct perf_event_header *h))
{
	unsigned long n = 0;

	for (int i = 0; i < nr_rings; i++)
		n += drain(&rings[i], fn);
	return n;
}

/* What the kernel would have told if we had been there. */
struct told {
	struct perf_event_header h;
	uint32_t pid, tid;
	char rest[4096];
};

/* The rest is full up to @used; all but samples end with who, when, where and what. */
static void tell(struct told *t, size_t used, void (*fn)(const struct perf_event_header *h))
{
	uint64_t end[4] = { t->pid | (uint64_t)t->tid << 32, 0, 0, rings[0].id };

	used = (used + 7) & ~7UL;
	memcpy(t->rest + used, end, sizeof(end));
	t->h.size = offsetof(struct told, rest) + used + sizeof(end);
	fn(&t->h);
}

static void tell_map(int pid, uint64_t addr, uint64_t len, uint64_t pgoff, const char *name, int misc,
		     void (*fn)(const struct perf_event_header *h))
{
	struct told t = { { PERF_RECORD_MMAP, misc, 0 }, pid, pid, { 0 } };
	uint64_t where[3] = { addr, len, pgoff };

	memcpy(t.rest, where, sizeof(where));
	snprintf(t.rest + sizeof(where), 1024, "%s", name);
	tell(&t, sizeof(where) + strlen(name) + 1, fn);
}

static void tell_maps(int pid, void (*fn)(const struct perf_event_header *h))
{
	char path[48], *text = malloc(65536), *line;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	n = text ? read_file(path, text, 65536) : -1;
	for (line = text; n > 0 && line && *line; ) {
		char *next = strchr(line, '\n'), *name, *end;
		uint64_t from = strtoull(line, &end, 16), to = strtoull(end + 1, &end, 16), off = strtoull(end + 6, NULL, 16);

		if (next)
			*next++ = '\0';
		name = strchr(line, '/');
		if (end[3] == 'x' && name)
			tell_map(pid, from, to - from, off, name, PERF_RECORD_MISC_USER, fn);
		line = next;
	}
	free(text);
}

static void tell_task(int pid, void (*fn)(const struct perf_event_header *h))
{
	struct told t = { { PERF_RECORD_COMM, 0, 0 }, pid, pid, { 0 } };
	char path[48];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	n = read_file(path, t.rest, 17);
	if (n <= 0)
		return;			/* it has ended */
	t.rest[n - 1] = '\0';
	tell(&t, 16, fn);
	tell_maps(pid, fn);
}

void sampling_running(int pid, void (*fn)(const struct perf_event_header *h))
{
	char line[64], dirents[2048];
	ssize_t n;
	int fd;

	/* The kernel's code begins at its first symbol. */
	fd = open("/proc/kallsyms", O_RDONLY);
	if (fd >= 0 && (n = read(fd, line, sizeof(line))) > 16) {
		uint64_t start = strtoull(line, NULL, 16);

		tell_map(-1, start, -start - 1, start, "[kernel.kallsyms]_text", PERF_RECORD_MISC_KERNEL, fn);
	}
	if (fd >= 0)
		close(fd);
	if (pid >= 0) {
		tell_task(pid, fn);
		return;
	}
	fd = open("/proc", O_RDONLY | O_DIRECTORY);
	while (fd >= 0 && (n = getdents64(fd, dirents, sizeof(dirents))) > 0)
		for (char *p = dirents; p < dirents + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (d->d_name[0] >= '0' && d->d_name[0] <= '9')
				tell_task(atoi(d->d_name), fn);
		}
	if (fd >= 0)
		close(fd);
}
