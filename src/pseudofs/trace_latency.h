/* SPDX-License-Identifier: MIT */
/* Files of tracefs that belong to the latency tracers: irqsoff and its kin. Context of all: task. */
#ifndef PSEUDOFS_TRACE_LATENCY_H
#define PSEUDOFS_TRACE_LATENCY_H

#include "pseudofs/procfs.h"

/** trace_show_latency - The longest stretch, in the latency format. Return: is a latency tracer on? */
bool trace_show_latency(struct seq_file *m);
/** trace_show_available_tracers - available_tracers: their names, and "nop". */
int trace_show_available_tracers(struct seq_file *m, long unused);
/** trace_show_tracer, trace_write_tracer - current_tracer; -EINVAL: no such tracer in this build. */
int trace_show_tracer(struct seq_file *m, long unused);
int trace_write_tracer(long unused, const char *text, size_t n);
/** trace_show_max_latency, trace_write_max_latency - tracing_max_latency, us; what is written is the least to be noted from then on. */
int trace_show_max_latency(struct seq_file *m, long unused);
int trace_write_max_latency(long unused, const char *text, size_t n);

#endif
