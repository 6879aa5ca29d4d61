/* SPDX-License-Identifier: MIT */
/* Harts that are stuck in the kernel, tasks that do not get out of state D: the log tells of them, and where. */
#ifndef PSEUDOFS_WATCHDOG_H
#define PSEUDOFS_WATCHDOG_H

#include "lib/compiler.h"

extern u64 sysctl_watchdog_thresh, sysctl_hung_task_timeout;	/* s; 0: off */

/** watchdog_init_cpu - Watch this hart, and its neighbour, until watchdog_dying_cpu(). Context: bring-up, interrupts off. */
void watchdog_init_cpu(void);
/** watchdog_dying_cpu - This hart watches nobody any more. Context: stop_machine(). */
void watchdog_dying_cpu(void);

#endif
