/* SPDX-License-Identifier: MIT */
#ifndef PROC_KCORE_H
#define PROC_KCORE_H

#include "fs/fs.h"

extern const struct file_operations kcore_ops;	/* /proc/kcore */

#endif
