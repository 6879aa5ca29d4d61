/* SPDX-License-Identifier: MIT */
/* What records say: who runs which program, and how often it was seen where. */
#ifndef USER_PERF_SESSION_H
#define USER_PERF_SESSION_H

#include "perf.h"
#include "symbols.h"
#include <sys/tree.h>

/* Where an address is. */
struct place {
	struct dso *dso;		/* NULL: unknown */
	const char *symbol;		/* NULL: unknown */
	uint64_t at, addr, off;		/* the address; as dso's file has it; how far in the symbol that is */
	bool kernel;
};

/* A sample, as perf record asks for it. */
struct of_sample {
	struct perf_event_header h;
	uint64_t id, ip;
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, res;
	uint64_t period;
	uint64_t nr, chain[];		/* if it tells of calls */
};

struct calls;

/* A line of the report. */
struct entry {
	RB_ENTRY(entry) node;
	char comm[17];
	struct dso *dso;		/* NULL: unknown */
	const char *symbol;		/* NULL: unknown, then at tells */
	uint64_t at;			/* of BY_ADDRESS: as dso's file has it */
	bool kernel;
	int cpu;
	uint64_t samples, period;
	struct calls *calls;		/* who called it; NULL: not known */
};

/* What makes two samples the same. */
enum { BY_COMM = 1, BY_DSO = 2, BY_SYMBOL = 4, BY_CPU = 8, BY_PID = 16, BY_ADDRESS = 32 };

struct session {
	int by;				/* BY_* */
	bool chains;			/* samples tell of calls */
	RB_HEAD(entries, entry) entries;
	uint64_t samples, period, lost, kernel_samples;
};

/** session_record - Take note of a record; samples are of sample_type SAMPLE_TYPE. */
void session_record(struct session *s, const struct perf_event_header *h);
/** session_place - Where @ip of process @pid is, or @kernel's. session_comm - The name of task @tid. */
struct place session_place(uint32_t pid, bool kernel, uint64_t ip);
const char *session_comm(uint32_t tid);
/** sample_in_kernel - Was @r taken there? */
bool sample_in_kernel(const struct of_sample *r);
/**
 * chain_places - Where the addresses of @r's calls are, the innermost first: to @v, @max at most. A caller's is that of the call,
 * not of what comes after it. Return: how many.
 */
size_t chain_places(const struct of_sample *r, struct place *v, size_t max);
/** session_sorted - Its lines, the heaviest first, @n of them, to free(). */
struct entry **session_sorted(struct session *s, size_t *n);
/** session_clear - Forget them. session_forget - Forget who runs which program. */
void session_clear(struct session *s);
void session_forget(void);
/** entry_symbol - "[k] do_fork", "[.] main", or an address: into @buf. */
const char *entry_symbol(const struct entry *e, char *buf, size_t n);
const char *entry_dso(const struct entry *e);

#endif
