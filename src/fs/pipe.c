/* SPDX-License-Identifier: MIT */
/*
 * Pipes, with names (FIFOs) and without: a ring of bytes in pages, readers and
 * writers that wait for each other. A write of at most PIPE_BUF bytes is not
 * interleaved with others.
 *
 * What pipes of a user may hold, all of it full, is counted to him: beyond a first limit his
 * pipes are small, beyond a second there are none. A FIFO holds nothing while nobody has it open.
 * Ref: Linux fs/pipe.c; pipe(7).
 */
#include "fs/pipe.h"

#include <string.h>

#include "abi/mount.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/poll.h"
#include "fs/libfs.h"
#include "fs/super.h"
#include "fs/upcall.h"
#include "locks/mutex.h"
#include "task/cred.h"
#include "task/user.h"
#include "vm/slab.h"

#define PIPE_DEF_PAGES 16
#define PIPE_MIN_DEF_PAGES 2
#define PIPE_BUF 4096

u64 sysctl_pipe_max_size = 1 << 20, sysctl_pipe_user_pages_soft = 1024 * PIPE_DEF_PAGES, sysctl_pipe_user_pages_hard;

static struct super_block *pipe_sb;	/* [I] after boot; of pipes without a name */

struct pipe {
	mutex_t mutex;
	struct wait_queue_head rd_wait, wr_wait;
	unsigned int head, tail;	/* mutex; bytes written and read, mod 2^32; read without as hints */
	unsigned int readers, writers;	/* mutex */
	unsigned int r_opened, w_opened; /* mutex; how often, mod 2^32 */
	char **pages;			/* mutex; the ring, each NULL until used; or NULL: nobody has it open */
	unsigned int nr;		/* mutex; its pages, a power of two; read without as a hint */
	struct user_struct *user;	/* mutex; the user who pays for the pages, a reference */
};

static unsigned int pipe_size(const struct pipe *p)
{
	return READ_ONCE(p->nr) * PAGE_SIZE;
}

/* The pages of a ring, and the ring. */
static void free_ring(char **pages, unsigned int nr)
{
	for (unsigned int k = 0; k < nr; k++)
		if (pages[k])
			free_page(pages[k]);
	kfree(pages);
}

/* Are @pages too many for the current user, by @limit? */
static bool too_many(u64 pages, const u64 *limit)
{
	return READ_ONCE(*limit) && pages > READ_ONCE(*limit) && !proc_is_administrator();
}

/* Somebody has it open now. Return: 0, -ENOMEM, or -ENFILE: more than the user may have. */
static int pipe_begin(struct pipe *p)
{
	struct user_struct *user = proc_get_user();
	unsigned int nr = PIPE_DEF_PAGES;
	u64 all = atomic_add_return(nr, &user->pipe_bufs);

	if (too_many(all, &sysctl_pipe_user_pages_soft)) {
		nr = PIPE_MIN_DEF_PAGES;
		all = atomic_sub_return(PIPE_DEF_PAGES - nr, &user->pipe_bufs);
	}
	if (!too_many(all, &sysctl_pipe_user_pages_hard)) {
		p->pages = kzalloc(nr * sizeof(char *), GFP_KERNEL);
		if (p->pages) {
			p->nr = nr;
			p->user = user;
			return 0;
		}
		all = 0;
	}
	atomic_sub(nr, &user->pipe_bufs);
	free_uid(user);
	return all ? -ENFILE : -ENOMEM;
}

/* Nobody has it open any more. What nobody has read is lost. */
static void pipe_end(struct pipe *p)
{
	if (!p->pages)
		return;
	free_ring(p->pages, p->nr);
	p->pages = NULL;
	p->head = p->tail = 0;
	atomic_sub(p->nr, &p->user->pipe_bufs);
	free_uid(p->user);
}

static void pipe_evict(struct inode *i)
{
	pipe_end(i->private);
	kfree(i->private);
}

static const struct inode_operations pipe_inode_ops = { .evict = pipe_evict };

static struct pipe *pipe_alloc(void)
{
	struct pipe *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	mutex_init(&p->mutex, LOCK_PIPE);
	init_waitqueue_head(&p->rd_wait);
	init_waitqueue_head(&p->wr_wait);
	return p;
}

static struct pipe *pipe_of(const struct file *f)
{
	return f->inode->private;
}

