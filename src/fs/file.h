/* SPDX-License-Identifier: MIT */
/* Open files. */
#ifndef FS_FILE_H
#define FS_FILE_H

#include "fs/inode.h"
#include "fs/mount.h"
#include "locks/mutex.h"
#include "vm/uaccess.h"

struct file;
struct poll_table;

struct dir_context {
	/* Return: false when the buffer is full. */
	bool (*emit)(struct dir_context *ctx, const char *name, u64 ino, u32 type);
	s64 pos;
};

struct file_operations {
	int (*open)(struct inode *inode, struct file *file);
	void (*release)(struct file *file);
	/* Opened with O_TRUNC; NULL: that changes nothing. Files of memory are cut without. */
	void (*truncate)(struct file *file);
	s64 (*read)(struct file *file, char __user *buf, size_t n, s64 *pos);
	s64 (*write)(struct file *file, const char __user *buf, size_t n, s64 *pos);
	s64 (*llseek)(struct file *file, s64 off, int whence);	/* NULL: -ESPIPE */
	int (*iterate)(struct file *file, struct dir_context *ctx);
	long (*ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	/* Which events are ready. If @pt, the caller also waits on the queues that will announce more. */
	u32 (*poll)(struct file *file, struct poll_table *pt);
	/* May, and how can, @len bytes of it be mapped? 0, and its pages are the inode's, or an errno. NULL: as a file is. */
	int (*mmap)(struct file *file, u64 off, size_t len, int prot, int flags);
	/* Bytes of memory that would be free without it, or may be; NULL: none to speak of. Context: any. */
	size_t (*held)(const struct file *file);
};

struct file {
	atomic_t refcount;
	u32 flags;			/* O_*; [a] for O_APPEND, O_NONBLOCK */
	bool f_writer;			/* [I] it holds mnt_want_write() */
	struct path f_path;		/* [I] or NULLs: it has no name */
	struct inode *inode;
	const struct file_operations *f_op;
	s64 pos;			/* f_pos_lock */
	mutex_t f_pos_lock;
	void *private;
};

extern u64 sysctl_file_max;	/* open files that there may be, for all but administrators */

/**
 * alloc_file - An open file, which takes over the references to @inode and @path (NULL: it has no name).
 * Return: it; or ERR_PTR(-ENFILE, -ENOMEM), and it takes over nothing. Context: task.
 */
struct file *alloc_file(struct inode *inode, const struct path *path, u32 flags, const struct file_operations *fop) __must_check;
/** fput - A reference less; with the last one the file is closed. Context: task, may sleep. */
void fput(struct file *file);
/** get_file - A reference more. Context: any. */
static inline struct file *get_file(struct file *f)
{
	atomic_inc(&f->refcount);
	return f;
}
/**
 * file_path - The place of @f, with a reference; of one without a name, one that nothing else has, and that can be opened anew.
 * Return: 0 or -ENOMEM. Context: task.
 */
int file_path(struct file *f, struct path *place) __must_check;
/** nr_files - Return: how many files are open. Context: any. */
unsigned long nr_files(void);
/** do_open - open(2) within the kernel; with FMODE_EXEC it is to be run, not read. Return: file or ERR_PTR. Context: task. */
#define FMODE_EXEC 0x20u	/* of no flag of the ABI's */
struct file *do_open(const struct path *base, const char *path, u32 flags, u32 mode);
/** kernel_read - Read from a regular file into kernel memory. Return: bytes or errno. Context: task. */
s64 kernel_read(struct file *file, void *buf, size_t n, s64 pos);
/** generic_llseek - lseek(2) for a file that has a size. Return: the new position or -EINVAL. Context: task. */
s64 generic_llseek(struct file *file, s64 off, int whence);
/** file_init - The cache of this module, and limits by how much memory there is. Context: boot. */
void file_init(void);

#endif
