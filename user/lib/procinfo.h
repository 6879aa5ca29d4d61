/* SPDX-License-Identifier: MIT */
/* What ps, top, vmstat and mpstat read of /proc. Ref: proc(5). */
#ifndef USER_PROCINFO_H
#define USER_PROCINFO_H

#include "sys.h"

#define MAX_CPUS 128

struct task_stat {
	int pid, tgid, ppid, cpu;
	char comm[16], state;
	long prio, nice, policy, rt_priority;
	int tty;			/* 0: none */
	uint64_t time, user, system;	/* hundredths of a second; time: both */
	uint64_t start;			/* the same, since the machine was started */
	uint64_t vsize, rss;		/* KiB */
};

/** read_task_stat - Of process @pid, or of its thread @tid if that is not 0. Return: false: it is gone. */
bool read_task_stat(int pid, int tid, struct task_stat *st);
/** each_task - Call @fn for each process, or (@threads) each thread of each; until it returns false. */
void each_task(bool threads, bool (*fn)(const struct task_stat *st));

struct cpu_stat {
	uint64_t user, nice, system, idle; /* hundredths of a second */
	bool online;
};
struct system_stat {
	struct cpu_stat all, cpu[MAX_CPUS];
	int nr_cpus;			/* highest online, plus one */
	uint64_t interrupts, switches;
	long running, blocked;
};
/** read_system_stat - /proc/stat; exits if there is none. */
void read_system_stat(struct system_stat *s);
/** cpu_share - Per cent that @part (an offset in struct cpu_stat) grew by, of all that @b grew by since @a. */
double cpu_share(const struct cpu_stat *a, const struct cpu_stat *b, size_t part);
/** meminfo - KiB of the line @name of /proc/meminfo; 0: there is none. */
long meminfo(const char *name);

#endif
