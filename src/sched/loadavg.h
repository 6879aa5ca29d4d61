/* SPDX-License-Identifier: MIT */
/* Load averages. */
#ifndef SCHED_LOADAVG_H
#define SCHED_LOADAVG_H

#include "abi/types.h"

/** get_avenrun - Load averages over 1, 5, 15 minutes, 11 bits of fraction, to @loads. Context: any. */
void get_avenrun(unsigned long loads[3]);
/** calc_global_load_tick - Take the samples that are due at @now, ns. Context: tick of tick_do_timer_cpu. */
void calc_global_load_tick(u64 now);

#endif
