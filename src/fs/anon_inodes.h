/* SPDX-License-Identifier: MIT */
/* Open files that no path names: those that perf_event_open(2) and calls like it return. */
#ifndef FS_ANON_INODES_H
#define FS_ANON_INODES_H

#include "fs/file.h"

/**
 * anon_inode_getfile - An open file with an inode of its own, which /proc/PID/fd calls "anon_inode:@name"; it is readable and writable.
 * Return: it, or ERR_PTR(-ENFILE, -ENOMEM). Context: task.
 */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fop, void *private) __must_check;
/** anon_inode_name - Return: the name of @f as given, or NULL: it is no such file. Context: any. */
const char *anon_inode_name(const struct file *f);
/** anon_inodes_init - The file system of these inodes. Context: boot. */
void anon_inodes_init(void);

#endif
