/* SPDX-License-Identifier: MIT */
/* What records say: who runs which program, and how often it was seen where. */
#ifndef USER_PERF_SESSION_H
#define USER_PERF_SESSION_H

#include "perf.h"
#include "symbols.h"
#include <sys/tree.h>

/* A line of the report. */
struct entry {
	RB_ENTRY(entry) node;
	char comm[17];
	struct dso *dso;		/* NULL: unknown */
	const char *symbol;		/* NULL: unknown, then at tells */
	uint64_t at;
	bool kernel;
	int cpu;
	uint64_t samples, period;
};

/* What makes two samples the same. */
enum { BY_COMM = 1, BY_DSO = 2, BY_SYMBOL = 4, BY_CPU = 8, BY_PID = 16 };

struct session {
	int by;				/* BY_* */
	RB_HEAD(entries, entry) entries;
	uint64_t samples, period, lost, kernel_samples;
};

/** session_record - Take note of a record; samples are of sample_type SAMPLE_TYPE. */
void session_record(struct session *s, const struct perf_event_header *h);
/** session_sorted - Its lines, the heaviest first, @n of them, to free(). */
struct entry **session_sorted(struct session *s, size_t *n);
/** session_clear - Forget them. session_forget - Forget who runs which program. */
void session_clear(struct session *s);
void session_forget(void);
/** entry_symbol - "[k] do_fork", "[.] main", or an address: into @buf. */
const char *entry_symbol(const struct entry *e, char *buf, size_t n);
const char *entry_dso(const struct entry *e);

#endif
