/* SPDX-License-Identifier: MIT */
#ifndef PSEUDOFS_KCORE_H
#define PSEUDOFS_KCORE_H

#include "fs/file.h"


extern const struct file_operations kcore_ops;	/* /proc/kcore */

#endif