/* The place of byte @at, and how many bytes follow in one piece. */
static char *pipe_place(struct pipe *p, unsigned int at, unsigned int *run)
{
	unsigned int off = at % pipe_size(p);

	*run = PAGE_SIZE - off % PAGE_SIZE;
	return p->pages[off / PAGE_SIZE] ? p->pages[off / PAGE_SIZE] + off % PAGE_SIZE : NULL;
}

static bool pipe_readable(struct pipe *p)
{
	return READ_ONCE(p->head) != READ_ONCE(p->tail) || !READ_ONCE(p->writers);
}

static bool pipe_writable(struct pipe *p, unsigned int n)
{
	return pipe_size(p) - (READ_ONCE(p->head) - READ_ONCE(p->tail)) >= n || !READ_ONCE(p->readers);
}

static s64 pipe_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct pipe *p = pipe_of(f);
	s64 ret = 0;

	(void)pos;
	if (!n)
		return 0;
	for (;;) {
		mutex_lock(&p->mutex);
		if (p->head != p->tail)
			break;
		if (!p->writers) {
			mutex_unlock(&p->mutex);
			return 0;
		}
		mutex_unlock(&p->mutex);
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible_exclusive(&p->rd_wait, pipe_readable(p));
		if (ret)
			return ret;
	}
	while ((size_t)ret < n && p->head != p->tail) {
		unsigned int run, part, left;
		char *from = pipe_place(p, p->tail, &run);

		part = min(min(run, p->head - p->tail), (unsigned int)min(n - ret, (size_t)pipe_size(p)));
		left = (unsigned int)copy_to_user(buf + ret, from, part);
		WRITE_ONCE(p->tail, p->tail + part - left);
		ret += part - left;
		if (left) {
			ret = ret ? ret : -EFAULT;
			break;
		}
	}
	/* Bytes left over are for the next reader in line. */
	if (p->head != p->tail)
		wake_up_interruptible(&p->rd_wait);
	mutex_unlock(&p->mutex);
	if (ret > 0)
		wake_up_interruptible(&p->wr_wait);
	return ret;
}

static s64 pipe_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	struct pipe *p = pipe_of(f);
	unsigned int need = n <= PIPE_BUF ? (unsigned int)n : 1;
	size_t done = 0;
	s64 err = 0;

	(void)pos;
	if (!n)
		return 0;
	mutex_lock(&p->mutex);
	while (done < n && !err) {
		unsigned int room = pipe_size(p) - (p->head - p->tail), run, part, left;
		char *to;

		if (!p->readers) {
			proc_send_sigpipe();
			err = -EPIPE;
			break;
		}
		if (room < need) {
			mutex_unlock(&p->mutex);
			if (done)
				wake_up_interruptible(&p->rd_wait);
			if (f->flags & O_NONBLOCK)
				return done ? (s64)done : -EAGAIN;
			err = wait_event_interruptible_exclusive(&p->wr_wait, pipe_writable(p, need));
			if (err)
				return done ? (s64)done : err;
			mutex_lock(&p->mutex);
			continue;
		}
		to = pipe_place(p, p->head, &run);
		if (!to) {
			unsigned int k = p->head % pipe_size(p) / PAGE_SIZE;

			p->pages[k] = get_free_page(GFP_KERNEL);
			if (!p->pages[k]) {
				err = -ENOMEM;
				break;
			}
			to = pipe_place(p, p->head, &run);
		}
		part = min(min(run, room), (unsigned int)min(n - done, (size_t)pipe_size(p)));
		left = (unsigned int)copy_from_user(to, buf + done, part);
		WRITE_ONCE(p->head, p->head + part - left);
		done += part - left;
		if (left)
			err = -EFAULT;
		else if (n <= PIPE_BUF)
			need = (unsigned int)(n - done);	/* the rest of an atomic write has its room */
	}
	if (pipe_writable(p, 1) && p->readers)
		wake_up_interruptible(&p->wr_wait);
	mutex_unlock(&p->mutex);
	if (done)
		wake_up_interruptible(&p->rd_wait);
	return done ? (s64)done : err;
}

static bool reads(u32 acc)
{
	return acc != O_WRONLY;
}

static bool writes(u32 acc)
{
	return acc != O_RDONLY;
}

