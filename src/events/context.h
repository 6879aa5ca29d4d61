/* SPDX-License-Identifier: MIT */
/* Between group.c (events and their groups), context.c (tasks and harts) and change.c (what is asked of them). */
#ifndef EVENTS_CONTEXT_H
#define EVENTS_CONTEXT_H

#include "events/event_priv.h"

/*
 * Context of all: ctx->lock, on the hart where the context is in; perf_mutex if switches do not concern it (not hooked).
 */
/** perf_ctx_now - What the times of @ctx are of: a task's run time, or where switches tell when it runs, the clock's. Return: ns. */
u64 perf_ctx_now(const struct perf_ctx *ctx);
/** perf_event_update_time - @e's times are right up to @now, ns. The leader's state says whether a member's time counts. */
void perf_event_update_time(struct perf_event *e, u64 now);
/** perf_event_out - @e counts no more, and gives its counter back. */
void perf_event_out(struct perf_event *e);
/** perf_group_update_time - perf_event_update_time() of all in @leader's group. */
void perf_group_update_time(struct perf_event *leader, u64 now);
/** perf_group_in - All of @leader's group count from @now, ns, on, or none. @resumed: it did when its task was last in. */
void perf_group_in(struct perf_event *leader, u64 now, bool resumed);
/** perf_group_out - None of @leader's group counts from @now, ns, on. */
void perf_group_out(struct perf_event *leader, u64 now);
/** perf_ctx_arm_timers - Set the timers for what is in now: to let groups without a counter go round, and for clocks. */
void perf_ctx_arm_timers(struct perf_ctx *ctx);

#endif
