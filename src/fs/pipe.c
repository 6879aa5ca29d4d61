/* SPDX-License-Identifier: MIT */
/*
 * Pipes, with names (FIFOs) and without: a ring of bytes in pages, readers and
 * writers that wait for each other. A write of at most PIPE_BUF bytes is not
 * interleaved with others.
 */
#include "fs/fs.h"

#include <string.h>

#include "fs/upcall.h"
#include "vm/slab.h"

#define PIPE_PAGES 16
#define PIPE_SIZE (PIPE_PAGES * PAGE_SIZE)
#define PIPE_BUF 4096

struct pipe {
	mutex_t mutex;
	struct wait_queue_head rd_wait, wr_wait;
	unsigned int head, tail;	/* mutex; bytes written and read, mod 2^32; read without as hints */
	unsigned int readers, writers;	/* mutex */
	unsigned int r_opened, w_opened; /* mutex; how often, mod 2^32 */
	char *pages[PIPE_PAGES];	/* mutex; NULL until used */
};

static void drop_pages(struct pipe *p)
{
	for (int k = 0; k < PIPE_PAGES; k++) {
		if (p->pages[k])
			free_page(p->pages[k]);
		p->pages[k] = NULL;
	}
	p->head = p->tail = 0;
}

static void pipe_evict(struct inode *i)
{
	drop_pages(i->private);
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

static struct pipe *pipe_of(struct file *f)
{
	return f->inode->private;
}

/* The place of byte @at, and how many bytes follow in one piece. */
static char *pipe_place(struct pipe *p, unsigned int at, unsigned int *run)
{
	unsigned int off = at % PIPE_SIZE;

	*run = PAGE_SIZE - off % PAGE_SIZE;
	return p->pages[off / PAGE_SIZE] ? p->pages[off / PAGE_SIZE] + off % PAGE_SIZE : NULL;
}

static bool pipe_readable(struct pipe *p)
{
	return READ_ONCE(p->head) != READ_ONCE(p->tail) || !READ_ONCE(p->writers);
}

static bool pipe_writable(struct pipe *p, unsigned int n)
{
	return PIPE_SIZE - (READ_ONCE(p->head) - READ_ONCE(p->tail)) >= n || !READ_ONCE(p->readers);
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

		part = min(min(run, p->head - p->tail), (unsigned int)min(n - ret, (size_t)PIPE_SIZE));
		left = copy_to_user(buf + ret, from, part);
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
	unsigned int need = n <= PIPE_BUF ? n : 1;
	size_t done = 0;
	s64 err = 0;

	(void)pos;
	if (!n)
		return 0;
	mutex_lock(&p->mutex);
	while (done < n && !err) {
		unsigned int room = PIPE_SIZE - (p->head - p->tail), run, part, left;
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
			unsigned int k = p->head % PIPE_SIZE / PAGE_SIZE;

			p->pages[k] = get_free_page(GFP_KERNEL);
			if (!p->pages[k]) {
				err = -ENOMEM;
				break;
			}
			to = pipe_place(p, p->head, &run);
		}
		part = min(min(run, room), (unsigned int)min(n - done, (size_t)PIPE_SIZE));
		left = copy_from_user(to, buf + done, part);
		WRITE_ONCE(p->head, p->head + part - left);
		done += part - left;
		if (left)
			err = -EFAULT;
		else if (n <= PIPE_BUF)
			need = n - done;	/* the rest of an atomic write has its room */
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

/* One end less. What nobody has read is lost with the last. */
static void pipe_close(struct pipe *p, u32 acc)
{
	mutex_lock(&p->mutex);
	WRITE_ONCE(p->readers, p->readers - reads(acc));
	WRITE_ONCE(p->writers, p->writers - writes(acc));
	if (!p->readers && !p->writers)
		drop_pages(p);
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
		if (PIPE_SIZE - (READ_ONCE(p->head) - READ_ONCE(p->tail)) >= PIPE_BUF)
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

static const struct file_operations pipe_ops = {
	.read = pipe_read, .write = pipe_write, .release = pipe_release, .poll = pipe_poll,
	.ioctl = pipe_ioctl,
};

/* Wait for the other end, but do not, if it is not asked for: then a reader finds nothing, and a writer is turned away. */
static int fifo_open(struct inode *i, struct file *f)
{
	u32 acc = f->flags & O_ACCMODE;
	struct pipe *p = i->private;
	unsigned int r_seen, w_seen;
	int err = 0;

	mutex_lock(&p->mutex);
	if (acc == O_WRONLY && f->flags & O_NONBLOCK && !p->readers) {
		mutex_unlock(&p->mutex);
		return -ENXIO;
	}
	r_seen = p->r_opened;
	w_seen = p->w_opened;
	f->private = (void *)(unsigned long)(acc == O_RDONLY && !p->writers && f->flags & O_NONBLOCK ? w_seen : ~w_seen);
	WRITE_ONCE(p->readers, p->readers + reads(acc));
	WRITE_ONCE(p->writers, p->writers + writes(acc));
	WRITE_ONCE(p->r_opened, p->r_opened + reads(acc));
	WRITE_ONCE(p->w_opened, p->w_opened + writes(acc));
	acc = f->flags & O_NONBLOCK || (p->readers && p->writers) ? O_RDWR : acc;
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

int pipe_create(struct file *ends[2], u32 flags)
{
	struct pipe *p = pipe_alloc();
	struct inode *i;

	if (!p)
		return -ENOMEM;
	i = new_inode(S_IFIFO | 0600);
	if (!i) {
		kfree(p);
		return -ENOMEM;
	}
	p->readers = p->writers = p->r_opened = p->w_opened = 1;
	i->private = p;
	i->i_op = &pipe_inode_ops;
	flags &= O_NONBLOCK;
	ends[0] = alloc_file(i, NULL, O_RDONLY | flags, &pipe_ops);
	if (!ends[0]) {
		iput(i);
		return -ENOMEM;
	}
	ends[1] = alloc_file(iget(i), NULL, O_WRONLY | flags, &pipe_ops);
	if (!ends[1]) {
		iput(i);
		fput(ends[0]);
		return -ENOMEM;
	}
	return 0;
}
