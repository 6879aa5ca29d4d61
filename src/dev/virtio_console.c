/* SPDX-License-Identifier: MIT */
/*
 * The virtio console and its ports. Each has a queue for either direction. Received bytes stay in the buffers that the
 * device wrote them to until a task reads them, and then the buffer is the device's again. The device has no other buffers,
 * so QEMU stops reading from the host's side when these are full. Written bytes go through a ring, of which the device has
 * one piece at a time. Most often it has taken the piece when virtqueue_kick() returns; only if not it is asked to interrupt.
 *
 * On a queue of its own the host tells which ports there are, and when its side opens and closes. What came before a
 * close is in the port's queue before the close is in this one: a reader that sees the close first, and then no bytes, is at the end.
 *
 * Source: VIRTIO 1.1, section 5.3.
 */
#include "dev/vport.h"

#include <string.h>

#include "lib/atomic.h"
#include "lib/err.h"
#include "smp/printk.h"
#include "time/hrtimer.h"
#include "trap/irq.h"
#include "vm/page_alloc.h"

#define F_MULTIPORT	  BIT(1)
#define CONFIG_MAX_PORTS  4	/* byte of the configuration */
#define CONTROL_IN	  2	/* queues */
#define CONTROL_OUT	  3
#define CONTROL_BUF	  64	/* bytes of a message */
#define IN_ORDER	  2	/* pages for received bytes, a power of two */
#define IN_BUFS		  (1U << IN_ORDER)
#define RING_ORDER	  3	/* pages for bytes to send */
#define RING_SIZE	  ((u32)PAGE_SIZE << RING_ORDER)

enum { DEVICE_READY, DEVICE_ADD, DEVICE_REMOVE, PORT_READY, CONSOLE_PORT, RESIZE, PORT_OPEN, PORT_NAME };

struct control {
	u32 id;
	u16 event, value;
};

static struct virtio_device vcon;
static unsigned int max_ports;			/* [I] */
static struct vport ports[VPORT_MAX];
static struct virtqueue control_in;		/* service_all()'s, which is one at a time; before, vport_init()'s */
static char control_bufs[VIRTQUEUE_SIZE][CONTROL_BUF];
static DEFINE_SPINLOCK(control_lock, LOCK_VIRTIO_CONTROL);
static struct virtqueue control_out;		/* control_lock */
static mutex_t open_mutex;

/*
 * Whether interrupts call service_all() or a timer does: one of them, for good. With a second NUMA node, QEMU 7.2 connects
 * virtio-mmio to that node's interrupt controller, and this one to no hart.
 */
enum { NOBODY_YET, INTERRUPTS, TIMER };
static u32 told_by;		/* [a] */
#define LOOK_NS	(4 * NSEC_PER_MSEC)

/* Tell the host, and wait until it has read the message: QEMU does so at once. */
static void control_send(u32 id, u16 event, u16 value)
{
	static struct control msg;	/* control_lock */
	unsigned long flags;
	unsigned int i;
	u32 len;

	spin_lock_irqsave(&control_lock, flags);
	msg = (struct control){ id, event, value };
	virtqueue_add(&control_out, 0, &msg, sizeof(msg), false);
	virtqueue_kick(&control_out);
	while (!virtqueue_get(&control_out, &i, &len))
		cpu_relax();
	spin_unlock_irqrestore(&control_lock, flags);
}

static void set_host_open(struct vport *p, bool open)
{
	smp_store_release(&p->host_open, open);
	wake_up_all(&p->rd_wait);
	wake_up_all(&p->wr_wait);
}

static void control_event(const struct control *c, const char *rest, size_t n)
{
	struct vport *p = c->id < max_ports ? &ports[c->id] : NULL;

	if (c->event == DEVICE_ADD)
		control_send(c->id, PORT_READY, p != NULL);
	if (!p)
		return;
	switch (c->event) {
	case DEVICE_ADD:
		p->present = true;
		break;
	case DEVICE_REMOVE:
		set_host_open(p, false);
		break;
	case CONSOLE_PORT:
		control_send(c->id, PORT_OPEN, 1);
		break;
	case PORT_OPEN:
		set_host_open(p, c->value);
		if (c->value)
			virtqueue_kick(&p->in);		/* it may have buffers that it was not told of */
		break;
	case PORT_NAME:
		memcpy(p->name, rest, min(n, sizeof(p->name) - 1));
		break;
	}
}

/* Act on the messages that the host has sent since. */
static void control_receive(void)
{
	unsigned int i;
	u32 len;

	while (virtqueue_get(&control_in, &i, &len)) {
		struct control c;

		len = min(len, (u32)CONTROL_BUF);
		memcpy(&c, control_bufs[i], sizeof(c));
		if (len >= sizeof(c))
			control_event(&c, control_bufs[i] + sizeof(c), len - sizeof(c));
		virtqueue_add(&control_in, i, control_bufs[i], CONTROL_BUF, true);
		virtqueue_kick(&control_in);
	}
}

