/* SPDX-License-Identifier: MIT */
/* /proc/PID. */
#ifndef PROC_PROC_BASE_H
#define PROC_PROC_BASE_H

#include "fs/procfs.h"

extern const struct proc_entry proc_pid_dir;	/* /proc/PID */

#endif
