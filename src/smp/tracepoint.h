/* SPDX-License-Identifier: MIT */
/*
 * Trace points: what a place in the code needs to be one. Records and rings are src/trace/trace.h's.
 */
#ifndef SMP_TRACEPOINT_H
#define SMP_TRACEPOINT_H

#include "lib/compiler.h"

enum trace_type {
#define EVENT(type, system, name, member) TRACE_##type,
#include "smp/trace_events.def"
	NR_TRACE_TYPES
};
#define TRACE_MAX_WORDS 7

extern unsigned long trace_events;	/* near the global pointer; bit n: enum trace_type n is wanted: recorded, or counted */

/** trace_wanted - The events that are wanted, a bit each. While none is, a trace point costs a load and a branch. Context: any. */
static inline unsigned long trace_wanted(void)
{
#ifdef __riscv
	unsigned long v;

	__asm__ volatile("ld %0, trace_events" : "=r"(v));	/* the linker makes it one instruction, from gp */
	return v;
#else
	return *(volatile unsigned long *)&trace_events;
#endif
}

/** tracing - Is any event wanted? trace_on - Is @t? Context: any. */
static inline bool tracing(void)
{
	return unlikely(trace_wanted());
}

static inline bool trace_on(enum trace_type t)
{
	unsigned long wanted = trace_wanted();

	return unlikely(wanted) && (wanted >> t & 1);
}

/** trace_words - Record @t, which is wanted, with @n words, at least one (src/trace). Context: any. */
void trace_words(enum trace_type t, const u64 *words, unsigned int n) __attribute__((cold));

/** trace_text - Record @t, which is wanted, with @text; more than 55 characters are cut. Context: any. */
void trace_text(enum trace_type t, const char *text) __attribute__((cold));

/** trace_event - The trace point: trace_event(TRACE_..., words). Context: any. */
#define trace_event(t, ...) do {					\
	if (trace_on(t))						\
		trace_words(t, (const u64[]){ __VA_ARGS__ }, sizeof((const u64[]){ __VA_ARGS__ }) / sizeof(u64)); \
} while (0)

#endif
