/* SPDX-License-Identifier: MIT */
/* Archives that fill the root directory at boot. */
#ifndef FS_INITRAMFS_H
#define FS_INITRAMFS_H

#include "lib/compiler.h"

/** populate_rootfs - Unpack the cpio archives at @archive. Return: 0, -EINVAL (broken) or -ENOMEM. Context: boot. */
int populate_rootfs(const char *archive, size_t size);

#endif
