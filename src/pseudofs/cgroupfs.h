/* SPDX-License-Identifier: MIT */
/* /sys/fs/cgroup. */
#ifndef PSEUDOFS_CGROUPFS_H
#define PSEUDOFS_CGROUPFS_H

/** cgroupfs_init - cgroup2 can be mounted. Context: boot. */
void cgroupfs_init(void);

#endif