/* One end less. */
static void pipe_close(struct pipe *p, u32 acc)
{
	mutex_lock(&p->mutex);
	WRITE_ONCE(p->readers, p->readers - reads(acc));
	WRITE_ONCE(p->writers, p->writers - writes(acc));
	if (!p->readers && !p->writers)
		pipe_end(p);
	mutex_unlock(&p->mutex);
	wake_up_all(&p->rd_wait);
	wake_up_all(&p->wr_wait);
}

static void pipe_release(struct file *f)
{
	struct pipe *p = pipe_of(f);

	pipe_close(p, f->flags & O_ACCMODE);
}

static u32 pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = pipe_of(f);
	u32 mask = 0, acc = f->flags & O_ACCMODE;

	if (reads(acc)) {
		poll_wait(&p->rd_wait, pt);
		if (READ_ONCE(p->head) != READ_ONCE(p->tail))
			mask |= POLLIN | POLLRDNORM;
		if (!READ_ONCE(p->writers) && READ_ONCE(p->w_opened) != (unsigned long)f->private)
			mask |= POLLHUP;	/* there have been some */
	}
	if (writes(acc)) {
		poll_wait(&p->wr_wait, pt);
		if (pipe_size(p) - (READ_ONCE(p->head) - READ_ONCE(p->tail)) >= PIPE_BUF)
			mask |= POLLOUT | POLLWRNORM;
		if (!READ_ONCE(p->readers))
			mask |= POLLERR;
	}
	return mask;
}

static long pipe_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct pipe *p = pipe_of(f);

	if (cmd != FIONREAD)
		return -ENOTTY;
	return put_user((int)(READ_ONCE(p->head) - READ_ONCE(p->tail)), (int __user *)arg);
}

static size_t pipe_held(const struct file *f)
{
	const struct pipe *p = pipe_of(f);

	return sizeof(*p) + pipe_size(p);	/* it may be full at any time */
}

static const struct file_operations pipe_ops = {
	.read = pipe_read, .write = pipe_write, .release = pipe_release, .poll = pipe_poll,
	.ioctl = pipe_ioctl, .held = pipe_held,
};

/* Wait for the other end, but do not, if it is not asked for: then a reader finds nothing, and a writer is turned away. */
static int fifo_open(struct inode *i, struct file *f)
{
	u32 acc = f->flags & O_ACCMODE;
	bool named = i->i_sb != pipe_sb;	/* or, without, /proc/PID/fd led here: none is waited for */
	struct pipe *p = i->private;
	unsigned int r_seen, w_seen;
	int err;

	mutex_lock(&p->mutex);
	if (named && acc == O_WRONLY && f->flags & O_NONBLOCK && !p->readers) {
		mutex_unlock(&p->mutex);
		return -ENXIO;
	}
	err = p->pages ? 0 : pipe_begin(p);
	if (err) {
		mutex_unlock(&p->mutex);
		return -ENOMEM;
	}
	r_seen = p->r_opened;
	w_seen = p->w_opened;
	f->private = (void *)(unsigned long)(acc == O_RDONLY && !p->writers && f->flags & O_NONBLOCK ? w_seen : ~w_seen);
	WRITE_ONCE(p->readers, p->readers + reads(acc));
	WRITE_ONCE(p->writers, p->writers + writes(acc));
	WRITE_ONCE(p->r_opened, p->r_opened + reads(acc));
	WRITE_ONCE(p->w_opened, p->w_opened + writes(acc));
	acc = !named || f->flags & O_NONBLOCK || (p->readers && p->writers) ? O_RDWR : acc;
	mutex_unlock(&p->mutex);
	wake_up_all(&p->rd_wait);
	wake_up_all(&p->wr_wait);
	/* The other end may have come and gone by the time that we look. */
	if (acc == O_RDONLY)
		err = wait_event_interruptible(&p->rd_wait, READ_ONCE(p->w_opened) != w_seen);
	else if (acc == O_WRONLY)
		err = wait_event_interruptible(&p->wr_wait, READ_ONCE(p->r_opened) != r_seen);
	if (err)
		pipe_close(p, f->flags & O_ACCMODE);
	return err;
}

static const struct file_operations fifo_ops = {
	.open = fifo_open, .read = pipe_read, .write = pipe_write, .release = pipe_release, .poll = pipe_poll, .ioctl = pipe_ioctl,
	.held = pipe_held,
};

int fifo_init(struct inode *i)
{
	i->private = pipe_alloc();
	if (!i->private)
		return -ENOMEM;
	i->i_op = &pipe_inode_ops;
	i->i_fop = &fifo_ops;
	return 0;
}

