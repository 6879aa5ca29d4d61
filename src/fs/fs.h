/* SPDX-License-Identifier: MIT */
/*
 * Files: inodes, the tree of names, open files, descriptors.
 *
 * A name (dentry) holds its parent and its inode. A directory in memory holds
 * its names; those that /proc makes up live as long as somebody uses them.
 * A directory's set of names is guarded by its inode's i_rwsem.
 */
#ifndef FS_FS_H
#define FS_FS_H

#include "abi/fs.h"
#include "sched/wait.h"
#include "vm/filemap.h"
#include "vm/uaccess.h"

#define NAME_MAX 255
#define PATH_MAX 4096

struct dentry;
struct file;
struct inode;

struct inode_operations {
	/* A new name in @dir, or ERR_PTR(-ENOENT); NULL: names are in memory. Context: dir's i_rwsem shared. */
	struct dentry *(*lookup)(struct dentry *dir, const char *name);
	/* Make or remove a directory; NULL: names are not made here. Context: @dir's i_rwsem exclusive. */
	int (*mkdir)(struct inode *dir, const char *name);
	int (*rmdir)(struct inode *dir, const char *name);
	/* May the current task, for whom mode and owner say @err, do @mask? NULL: as they say. Context: task. */
	int (*permission)(struct inode *inode, int mask, int err);
	/* Link text of a symbolic link into @buf. Return: length or errno. */
	int (*readlink)(struct inode *inode, char *buf, size_t n);
	/* Last reference went. */
	void (*evict)(struct inode *inode);
};

struct dir_context {
	/* Return: false when the buffer is full. */
	bool (*emit)(struct dir_context *ctx, const char *name, u64 ino, u32 type);
	s64 pos;
};

struct poll_table;

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
	/* Ready events; queues the caller on what will announce more, if @pt. */
	u32 (*poll)(struct file *file, struct poll_table *pt);
	/* May, and how can, @len bytes of it be mapped? 0, and its pages are the inode's, or an errno. NULL: as a file is. */
	int (*mmap)(struct file *file, u64 off, size_t len, int prot, int flags);
	/* Bytes of memory that would be free without it, or may be; NULL: none to speak of. Context: any. */
	size_t (*held)(const struct file *file);
};

struct inode {
	atomic_t refcount;
	u32 mode, uid, gid;		/* i_rwsem */
	u32 nlink;			/* i_rwsem */
	u64 ino, rdev;			/* [I] */
	u64 atime, mtime, ctime;	/* ns since 1970; i_rwsem, or racy */
	struct rw_semaphore i_rwsem;	/* names in a directory; size of a file */
	const struct inode_operations *i_op;
	const struct file_operations *i_fop;
	struct address_space mapping;	/* a file's pages; mapping.size is the file's size */
	void *private;			/* link text; /proc's entry */
	long private_data;
};

RB_HEAD(dentry_tree, dentry);

struct dentry {
	atomic_t refcount;
	struct dentry *d_parent;	/* itself for the root; LOCK_DCACHE: only dcache.c reads it */
	struct inode *inode;		/* [I] */
	RB_ENTRY(dentry) link;		/* parent's inode i_rwsem */
	TAILQ_ENTRY(dentry) order;	/* parent's inode i_rwsem */
	struct dentry_tree children;	/* own inode i_rwsem: by name */
	TAILQ_HEAD(, dentry) listing;	/* own inode i_rwsem: the same by cookie */
	u64 cookie;			/* directory position; parent's i_rwsem */
	bool removed;			/* has been in a directory, and is no more: takes no names; parent's and own i_rwsem */
	struct shmem_account *account;	/* [I] who pays for the name, a reference; NULL: it lives only while it is used */
	char *name;			/* parent's i_rwsem, or LOCK_DCACHE */
	char inline_name[32];
};

struct file {
	atomic_t refcount;
	u32 flags;			/* O_*; [a] for O_APPEND, O_NONBLOCK */
	struct dentry *dentry;		/* or NULL: a pipe */
	struct inode *inode;
	const struct file_operations *f_op;
	s64 pos;			/* f_pos_lock */
	mutex_t f_pos_lock;
	void *private;
};

/* inode.c */
struct inode *new_inode(u32 mode) __must_check;
void iput(struct inode *inode);
static inline struct inode *iget(struct inode *i)
{
	atomic_inc(&i->refcount);
	return i;
}
void inode_touch(struct inode *inode);	/* mtime and ctime are now */
void fill_stat(const struct inode *inode, struct k_stat *st);
u64 next_ino(void);

