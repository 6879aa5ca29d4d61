/* SPDX-License-Identifier: MIT */
/* perf balance: what is reckoned of a trace (balance_walk.c), and told (balance.c). */
#ifndef USER_PERF_BALANCE_H
#define USER_PERF_BALANCE_H

#include "sched.h"

struct task {
	struct task *next;
	int pid, hart;
	bool waits;
	double since;			/* it waits; s */
	double run;
	bool ours, asleep;		/* ours: the program, or made by it */
	double slept;			/* since when; s */
	/*
	 * s: in what time it would have come as far as it is, had nobody ever waited for a hart: what it ran, slept up to an
	 * interrupt, and what those that it was made or woken by had done up to there.
	 */
	double path;
};

struct hart {
	struct task *runs;		/* NULL: idle */
	bool known;
	double since, busy, area;	/* s; of the queue's depth over time */
	int depth, most;
	unsigned long switches, involuntary, in, out;
};

struct balance {
	struct hart harts[MAX_HARTS];
	int nr_harts;
	struct task *tasks;
	double start, end, last;
	bool begun;
	/* Some hart idles while a task waits: */
	double gap, lost, longest, longest_at, unclaimed;
	int gaps;
	double *delays;			/* s; in the end by size, one at least */
	size_t nr_delays, room;
	struct {
		char name[32];
		unsigned long n;
	} reasons[48];
	int nr_reasons;
	int had_from, had_to;		/* depths at the last migration; from -1: none */
	unsigned long useless, overwritten;
};
extern struct balance balance;

/** balance_replay - Reckon what the text at @path tells, from the first exec to the last exit; without them the program ends. */
void balance_replay(const char *path);

#endif
