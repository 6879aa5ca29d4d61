/* SPDX-License-Identifier: MIT */
/* Tracing, for the file system that shows it and for the command line. */
#ifndef PROC_TRACEFS_H
#define PROC_TRACEFS_H

#include "fs/procfs.h"

extern const struct proc_entry tracefs_entries[];	/* /sys/kernel/tracing */
/** tracefs_init - Context: boot. */
void tracefs_init(void);
/** trace_set_events - As set_event takes them: "sched:*". Return: 0, -EINVAL: no such event, -ENOMEM. Context: task. */
int trace_set_events(const char *text);
/** trace_set_buffer_size - Of each hart, KiB, rounded up; what was recorded is lost. Return: 0, -EINVAL, -ENOMEM. Context: task. */
int trace_set_buffer_size(unsigned long kib);
struct trace_entry;
/** trace_print_entry - A record as a line; its hart's number is in unused. Context: any. */
void trace_print_entry(struct seq_file *m, const struct trace_entry *e);
/** nr_trace_pages - That the rings take. */
unsigned long nr_trace_pages(void);

#endif