/* Give the ring @nr pages; bytes that have not been read stay in it. Context: mutex. */
static int pipe_resize(struct pipe *p, unsigned int nr)
{
	unsigned int len = p->head - p->tail, done = 0, run;
	char **pages;

	if (len > nr * PAGE_SIZE)
		return -EBUSY;
	pages = kzalloc(nr * sizeof(char *), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	while (done < len) {
		const char *from = pipe_place(p, p->tail + done, &run);
		char **to = &pages[done / PAGE_SIZE];

		if (!*to && !(*to = get_free_page(GFP_KERNEL))) {
			free_ring(pages, nr);
			return -ENOMEM;
		}
		run = min(min(run, len - done), (unsigned int)(PAGE_SIZE - done % PAGE_SIZE));
		memcpy(*to + done % PAGE_SIZE, from, run);
		done += run;
	}
	free_ring(p->pages, p->nr);
	p->pages = pages;
	WRITE_ONCE(p->nr, nr);
	WRITE_ONCE(p->tail, 0);
	WRITE_ONCE(p->head, len);
	return 0;
}

bool pipe_is_nameless(const struct file *f)
{
	return f->inode->i_sb == pipe_sb;
}

static bool is_pipe(const struct file *f)
{
	return f->f_op == &pipe_ops || f->f_op == &fifo_ops;
}

long pipe_get_size(const struct file *f)
{
	return is_pipe(f) ? (long)pipe_size(pipe_of(f)) : -EBADF;
}

long pipe_set_size(struct file *f, unsigned long size)
{
	struct pipe *p = pipe_of(f);
	unsigned int nr = 1;
	long err = 0;
	u64 all;

	if (!is_pipe(f))
		return -EBADF;
	if (size > 1UL << 31)
		return -EINVAL;
	while (nr * PAGE_SIZE < size)
		nr *= 2;
	mutex_lock(&p->mutex);
	if (nr > p->nr) {
		all = atomic_read(&p->user->pipe_bufs) + nr - p->nr;
		if ((nr * PAGE_SIZE > READ_ONCE(sysctl_pipe_max_size) && !proc_is_administrator()) ||
		    too_many(all, &sysctl_pipe_user_pages_soft) || too_many(all, &sysctl_pipe_user_pages_hard))
			err = -EPERM;
	}
	if (!err && nr != p->nr) {
		unsigned int old = p->nr;

		err = pipe_resize(p, nr);
		if (!err)
			atomic_add((long)nr - old, &p->user->pipe_bufs);
	}
	mutex_unlock(&p->mutex);
	wake_up_all(&p->wr_wait);
	return err ? err : (long)(nr * PAGE_SIZE);
}

static struct file *pipe_file(struct inode *i, u32 flags)
{
	struct file *f = alloc_file(i, NULL, flags, &pipe_ops);

	if (IS_ERR(f))
		iput(i);
	return f;
}

int pipe_create(struct file *ends[2], u32 flags)
{
	struct pipe *p = pipe_alloc();
	struct inode *i = p ? new_inode(pipe_sb, S_IFIFO | 0600) : NULL;
	int err;

	if (!i) {
		kfree(p);
		return -ENOMEM;
	}
	i->private = p;
	i->i_op = &pipe_inode_ops;
	i->i_fop = &fifo_ops;		/* to be opened by /proc/PID/fd */
	err = pipe_begin(p);
	if (err) {
		iput(i);
		return err;
	}
	p->readers = p->writers = p->r_opened = p->w_opened = 1;
	flags &= O_NONBLOCK;
	ends[0] = pipe_file(iget(i), O_RDONLY | flags);
	ends[1] = IS_ERR(ends[0]) ? ends[0] : pipe_file(iget(i), O_WRONLY | flags);
	iput(i);
	if (!IS_ERR(ends[1]))
		return 0;
	if (!IS_ERR(ends[0]))
		fput(ends[0]);
	return PTR_ERR(ends[1]);
}

static struct file_system_type pipe_fs_type = {
	.name = "pipefs", .magic = PIPEFS_MAGIC, .flags = FS_NOMOUNT, .fill_super = nameless_fill_super,
};

void __init pipe_init(void)
{
	pipe_sb = kern_mount(&pipe_fs_type)->mnt_sb;
}
