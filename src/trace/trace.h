/* SPDX-License-Identifier: MIT */
/*
 * Trace points into per-hart rings. A record is written with interrupts off by its
 * hart alone, so there is no lock; the oldest records are overwritten. Text is made
 * when /sys/kernel/tracing/trace is read, or by the host from the machine's memory
 * (tools/trace.py). The host finds the rings by the symbol trace_rings: their layout
 * is an interface.
 *
 * Ref: Linux kernel/trace, Documentation/trace/ftrace.rst.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "smp/smp.h"
#include "smp/tracepoint.h"

#define TRACE_COMM_LEN	16

/* The task that an event is about: of a switch the next one; of a wake-up, a migration, a fork the one that it happens to. */
struct trace_task {
	char comm[TRACE_COMM_LEN];
	s32 pid;
	s16 prio;			/* the kernel's: 120 is nice 0 */
	s16 prev_prio;			/* of the task that was switched from */
	u16 cpu, orig_cpu;		/* target; where it came from */
	char state[4];			/* of the task that was switched from: "R", "R+", "S", ... */
};

#define TRACE_IRQS_OFF	1
#define TRACE_NEED_RESCHED 2
#define TRACE_HARDIRQ	4
#define TRACE_SOFTIRQ	8

struct trace_entry {
	u64 ts;				/* ns since boot */
	u16 type;
	u8 flags, preempt_depth;
	s32 pid;			/* of the current task, as all up to the union */
	s32 tgid;
	u32 cpu;			/* whose ring it is in: set in a copy that is read, 0 in the ring */
	char comm[TRACE_COMM_LEN];
	union {
		struct trace_task task;
		struct {
			u64 runtime, vruntime; /* ns */
		} stat;
		u64 words[TRACE_MAX_WORDS];
		char text[56];		/* NUL-terminated */
	};
};
_Static_assert(sizeof(struct trace_entry) == 96, "tools/trace.py");

struct trace_ring {
	u64 phys;			/* of the records; 0: none */
	u64 nr;				/* room */
	u64 head;			/* records ever written */
	struct trace_entry *buf;
} __aligned(64);

struct trace_rings {
	char magic[8];			/* "HWTRACE1" */
	u32 record_size, nr_cpus;
	struct trace_ring ring[NR_CPUS];
};
extern struct trace_rings trace_rings;

/** trace_copy_comm - A task's name, aligned as both are. */
static inline void trace_copy_comm(char *to, const char *from)
{
	((u64 *)to)[0] = ((const u64 *)from)[0];
	((u64 *)to)[1] = ((const u64 *)from)[1];
}

/**
 * trace_begin - A record of this hart, filled but for the fields of its type. It is in the ring, or beside it if the rings do not
 * take @t and only events count it.
 * Return: it, or NULL: @t is not wanted. Context: interrupts off.
 */
struct trace_entry *trace_begin(enum trace_type t);
/** trace_end - @e, of trace_begin(), is whole: readers may have it, and events that count it do. Context: interrupts off. */
void trace_end(struct trace_entry *e);
/**
 * trace_record - The rings take the events of @mask, a bit each, and no others.
 * trace_count - @n more (or fewer) count @t. Context: task.
 */
void trace_record(unsigned long mask);
void trace_count(enum trace_type t, int n);
/** trace_set_ring - @cpu's records go to @buf of @nr, physically at @phys. Context: nothing is traced. */
void trace_set_ring(unsigned int cpu, struct trace_entry *buf, u64 phys, u64 nr);
/* An event's number to programs: in tracefs, to perf_event_open(2), and what a raw sample of it begins with. */
#define TRACE_ID(t)	((u32)(t) + 1)
#define TRACE_OF_ID(id)	((enum trace_type)((id) - 1))
#define NR_TRACE_EVENTS	TRACE_MARK_WRITE	/* that is no event */

/** trace_event_name - "sched_switch". trace_event_system - "sched". */
const char *trace_event_name(enum trace_type t);
const char *trace_event_system(enum trace_type t);

#endif
