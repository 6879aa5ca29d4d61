/* SPDX-License-Identifier: MIT */
/* Pipes and FIFOs. */
#ifndef FS_PIPE_H
#define FS_PIPE_H

#include "lib/compiler.h"

struct file;
struct inode;

extern u64 sysctl_pipe_max_size, sysctl_pipe_user_pages_soft, sysctl_pipe_user_pages_hard;	/* proc(5) */

/** pipe_create - Open both ends of a new pipe. @flags: O_NONBLOCK. Return: 0, -ENFILE, -ENOMEM. Context: task. */
int pipe_create(struct file *ends[2], u32 flags) __must_check;
/**
 * pipe_get_size, pipe_set_size - How many bytes the pipe @f may hold.
 * Return: that, -EBADF (no pipe), -EPERM, -EBUSY (more are in it), -EINVAL, -ENOMEM. Context: task.
 */
long pipe_get_size(const struct file *f);
long pipe_set_size(struct file *f, unsigned long size);
/** pipe_is_nameless - Is @f an end of what pipe_create() made? Context: any. */
bool pipe_is_nameless(const struct file *f);
/** fifo_init - @i, new, is a pipe with a name. Return: 0 or -ENOMEM. Context: task. */
int fifo_init(struct inode *i) __must_check;
/** pipe_init - The file system of pipes without a name. Context: boot. */
void pipe_init(void);

#endif
