/* SPDX-License-Identifier: MIT */
/* Calls that time makes upwards; each is defined once above. */
#ifndef TIME_UPCALL_H
#define TIME_UPCALL_H

#include "lib/compiler.h"

/** sched_on_tick - The periodic tick, at @now ns (src/sched). Context: hard interrupt. */
void sched_on_tick(bool user, u64 now);

#endif
