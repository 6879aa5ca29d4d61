/* SPDX-License-Identifier: MIT */
/* perf sched and perf balance: the text of /sys/kernel/tracing, of the scheduler's events. */
#ifndef USER_PERF_SCHED_H
#define USER_PERF_SCHED_H

#include "perf.h"

#define MAX_HARTS 128

/* A line of the trace. */
struct sched_event {
	int cpu, pid;			/* pid: of who ran there, 0: nobody */
	bool irq;			/* it was interrupted */
	double time;			/* s since boot */
	char name[32];
	const char *args;
};

/**
 * task_of - The task @pid of those in @list, which begin with a pointer to the next and an int, their pid; if there is none yet, a
 * new one of @size bytes, zeros but for these. Never NULL.
 */
void *task_of(void *list, int pid, size_t size);
/** sched_parse - What @line, which is written to, tells. Return: false: nothing of the scheduler. */
bool sched_parse(char *line, struct sched_event *e);
/** sched_field - The text of "KEY=" in @args up to @end, or (NULL) the line's, into @buf. Return: it as a number. */
long sched_field(const char *args, const char *key, const char *end, char *buf, size_t n);
/** sched_record - Run @argv; what was scheduled meanwhile goes to @path, *@bytes of it; rings of @kib KiB. Return: its status. */
int sched_record(const char *path, const char *kib, char **argv, uint64_t *bytes);

#endif
