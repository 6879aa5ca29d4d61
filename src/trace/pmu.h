/* SPDX-License-Identifier: MIT */
/*
 * Performance counters of the harts and of the firmware, through SBI PMU.
 *
 * A counter is configured and read only by its own hart. All that want the same event
 * on the same hart share a counter, for the firmware gives an event one counter only;
 * so none may set it back, and all take differences. Cycles and instructions retired
 * have counters that always run: user programs read them, too. An event that is
 * sampled has a counter to itself, which starts short of its overflow.
 *
 * Ref: SBI specification 1.0, chapter 11; Linux drivers/perf/riscv_pmu_sbi.c.
 */
#ifndef TRACE_PMU_H
#define TRACE_PMU_H

#include "lib/compiler.h"

#define PMU_MAX_COUNTERS 64

/** pmu_init_cpu - Find this hart's counters; what was configured is gone. Context: bring-up, interrupts off. */
void pmu_init_cpu(void);
/**
 * pmu_supported - Can SBI event @event (type << 16 | code) be counted here, given a free counter? For raw events the
 * answer is yes; pmu_get() finds out. Context: any.
 */
bool pmu_supported(unsigned long event);
/** pmu_can_sample - Do this hart's counters interrupt when they overflow (Sscofpmf)? Context: any. */
bool pmu_can_sample(void);
/**
 * pmu_get - Have this hart count @event; @data: a raw event's selector. @left: 0, or the event gets a counter of its own,
 * which overflows after @left counts.
 * Return: a handle for pmu_read() and pmu_put(); -EBUSY: all counters are in use; -ENOENT: no counter can.
 * Context: interrupts off.
 */
int pmu_get(unsigned long event, u64 data, u64 left);
void pmu_put(int handle);
/** pmu_left - Counts until @handle overflows, at least 1. pmu_rearm - It overflows @left counts from now. Context: as pmu_read(). */
u64 pmu_left(int handle);
void pmu_rearm(int handle, u64 left);
/** pmu_overflows - Handles that overflowed, as a mask; the interrupt is not pending any more. Context: hard interrupt. */
u64 pmu_overflows(void);
/** pmu_read - The count, from an arbitrary start. Context: interrupts off, on the hart of pmu_get(). */
u64 pmu_read(int handle);
/** pmu_counters - How many counters of the hardware, and (@firmware) of the firmware, the boot hart has. */
unsigned int pmu_counters(bool firmware);

#endif