/* dcache.c */
extern struct dentry *root_dentry;
/** d_alloc - A name for @inode (whose reference it takes over) below @parent, not yet linked. NULL: no memory. */
struct dentry *d_alloc(struct dentry *parent, const char *name, struct inode *inode) __must_check;
/** d_charge - @d, new, is a name that stays in memory: the current user pays for it. 0 or -ENOSPC. */
int d_charge(struct dentry *d) __must_check;
void dput(struct dentry *d);
static inline struct dentry *dget(struct dentry *d)
{
	atomic_inc(&d->refcount);
	return d;
}
/**
 * d_link - Put @d in its parent's tree, which takes over the reference. d_unlink: the reverse, for good.
 * Context: parent's i_rwsem held exclusive; the parent has not been removed. d_unlink: a directory's own too, and it is empty.
 */
void d_link(struct dentry *d);
void d_unlink(struct dentry *d);
/** dget_parent - What @d lies in now, with a reference; the root lies in itself. */
struct dentry *dget_parent(struct dentry *d);
/** d_is_ancestor - Is @a @d, or does @d lie below it? Context: nothing is renamed (rename_lock), or the answer may be old. */
bool d_is_ancestor(const struct dentry *a, const struct dentry *d);
/** d_find - Child @name with a reference, or NULL. Context: parent's i_rwsem held. */
struct dentry *d_find(struct dentry *dir, const char *name);
/**
 * d_move - Give @d a new parent and name, in the place of @victim, if there is one, which d_unlink() could take.
 * Return: 0 or -ENOMEM, and nothing has changed. Context: rename_lock; both parents' i_rwsem held exclusive.
 */
int d_move(struct dentry *d, struct dentry *new_parent, const char *name, struct dentry *victim) __must_check;
/** d_exchange - Each gets the other's parent and name. Context: as for d_move(); neither lies below the other. */
void d_exchange(struct dentry *a, struct dentry *b);
/** d_path - Absolute path of @d into @buf[@n]. Return: start within @buf, or ERR_PTR(-ENAMETOOLONG). */
char *d_path(struct dentry *d, char *buf, size_t n);
/** d_list_from - The first child in order of positions at @pos or after, or NULL. O(n). Context: @dir's i_rwsem held. */
struct dentry *d_list_from(struct dentry *dir, u64 pos);

/* namei.c: names to things. Context: task, may sleep. */
#define LOOKUP_FOLLOW 1
/** path_lookup - @path from directory @base (NULL: working directory). Return: dentry with a reference or ERR_PTR. */
struct dentry *path_lookup(struct dentry *base, const char *path, unsigned int flags);
/* A path's last component, with which most calls that take a path do something. */
struct last_name {
	char name[NAME_MAX + 1];
	bool slash;		/* it is followed by one: only a directory is meant */
};
/** is_dots - Is @name "." or ".."? */
bool is_dots(const char *name);
/** path_parent - The directory that holds @path's last component, copied to @last; it may be searched. */
struct dentry *path_parent(struct dentry *base, const char *path, struct last_name *last);
/** may_delete - May the current task take @victim out of @dir? 0, -EACCES, -EPERM. Context: dir's i_rwsem held. */
int may_delete(struct dentry *dir, struct dentry *victim) __must_check;
/** do_open - open(2) within the kernel; with FMODE_EXEC it is to be run, not read. Return: file or ERR_PTR. */
#define FMODE_EXEC 0x20u	/* of no flag of the ABI's */
struct file *do_open(struct dentry *base, const char *path, u32 flags, u32 mode);
int vfs_mknod(struct dentry *base, const char *path, u32 mode, u64 rdev, const char *link) __must_check;
int vfs_unlink(struct dentry *base, const char *path, bool dir) __must_check;
int vfs_link(struct dentry *old_base, const char *old, struct dentry *new_base, const char *new, unsigned int flags) __must_check;
/* rename.c. @flags: RENAME_NOREPLACE or RENAME_EXCHANGE. */
int vfs_rename(struct dentry *old_base, const char *old, struct dentry *new_base, const char *new, unsigned int flags) __must_check;
int vfs_truncate(struct inode *inode, u64 size) __must_check;
/**
 * inode_remove_privs - Who changes a program takes from it what rights it gives, unless he is capable.
 * Context: task; @inode's i_rwsem held exclusive. Ref: Linux file_remove_privs().
 */
