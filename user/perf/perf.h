/* SPDX-License-Identifier: MIT */
/* perf: what its commands share. Names, options and layouts are those of Linux's perf 6.1. */
#ifndef USER_PERF_H
#define USER_PERF_H

#include "abi/perf_event.h"
#include "sys.h"

struct event {
	char name[40];			/* as it was asked for */
	uint32_t type;
	uint64_t config, flags;		/* flags: PERF_ATTR_* that modifiers set */
	int group;			/* number of its group; -1: none */
};

#define MAX_EVENTS 64

int cmd_annotate(int argc, char **argv);
int cmd_balance(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_script(int argc, char **argv);
int cmd_sched(int argc, char **argv);
int cmd_stat(int argc, char **argv);
int cmd_top(int argc, char **argv);
int cmd_trace(int argc, char **argv);

/** start_command - @argv, stopped before its first instruction until *@go_fd is written. Return: its pid. */
int start_command(char **argv, int *go_fd);

/** parse_events - Add those of @text, as -e has them, to @events. Return: how many there are then; complains and exits. */
int parse_events(const char *text, struct event *events, int n);
/** event_name - What @attr counts, as perf list has it, into @buf. */
void event_name(const struct perf_event_attr *attr, char *buf, size_t n);
/** event_open - perf_event_open(2). Return: a file, or a negative Linux errno. */
int event_open(const struct event *e, int pid, int cpu, int group_fd, uint64_t flags);
/**
 * counters_are_time - Do the counters of cycles and instructions run with the host's time? QEMU's do, unless it counts
 * instructions (-icount): then they say nothing about a program.
 */
bool counters_are_time(void);
/** is_cycle_counter - Is @e one of them? */
bool is_cycle_counter(const struct event *e);

#endif
