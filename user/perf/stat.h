/* SPDX-License-Identifier: MIT */
/* perf stat: what counting and printing share. */
#ifndef USER_PERF_STAT_H
#define USER_PERF_STAT_H

#include "perf.h"

#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define MAX_HARTS 128

enum aggregate { AGGR_GLOBAL, AGGR_NONE, AGGR_CORE, AGGR_SOCKET };

struct values {
	uint64_t count, enabled, running;
};

/* What counts one event on one hart, or of one task. */
struct counter {
	int fd;				/* a file, or why there is none: -errno */
	struct values last;		/* at the last interval */
};

struct run {
	struct values v[MAX_EVENTS][MAX_HARTS];
	double seconds, user, sys;
	int status;
};

struct column {
	int cpu;			/* -1: a task's */
	int task;
	int core, socket;
};

extern struct event events[MAX_EVENTS];
extern struct counter counters[MAX_EVENTS][MAX_HARTS];
extern struct column columns[MAX_HARTS];
extern int nr_events, nr_columns;
extern bool system_wide, json;
extern const char *separator;
extern enum aggregate aggregate;
extern FILE *out;

/** print_header, print_footer - Around the lines; nothing for programs. */
void print_header(char **argv, const char *target, int runs);
void print_footer(const struct run *r, bool usage_known);
/** print_values - The lines of one reading over @seconds. @prefix: the time, with -I. */
void print_values(struct values (*v)[MAX_HARTS], double seconds, const char *prefix);
/** print_runs - Means and deviations of @n runs, and their foot. */
void print_runs(struct run *runs, int n);

#endif
