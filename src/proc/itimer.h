/* SPDX-License-Identifier: MIT */
/* The three interval timers of a process, and the limits of its CPU time. Ref: Linux kernel/time/itimer.c. */
#ifndef PROC_ITIMER_H
#define PROC_ITIMER_H

#include "task/signal_struct.h"

/** itimer_init, itimer_release - Of a new group; of one that is to be freed. Context: nobody else sees it. */
void itimer_init(struct signal_struct *sig);
void itimer_release(struct signal_struct *sig);
/** itimer_get - What is left until timer @which, ITIMER_*, expires, and its interval. Context: task. */
void itimer_get(int which, struct itimer_ns *v);
/** itimer_set - It shall expire in @v->expires (0: never) and then each @v->incr (0: no more). Context: task. */
void itimer_set(int which, const struct itimer_ns *v);
/** itimer_alarm_taken - Somebody took SIGALRM: the timer of real time may go on. Context: task, no lock. */
void itimer_alarm_taken(struct signal_struct *sig);
/** rlimit_cpu_changed - @sig's RLIMIT_CPU or RLIMIT_RTTIME was set. Context: siglock, or nobody else sees @sig. */
void rlimit_cpu_changed(struct signal_struct *sig);

#endif
