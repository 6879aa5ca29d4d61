/* SPDX-License-Identifier: MIT */
/* The file of a performance event: read(2) and ioctl(2), mmap(2) of its ring, poll(2). */
#include "events/event_priv.h"

#include "abi/mman.h"
#include "fs/anon_inodes.h"
#include "fs/inode.h"
#include "fs/poll.h"
#include "lib/err.h"
#include "vm/slab.h"
#include "vm/uaccess.h"

#define MAX_RING_PAGES (1UL << 15)

static s64 perf_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct perf_event *e = f->private;
	u64 *v = kmalloc(max(min(n, PAGE_SIZE), 8UL), GFP_KERNEL);
	int got;

	(void)pos;
	if (!v)
		return -ENOMEM;
	got = perf_event_read_values(e, v, (unsigned int)(min(n, PAGE_SIZE) / sizeof(u64)));
	if (got > 0)
		got = copy_to_user(buf, v, got * sizeof(u64)) ? -EFAULT : got * (int)sizeof(u64);
	kfree(v);
	return got;
}

static long perf_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct perf_event *e = f->private;

	switch (cmd) {
	case PERF_EVENT_IOC_ENABLE:
	case PERF_EVENT_IOC_DISABLE:
	case PERF_EVENT_IOC_RESET:
		perf_event_control(e, cmd, arg & PERF_IOC_FLAG_GROUP);
		return 0;
	case PERF_EVENT_IOC_ID:
		return put_user(e->id, (u64 __user *)arg);
	}
	return -ENOTTY;
}

static u32 perf_poll(struct file *f, struct poll_table *pt)
{
	struct perf_event *e = f->private;
	struct perf_ring *r = smp_load_acquire(&e->ring);
	u32 mask = 0;

	if (r) {
		poll_wait(&r->wait, pt);
		perf_trace_poll(e, pt);
		if (xchg(&r->ready, 0))
			mask = POLLIN | POLLRDNORM;
	}
	/* Nothing comes any more. */
	return READ_ONCE(e->ctx) && r ? mask : mask | POLLHUP;
}

/* A page of control and a power of two of data: the first time, that makes the ring. */
static int perf_mmap(struct file *f, u64 off, size_t len, int prot, int flags)
{
	struct perf_event *e = f->private;
	unsigned long nr = (PAGE_ALIGN(len) >> PAGE_SHIFT) - 1;
	struct perf_ring *r;
	int err = 0;

	if (off || !len || (nr & (nr - 1)) || (flags & MAP_TYPE) == MAP_PRIVATE || !(prot & PROT_READ))
		return -EINVAL;
	if (e->cpu == -1 && e->attr.flags & PERF_ATTR_INHERIT)
		return -EINVAL;		/* several harts would write at a time */
	mutex_lock(&perf_mutex);
	if (e->ring) {
		err = e->ring->nr == nr ? 0 : -EINVAL;
	} else {
		r = nr > MAX_RING_PAGES ? NULL : perf_ring_alloc(&f->inode->mapping, nr, &e->attr, !(prot & PROT_WRITE));
		err = r ? perf_ring_charge(r) : -ENOMEM;
		if (!err) {
			smp_store_release(&e->ring, r);
		} else if (r) {
			perf_ring_free(r);
			truncate_pages(&f->inode->mapping, 0);
		}
	}
	mutex_unlock(&perf_mutex);
	return err;
}

static size_t perf_held(const struct file *f)
{
	const struct perf_event *e = f->private;
	const struct perf_ring *r = smp_load_acquire(&e->ring);

	return sizeof(*e) * (1 + READ_ONCE(e->nr_children)) + (r ? (r->nr + 1) * PAGE_SIZE : 0);
}

static void perf_file_release(struct file *f)
{
	perf_event_release(f->private);
}

static const struct file_operations perf_ops = {
	.read = perf_read, .ioctl = perf_ioctl, .poll = perf_poll, .mmap = perf_mmap, .release = perf_file_release,
	.held = perf_held,
};

struct file *perf_event_file(struct perf_event *e)
{
	return anon_inode_getfile("[perf_event]", &perf_ops, e);
}

struct perf_event *perf_event_of(struct file *f)
{
	return f->f_op == &perf_ops ? f->private : NULL;
}
