/* SPDX-License-Identifier: MIT */
/* Descriptors: numbers by which a process knows its open files. */
#ifndef FS_FDTABLE_H
#define FS_FDTABLE_H

#include "fs/file.h"
#include "sched/sched.h"

#define NR_OPEN_DEFAULT 64
#define NR_OPEN_MAX (1U << 20)	/* descriptors, whatever the limit */

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *open_fds, *close_on_exec;
};
struct files_struct {
	atomic_t count;
	spinlock_t file_lock;
	struct fdtable fdt __protected_by(file_lock);
	unsigned int next_fd __protected_by(file_lock);	/* no free one below */
	struct file *fd_array[NR_OPEN_DEFAULT];
	unsigned long open_fds_init, close_on_exec_init;
};

/** files_alloc - An empty table with one reference. dup_files - A copy of @old. Return: or NULL: no memory. Context: task. */
struct files_struct *files_alloc(void) __must_check;
struct files_struct *dup_files(struct files_struct *old) __must_check;
/** put_files - A reference less; with the last one all its descriptors are closed. Context: task, may sleep. */
void put_files(struct files_struct *files);
/** proc_max_open - One more than the highest descriptor that the current process may get: RLIMIT_NOFILE. Context: task. */
unsigned int proc_max_open(void);
/**
 * fd_install_new - Give @file (whose reference it takes over) the lowest free number >= @min.
 * Return: it; or -EMFILE, -ENOMEM, and the reference is still the caller's. Context: task.
 */
int fd_install_new(struct files_struct *files, struct file *file, unsigned int min, bool cloexec) __must_check;
/** fd_replace - Put @file at @fd, and close the file that was there. Return: @fd, -EBADF, -ENOMEM. Context: task, may sleep. */
int fd_replace(struct files_struct *files, unsigned int fd, struct file *file, bool cloexec) __must_check;
/** fd_close - close(2). Return: 0 or -EBADF. Context: task, may sleep. */
int fd_close(struct files_struct *files, unsigned int fd) __must_check;
/** fd_close_on_exec - Close those that are not for the next program. Context: task, may sleep; @files is the task's alone. */
void fd_close_on_exec(struct files_struct *files);
/** fget - The open file @fd of the current task with a reference. files_get - The same of @files. Return: or NULL. Context: task. */
struct file *files_get(struct files_struct *files, unsigned int fd);
struct file *fget(unsigned int fd);
/*
 * fdget: fget() without the cost while the table is the task's alone: then nobody
 * else can close the file during a call. Undone by fdput(). Ref: Linux fdget().
 */
struct fd {
	struct file *file;
	bool ref;
};
static inline struct fd fdget(unsigned int fd)
{
	struct files_struct *files = current->files;

	if (likely(atomic_read(&files->count) == 1))
		return (struct fd){ fd < files->fdt.max_fds ? files->fdt.fd[fd] : NULL, false };
	return (struct fd){ fget(fd), true };
}
static inline void fdput(struct fd f)
{
	if (f.ref && f.file)
		fput(f.file);
}
/** fd_shares_pos - Does a call need f_pos_lock? Only a file that others hold too, and with a position. Context: task. */
static inline bool fd_shares_pos(const struct fd *f)
{
	return f->file->f_op->llseek && (f->ref || atomic_read(&f->file->refcount) > 1);
}
/** fd_get_flags, fd_set_flags - FD_CLOEXEC of the current task's @fd. Return: that or 0 (set: 0), or -EBADF. Context: task. */
int fd_get_flags(unsigned int fd);
int fd_set_flags(unsigned int fd, bool cloexec);
/** files_next_fd - The first open descriptor of @files at @from or after. Return: it, or -1. Context: task. */
int files_next_fd(struct files_struct *files, s64 from);
/** fdtable_init - The cache of tables. Context: boot. */
void fdtable_init(void);

#endif
