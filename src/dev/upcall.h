/* SPDX-License-Identifier: MIT */
/* Calls that devices make upwards; each is defined once above. */
#ifndef DEV_UPCALL_H
#define DEV_UPCALL_H

/** perf_on_cpu_dying - This hart counts nothing any more (src/events). Context: stop_machine(). */
void perf_on_cpu_dying(void);
/** watchdog_on_cpu_dying - This hart watches nobody any more (src/pseudofs). Context: stop_machine(). */
void watchdog_on_cpu_dying(void);

#endif
