/* SPDX-License-Identifier: MIT */
/* perf record and top: events that sample, one a hart, and their rings. */
#ifndef USER_PERF_SAMPLE_H
#define USER_PERF_SAMPLE_H

#include "perf.h"

#define SAMPLE_TYPE (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_PERIOD)

struct sampling {
	struct event events[MAX_EVENTS];
	int nr_events;
	uint64_t freq, period;		/* a second; counts between two, if not 0 */
	bool usual;			/* neither was asked for: then each time that a trace point is passed */
	unsigned long pages;		/* of a ring, a power of two */
	int pid;			/* -1: whatever runs */
	bool chains;			/* note who called, too */
	const char *harts;		/* "0-3,5"; NULL: all */
	uint64_t flags;			/* PERF_ATTR_* */
};

/* An event of a hart; what it opened is events[]. */
struct ring {
	int fd, event, cpu;
	uint64_t id;
	struct perf_event_mmap_page *page;
};

extern struct ring *rings;
extern int nr_rings;

/**
 * sampling_option - Take argv[*@i], and its value, if it is one of -e -c -F -a -C -p -m. Return: was it?
 * What cannot be is told, and exits.
 */
bool sampling_option(struct sampling *s, int argc, char **argv, int *i);
#define SAMPLING_USAGE "\
  -e LIST           events (cycles, where they interrupt; else cpu-clock)\n\
  -F N, -c N        N samples a second (1000), or one each N counts\n\
  -a, -C LIST       all harts, or these, whatever runs there\n\
  -p PID            a process that runs already\n\
  -m PAGES          of a hart's ring (128)\n"
/** sampling_attr - What event @e is opened with. */
struct perf_event_attr sampling_attr(const struct sampling *s, int e);
/** sampling_open - Make the rings, not counting yet. Complains and exits. */
void sampling_open(struct sampling *s);
void sampling_enable(void);
void sampling_disable(void);
/** sampling_wait - Until a ring has something, or @ms. sampling_drain - Give each record to @fn. Return: how many. */
void sampling_wait(int ms);
unsigned long sampling_drain(void (*fn)(const struct perf_event_header *h));
/** sampling_running - Tell @fn, in records, of tasks that run already, @pid or (-1) all; and of the kernel. */
void sampling_running(int pid, void (*fn)(const struct perf_event_header *h));

#endif