/* Take back the pieces that the device has sent, and give it the next. Return: is there more room than before? Context: p->lock. */
static bool flush(struct vport *p)
{
	bool more = false, told = false;

	for (;;) {
		unsigned int i, run;
		u32 len;

		while (virtqueue_get(&p->out, &i, &len)) {
			WRITE_ONCE(p->tail, p->tail + p->flight);
			p->flight = 0;
			more = true;
			told = false;
		}
		if (p->flight) {
			if (told)
				return more;
			virtqueue_want_interrupts(&p->out, true);
			told = true;
			continue;	/* it may have sent it in between */
		}
		run = min(p->head - p->tail, RING_SIZE - p->tail % RING_SIZE);
		if (!run)
			return more;
		p->flight = run;
		virtqueue_want_interrupts(&p->out, false);
		virtqueue_add(&p->out, 0, p->ring + p->tail % RING_SIZE, run, false);
		virtqueue_kick(&p->out);
	}
}

/* Look which buffers of @p the device has done with, and wake the tasks that wait for that. */
static void service(struct vport *p)
{
	unsigned long flags;
	bool more;

	spin_lock_irqsave(&p->lock, flags);
	more = flush(p);
	spin_unlock_irqrestore(&p->lock, flags);
	if (more)
		wake_up_all(&p->wr_wait);
	if (!vport_readable(p))
		return;
	if (p->notify)
		p->notify(p);
	else
		wake_up_interruptible(&p->rd_wait);
}

static void service_all(void)
{
	control_receive();
	for (unsigned int i = 0; i < max_ports; i++)
		if (smp_load_acquire(&ports[i].opened))
			service(&ports[i]);
}

static void vcon_interrupt(void *arg)
{
	(void)arg;
	virtio_ack_interrupt(&vcon);
	if (cmpxchg(&told_by, NOBODY_YET, INTERRUPTS) != TIMER)
		service_all();
}

static u64 vcon_look(struct hrtimer *t)
{
	service_all();
	return t->expires + LOOK_NS;
}

/* The first interrupt is for the messages of boot: if none has come by now, none ever will. */
static void look_if_nobody_tells(void)
{
	static struct hrtimer timer;

	if (cmpxchg(&told_by, NOBODY_YET, TIMER) != NOBODY_YET)
		return;
	pr_warn("virtio-console: no interrupts come: looked at each %lu ms\n", LOOK_NS / NSEC_PER_MSEC);
	hrtimer_init(&timer, vcon_look);
	hrtimer_start(&timer, ktime_get_ns() + LOOK_NS);
}

static int __init port_init(unsigned int nr)
{
	struct vport *p = &ports[nr];
	u32 queue = nr ? 2 * nr + 2 : 0;	/* the control queues are behind port 0's */
	int err = virtqueue_init(&p->in, &vcon, queue);

	p->nr = nr;
	spin_lock_init(&p->lock, LOCK_VIRTIO);
	mutex_init(&p->rd_mutex, LOCK_VPORT);
	mutex_init(&p->wr_mutex, LOCK_VPORT);
	init_waitqueue_head(&p->rd_wait);
	init_waitqueue_head(&p->wr_wait);
	return err ? err : virtqueue_init(&p->out, &vcon, queue + 1);
}

static int __init vcon_start(void)
{
	int err = virtio_negotiate(&vcon, VIRTIO_F_VERSION_1 | F_MULTIPORT);

	if (err)
		return err;
	max_ports = min(virtio_config(&vcon, CONFIG_MAX_PORTS), (u32)VPORT_MAX);
	for (unsigned int i = 0; !err && i < max_ports; i++)
		err = port_init(i);
	if (!err)
		err = virtqueue_init(&control_in, &vcon, CONTROL_IN);
	if (!err)
		err = virtqueue_init(&control_out, &vcon, CONTROL_OUT);
	if (err)
		return err;
	virtqueue_want_interrupts(&control_out, false);
	virtio_start(&vcon);
	for (unsigned int i = 0; i < VIRTQUEUE_SIZE; i++)
		virtqueue_add(&control_in, i, control_bufs[i], CONTROL_BUF, true);
	virtqueue_kick(&control_in);
	control_send(0, DEVICE_READY, 1);
	control_receive();	/* the ports, whose own news follow */
	if (request_irq(vcon.plic, vcon.irq, vcon_interrupt, NULL, "virtio-console"))
		pr_warn("virtio-console: no interrupt\n");	/* look_if_nobody_tells() does without */
	return 0;
}

void __init vport_init(void)
{
	unsigned int n = 0;
	int err;

	mutex_init(&open_mutex, LOCK_VPORT);
	if (!virtio_find(VIRTIO_ID_CONSOLE, &vcon))
		return;
	err = vcon_start();
	if (err) {
		pr_warn("virtio-console: not used, error %d\n", -err);
		virtio_fail(&vcon);
		max_ports = 0;
		return;
	}
	for (unsigned int i = 0; i < max_ports; i++)
		n += ports[i].present;
	pr_info("virtio-console: %u ports\n", n);
}

