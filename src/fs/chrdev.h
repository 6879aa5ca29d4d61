/* SPDX-License-Identifier: MIT */
/* Character devices, and /dev. */
#ifndef FS_CHRDEV_H
#define FS_CHRDEV_H

#include "fs/file.h"


#define MKDEV(ma, mi) ((u64)(ma) << 8 | (mi))

struct chrdev {
	const char *path;		/* "/dev/..." */
	u64 rdev;			/* MKDEV() */
	u32 mode;			/* permissions */
	const struct file_operations *fop;
};

/** chrdev_register - The @n devices of @table, which stays, exist, and devfs_init() makes their files. Context: boot. */
void chrdev_register(const struct chrdev *table, size_t n);
/** chrdev_ops - What opens a device file of @rdev, or NULL. Context: any, once booted. */
const struct file_operations *chrdev_ops(u64 rdev);
/** devfs_init - Fill /dev with the files of what was registered. Context: boot. */
void devfs_init(void);
/** get_random_u64 - Good for hash seeds and test data; not for secrets. Context: any. */
u64 get_random_u64(void);

#endif
