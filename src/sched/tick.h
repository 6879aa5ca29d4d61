/* SPDX-License-Identifier: MIT */
/* The tick, and the timer that ends a slice or a budget between two ticks. */
#ifndef SCHED_TICK_H
#define SCHED_TICK_H

#include "smp/smp.h"

struct rq;

extern atomic_t nr_cpu_timers;		/* groups of threads for which the tick calls proc_on_tick() */
extern unsigned int tick_do_timer_cpu;	/* whose tick counts for all; changed while all others are stopped */

/** hrtick_rq_init - Prepare @rq's timer for what ends between two ticks. Context: boot. */
void hrtick_rq_init(struct rq *rq);

#endif
