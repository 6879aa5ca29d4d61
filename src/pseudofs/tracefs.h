/* SPDX-License-Identifier: MIT */
/* Tracing, for the file system that shows it and for the command line. */
#ifndef PSEUDOFS_TRACEFS_H
#define PSEUDOFS_TRACEFS_H

#include "pseudofs/procfs.h"

/* .../events. */
#define TRACE_EVENTS_DIR { "events", S_IFDIR | 0555, .lookup = trace_events_lookup, .list = trace_events_list }
/** trace_events_lookup, trace_events_list - Functions of that directory: see struct proc_entry. Context: task. */
struct dentry *trace_events_lookup(struct dentry *dir, const char *name, long unused);
void trace_events_list(struct dir_context *ctx, long unused);
/* Of TRACE_LOAD_BALANCE: enum cpu_idle_type and migration_type in words. */
#define NR_TRACE_IDLE_NAMES 3
#define NR_TRACE_MIGRATION_NAMES 5
extern const char *const trace_idle_names[NR_TRACE_IDLE_NAMES], *const trace_migration_names[NR_TRACE_MIGRATION_NAMES];
/** trace_text_init - A panic tells the last trace events, too. Context: boot. */
void trace_text_init(void);
/** tracefs_init - Context: boot. */
void tracefs_init(void);
/** trace_set_events - As set_event takes them: "sched:*". Return: 0, -EINVAL: no such event, -ENOMEM. Context: task. */
int trace_set_events(const char *text);
/** trace_set_buffer_size - Of each hart, KiB, rounded up; the records so far are lost. Return: 0, -EINVAL, -ENOMEM. Context: task. */
int trace_set_buffer_size(unsigned long kib);
struct trace_entry;
/** trace_print_entry - A record as a line; its hart's number is in unused. Context: any. */
void trace_print_entry(struct seq_file *m, const struct trace_entry *e);
/** nr_trace_pages - That the rings take. */
unsigned long nr_trace_pages(void);

#endif
