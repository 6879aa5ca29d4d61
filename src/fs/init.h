/* SPDX-License-Identifier: MIT */
#ifndef FS_INIT_H
#define FS_INIT_H

/** fs_init - Caches and locks of files, and an empty root directory. Context: boot. */
void fs_init(void);

#endif
