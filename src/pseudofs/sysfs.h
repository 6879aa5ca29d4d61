/* SPDX-License-Identifier: MIT */
/* /sys. */
#ifndef PSEUDOFS_SYSFS_H
#define PSEUDOFS_SYSFS_H

/** sysfs_init - Make it. Context: boot. */
void sysfs_init(void);

#endif
