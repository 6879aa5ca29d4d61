/* SPDX-License-Identifier: MIT */
/*
 * Ports: streams of bytes to and from the host, of a virtio console with VIRTIO_CONSOLE_F_MULTIPORT. No byte is lost
 * either way: bytes that we have no room for stay with the host, and those that the host does not take yet stay with us.
 */
#ifndef DEV_VPORT_H
#define DEV_VPORT_H

#include "dev/virtio.h"
#include "locks/mutex.h"
#include "sched/wait.h"

#define VPORT_MAX 8	/* ports; their numbers are below */

struct vport {
	unsigned int nr;		/* [I] */
	bool present;			/* [I] once booted: the host has such a port */
	char name[32];			/* [I] once booted: what the host calls it; it may be empty */
	bool host_open;			/* [a] somebody is there, on the host's side */
	bool opened;			/* [a] and on ours: it has memory */
	mutex_t rd_mutex, wr_mutex;	/* one task reads at a time, one writes */
	struct wait_queue_head rd_wait, wr_wait;
	void (*notify)(struct vport *p); /* [I] once opened: bytes have come; NULL: tasks read */

	spinlock_t lock;		/* what is below */
	struct virtqueue in, out;
	char *in_pages;			/* NULL: nobody reads */
	unsigned int in_buf;		/* the one being read, */
	u32 in_at, in_len;		/* from where on, and what is in it; equal: there is none */
	char *ring;			/* NULL: nobody writes */
	u32 head, tail;			/* bytes put in and taken by the device, mod 2^32 */
	u32 flight;			/* bytes from tail on that it has now */
};

/** vport_init - Find the console, and its ports. Context: boot, after probe_devices(), harts' interrupts are off yet. */
void vport_init(void);
/** vport_get - Port @nr, or NULL. vport_find - The one that the host calls @name, or NULL. */
struct vport *vport_get(unsigned int nr);
struct vport *vport_find(const char *name);
/**
 * vport_open - Give it memory for bytes to come (@in) and to go (@out), and tell the host that we are there; for good. When
 * bytes come @notify is called, in interrupts (NULL: rd_wait is woken).
 * Return: 0, -ENOMEM, -EBUSY: it is open for another's @notify. Context: task.
 */
int vport_open(struct vport *p, bool in, bool out, void (*notify)(struct vport *p)) __must_check;

/* One reader at a time, one writer at a time: the caller sees to that. All below: opened; context: any. */
/** vport_readable - Are there bytes? vport_ended - Are there none, and will be none? */
bool vport_readable(const struct vport *p);
bool vport_ended(const struct vport *p);
/** vport_peek - The next bytes, *@n of them in one piece, or NULL. vport_consume - The first @n of these are read. */
const char *vport_peek(struct vport *p, size_t *n);
void vport_consume(struct vport *p, size_t n);
/** vport_room - How many bytes can be written without waiting? Its wr_wait is woken when it grows. */
size_t vport_room(const struct vport *p);
/** vport_space - Where the next bytes go, *@n of them in one piece. vport_commit - The first @n are there: send them. */
char *vport_space(struct vport *p, size_t *n);
void vport_commit(struct vport *p, size_t n);
/** vport_put - Write as many of the @n bytes as there is room for. Return: how many. */
size_t vport_put(struct vport *p, const char *s, size_t n);
/** vports_drain - Wait until the host has taken all that was written, or is gone, or a signal comes. Context: task. */
void vports_drain(void);

#endif
