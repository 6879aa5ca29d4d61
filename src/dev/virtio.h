/* SPDX-License-Identifier: MIT */
/*
 * Devices of the virtio kind, on virtio-mmio: how they are found and set up, and queues of buffers with them.
 * The driver numbers its buffers: buffer i is in descriptor i, in one piece. The driver keeps track of whether
 * a buffer is its own or the device's at a time. One caller uses a queue at a time: the driver has a lock for that.
 * Source: Virtual I/O Device (VIRTIO) 1.1, sections 2.6 (split virtqueues) and 4.2 (MMIO).
 */
#ifndef DEV_VIRTIO_H
#define DEV_VIRTIO_H

#include "lib/compiler.h"

#define VIRTIO_ID_CONSOLE  3
#define VIRTIO_F_VERSION_1 BIT(32)
#define VIRTQUEUE_SIZE	   32	/* buffers; a power of two */

struct virtio_device {
	u8 *base;		/* [I] registers */
	u32 plic, irq;		/* [I] */
};

struct virtqueue_memory;

struct virtqueue {
	const struct virtio_device *dev;	/* [I] */
	struct virtqueue_memory *mem;		/* shared with the device */
	u32 index;				/* [I] of the device's queues */
	u16 added, seen;			/* buffers given and got back, mod 2^16 */
};

/** virtio_find - The first device with @id, reset and greeted, into @dev. Return: is there one? Context: boot, after probe_devices(). */
bool virtio_find(u32 id, struct virtio_device *dev);
/** virtio_negotiate - Use these @features of @dev, and no others. Return: 0, -ENODEV: it does not offer all. Context: boot. */
int virtio_negotiate(const struct virtio_device *dev, u64 features) __must_check;
/** virtio_config - Word at byte @offset of the device's own configuration. */
u32 virtio_config(const struct virtio_device *dev, u32 offset);
/** virtio_start - @dev, whose queues are all there, may work. virtio_fail - The driver has given @dev up. */
void virtio_start(const struct virtio_device *dev);
void virtio_fail(const struct virtio_device *dev);
/** virtio_ack_interrupt - @dev need not interrupt again for what has happened: the caller looks at all of it. Context: hard interrupt. */
void virtio_ack_interrupt(const struct virtio_device *dev);

/** virtqueue_init - Queue @index of @dev. Return: 0, -ENODEV (there is none, or it is small), -ENOMEM. Context: boot. */
int virtqueue_init(struct virtqueue *vq, const struct virtio_device *dev, u32 index) __must_check;
/** virtqueue_add - Buffer @i is the device's: @len bytes at @kva, which it reads or (@in) writes. virtqueue_kick - Tell the device. */
void virtqueue_add(struct virtqueue *vq, unsigned int i, const void *kva, u32 len, bool in);
void virtqueue_kick(struct virtqueue *vq);
/** virtqueue_pending - Has the device given back a buffer that virtqueue_get() would find? Context: any, no lock. */
bool virtqueue_pending(const struct virtqueue *vq);
/** virtqueue_get - A buffer that the device has done with, into *@i, and the bytes that it wrote. Return: is there one? */
bool virtqueue_get(struct virtqueue *vq, unsigned int *i, u32 *len);
/**
 * virtqueue_want_interrupts - Shall the device interrupt when it gives a buffer back? After true, look at virtqueue_pending(): one may
 * just have come.
 */
void virtqueue_want_interrupts(struct virtqueue *vq, bool want);

#endif
