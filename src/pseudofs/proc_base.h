/* SPDX-License-Identifier: MIT */
/* /proc/PID. */
#ifndef PSEUDOFS_PROC_BASE_H
#define PSEUDOFS_PROC_BASE_H

#include "pseudofs/procfs.h"

extern const struct proc_entry proc_pid_dir;	/* /proc/PID */

#endif
