/* SPDX-License-Identifier: MIT */
/*
 * /dev/vport0pN, and /dev/virtio-ports/NAME that leads to it: a port as a stream. To a reader and a writer it is as a
 * pipe to the host: end of file, or SIGPIPE and EPIPE, once the host has closed its side. Ref: Linux virtio_console.
 */
#include "fs/vport.h"

#include <stdio.h>

#include "dev/vport.h"
#include "fs/namei.h"
#include "fs/poll.h"
#include "fs/upcall.h"

#define PIPE_BUF 4096	/* bytes that are not interleaved with others' */

static struct vport *port_of(const struct file *f)
{
	return f->private;
}

static int vport_file_open(struct inode *i, struct file *f)
{
	struct vport *p = vport_get(i->rdev & 0xff);
	u32 acc = f->flags & O_ACCMODE;

	f->private = p;
	return p ? vport_open(p, acc != O_WRONLY, acc != O_RDONLY, NULL) : -ENXIO;
}

static s64 vport_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct vport *p = port_of(f);
	s64 done = 0;

	(void)pos;
	if (!n)
		return 0;
	mutex_lock(&p->rd_mutex);
	while (!vport_readable(p)) {
		mutex_unlock(&p->rd_mutex);
		if (vport_ended(p))
			return 0;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		done = wait_event_interruptible(&p->rd_wait, vport_readable(p) || vport_ended(p));
		if (done)
			return done;
		mutex_lock(&p->rd_mutex);
	}
	while ((size_t)done < n) {
		size_t part, left;
		const char *from = vport_peek(p, &part);

		if (!from)
			break;
		part = min(part, n - done);
		left = copy_to_user(buf + done, from, part);
		vport_consume(p, part - left);
		done += part - left;
		if (left) {
			done = done ? done : -EFAULT;
			break;
		}
	}
	mutex_unlock(&p->rd_mutex);
	return done;
}

static bool vport_writable(const struct vport *p, size_t n)
{
	return vport_room(p) >= n || !READ_ONCE(p->host_open);
}

static s64 vport_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	struct vport *p = port_of(f);
	size_t need = n <= PIPE_BUF ? n : 1, done = 0;
	s64 err = 0;

	(void)pos;
	mutex_lock(&p->wr_mutex);
	while (done < n && !err) {
		size_t part, left;
		char *to;

		if (!READ_ONCE(p->host_open)) {
			proc_send_sigpipe();
			err = -EPIPE;
			break;
		}
		if (vport_room(p) < need) {
			mutex_unlock(&p->wr_mutex);
			err = f->flags & O_NONBLOCK ? -EAGAIN : wait_event_interruptible(&p->wr_wait, vport_writable(p, need));
			if (err)
				return done ? (s64)done : err;
			mutex_lock(&p->wr_mutex);
			continue;
		}
		to = vport_space(p, &part);
		part = min(part, n - done);
		left = copy_from_user(to, buf + done, part);
		vport_commit(p, part - left);
		done += part - left;
		if (left)
			err = -EFAULT;
		else if (n <= PIPE_BUF)
			need = n - done;	/* the rest of an atomic write has its room */
	}
	mutex_unlock(&p->wr_mutex);
	return done ? (s64)done : err;
}

static u32 vport_poll(struct file *f, struct poll_table *pt)
{
	struct vport *p = port_of(f);
	u32 mask = 0;

	poll_wait(&p->rd_wait, pt);
	poll_wait(&p->wr_wait, pt);
	if (!READ_ONCE(p->host_open))
		mask |= POLLHUP | (f->flags & O_ACCMODE ? POLLERR : 0);
	if (vport_readable(p))
		mask |= POLLIN | POLLRDNORM;
	if (vport_room(p) >= PIPE_BUF)
		mask |= POLLOUT | POLLWRNORM;
	return mask;
}

const struct file_operations vport_ops = {
	.open = vport_file_open, .read = vport_read, .write = vport_write, .poll = vport_poll,
};

int __init vport_make_nodes(u32 major)
{
	int err = 0;

	for (unsigned int nr = 0; !err && nr < VPORT_MAX; nr++) {
		struct vport *p = vport_get(nr);
		char path[64], target[32];

		if (!p)
			continue;
		snprintf(target, sizeof(target), "../vport0p%u", nr);
		snprintf(path, sizeof(path), "/dev%s", target + 2);
		err = vfs_mknod(&root_path, path, S_IFCHR | 0600, (u64)major << 8 | nr, NULL);
		if (err || !p->name[0])
			continue;
		err = vfs_mknod(&root_path, "/dev/virtio-ports", S_IFDIR | 0755, 0, NULL);
		if (err && err != -EEXIST)
			break;
		snprintf(path, sizeof(path), "/dev/virtio-ports/%s", p->name);
		err = vfs_mknod(&root_path, path, S_IFLNK | 0777, 0, target);
	}
	return err;
}
