/* SPDX-License-Identifier: MIT */
/* perf.data: a header, the events, the records. Source: Linux tools/perf/Documentation/perf.data-file-format.txt. */
#ifndef USER_PERF_DATA_H
#define USER_PERF_DATA_H

#include "perf.h"

#define PERF_DATA_MAGIC 0x32454c4946524550UL	/* "PERFILE2" */

struct perf_file_section {
	uint64_t offset, size;
};

struct perf_file_attr {
	uint8_t attr[PERF_ATTR_SIZE_VER7];
	struct perf_file_section ids;
};

struct perf_file_header {
	uint64_t magic, size, attr_size;
	struct perf_file_section attrs, data, event_types;
	uint64_t features[4];
};

struct record {
	uint64_t time, nr;
	const struct perf_event_header *h;
};

/* What was sampled: a name, and the numbers of the samples that are of it. */
struct sampled {
	char name[40];
	bool chains;			/* they tell of calls */
	uint64_t tracepoint;		/* its number, and there is a raw record of it; 0: it is none */
	const uint64_t *ids;
	size_t nr;
};

/**
 * data_load - All records of the file at @path, by time, *@n of them; *@nr_what events (MAX_EVENTS at most) to @what.
 * Return: them, to free(). Complains and exits.
 */
struct record *data_load(const char *path, size_t *n, struct sampled *what, size_t *nr_what);
/** data_raw - The raw record in sample @h of @w, which has one; *@size: its bytes. */
const uint8_t *data_raw(const struct sampled *w, const struct perf_event_header *h, size_t *size);
/** data_is_of - Is @h of @w? What is no sample is of all. */
bool data_is_of(const struct sampled *w, const struct perf_event_header *h);

#endif
