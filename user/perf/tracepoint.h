/* SPDX-License-Identifier: MIT */
/* Trace points as events: their names and numbers, and the text of a raw sample, by what tracefs says of them. */
#ifndef USER_PERF_TRACEPOINT_H
#define USER_PERF_TRACEPOINT_H

#include "perf.h"

struct tracepoint {
	char name[sizeof(((struct event *)0)->name)];	/* "sched:sched_switch" */
	uint64_t id;
	char *format;			/* NULL: not yet read */
};

/** tracepoints - All that there are, *@n of them. */
struct tracepoint *tracepoints(size_t *n);
/** tracepoint_of - The one of this number, or NULL. */
struct tracepoint *tracepoint_of(uint64_t id);
/** tracepoint_print - What trace would say of the raw record at @raw, of @size bytes, to @out. */
void tracepoint_print(struct tracepoint *t, const uint8_t *raw, size_t size, FILE *out);

#endif
