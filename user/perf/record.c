/* SPDX-License-Identifier: MIT */
/* perf record: samples to a file, which perf report here and Linux's perf read. */
#include "data.h"
#include "sample.h"

#define USAGE "perf record [OPTIONS] [CMD ARGS...]\n" SAMPLING_USAGE "\
  -g                who called, too, by frame pointers\n\
  -i                without the tasks that CMD makes\n\
  -o FILE           write there (perf.data)"

static FILE *out;
static uint64_t samples, lost;
static volatile bool interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = true;
}

static void put(const void *data, size_t n)
{
	if (fwrite(data, 1, n, out) != n)
		die("perf: write");
}

static void put_record(const struct perf_event_header *h)
{
	samples += h->type == PERF_RECORD_SAMPLE;
	if (h->type == PERF_RECORD_LOST)
		lost += ((const uint64_t *)h)[2];
	put(h, h->size);
}

/* What comes before the records; their size is known at the end only. */
static void put_header(const struct sampling *s, uint64_t size)
{
	uint64_t ids_at = sizeof(struct perf_file_header), attrs_at = ids_at + nr_rings * sizeof(uint64_t);
	struct perf_file_header h = {
		.magic = PERF_DATA_MAGIC, .size = sizeof(h), .attr_size = sizeof(struct perf_file_attr),
		.attrs = { attrs_at, s->nr_events * sizeof(struct perf_file_attr) },
		.data = { attrs_at + s->nr_events * sizeof(struct perf_file_attr), size },
	};

	put(&h, sizeof(h));
	for (int e = 0; e < s->nr_events; e++)
		for (int i = 0; i < nr_rings; i++)
			if (rings[i].event == e)
				put(&rings[i].id, sizeof(rings[i].id));
	for (int e = 0; e < s->nr_events; e++) {
		struct perf_event_attr attr = sampling_attr(s, e);
		struct perf_file_attr f = { .ids = { ids_at, 0 } };

		memcpy(f.attr, &attr, sizeof(f.attr));
		for (int i = 0; i < nr_rings; i++)
			f.ids.size += rings[i].event == e ? sizeof(uint64_t) : 0;
		ids_at += f.ids.size;
		put(&f, sizeof(f));
	}
}

int cmd_record(int argc, char **argv)
{
	struct sampling s = { .pid = 0, .flags = PERF_ATTR_INHERIT };
	int i, go_fd = -1, pid = 0, status = 0, attached;
	const char *path = "perf.data";
	unsigned long woken = 0;
	uint64_t before, size;

	for (i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--"); i++) {
		if (sampling_option(&s, argc, argv, &i))
			continue;
		if (!strcmp(argv[i], "-g"))
			s.chains = true;
		else if (!strcmp(argv[i], "-i"))
			s.flags &= ~PERF_ATTR_INHERIT;
		else if (!strcmp(argv[i], "-o") && i + 1 < argc)
			path = argv[++i];
		else
			usage(USAGE);
	}
	i += i < argc && !strcmp(argv[i], "--");
	attached = s.pid;
	if (i == argc && !attached)
		usage(USAGE);
	out = fopen(path, "w");
	if (!out) {
		fprintf(stderr, "perf: %s: %s\n", path, strerror(errno));
		return 1;
	}
	if (i < argc)
		pid = start_command(argv + i, &go_fd);
	if (!attached) {
		s.pid = pid;
		s.flags |= PERF_ATTR_ENABLE_ON_EXEC;
	}
	signal_set(SIGINT, on_interrupt, 0);
	sampling_open(&s);
	put_header(&s, 0);
	fflush(out);
	before = ftell(out);
	sampling_running(s.pid, put_record);
	if (attached)
		sampling_enable();
	if (go_fd >= 0 && write(go_fd, "", 1) != 1)
		die("perf: pipe");
	while (!interrupted && (!pid || waitpid(pid, &status, WNOHANG) != pid)) {
		sampling_wait(100);
		woken += !!sampling_drain(put_record);
	}
	if (pid && interrupted)
		waitpid(pid, &status, 0);
	sampling_disable();
	woken += !!sampling_drain(put_record);
	fflush(out);
	size = ftell(out) - before;
	fseek(out, 0, SEEK_SET);
	put_header(&s, size);
	if (fclose(out))
		die("perf: write");
	fprintf(stderr, "[ perf record: Woken up %lu times to write data ]\n", woken);
	if (lost)
		fprintf(stderr, "[ perf record: %lu samples lost: a larger ring (-m) or fewer samples (-F) may help ]\n",
			(unsigned long)lost);
	fprintf(stderr, "[ perf record: Captured and wrote %.3f MB %s (%lu samples) ]\n", (before + size) / 1048576.0, path,
		(unsigned long)samples);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
