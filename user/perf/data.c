/* SPDX-License-Identifier: MIT */
/* Reading perf.data, as perf record here writes it. */
#include "data.h"
#include "sample.h"

static int by_time(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->nr < y->nr ? -1 : 1;
}

/* Samples have it third but one; others end with tid, time, cpu and id. */
static uint64_t time_of(const struct perf_event_header *h)
{
	const uint64_t *w = (const void *)h;

	return h->type == PERF_RECORD_SAMPLE ? w[4] : w[h->size / 8 - 3];
}

static void bad_file(const char *path, const char *why)
{
	fprintf(stderr, "perf: %s: %s\n", path, why);
	exit(1);
}

bool data_is_of(const struct sampled *w, const struct perf_event_header *h)
{
	for (size_t i = 0; i < w->nr; i++)
		if (w->ids[i] == ((const uint64_t *)h)[1])
			return true;
	return h->type != PERF_RECORD_SAMPLE;
}

const uint8_t *data_raw(const struct sampled *s, const struct perf_event_header *h, size_t *size)
{
	const uint64_t *w = (const uint64_t *)h + 7;

	w += s->chains ? 1 + *w : 0;
	*size = (uint32_t)*w;
	return (const uint8_t *)w + sizeof(uint32_t);
}

static bool is_whole(const struct sampled *s, const struct perf_event_header *h)
{
	const uint64_t *w = (const void *)h;
	size_t words = h->size / 8, used = 7;

	if (s->chains)
		used += words > 7 && w[7] < words ? 1 + w[7] : words;
	if (s->tracepoint)
		used += words > used ? ((uint32_t)w[used] + 4UL + 7) / 8 : words;
	return words >= used;
}

/* Is all of the sample in @h, and is it one of these? */
static bool sample_fits(const struct perf_event_header *h, const struct sampled *what, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (data_is_of(&what[i], h))
			return is_whole(&what[i], h);
	return false;
}

/* Those of a hart are in order, harts are one after the other. */
struct record *data_load(const char *path, size_t *n, struct sampled *what, size_t *nr_what)
{
	struct perf_file_header h;
	struct k_stat st;
	int fd = open(path, O_RDONLY);
	struct record *v = NULL;
	char *file;

	if (fd < 0 || fstat(fd, &st) < 0)
		bad_file(path, strerror(errno));
	file = (size_t)st.st_size >= sizeof(h) ? mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : (void *)-1L;
	close(fd);
	if ((long)file == -1)
		bad_file(path, "not a perf.data file");
	memcpy(&h, file, sizeof(h));
	if (h.magic != PERF_DATA_MAGIC || h.data.offset > (uint64_t)st.st_size || h.data.size > st.st_size - h.data.offset ||
	    h.attr_size < sizeof(struct perf_file_attr) || h.attrs.offset > (uint64_t)st.st_size ||
	    h.attrs.size < h.attr_size || h.attrs.size > st.st_size - h.attrs.offset)
		bad_file(path, "not a perf.data file, or perf record did not end");
	*nr_what = h.attrs.size / h.attr_size;
	for (size_t i = 0; i < *nr_what; i++) {
		struct perf_event_attr attr = { 0 };
		struct perf_file_section ids;

		memcpy(&attr, file + h.attrs.offset + i * h.attr_size, PERF_ATTR_SIZE_VER7);
		memcpy(&ids, file + h.attrs.offset + (i + 1) * h.attr_size - sizeof(ids), sizeof(ids));
		if (i == MAX_EVENTS || (attr.sample_type & ~(PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_RAW)) != SAMPLE_TYPE ||
		    !(attr.sample_type & PERF_SAMPLE_RAW) != (attr.type != PERF_TYPE_TRACEPOINT))
			bad_file(path, "its samples are not those of perf record here");
		if (ids.offset > (uint64_t)st.st_size || ids.size > st.st_size - ids.offset || ids.offset % 8)
			bad_file(path, "it is damaged");
		event_name(&attr, what[i].name, sizeof(what[i].name));
		what[i].chains = attr.sample_type & PERF_SAMPLE_CALLCHAIN;
		what[i].tracepoint = attr.type == PERF_TYPE_TRACEPOINT ? attr.config : 0;
		what[i].ids = (void *)(file + ids.offset);
		what[i].nr = ids.size / 8;
	}
	*n = 0;
	for (int pass = 0; pass < 2; pass++) {
		uint64_t at = 0, nr = 0;

		while (at + sizeof(struct perf_event_header) <= h.data.size) {
			const struct perf_event_header *r = (void *)(file + h.data.offset + at);

			if (r->size < 32 || r->size % 8 || r->size > h.data.size - at)
				bad_file(path, "it is damaged");
			if (r->type == PERF_RECORD_SAMPLE && !sample_fits(r, what, *nr_what))
				bad_file(path, "it is damaged");
			if (v)
				v[nr] = (struct record){ time_of(r), nr, r };
			nr++;
			at += r->size;
		}
		*n = nr;
		if (!v)
			v = malloc((nr + 1) * sizeof(*v));
		if (!v)
			die("perf");
	}
	qsort(v, *n, sizeof(*v), by_time);
	return v;
}
