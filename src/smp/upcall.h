/* SPDX-License-Identifier: MIT */
/* Calls that this layer makes upwards; defined once above. */
#ifndef SMP_UPCALL_H
#define SMP_UPCALL_H

#include "lib/compiler.h"

/** sched_on_ipi - A reschedule interrupt arrived (src/sched). Context: hard interrupt. */
void sched_on_ipi(void);
/** task_holds_lock - Does the current task have the sleeping @lock; and (@write) alone? Debug builds (src/locks). Context: any. */
bool task_holds_lock(const void *lock, bool write);
/** start_secondary - First C code of a started hart, interrupts off (src/init). Does not return. */
void start_secondary(void) __attribute__((noreturn));
/** start_kernel - First C code of the boot hart, on the early map (src/init). Does not return. */
void start_kernel(unsigned long hartid, unsigned long dtb_pa) __attribute__((noreturn));
/** panic_task_name - Name and pid of the task that @cpu runs, for a panic's report (src/sched). */
const char *panic_task_name(unsigned int cpu, int *pid);

#endif