void inode_remove_privs(struct inode *inode);
/** inode_permission - 0 or -EACCES; @mask of 4 read, 2 write, 1 execute. */
int inode_permission(struct inode *inode, int mask) __must_check;

/* file.c */
extern u64 sysctl_file_max;	/* open files that there may be, for all but administrators */
/** alloc_file - An open file, which takes over the references, or ERR_PTR(-ENFILE, -ENOMEM), and it does not. */
struct file *alloc_file(struct inode *inode, struct dentry *dentry, u32 flags, const struct file_operations *fop) __must_check;
void fput(struct file *file);
static inline struct file *get_file(struct file *f)
{
	atomic_inc(&f->refcount);
	return f;
}
unsigned long nr_files(void);
/** kernel_read - Read from a regular file into kernel memory. Return: bytes or errno. */
s64 kernel_read(struct file *file, void *buf, size_t n, s64 pos);
/** ramfs */
extern const struct file_operations ramfs_file_ops, dir_file_ops;
/** generic_llseek - For files with a size. */
s64 generic_llseek(struct file *file, s64 off, int whence);

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
struct fs_struct {
	atomic_t count;
	spinlock_t lock;
	struct dentry *root, *pwd;
	u32 umask;
};

struct files_struct *files_alloc(void) __must_check;
struct files_struct *dup_files(struct files_struct *old) __must_check;
void put_files(struct files_struct *files);
/** proc_max_open - One more than the highest descriptor that the current process may get: RLIMIT_NOFILE. Context: task. */
unsigned int proc_max_open(void);
/** fd_install_new - Give @file (whose reference it takes over) the lowest free number >= @min. Return: it, -EMFILE, -ENOMEM. */
int fd_install_new(struct files_struct *files, struct file *file, unsigned int min, bool cloexec) __must_check;
/** fd_replace - dup2's part: @file at @fd, what was there is closed. */
int fd_replace(struct files_struct *files, unsigned int fd, struct file *file, bool cloexec) __must_check;
int fd_close(struct files_struct *files, unsigned int fd) __must_check;
void fd_close_on_exec(struct files_struct *files);
/** fget - The open file @fd of the current task with a reference, or NULL. */
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
/** fd_shares_pos - Does a call need f_pos_lock? Only a file that others hold too, and with a position. */
static inline bool fd_shares_pos(const struct fd *f)
{
	return f->file->f_op->llseek && (f->ref || atomic_read(&f->file->refcount) > 1);
}
int fd_get_flags(unsigned int fd);
int fd_set_flags(unsigned int fd, bool cloexec);
/** files_iterate - Call @fn for each open descriptor of @files from @fd on. */
int files_next_fd(struct files_struct *files, s64 from);

struct fs_struct *fs_alloc(void) __must_check;
struct fs_struct *dup_fs(struct fs_struct *old) __must_check;
void put_fs(struct fs_struct *fs);
/** get_pwd - The working directory, with a reference. */
struct dentry *get_pwd(struct fs_struct *fs);

/* pipe.c */
int pipe_create(struct file *ends[2], u32 flags) __must_check;
extern u64 sysctl_pipe_max_size, sysctl_pipe_user_pages_soft, sysctl_pipe_user_pages_hard;	/* proc(5) */
/** pipe_get_size, pipe_set_size - How many bytes the pipe @f holds. Return: that, -EBADF (no pipe), -EPERM, -EBUSY (there are more), ... */
long pipe_get_size(const struct file *f);
long pipe_set_size(struct file *f, unsigned long size);
/** fifo_init - @i, new, is a pipe with a name. Return: 0 or -ENOMEM. */
int fifo_init(struct inode *i) __must_check;

/* poll: who waits on what. */
struct poll_entry {
	struct wait_queue_head *wq;
	struct wait_queue_entry wait;
};
struct poll_table {
	unsigned int nr;
	struct poll_entry *entries;
	unsigned int max;
};
void poll_wait(struct wait_queue_head *wq, struct poll_table *pt);

/* Devices and mounts made at boot. */
void fs_init(void);
void dcache_init(void);
void file_init(void);
void rename_init(void);
int populate_rootfs(const char *archive, size_t size);

#endif