struct vport *vport_get(unsigned int nr)
{
	return nr < max_ports && ports[nr].present ? &ports[nr] : NULL;
}

struct vport *vport_find(const char *name)
{
	for (unsigned int i = 0; i < max_ports; i++)
		if (ports[i].present && !strcmp(ports[i].name, name))
			return &ports[i];
	return NULL;
}

/* Give @p memory for bytes to come (@in) and to go (@out), where it has none yet. */
static int port_fill(struct vport *p, bool in, bool out)
{
	struct page *pages;
	unsigned long flags;

	if (out && !p->ring) {
		pages = alloc_pages(GFP_KERNEL, RING_ORDER);
		if (!pages)
			return -ENOMEM;
		p->ring = page_address(pages);
	}
	if (!in || p->in_pages)
		return 0;
	pages = alloc_pages(GFP_KERNEL, IN_ORDER);
	if (!pages)
		return -ENOMEM;
	spin_lock_irqsave(&p->lock, flags);
	p->in_pages = page_address(pages);
	for (unsigned int i = 0; i < IN_BUFS; i++)
		virtqueue_add(&p->in, i, p->in_pages + i * PAGE_SIZE, PAGE_SIZE, true);
	/* No kick while the host's side is closed: it would wake QEMU's main thread, and under -icount no two runs would be the same. */
	if (READ_ONCE(p->host_open))
		virtqueue_kick(&p->in);
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

int vport_open(struct vport *p, bool in, bool out, void (*notify)(struct vport *p))
{
	int err;

	mutex_lock(&open_mutex);
	look_if_nobody_tells();
	err = p->opened && p->notify != notify ? -EBUSY : port_fill(p, in, out);
	if (!err && !p->opened) {
		p->notify = notify;
		smp_store_release(&p->opened, true);	/* pairs with service_all() */
		control_send(p->nr, PORT_OPEN, 1);
	}
	mutex_unlock(&open_mutex);
	return err;
}

bool vport_readable(const struct vport *p)
{
	return READ_ONCE(p->in_at) != READ_ONCE(p->in_len) || virtqueue_pending(&p->in);
}

bool vport_ended(const struct vport *p)
{
	return !smp_load_acquire(&p->host_open) && !vport_readable(p);
}

/* The buffer that was being read is empty: the device gets it back. Context: p->lock. */
static void give_back(struct vport *p)
{
	virtqueue_add(&p->in, p->in_buf, p->in_pages + p->in_buf * PAGE_SIZE, PAGE_SIZE, true);
	virtqueue_kick(&p->in);
}

const char *vport_peek(struct vport *p, size_t *n)
{
	const char *at = NULL;
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	while (p->in_at == p->in_len && virtqueue_get(&p->in, &p->in_buf, &p->in_len)) {
		p->in_at = 0;
		if (!p->in_len)
			give_back(p);
	}
	*n = p->in_len - p->in_at;
	if (*n)
		at = p->in_pages + p->in_buf * PAGE_SIZE + p->in_at;
	spin_unlock_irqrestore(&p->lock, flags);
	return at;
}

void vport_consume(struct vport *p, size_t n)
{
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	p->in_at += n;
	if (n && p->in_at == p->in_len)
		give_back(p);
	spin_unlock_irqrestore(&p->lock, flags);
}

size_t vport_room(const struct vport *p)
{
	return RING_SIZE - (READ_ONCE(p->head) - READ_ONCE(p->tail));
}

char *vport_space(struct vport *p, size_t *n)
{
	*n = min(vport_room(p), (size_t)(RING_SIZE - p->head % RING_SIZE));
	return p->ring + p->head % RING_SIZE;
}

void vport_commit(struct vport *p, size_t n)
{
	unsigned long flags;
	bool more;

	spin_lock_irqsave(&p->lock, flags);
	WRITE_ONCE(p->head, p->head + (u32)n);
	more = flush(p);
	spin_unlock_irqrestore(&p->lock, flags);
	if (more)
		wake_up_all(&p->wr_wait);
}

size_t vport_put(struct vport *p, const char *s, size_t n)
{
	size_t done = 0, part;

	while (done < n) {
		char *to = vport_space(p, &part);

		part = min(part, n - done);
		if (!part)
			break;
		memcpy(to, s + done, part);
		vport_commit(p, part);
		done += part;
	}
	return done;
}

void vports_drain(void)
{
	for (unsigned int i = 0; i < max_ports; i++) {
		struct vport *p = &ports[i];

		if (smp_load_acquire(&p->opened))
			(void)wait_event_interruptible(&p->wr_wait, vport_room(p) == RING_SIZE || !READ_ONCE(p->host_open));
	}
}
