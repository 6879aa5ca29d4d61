/* SPDX-License-Identifier: MIT */
/* Files whose contents are in the page cache, by their inode's mapping.a_ops. */
#ifndef FS_GENERIC_FILE_H
#define FS_GENERIC_FILE_H

#include "fs/file.h"

extern const struct file_operations generic_file_ops;

#endif
