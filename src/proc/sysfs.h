/* SPDX-License-Identifier: MIT */
/* /sys. */
#ifndef PROC_SYSFS_H
#define PROC_SYSFS_H

/** sysfs_init - Make it. Context: boot. */
void sysfs_init(void);

#endif
