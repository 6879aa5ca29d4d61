/* SPDX-License-Identifier: MIT */
/* File systems in memory: ramfs, tmpfs, devtmpfs, and the root at boot. */
#ifndef FS_RAMFS_H
#define FS_RAMFS_H

#include "fs/super.h"

extern struct file_system_type rootfs_type;	/* of the root at boot */
/** ramfs_init - The types that can be mounted exist. Context: boot. */
void ramfs_init(void);

#endif
