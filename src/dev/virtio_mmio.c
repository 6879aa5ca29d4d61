/* SPDX-License-Identifier: MIT */
#include "dev/virtio.h"

#include "dev/probe.h"
#include "lib/err.h"
#include "riscv/csr.h"
#include "riscv/memlayout.h"
#include "smp/printk.h"
#include "vm/slab.h"

enum {
	MAGIC = 0x00, VERSION = 0x04, DEVICE_ID = 0x08, DEVICE_FEATURES = 0x10, DEVICE_FEATURES_SEL = 0x14,
	DRIVER_FEATURES = 0x20, DRIVER_FEATURES_SEL = 0x24, QUEUE_SEL = 0x30, QUEUE_NUM_MAX = 0x34, QUEUE_NUM = 0x38,
	QUEUE_READY = 0x44, QUEUE_NOTIFY = 0x50, INTERRUPT_STATUS = 0x60, INTERRUPT_ACK = 0x64, STATUS = 0x70,
	QUEUE_DESC = 0x80, QUEUE_DRIVER = 0x90, QUEUE_DEVICE = 0xa0, CONFIG = 0x100,
};
#define MAGIC_VALUE	   0x74726976	/* "virt" */
#define MAX_DEVICES	   8
#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER	   2
#define STATUS_DRIVER_OK   4
#define STATUS_FEATURES_OK 8
#define STATUS_FAILED	   128

#define DESC_F_WRITE		 2	/* the device writes */
#define AVAIL_F_NO_INTERRUPT	 1

struct virtqueue_memory {
	struct {
		u64 addr;
		u32 len;
		u16 flags, next;
	} desc[VIRTQUEUE_SIZE];
	struct {
		u16 flags, idx, ring[VIRTQUEUE_SIZE], used_event;
	} avail;
	struct {
		u16 flags, idx;
		struct {
			u32 id, len;
		} ring[VIRTQUEUE_SIZE];
		u16 avail_event;
	} used;
};
_Static_assert(offsetof(struct virtqueue_memory, used) % 4 == 0, "alignment of the used ring");

static void set_status(const struct virtio_device *dev, u32 bit)
{
	writel(readl(dev->base + STATUS) | bit, dev->base + STATUS);
}

static struct virtio_device devices[MAX_DEVICES] __initdata;	/* all there are, in the order of the tree */
static unsigned int nr_devices __initdata;

/* QEMU has places for devices; in most there is none. */
static int __init virtio_mmio_probe(const struct device *dev)
{
	if (readl(dev->base + MAGIC) != MAGIC_VALUE)
		return -ENODEV;
	if (!readl(dev->base + DEVICE_ID))
		return 0;
	if (nr_devices == MAX_DEVICES)
		return -ENOSPC;
	devices[nr_devices++] = (struct virtio_device){ dev->base, dev->plic, dev->irq };
	return 0;
}

DRIVER(virtio_mmio) = { .compatible = { "virtio,mmio" }, .probe = virtio_mmio_probe };

bool __init virtio_find(u32 id, struct virtio_device *dev)
{
	for (unsigned int i = 0; i < nr_devices; i++) {
		*dev = devices[i];
		if (readl(dev->base + DEVICE_ID) != id)
			continue;
		if (readl(dev->base + VERSION) != 2) {
			pr_warn("virtio-mmio: device %u speaks version %u, not 2: QEMU wants -global virtio-mmio.force-legacy=false\n",
				id, readl(dev->base + VERSION));
			continue;
		}
		writel(0, dev->base + STATUS);
		set_status(dev, STATUS_ACKNOWLEDGE);
		set_status(dev, STATUS_DRIVER);
		return true;
	}
	return false;
}

int __init virtio_negotiate(const struct virtio_device *dev, u64 features)
{
	for (u32 half = 0; half < 2; half++) {
		u32 want = (u32)(features >> 32 * half);

		writel(half, dev->base + DEVICE_FEATURES_SEL);
		if ((readl(dev->base + DEVICE_FEATURES) & want) != want)
			return -ENODEV;
		writel(half, dev->base + DRIVER_FEATURES_SEL);
		writel(want, dev->base + DRIVER_FEATURES);
	}
	set_status(dev, STATUS_FEATURES_OK);
	return readl(dev->base + STATUS) & STATUS_FEATURES_OK ? 0 : -ENODEV;
}

u32 virtio_config(const struct virtio_device *dev, u32 offset)
{
	return readl(dev->base + CONFIG + offset);
}

void __init virtio_start(const struct virtio_device *dev)
{
	set_status(dev, STATUS_DRIVER_OK);
}

void __init virtio_fail(const struct virtio_device *dev)
{
	set_status(dev, STATUS_FAILED);
}

void virtio_ack_interrupt(const struct virtio_device *dev)
{
	writel(readl(dev->base + INTERRUPT_STATUS), dev->base + INTERRUPT_ACK);
}

static void __init set_address(const struct virtio_device *dev, u32 reg, const void *kva)
{
	writel((u32)__pa(kva), dev->base + reg);
	writel(__pa(kva) >> 32, dev->base + reg + 4);
}

int __init virtqueue_init(struct virtqueue *vq, const struct virtio_device *dev, u32 index)
{
	writel(index, dev->base + QUEUE_SEL);
	if (readl(dev->base + QUEUE_NUM_MAX) < VIRTQUEUE_SIZE)
		return -ENODEV;
	vq->mem = kzalloc(sizeof(*vq->mem), GFP_KERNEL);
	if (!vq->mem)
		return -ENOMEM;
	vq->dev = dev;
	vq->index = index;
	writel(VIRTQUEUE_SIZE, dev->base + QUEUE_NUM);
	set_address(dev, QUEUE_DESC, vq->mem->desc);
	set_address(dev, QUEUE_DRIVER, &vq->mem->avail);
	set_address(dev, QUEUE_DEVICE, &vq->mem->used);
	writel(1, dev->base + QUEUE_READY);
	return 0;
}

void virtqueue_add(struct virtqueue *vq, unsigned int i, const void *kva, u32 len, bool in)
{
	struct virtqueue_memory *m = vq->mem;

	m->desc[i].addr = __pa(kva);
	m->desc[i].len = len;
	m->desc[i].flags = in ? DESC_F_WRITE : 0;
	m->avail.ring[vq->added++ % VIRTQUEUE_SIZE] = i;
	/* The device must see the buffer before it sees the index that includes it. */
	smp_wmb();
	WRITE_ONCE(m->avail.idx, vq->added);
}

void virtqueue_kick(struct virtqueue *vq)
{
	writel(vq->index, vq->dev->base + QUEUE_NOTIFY);
}

bool virtqueue_pending(const struct virtqueue *vq)
{
	return READ_ONCE(vq->mem->used.idx) != READ_ONCE(vq->seen);
}

bool virtqueue_get(struct virtqueue *vq, unsigned int *i, u32 *len)
{
	if (!virtqueue_pending(vq))
		return false;
	smp_rmb();	/* read what the device wrote after the index that includes it */
	*i = vq->mem->used.ring[vq->seen % VIRTQUEUE_SIZE].id;
	*len = vq->mem->used.ring[vq->seen % VIRTQUEUE_SIZE].len;
	WRITE_ONCE(vq->seen, vq->seen + 1);
	return true;
}

void virtqueue_want_interrupts(struct virtqueue *vq, bool want)
{
	WRITE_ONCE(vq->mem->avail.flags, want ? 0 : AVAIL_F_NO_INTERRUPT);
	smp_mb();
}
